using System.Text;

namespace Facturation.WebApi2.Formats;

/// <summary>The name-value pairs of a form body, in order, as Web API 2 decoded them (WIRE.md F1).</summary>
internal static class FormPairs
{
    /// <summary>Splits at <c>&amp;</c> and the first <c>=</c>; a body that is not empty has at least one pair.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parse(ReadOnlySpan<byte> body)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        // A trailing "&" starts one more pair, without a name.
        while (!body.IsEmpty)
        {
            var end = body.IndexOf((byte)'&');
            var pair = end < 0 ? body : body[..end];
            var equals = pair.IndexOf((byte)'=');
            pairs.Add(new(Decode(equals < 0 ? pair : pair[..equals]), equals < 0 ? "" : Decode(pair[(equals + 1)..])));
            if (end < 0)
                return pairs;
            body = body[(end + 1)..];
            if (body.IsEmpty)
                pairs.Add(new("", ""));
        }
        return pairs;
    }

    /// <summary>
    /// Decodes <c>+</c> as a space and <c>%XX</c> as a byte of UTF-8; an invalid escape stands for itself. The body is first read as
    /// UTF-8, so each run of escapes between non-ASCII characters is decoded separately.
    /// </summary>
    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (text.AsSpan().IndexOfAny('%', '+') < 0)
            return text;
        var decoded = new StringBuilder(text.Length);
        var run = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i] == '+' ? ' ' : text[i];
            if (c == '%' && i < text.Length - 2 && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                run.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else if (char.IsAscii(c))
            {
                run.Add((byte)c);
            }
            else
            {
                Flush();
                decoded.Append(c);
            }
        }
        Flush();
        return decoded.ToString();

        void Flush()
        {
            decoded.Append(Encoding.UTF8.GetString([.. run]));
            run.Clear();
        }
    }
}

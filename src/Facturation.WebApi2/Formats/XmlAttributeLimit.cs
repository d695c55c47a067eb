using System.Xml;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Refuses an element with thousands of attributes before it is parsed: the reader compares each with each, so that 4 MB of them
/// would keep a core for minutes.
/// </summary>
internal static class XmlAttributeLimit
{
    /// <summary>No contract has an attribute of its own; namespaces and i:type need a few.</summary>
    private const int Max = 2000;

    /// <summary>Counts quoted values between &lt; and &gt;, byte by byte: UTF-16 has the same bytes with zeros between.</summary>
    /// <exception cref="XmlException">An element has more than 2,000 attributes.</exception>
    public static void Check(ReadOnlySpan<byte> body)
    {
        var attributes = 0;
        byte quote = 0;
        var isInTag = false;
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (!isInTag)
            {
                var next = body[i..].IndexOf((byte)'<');
                if (next < 0)
                    return;
                i += next;
                if (body[i..].StartsWith("<!--"u8) || body[i..].StartsWith("<![CDATA["u8))
                    i += SkipSection(body[i..]);
                else
                    (isInTag, attributes) = (true, 0);
            }
            else if (quote != 0)
            {
                quote = c == quote ? (byte)0 : quote;
            }
            else if (c is (byte)'"' or (byte)'\'')
            {
                quote = c;
                if (++attributes > Max)
                    throw new XmlException($"An element has more than {Max} attributes.");
            }
            else
            {
                isInTag = c != '>';
            }
        }
    }

    /// <summary>The length of a comment or CDATA section, without its last byte; quotes in it are text.</summary>
    private static int SkipSection(ReadOnlySpan<byte> section)
    {
        var end = section.IndexOf(section[2] == '-' ? "-->"u8 : "]]>"u8);
        return (end < 0 ? section.Length : end + 3) - 1;
    }
}

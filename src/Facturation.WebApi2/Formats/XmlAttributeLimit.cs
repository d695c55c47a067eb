using System.Xml;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Refuses, before it is parsed, what 4 MB of would keep a core for minutes: an element with thousands of attributes, each of which the
/// reader compares with each; and elements among thousands of namespaces, in which it looks for every name's prefix one by one.
/// </summary>
internal static class XmlAttributeLimit
{
    /// <summary>No contract has an attribute of its own; namespaces and i:type need a few.</summary>
    private const int Max = 2000;

    /// <summary>Comparisons of prefixes, at most: a second or less (17 s for 20 times as many, 22 November 2026).</summary>
    private const long MaxLookups = 250_000_000;

    /// <summary>Counts quoted values between &lt; and &gt;, byte by byte; any of them may declare a namespace.</summary>
    /// <param name="body">In UTF-8.</param>
    /// <exception cref="XmlException">An element has more than 2,000 attributes, or namespaces cost too much.</exception>
    public static void Check(ReadOnlySpan<byte> body)
    {
        var open = new Stack<int>(); // The attributes of each element that is not closed yet,
        var held = 0L; // and of all of them.
        var lookups = 0L;
        var attributes = 0;
        byte quote = 0;
        var kind = (byte)0; // What follows the <: / ends an element, ! and ? begin none. Zero outside of tags.
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (kind == 0)
            {
                var next = body[i..].IndexOf((byte)'<');
                if (next < 0 || i + next + 1 == body.Length)
                    return;
                i += next;
                if (body[i..].StartsWith("<!--"u8) || body[i..].StartsWith("<![CDATA["u8))
                    i += SkipSection(body[i..]);
                else
                    (kind, attributes) = (body[i + 1], 0);
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
            else if (c == '>')
            {
                if (kind == '/')
                {
                    held -= open.TryPop(out var closed) ? closed : 0;
                }
                else if (kind is not ((byte)'!' or (byte)'?'))
                {
                    lookups += (held + attributes) * (attributes + 1);
                    if (lookups > MaxLookups)
                        throw new XmlException("The elements stand among too many namespaces.");
                    if (body[i - 1] != '/')
                    {
                        open.Push(attributes);
                        held += attributes;
                    }
                }
                kind = 0;
            }
        }
    }

    /// <summary>The length of a comment or CDATA section, without its last byte; quotes in it are text.</summary>
    private static int SkipSection(ReadOnlySpan<byte> section)
    {
        const int start = 4; // Behind <!--, whose own hyphens end no comment.
        var end = section[start..].IndexOf(section[2] == '-' ? "-->"u8 : "]]>"u8);
        return (end < 0 ? section.Length : start + end + 3) - 1;
    }
}

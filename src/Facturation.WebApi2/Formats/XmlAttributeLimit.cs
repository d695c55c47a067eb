using System.Xml;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Refuses, before parsing, XML that would occupy a core for minutes in 4 MB: an element with thousands of attributes, which the reader
/// compares pairwise, and elements in the scope of thousands of namespaces, which it searches linearly for every prefix.
/// </summary>
internal static class XmlAttributeLimit
{
    /// <summary>Contracts use no attributes except namespaces and i:type, which need only a few.</summary>
    private const int Max = 2000;

    /// <summary>The maximum number of prefix comparisons: a second or less (20 times as many took 17 s, 22 November 2026).</summary>
    private const long MaxLookups = 250_000_000;

    /// <summary>Counts quoted values between &lt; and &gt;, byte by byte; any of them may declare a namespace.</summary>
    /// <param name="body">In UTF-8.</param>
    /// <exception cref="XmlException">An element has more than 2,000 attributes, or its namespaces cost too much.</exception>
    public static void Check(ReadOnlySpan<byte> body)
    {
        var open = new Stack<int>(); // The number of attributes of each open element,
        var held = 0L; // and their sum.
        var lookups = 0L;
        var attributes = 0;
        byte quote = 0;
        var kind = (byte)0; // What follows the <: / ends an element, ! and ? start none. Zero outside tags.
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

    /// <summary>The length of a comment or CDATA section, without its last byte. Quotes inside are text.</summary>
    private static int SkipSection(ReadOnlySpan<byte> section)
    {
        const int start = 4; // After <!--, whose own hyphens do not end the comment.
        var end = section[start..].IndexOf(section[2] == '-' ? "-->"u8 : "]]>"u8);
        return (end < 0 ? section.Length : start + end + 3) - 1;
    }
}

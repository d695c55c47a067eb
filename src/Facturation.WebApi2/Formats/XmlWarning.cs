using System.Runtime.Serialization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// The text of the <c>Warning</c> header: what of an XML body was not read, where and why. The body of the answer is Web API 2's,
/// which says neither.
/// </summary>
internal static partial class XmlWarning
{
    /// <summary>Enough for the names of a contract, and not enough to send a body back.</summary>
    private const int MaxLength = 400;

    /// <summary>The warning that elements of the contract were ignored; null if none was.</summary>
    public static string? OfIgnored(IEnumerable<string> elements) =>
        elements.Distinct().ToArray() is { Length: > 0 } names
            ? $"Ignored, out of the order of the contract or repeated: {string.Join(", ", names)}"
            : null;

    /// <summary>The warning that nothing was read.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="reader">The reader where it failed; null if it could not be created.</param>
    /// <param name="root">The root element that was expected.</param>
    /// <param name="sorted">Whether the reader reads a sorted body, whose lines are not the client's.</param>
    public static string OfFailure(Exception failure, LegacyXmlReader? reader, XName root, bool sorted)
    {
        var unread = sorted && reader is not null ? "The XML, once sorted, was not read" : "The XML was not read";
        if (FindRoot(reader) is { } found && found != root)
            return $"{unread}: the root element must be {Describe(root)}. It is {Describe(found)}.";
        var reason = (failure is SerializationException ? failure.InnerException : null) ?? failure;
        // The messages of other exceptions may be about our code.
        var message = reason is XmlException or SerializationException or FormatException or OverflowException ? reason.Message : ReadErrors.ErrorOccurred;
        return reader?.LastValue is { } element && !Place().IsMatch(message)
            ? $"{unread}: element '{element}': {message}"
            : $"{unread}: {message}";
    }

    /// <summary>Ends every line with CR LF, which is the same in XML: the reader counts two empty lines of other ends as one.</summary>
    public static byte[] WithCountableLines(byte[] body, Encoding encoding)
    {
        if (encoding is not UTF8Encoding)
            return body;
        var bytes = Encoding.Latin1.GetString(body).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return Encoding.Latin1.GetBytes(bytes.Replace("\n", "\r\n", StringComparison.Ordinal));
    }

    /// <summary>The value of the header. What a quoted string of printable ASCII cannot hold is percent-encoded.</summary>
    public static string ToHeader(string text)
    {
        var header = new StringBuilder("299 - \"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (header.Length >= MaxLength)
            {
                header.Append("...");
                break;
            }
            if (rune.Value is >= ' ' and < 0x7F and not ('"' or '\\' or '%'))
                header.Append((char)rune.Value);
            else
                header.Append(Uri.EscapeDataString(rune.ToString()));
        }
        return header.Append('"').ToString();
    }

    /// <summary>The root element, if the reader is there and its name can be read: the reader decodes names when they are asked for.</summary>
    private static XName? FindRoot(LegacyXmlReader? reader)
    {
        try
        {
            return reader is { Depth: 0, NodeType: XmlNodeType.Element } ? XName.Get(reader.LocalName, reader.NamespaceURI) : null;
        }
        catch (Exception e) when (e is XmlException or ArgumentException)
        {
            return null;
        }
    }

    private static string Describe(XName name) =>
        name.NamespaceName.Length == 0
            ? $"'{name.LocalName}' without a namespace"
            : $"'{name.LocalName}' in the namespace '{name.NamespaceName}'";

    /// <summary>Where the reader failed, as its own messages say it.</summary>
    [GeneratedRegex(@"\bline \d+,? position \d+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}

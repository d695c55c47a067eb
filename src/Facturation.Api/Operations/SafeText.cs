using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Facturation.Api.Operations;

/// <summary>Escapes untrusted text for the log or the terminal.</summary>
internal static class SafeText
{
    /// <summary>Escapes characters that would end or disguise a line, or control the terminal, as \uXXXX.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null || !text.Any(IsUnsafe))
            return text;
        var safe = new StringBuilder();
        foreach (var c in text)
            _ = IsUnsafe(c) ? safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}") : safe.Append(c);
        return safe.ToString();

        // Control characters, line and paragraph separators, and format characters such as direction marks.
        static bool IsUnsafe(char c) => char.GetUnicodeCategory(c)
            is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;
    }
}

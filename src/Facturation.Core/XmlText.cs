using System.Buffers;
using System.Globalization;

namespace Facturation.Core;

/// <summary>
/// Which texts XML 1.0 can hold. Web API 2 wrote the others as character references (<c>&amp;#x1;</c>), which no XML reader accepts: one such
/// text makes all XML answers that contain it unreadable.
/// </summary>
public static class XmlText
{
    private static readonly SearchValues<char> Impossible = SearchValues.Create(
        [.. Enumerable.Range(0, ' ').Select(i => (char)i).Except(['\t', '\n', '\r']), '\uFFFE', '\uFFFF']);

    /// <summary>
    /// Tells which character XML 1.0 cannot hold, in French, or null. These are U+0000 to U+001F but tab, line feed and carriage return, U+FFFE
    /// and U+FFFF. Lone surrogates are checked elsewhere: they cannot be stored at all.
    /// </summary>
    public static string? FindProblem(string text)
    {
        var at = text.AsSpan().IndexOfAny(Impossible);
        return at < 0 ? null : string.Create(CultureInfo.InvariantCulture, $"le caractère U+{(int)text[at]:X4} ne peut figurer dans du XML");
    }

    /// <summary>Replaces each character that XML 1.0 cannot hold by U+FFFD, the replacement character.</summary>
    public static string Replace(string text) => string.Create(text.Length, text, (copy, original) =>
    {
        original.CopyTo(copy);
        copy.ReplaceAny(Impossible, '\uFFFD');
    });
}

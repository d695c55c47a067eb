using System.Globalization;
using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>Text and bytes in a form a person can read and paste back.</summary>
public static class Visible
{
    /// <summary>Control and odd characters become escapes; printable ASCII and accents stay.</summary>
    public static string Text(string text, int limit = int.MaxValue)
    {
        var shown = new StringBuilder();
        foreach (var letter in text.AsSpan(0, Math.Min(limit, text.Length)))
        {
            if (letter is '\n')
                shown.Append("\\n");
            else if (letter is '\r')
                shown.Append("\\r");
            else if (letter < ' ' || letter is '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' or '\ufffd'
                || char.IsSurrogate(letter))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                shown.Append(letter);
        }
        if (text.Length > limit)
            shown.Append(CultureInfo.InvariantCulture, $"… ({text.Length} in all)");
        return shown.ToString();
    }

    /// <summary>A request that can be pasted into a C# test, or saved for <c>printf '%b'</c>: bytes outside ASCII as \xNN.</summary>
    public static string Bytes(byte[] bytes)
    {
        var shown = new StringBuilder();
        foreach (var value in bytes)
        {
            shown.Append(value switch
            {
                (byte)'\r' => "\\r",
                (byte)'\n' => "\\n\n",
                (byte)'\\' => "\\\\",
                >= 32 and < 127 => ((char)value).ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
            });
        }
        return shown.ToString();
    }
}

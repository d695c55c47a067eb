using System.Runtime.CompilerServices;
using System.Text;

namespace Facturation.Api.Help;

/// <summary>
/// Markup, written as an interpolated string: <c>Html cell = $"&lt;td&gt;{text}&lt;/td&gt;"</c>. Literal parts are markup; what stands
/// in braces is escaped, unless it is <see cref="Html"/> in turn. So no text ever becomes markup by mistake.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Html
{
    private readonly StringBuilder markup;

    public Html(int literalLength, int formattedCount) => markup = new StringBuilder(literalLength + 32 * formattedCount);

    /// <summary>Nothing.</summary>
    public static Html Empty { get; } = new(0, 0);

    public void AppendLiteral(string literal) => markup.Append(literal);

    public void AppendFormatted(Html? part) => markup.Append(part?.markup);

    public void AppendFormatted(IEnumerable<Html> parts)
    {
        foreach (var part in parts)
            markup.Append(part.markup);
    }

    public void AppendFormatted(int number) => markup.Append(System.Globalization.CultureInfo.InvariantCulture, $"{number}");

    /// <summary>Text, in an element or in a quoted attribute. Accents stay as they are: pages are UTF-8.</summary>
    public void AppendFormatted(string? text)
    {
        foreach (var c in text ?? "")
        {
            _ = c switch
            {
                '&' => markup.Append("&amp;"),
                '<' => markup.Append("&lt;"),
                '>' => markup.Append("&gt;"),
                '"' => markup.Append("&quot;"),
                '\'' => markup.Append("&#39;"),
                _ => markup.Append(c),
            };
        }
    }

    public override string ToString() => markup.ToString();
}

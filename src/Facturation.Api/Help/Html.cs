using System.Runtime.CompilerServices;
using System.Text;

namespace Facturation.Api.Help;

/// <summary>
/// HTML written as an interpolated string: <c>Html cell = $"&lt;td&gt;{text}&lt;/td&gt;"</c>. Literal parts are markup; interpolated
/// values are escaped, unless they are <see cref="Html"/> themselves.
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

    /// <summary>Escapes text for an element or a quoted attribute. Accents are not escaped, since pages are in UTF-8.</summary>
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

using System.Text.RegularExpressions;

namespace Facturation.Api.Help;

/// <summary>
/// Code as HTML, with its tokens in spans that the style sheet colours. The text itself does not change. The script colours the samples of
/// old pages, whose markup stays as it was, and answers.
/// </summary>
internal static partial class Syntax
{
    /// <summary>A program in any language of <see cref="CodeSamples"/>.</summary>
    public static Html Program(string text) => Coloured(ProgramToken(), text);

    public static Html Json(string text) => Coloured(JsonToken(), text);

    /// <summary>Puts each token into a span, whose class is the name of its group.</summary>
    private static Html Coloured(Regex tokens, string text)
    {
        var coloured = new Html(2 * text.Length, 0);
        var end = 0;
        foreach (Match token in tokens.Matches(text))
        {
            coloured.AppendFormatted(text[end..token.Index]);
            coloured.AppendFormatted((Html)$"<span class=\"{token.Groups.Values.Last(group => group.Success).Name}\">{token.Value}</span>");
            end = token.Index + token.Length;
        }
        coloured.AppendFormatted(text[end..]);
        return coloured;
    }

    [GeneratedRegex("""
        (?<name>"(\\.|[^"\\])*"(?=\s*:)) | (?<string>"(\\.|[^"\\])*") | (?<word>\b(true|false|null)\b) | (?<number>-?\b\d[\d.eE+-]*)
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex JsonToken();

    [GeneratedRegex(""""
        (?<string>r?"""[\s\S]*?""" | \$?"(\\.|[^"\\\n])*" | '[^']*')
        | (?<comment>//[^\n]*)
        | (?<word>(?<![.\w])(as|async|await|bool|class|const|decimal|double|except|false|foreach|get|if|import|in|int|long|namespace|new|null|public|set|string
            |throw|true|try|typeof|using|var|with)\b)
        | (?<number>\b\d[\d.]*\b)
        """", RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex ProgramToken();
}

using System.Net;
using System.Text.RegularExpressions;

namespace Facturation.Tests.Help;

/// <summary>A help page as programs read it.</summary>
internal sealed partial record HelpPage(int Status, string Html)
{
    /// <summary>What stood on the old page.</summary>
    public string Article => ArticleElement().Match(Html).Groups["content"].Value;

    /// <summary>Gets a page at an address that does not change from run to run.</summary>
    public static async Task<HelpPage> GetAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "facturation.example";
        using var response = await client.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The text of markup: tags stripped, white space folded.</summary>
    public static string Text(string html) => Fold(Code(html));

    /// <summary>The text of markup: tags stripped, white space as it is.</summary>
    public static string Code(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    public static string Fold(string text) => WhiteSpace().Replace(text, " ").Trim();

    [GeneratedRegex("<article[^>]*>(?<content>.*)</article>", RegexOptions.Singleline)]
    private static partial Regex ArticleElement();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}

/// <summary>A clock that stands still.</summary>
internal sealed class HelpClock : TimeProvider
{
    /// <summary>Summer in Paris, two hours ahead.</summary>
    public override DateTimeOffset GetUtcNow() => new(2026, 6, 30, 22, 33, 32, 49, TimeSpan.Zero);
}

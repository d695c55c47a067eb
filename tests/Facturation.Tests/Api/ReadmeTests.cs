using System.Text.RegularExpressions;

namespace Facturation.Tests.Api;

/// <summary>The README says what happens: its requests, sent as they stand, get the answers it shows.</summary>
public sealed partial class ReadmeTests
{
    [Test]
    public async Task Requests_OfTheReadme_GetTheAnswersItShows()
    {
        await using var service = await Service.StartAsync("Development");

        var examples = Examples().ToList();

        Assert.That(examples, Has.Count.GreaterThanOrEqualTo(2));
        foreach (var (curl, expected) in examples)
        {
            var headers = Header().Matches(curl).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
            var answer = await service.PostAsync(
                Address().Match(curl).Groups["path"].Value,
                headers["X-API-Key"],
                Data().Match(curl).Groups["body"].Value,
                headers["Content-Type"],
                [.. headers.Where(header => header.Key == "Accept").Select(header => (header.Key, header.Value))]);
            Assert.That(answer.Text, Is.EqualTo(expected), curl);
        }
    }

    private static IEnumerable<(string Curl, string Answer)> Examples() => Example().Matches(Clone.Read("README.md"))
        .Select(match => (match.Groups["curl"].Value, match.Groups["answer"].Value));

    [GeneratedRegex(@"```sh\n(?<curl>curl [^`]*)```[^`]*```(xml|json)\n(?<answer>[^`]*)\n```")]
    private static partial Regex Example();

    [GeneratedRegex(@"http://localhost:\d+/(?<path>\S+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"-H '(?<name>[^:]+): (?<value>[^']*)'")]
    private static partial Regex Header();

    [GeneratedRegex(@"-d '(?<body>[^']*)'")]
    private static partial Regex Data();
}

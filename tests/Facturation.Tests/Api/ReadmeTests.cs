using System.Globalization;
using System.Text.RegularExpressions;
using Facturation.Tests.Help;

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

    /// <summary>Its shell commands record a reading of the demo's meter, and bill it.</summary>
    [Test]
    public async Task Commands_ThatBillAReading_PrintTheAmountTheReadmeShows()
    {
        await using var service = await Service.StartAsync("Development");
        var block = Bill().Match(Clone.Read("README.md"));
        Assert.That(block.Success);

        var output = await HelpGuideTests.RunAsync(
            "sh", "-c", block.Groups["commands"].Value.Replace("http://localhost:5080/", service.Client.BaseAddress!.ToString(), StringComparison.Ordinal));

        Assert.That(output, Does.Match("^" + Regex.Escape(block.Groups["answer"].Value).Replace("…", "[0-9a-f-]{36}", StringComparison.Ordinal) + "$"));
    }

    /// <summary>What the README says of speed is what docs/benchmarks.md measured last.</summary>
    [Test]
    public void Speed_OfTheReadme_IsThatOfTheBenchmarks()
    {
        var (readme, benchmarks) = (Clone.Read("README.md"), Clone.Read("docs/benchmarks.md"));
        string Range(string pattern, int digits)
        {
            var ratios = Regex.Matches(benchmarks, pattern, RegexOptions.Multiline)
                .Select(match => Math.Round(decimal.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), digits)).Order().ToList();
            Assert.That(ratios, Has.Count.EqualTo(2), "JSON and XML");
            return string.Join(" to ", ratios.Distinct().Select(ratio => ratio.ToString(CultureInfo.InvariantCulture))) + " times";
        }

        Assert.That(readme, Does.Contain($"a million lines take {Range(@"^\| (?:JSON|XML) \|.* ([0-9.]+) \|$", 1)}"));
        Assert.That(readme, Does.Contain($"384 KB go out {Range(@"^\| 384.*\| Web API 2 \|.* ([0-9.]+) \|$", 0)}"));
    }

    private static IEnumerable<(string Curl, string Answer)> Examples() => Example().Matches(Clone.Read("README.md"))
        .Select(match => (match.Groups["curl"].Value, match.Groups["answer"].Value));

    [GeneratedRegex(@"```sh\n(?<curl>curl [^`]*)```[^`]*```(xml|json)\n(?<answer>[^`]*)\n```")]
    private static partial Regex Example();

    [GeneratedRegex(@"```sh\n(?<commands>reading=[^`]*)```\n\n```json\n(?<answer>[^`]*)\n```")]
    private static partial Regex Bill();

    [GeneratedRegex(@"http://localhost:\d+/(?<path>\S+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"-H '(?<name>[^:]+): (?<value>[^']*)'")]
    private static partial Regex Header();

    [GeneratedRegex(@"-d '(?<body>[^']*)'")]
    private static partial Regex Data();
}

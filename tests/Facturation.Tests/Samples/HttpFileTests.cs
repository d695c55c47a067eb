using System.Text.Json;
using System.Text.RegularExpressions;
using Facturation.Tests.Api;

namespace Facturation.Tests.Samples;

/// <summary>Each request of the .http files gets the answer the comment above it promises, each time it is sent.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class HttpFileTests
{
    private static readonly string[] Files =
        [.. Directory.GetFiles(Clone.PathOf("samples/http"), "*.http").Select(file => Path.GetFileName(file)).Order()];

    [TestCaseSource(nameof(Files))]
    public async Task Requests_OfTheFile_GetWhatItPromises(string file)
    {
        await using var service = await Service.StartAsync("Development");
        var text = Clone.Read($"samples/http/{file}");
        foreach (Match variable in Variable().Matches(text))
            text = text.Replace($"{{{{{variable.Groups["name"].Value}}}}}", variable.Groups["value"].Value);
        var requests = text.Split("\n###")[1..];
        Assert.That(requests, Has.Length.GreaterThan(5));

        var answers = new Dictionary<string, JsonElement>();
        foreach (var given in requests.Concat(requests))
        {
            var request = Answered().Replace(given, match => answers[match.Groups["name"].Value]
                .GetProperty("data").GetProperty(match.Groups["member"].Value).GetString()!);
            var parts = Request().Match(request);
            Assert.That(parts.Success, "not a request with a promise: " + request);
            using var message = new HttpRequestMessage(new HttpMethod(parts.Groups["verb"].Value), parts.Groups["path"].Value);
            if (parts.Groups["body"].Value.Trim() is { Length: > 0 } body)
                message.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
            foreach (Match header in Header().Matches(parts.Groups["headers"].Value))
                if (!message.Headers.TryAddWithoutValidation(header.Groups["name"].Value, header.Groups["value"].Value))
                    message.Content!.Headers.TryAddWithoutValidation(header.Groups["name"].Value, header.Groups["value"].Value);

            using var answer = await service.Client.SendAsync(message);

            if (parts.Groups["name"] is { Success: true, Value: var name })
                answers[name] = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            var said = await answer.Content.ReadAsStringAsync();
            var code = Code().Match(said).Groups["code"].Value;
            Assert.That($"{(int)answer.StatusCode} {code}".TrimEnd(), Is.EqualTo(parts.Groups["promise"].Value), request + "\n" + said);
        }
    }

    [GeneratedRegex(@"^@(?<name>\w+) = (?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"\A [^\n]+\n# Answers (?<promise>[^\n]+)\n(# @name (?<name>\w+)\n)?(?<verb>[A-Z]+) http://[^/\n]+(?<path>/[^\n]*)\n(?<headers>([\w-]+: [^\n]+\n)*)(\n(?<body>.*))?\z",
        RegexOptions.Singleline)]
    private static partial Regex Request();

    /// <summary>A member of an earlier answer, as the three clients write it.</summary>
    [GeneratedRegex(@"\{\{(?<name>\w+)\.response\.body\.\$\.data\.(?<member>\w+)\}\}")]
    private static partial Regex Answered();

    [GeneratedRegex(@"^(?<name>[\w-]+): (?<value>.+)$", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\{""code"":""(?<code>\w+)""")]
    private static partial Regex Code();
}

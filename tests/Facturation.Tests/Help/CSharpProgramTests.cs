using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Facturation.Api.Operations;
using Facturation.Tests.Api;

namespace Facturation.Tests.Help;

/// <summary>The C# programs of the pages, compiled and run as they stand.</summary>
[Parallelizable(ParallelScope.Self)]
[Category("Slow")]
public sealed class CSharpProgramTests
{
    private Service service = null!;

    [OneTimeSetUp]
    public async Task Start() => service = await Service.StartAsync("Development");

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public async Task Program_InXml_ReadsWhatTheServiceAnswersInJson(
        [Values("Consommation", "ConsommationV2")] string operation, [Values("C#, DataContract", "C#, XmlSerializer")] string name)
    {
        var answer = await service.PostAsync($"/api/{operation}", Demo.Key, """{"Debut":"2026-03-01","Fin":"2026-03-31","ProduitId":2}""");
        var expected = JsonNode.Parse(answer.Text)!.AsArray().SelectMany(item => Lines(item!.AsObject(), "")).ToArray();
        Assert.That(expected, Has.Length.GreaterThan(5), "the question has an answer");

        Assert.That(await RunAsync($"POST-api-{operation}", name), Is.EqualTo(string.Concat(expected.Select(line => line.ReplaceLineEndings("\n") + "\n"))));
    }

    [Test]
    public async Task Program_InJson_WritesTheAnswer() => Assert.That(
        await RunAsync("POST-v1-meters-id-readings-manual", "C#"),
        Does.Match("""^201\n\{"data":\{"readingId":"[0-9a-f-]{36}"\}\}\n$"""));

    /// <summary>A warning is an error.</summary>
    private async Task<string> RunAsync(string page, string name)
    {
        var program = HelpGuideTests.Program(await service.Client.GetStringAsync($"/Help/Api/{page}"), name);
        Assert.That(program, Is.Not.Empty);
        using var scratch = new Scratch();
        scratch.Write("Program.cs", Encoding.UTF8.GetBytes(program));
        scratch.Write("Client.csproj", File.ReadAllBytes(Clone.PathOf("tests/Clients/Client.csproj")));
        var (code, text, errors) = await Command.RunAsync(Command.Dotnet, ["run", "-p:TreatWarningsAsErrors=true"], scratch.Root,
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), ("MSBUILDDISABLENODEREUSE", "1"), ("NO_PROXY", "*"));
        Assert.That(code, Is.Zero, text + errors);
        return text;
    }

    /// <summary>The simple members of an element on a line, times to the second, then its collections.</summary>
    private static IEnumerable<string> Lines(JsonObject element, string indent) =>
    [
        indent + string.Join("; ", element.Where(member => member.Value is JsonValue)
            .Select(member => Regex.Replace(member.Value!.ToString(), @"(:\d\d)\.\d+$", "$1"))),
        .. element.Where(member => member.Value is JsonArray)
            .SelectMany(member => member.Value!.AsArray().SelectMany(inner => Lines(inner!.AsObject(), indent + "  "))),
    ];
}

using System.Reflection;
using System.Text.Json.Nodes;
using Facturation.Tests.Api.V1;

namespace Facturation.Tests.OpenApi;

/// <summary>
/// The document pleases Spectral, and clients that NSwag and openapi-typescript generate from it call every operation of v1. NSwag comes from
/// NuGet; all else is npm's, pinned in tests/npm, and without Node the tests that need it are skipped.
/// </summary>
[NonParallelizable]
[Category("Slow")]
public sealed class GeneratedClientTests
{
    private static readonly string[] Copied = ["Program.cs", "Client.csproj", "program.ts", "typed.ts", "tsconfig.json", "tsconfig.typed.json"];

    private readonly Scratch scratch = new();
    private MeterScene scene = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        scene = await MeterScene.StartAsync();
        scratch.Write("swagger.json", await scene.Service.Client.GetByteArrayAsync("swagger/v1/swagger.json"));
        foreach (var file in Copied)
            File.Copy(Path.Combine(Clients, file), Path.Combine(scratch.Root, file));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (scene is not null)
            await scene.DisposeAsync();
        scratch.Dispose();
    }

    [Test]
    public async Task Document_LintedBySpectral_HasNoErrorAndNoWarning()
    {
        await Npm.InstallAsync();
        var (code, output) = await RunToolAsync(
            "@stoplight/spectral-cli/dist/index.js", "lint", "--fail-severity=hint", "--ruleset", Path.Combine(Clients, "spectral.yaml"), "swagger.json");

        Assert.That(code, Is.Zero, output);
    }

    /// <summary>Each program is written by hand: a new operation is to be called by all.</summary>
    [Test]
    public async Task Programs_OfTheClients_CallEveryOperationOfV1()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Root, "swagger.json")))!;
        var operations = document["paths"]!.AsObject().Where(path => path.Key.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(path => path.Value!.AsObject().Select(verb => (Verb: verb.Key.ToUpperInvariant(), Path: path.Key, Id: (string)verb.Value!["operationId"]!)))
            .ToList();
        Assert.That(operations, Is.Not.Empty);
        var (csharp, typeScript, typed) = (Read("Program.cs"), Read("program.ts"), Read("typed.ts"));
        using var all = Assert.EnterMultipleScope();
        foreach (var (verb, path, id) in operations)
        {
            var (client, method) = id.Split('_') is [var first, var second] ? (first.ToLowerInvariant(), second) : (id, "");
            Assert.That(csharp, Does.Contain($"{client}.{method}Async("), id);
            Assert.That(typeScript, Does.Contain($"{client}.{char.ToLowerInvariant(method[0])}{method[1..]}("), id);
            Assert.That(typed, Does.Contain($"{verb}(\"{path}\""), id);
        }

        static string Read(string file) => File.ReadAllText(Path.Combine(Clients, file));
    }

    [Test]
    public async Task CSharp_ClientOfNSwag_CallsTheService()
    {
        await NSwagAsync("openapi2csclient", "/output:Client.cs", "/namespace:Facturation.Client", "/jsonLibrary:SystemTextJson",
            "/useBaseUrl:false", "/generateNullableReferenceTypes:true", Documented());

        var (code, output) = await RunHereAsync(Command.Dotnet, "run", "--project", "Client.csproj", "--", Address, scene.Key);

        Assert.That((code, output), Is.EqualTo((0, """
            meter EAU-1 2026-04-01T00:00:00 2026-04-01 06:00:00Z null
            reading 43000 2026-04-15 12:00:00Z False counts
            error 409 INDEX_BELOW_PREVIOUS 409 readings 32
            batch 409 BATCH_REFUSED INDEX_BELOW_PREVIOUS
            consommation 2026-04-01T00:00:00 42
            allowed 2026-04-15 13:00:00Z 43000 2026-04-15 12:00:00Z
            list True null
            suspects True
            confirmed False True
            void misread
            many True Duplicate
            changes True True False
            consumption 2026-04-15 42 2026-04-30 U none
            prices 2027-01-01 3500000
            billed 14700 False True True
            bill 2026-05-01 42 True
            folio 14700
            replaced True 0
            removed 2026-04-18 12:00:00Z True
            refused 400 La période est inversée : Debut (1970-01-02) vient après Fin (1970-01-01).

            """.ReplaceLineEndings("\n"))));
    }

    [Test]
    public async Task TypeScript_ClientOfNSwag_IsCheckedAndCallsTheService()
    {
        await Npm.InstallAsync();
        await NSwagAsync("openapi2tsclient", "/output:client.ts", "/template:Fetch");
        var (checkedCode, errors) = await RunToolAsync("typescript/bin/tsc", "--project", "tsconfig.json");
        Assert.That(checkedCode, Is.Zero, errors);
        scratch.Write("out/package.json", """{ "type": "module" }"""u8.ToArray()); // Node takes what tsc wrote for modules.

        var (code, output) = await RunHereAsync("node", "out/program.js", Address, scene.Key);

        Assert.That((code, output), Is.EqualTo((0, """
            meter EAU-2 2026-04-01T00:00:00 2026-04-01T06:00:00.000Z null
            reading 43000 2026-04-15T12:00:00.000Z false counts
            error 409 INDEX_BELOW_PREVIOUS readings 32
            consommation 2026-04-01T00:00:00 42
            batch 1 false
            allowed 2026-04-15T12:00:00.000Z 43000
            list true null
            suspects true
            confirmed false true
            void misread
            many true duplicate
            changes 36 true false
            consumption 42 1 U none
            prices 3500000 1
            billed 14700 false true true
            bill 42 true
            folio 1
            replaced true 0
            removed 2026-04-18T12:00:00.000Z true

            """.ReplaceLineEndings("\n"))));
    }

    [Test]
    public async Task TypeScript_TypesOfOpenApiTypeScript_AreCheckedAndCallTheService()
    {
        await Npm.InstallAsync();
        Directory.CreateSymbolicLink(Path.Combine(scratch.Root, "node_modules"), Npm.PathOf(""));
        var (code, output) = await RunToolAsync("openapi-typescript/bin/cli.js", "swagger.json", "--output", "schema.d.ts");
        Assert.That(code, Is.Zero, output);
        (code, output) = await RunToolAsync("typescript/bin/tsc", "--project", "tsconfig.typed.json");
        Assert.That(code, Is.Zero, output);
        scratch.Write("out/package.json", """{ "type": "module" }"""u8.ToArray());

        (code, output) = await RunHereAsync("node", "out/typed.js", Address, scene.Key);

        Assert.That((code, output), Is.EqualTo((0, """
            meter EAU-3 2026-04-01T00:00:00 2026-04-01T06:00:00Z null
            reading 43000 2026-04-15T12:00:00Z false counts
            error 409 INDEX_BELOW_PREVIOUS readings 32
            batch 1 false
            allowed 2026-04-15T12:00:00Z 43000
            list true null
            suspects true
            confirmed false true
            void misread
            many true duplicate
            changes 36 true false
            consumption 2026-04-15 42 2026-04-30 U none
            prices 2027-01-01 3500000
            billed 14700 false true true
            bill 2026-05-01 42 true
            folio 1
            replaced true 0
            removed 2026-04-18T12:00:00Z true

            """.ReplaceLineEndings("\n"))));
    }

    /// <summary>The option that docs/v1.md tells users of NSwag to set: by default it writes instants of the query without their offset.</summary>
    private static string Documented()
    {
        const string option = "/parameterDateTimeFormat:O";
        Assert.That(Clone.Read("docs/v1.md"), Does.Contain($"`{option}`"));
        return option;
    }

    private string Address => scene.Service.Client.BaseAddress!.ToString().TrimEnd('/');

    private async Task NSwagAsync(params string[] arguments)
    {
        var nswag = typeof(GeneratedClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "NSwag").Value!;
        var (code, output) = await RunHereAsync(Command.Dotnet,
            [nswag, arguments[0], "/input:swagger.json", "/operationGenerationMode:MultipleClientsFromOperationId", .. arguments[1..]]);
        Assert.That(code, Is.Zero, output);
    }

    private Task<(int Code, string Output)> RunToolAsync(string script, params string[] arguments) =>
        RunHereAsync("node", [Npm.PathOf(script), .. arguments]);

    private async Task<(int Code, string Output)> RunHereAsync(string program, params string[] arguments)
    {
        var (code, text, errors) = await Command.RunAsync(program, arguments, scratch.Root,
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), ("MSBUILDDISABLENODEREUSE", "1"));
        return (code, code == 0 ? text : text + errors);
    }

    private static string Clients => Clone.PathOf("tests/Clients");
}

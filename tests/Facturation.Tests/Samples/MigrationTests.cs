using System.Text;
using System.Text.RegularExpressions;
using Facturation.Api.Import;
using Facturation.Api.Operations;
using Facturation.Tests.Api;
using Facturation.Tests.Api.V1;

namespace Facturation.Tests.Samples;

/// <summary>docs/migration.md, read literally: its commands move the demo from one service to another.</summary>
public sealed partial class MigrationTests
{
    [Test]
    public async Task Commands_OfTheDoc_MoveAClientToAnEmptyService()
    {
        await Command.NeedAsync("sh", "curl");
        using var scratch = new Scratch();
        await using var old = await Service.StartAsync("Development");
        await using var @new = await Service.StartAsync(database: scratch);
        var blocks = Block().Matches(Clone.Read("docs/migration.md")).Select(match => match.Groups["commands"].Value).ToList();
        foreach (var name in new[] { "OLD=", "NEW=", "CLIENT=", "FIRST=", "LAST=", "IDENTIFIANT=", "OLD_USER=", "read -r OLD_PASSWORD" })
            Assert.That(blocks[0], Does.Contain(name), "everything the commands need is given first");

        var (code, output, errors) = await RunAsync(scratch, $"""
            OLD={Address(old)} NEW={Address(@new)} CLIENT=ACME FIRST=2025-12 LAST=2026-02
            OLD_USER='mairie.tréville' OLD_PASSWORD={Demo.Key} IDENTIFIANT='mairie.tréville'
            {string.Join('\n', blocks[1..])}
            """);

        Assert.That(code, Is.Zero, output + errors);
        Assert.That(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.All.StartsWith("Clé "), "no warning, no difference");
        Assert.That(Loaded().Matches(output), Has.Count.EqualTo(3), output);
        foreach (var month in new[] { "2025-12", "2026-01", "2026-02" })
            Assert.That(
                await File.ReadAllTextAsync(Path.Combine(scratch.Root, $"history/ACME/{month}.xml")), Does.Contain($"<DateDossier>{month}-"), "something moved");
        var keys = Key().Matches(output);
        Assert.That((await @new.PostAsync("api/ConsommationV2", keys[0].Value)).Text, Does.Contain("mairie.tréville").And.Not.Contain("Atelier Noël"));
        Assert.That((await @new.PostAsync("api/ConsommationV2", keys[1].Value)).Text, Does.Contain("Atelier Noël"));
    }

    [Test]
    public async Task History_OfDossiersDatedElsewhere_Warns()
    {
        await Command.NeedAsync("sh", "curl");
        using var scratch = new Scratch();
        await using var service = await Service.StartAsync();
        await service.ImportAsync("""
            identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite
            U;2;Eau;D1;2026-02-28;1;Froide;5
            """);
        var key = await service.CreateKeyAsync();
        Directory.CreateDirectory(Path.Combine(scratch.Root, "h"));
        var february = (await service.PostAsync("api/ConsommationV2", key, headers: ("Accept", "application/xml"))).Text;
        scratch.Write("h/2026-03.xml", Encoding.UTF8.GetBytes(february));

        var (code, _, errors) = await RunAsync(
            scratch, $"sh samples/curl/history.sh {Address(service)} 2026-02 2026-03 h --header 'X-API-Key: {key}'");

        Assert.That(code, Is.Zero);
        Assert.That(errors, Does.StartWith("2026-03: 1 details").And.Not.Contain("2026-02"));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(scratch.Root, "h/2026-02.xml")), Is.EqualTo(february));
    }

    [Test]
    public async Task History_ThatIsRefused_LeavesNoFileToImport()
    {
        await Command.NeedAsync("sh", "curl");
        using var scratch = new Scratch();
        await using var service = await Service.StartAsync();
        var (code, _, errors) = await RunAsync(scratch, $"sh samples/curl/history.sh {Address(service)} 2026-02 2026-03 h");
        Assert.That(code, Is.Not.Zero);
        Assert.That(errors, Does.Contain("401"));
        Assert.That(Directory.GetFiles(Path.Combine(scratch.Root, "h"), "*.xml"), Is.Empty);
    }

    [Test]
    public async Task Import_OfWhatTheNewServiceAnswered_CountsReadingsTwice()
    {
        await using var scene = await MeterScene.StartAsync();
        await scene.ReadAsync(await scene.CreateMeterAsync(), 5_000, MeterScene.At("2026-04-15T12:00:00Z"));
        Assert.That(await scene.DossierAsync("D"), Is.EqualTo(5));
        await scene.Service.ImportAsync((await scene.Service.PostAsync("api/ConsommationV2", scene.Key)).Text);
        Assert.That(await scene.DossierAsync("D"), Is.EqualTo(10), "as the doc warns");
    }

    private static string Address(Service service) => service.Client.BaseAddress!.ToString().TrimEnd('/');

    /// <summary>Runs commands as an operator types them, in a directory where <c>Facturation.Api</c> and the samples are at hand.</summary>
    private static async Task<(int Code, string Text, string Errors)> RunAsync(Scratch scratch, string commands)
    {
        Directory.CreateDirectory(Path.Combine(scratch.Root, "bin"));
        scratch.Write("bin/Facturation.Api", Encoding.UTF8.GetBytes(
            $"#!/bin/sh\nexec \"{Command.Dotnet}\" \"{typeof(Importer).Assembly.Location}\" \"$@\"\n"));
        Directory.CreateSymbolicLink(Path.Combine(scratch.Root, "samples"), Clone.PathOf("samples"));
        return await Command.RunAsync("sh", ["-eu", "-c", "chmod +x bin/Facturation.Api; PATH=$PWD/bin:$PATH\n" + commands], scratch.Root,
            ("ConnectionStrings__Facturation", scratch.Connection), ("ASPNETCORE_ENVIRONMENT", "Production"), ("NO_PROXY", "*"));
    }

    [GeneratedRegex(@"```sh\n(?<commands>[^`]+)```")]
    private static partial Regex Block();

    [GeneratedRegex("^[1-9][0-9]* lignes? chargées?[.]$", RegexOptions.Multiline)]
    private static partial Regex Loaded();

    [GeneratedRegex("^fct_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}$", RegexOptions.Multiline)]
    private static partial Regex Key();
}

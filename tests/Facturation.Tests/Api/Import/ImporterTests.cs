using System.Diagnostics;
using System.Text;
using Facturation.Api.Import;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Import;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Category("Slow")]
public sealed class ImporterTests
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n";

    private Scratch Scratch { get; } = new();
    private readonly List<string> errors = [], notices = [];
    private ServiceProvider services = null!;

    private IConsommationStore Store => services.GetRequiredService<IConsommationStore>();

    [SetUp]
    public async Task CreateDatabase()
    {
        services = new ServiceCollection().AddFacturationStorage(Scratch.Connection, Scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
    }

    [TearDown]
    public async Task DropDatabase()
    {
        await services.DisposeAsync();
        Scratch.Dispose();
    }

    [Test]
    public async Task RunAsync_OneBadLine_LoadsNothingAndTellsAll()
    {
        var bilan = await ImportAsync("U;1;Eau;D;2026-03-22;1;x;5\nU;1;Eau;D;2026-03-22;2;x;cinq\nU;1;Eau;D;2026-03-22;1;x;6\nU;1\n");

        Assert.That(bilan, Is.EqualTo(new Bilan(1, 3, false)));
        Assert.That(errors, Is.EqualTo(new[]
        {
            "ligne 3 : Quantite : « cinq » n'est pas un entier de 64 bits",
            "ligne 4 : la même ligne est déjà plus haut, ligne 2",
            "ligne 5 : 2 champs au lieu de 8",
        }));
        Assert.That(await CountAsync(), Is.Zero);
        Assert.That(await Store.ListClientsAsync(), Is.Empty);
    }

    [Test]
    public async Task RunAsync_SkipBad_LoadsTheGoodLines()
    {
        var bilan = await ImportAsync("U;1;Eau;D;2026-03-22;1;x;5\nU;1;Eau;D;2026-03-22;2;x;cinq\n", skipBad: true);

        Assert.That(bilan, Is.EqualTo(new Bilan(1, 1, true)));
        Assert.That(await CountAsync(), Is.EqualTo(1));
    }

    /// <summary>The old service answered such texts, so they are loaded; but no XML client can read the answers.</summary>
    [Test]
    public async Task RunAsync_TextThatXmlCannotHold_IsLoadedAndTold()
    {
        Assert.That(await ImportAsync("U;1;Eau;D\u0001;2026-03-22;1;;1\nU;1;Eau;E;2026-03-22;1;a\tb\uFFFE;1\nU;1;Eau;\tF é😀;2026-03-22;1;;1\n"), Is.EqualTo(new Bilan(3, 0, true)));
        Assert.That(notices, Is.EqualTo(new[]
        {
            "ligne 2 : Dossier : le caractère U+0001 ne peut figurer dans du XML", "ligne 3 : Libelle : le caractère U+FFFE ne peut figurer dans du XML",
        }));
        Assert.That(await CountAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task RunAsync_100000Lines_TakesSeconds()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"user{i % 7};{i % 5};Produit {i % 5};D{i / 2};2025-{1 + i / 2 % 12:00}-{1 + i / 2 % 28:00};{i % 2};Compteur;{i}\n");

        for (var time = 1; time <= 2; time++)
        {
            var watch = Stopwatch.StartNew();
            Assert.That(await ImportAsync(text.ToString()), Is.EqualTo(new Bilan(100_000, 0, true)));
            TestContext.Out.WriteLine($"100,000 lines, time {time}: {watch.ElapsedMilliseconds} ms");
        }
        Assert.That(await CountAsync(), Is.EqualTo(100_000));
    }

    private async Task<Bilan> ImportAsync(string lines, bool skipBad = false)
    {
        await using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Header + lines));
        var bilan = await Importer.RunAsync(Store, stream, "C", skipBad, (lieu, why) => errors.Add($"{lieu} : {why}"),
            (lieu, why) => notices.Add($"{lieu} : {why}"), default);
        Assert.That(stream.CanRead, "the file is still the caller's: a progress bar looks at it");
        return bilan;
    }

    private async Task<int> CountAsync()
    {
        var count = 0;
        await using var view = await Store.OpenAsync(new Demande("C", null, default, null, Ordre.ParIdentifiant));
        foreach (var groupe in view.Groupes)
            count += (await view.ListDetailsAsync(groupe)).Count;
        return count;
    }
}

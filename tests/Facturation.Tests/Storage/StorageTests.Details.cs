using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

/// <summary>The answer to a question, whatever its rows come from.</summary>
public abstract partial class StorageTests
{
    [Test]
    public async Task ReadDetailsAsync_ImportsAndMeters_AddUpInOrder([Values] Ordre ordre)
    {
        await ImportAsync(
            Line(7, produit: 5, dossier: "D5", date: "2025-10-20"),
            Line(2, produit: 5, dossier: "D5", date: "2025-10-20", sequence: 2),
            Line(1, produit: 5, dossier: "D5", date: "2025-10-20", identifiant: "T"),
            Line(0, produit: 5, dossier: "A", date: "2025-10-20"),
            Line(-4, produit: 5, dossier: "Z", date: "2025-10-19"));
        var meter = await CreateMeterAsync(6, 0);
        foreach (var day in new[] { 1, 2, 3 })
            await WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(day * 10_000, Installed.AddDays(day), null, null)));
        var newer = await WriteAsync(t => metering.ReplaceAsync(
            t, Caller, meter.Id, new(40_000, Installed.AddDays(4), null, null), "T", null, null, null, 0));
        await WriteAsync(t => metering.RecordAsync(t, Caller, newer.Id, new(100_000, Installed.AddDays(5), null, null)));
        await WriteAsync(t => metering.CreateAsync(
            t, Caller, NewMeter(6) with { Dossier = "muet" }, new(0, Installed, null, null)));

        var demande = new Demande("C", null, default, 5, ordre);
        await using var view = await Store.OpenAsync(demande);
        await AssertIsStreamedAlikeAsync(demande, view);
        var details = new List<LigneDetail>();
        foreach (var groupe in view.Groupes)
        {
            var own = await view.ListDetailsAsync(groupe);
            details.AddRange(own);
            Assert.That(groupe.Sommes, Is.EqualTo(own.GroupBy(d => d.Sequence).OrderBy(g => g.Key)
                .Select(g => new Somme(g.Key, "Froide", g.Sum(d => d.Quantite)))));
        }

        LigneDetail[] expected =
        [
            new("Z", new(2025, 10, 19), "U", 1, -4),
            new("A", new(2025, 10, 20), "U", 1, 0),
            new("D5", new(2025, 10, 20), "T", 1, 1),
            new("D5", new(2025, 10, 20), "U", 1, 147),
            new("D5", new(2025, 10, 20), "U", 2, 2),
        ];
        Assert.That(details, Is.EqualTo(ordre == Ordre.ParProduit ? expected : [.. expected.OrderBy(d => d.Identifiant, StringComparer.Ordinal)]));
        Assert.That(
            (await ReadAsync(produit: 5, ordre: ordre, identifiant: "U", periode: new(new(2025, 10, 22), new(2025, 10, 23)))).Single().Quantite,
            Is.EqualTo(20), "an older dossier, in the days of its meter");
        Assert.That(await ReadAsync(produit: 5, ordre: ordre, identifiant: "T"), Has.Count.EqualTo(1), "no other identifiant's");
    }

    [TestCase(3, true)]
    [TestCase(2, false)]
    public async Task OpenAsync_LinesMetersAndCompteurs_AreStreamedIfTheyAreMany(int max, bool isSmall)
    {
        await ImportAsync(
            Line(1, client: "lines", dossier: "1"), Line(2, client: "lines", dossier: "2"), Line(3, client: "lines", dossier: "3"),
            Line(1, client: "compteurs"), Line(2, client: "compteurs", sequence: 2), Line(3, client: "compteurs", produit: 2),
            Line(produit: 5, date: "2020-01-01"));
        foreach (var dossier in new[] { "1", "2", "3" })
            await WriteAsync(t => metering.CreateAsync(t, Caller, NewMeter(6) with { Dossier = dossier }, new(0, Installed, null, null)));
        var store = new ConsommationStore(services.GetRequiredService<Database>(), max);

        foreach (var client in new[] { "lines", "compteurs", "C" })
        {
            await using var view = await store.OpenAsync(new Demande(client, null, new(new(2020, 1, 2), null), null, Ordre.ParIdentifiant), default);
            Assert.That(view, isSmall ? Is.TypeOf<SmallConsommationView>() : Is.TypeOf<SqlConsommationView>(), client);
        }
    }

    /// <summary>Orders and sums that rows in key order do not have: time within a day, ordinal order, meters beside lines, other produits.</summary>
    [Test]
    public async Task OpenAsync_RowsOutOfOrder_AreInAnswerOrder([Values] Ordre ordre, [Values(null, 5)] int? produit, [Values(null, "\ue000")] string? identifiant)
    {
        string[] names = ["z", "a", "\ue000", "\ud83d\ude00"]; // UTF-8 sorts the last two otherwise.
        await ImportAsync(
        [
            .. from produits in new[] { 7, 5 }
               from hour in new[] { "T23:00:00", "", "T08:00:00.1234567" }
               from name in names
               from dossier in names
               from sequence in new[] { 2, 1 }
               select Line(sequence, produit: produits, identifiant: name, dossier: dossier, date: "2025-10-20" + hour, sequence: sequence),
        ]);
        foreach (var dossier in names)
        {
            var meter = await WriteAsync(t => metering.CreateAsync(
                t, Caller, NewMeter(6) with { Dossier = dossier, Identifiant = "\ue000" }, new(0, Installed, null, null)));
            await WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(10_000, Installed.AddDays(1), null, null)));
        }

        var demande = new Demande("C", identifiant, default, produit, ordre);
        await using var view = await Store.OpenAsync(demande);

        Assert.That(view.Groupes, Has.Count.EqualTo((produit is null ? 2 : 1) * (ordre == Ordre.ParIdentifiant && identifiant is null ? 4 : 1)));
        Assert.That(view.Groupes.Sum(g => g.Sommes.Sum(s => s.Quantite)), Is.EqualTo(3 * 4 * 3 * (identifiant is null ? 4 : 1) * (produit is null ? 2 : 1) + 40));
        await AssertIsStreamedAlikeAsync(demande, view);
    }

    /// <summary>More seeds: FACTURATION_HISTORIES=1000.</summary>
    [TestCaseSource(nameof(Seeds))]
    public async Task OpenAsync_AfterAnyHistory_SumsAreThoseOfTheDetails(int seed)
    {
        var random = new Random(seed);
        await ImportAsync(Line(produit: 5));
        var meters = new List<Guid>();
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(4))
            {
                case 0:
                    await TryImportAsync([.. Enumerable.Range(0, 20).Select(_ => Line(
                        random.Next(5) == 0 ? 0 : random.NextInt64(-50, 50),
                        identifiant: $"{(char)('U' + random.Next(3))}",
                        produit: 5 + random.Next(2),
                        dossier: $"D{random.Next(5)}",
                        date: $"2025-10-{20 + random.Next(3)}{(random.Next(2) == 0 ? "" : "T08:30:00")}",
                        sequence: 1 + random.Next(2)))]);
                    break;
                case 1:
                    await TryAsync(async t =>
                    {
                        var meter = await metering.CreateAsync(t, Caller, NewMeter(4) with
                        {
                            Dossier = $"D{random.Next(5)}",
                            Sequence = 1 + random.Next(2),
                            Serial = $"{random.Next(3)}",
                        }, new(random.NextInt64(10_000_000), Installed, null, null));
                        meters.Add(meter.Id);
                        return random.Next(10) == 0 ? throw new RefusalException(RefusalCodes.TotalTooLarge, "changed its mind") : true;
                    });
                    break;
                case 2 when meters.Count > 0:
                    await TryAsync(t => metering.RecordAsync(t, Caller, meters[random.Next(meters.Count)],
                        new(random.NextInt64(10_000_000), Installed.AddHours(random.Next(72)), null, null)));
                    break;
                case 3 when meters.Count > 0:
                    var voided = meters[random.Next(meters.Count)];
                    if ((await Meters.ListReadingsAsync(voided, null, null, null, new(null, 1))).Items is [var last])
                        await TryAsync(t => metering.VoidAsync(t, Caller, voided, last.Id, voided, "essai"));
                    break;
            }
        }

        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
        foreach (var ordre in Enum.GetValues<Ordre>())
            for (var day = 19; day <= 25; day++)
            {
                var periode = random.Next(3) == 0 ? default : new Periode(new(2025, 10, day), new(2025, 10, day + random.Next(3)));
                var demande = new Demande("C", random.Next(3) == 0 ? "U" : null, periode, random.Next(3) == 0 ? 5 : null, ordre);
                await using var view = await Store.OpenAsync(demande);
                foreach (var groupe in view.Groupes)
                {
                    var details = await view.ListDetailsAsync(groupe);
                    Assert.That(details.Select(d => (d.Dossier, d.DateDossier, d.Identifiant, d.Sequence)), Is.Unique);
                    Assert.That(details, Is.EqualTo(details.OrderBy(d => d.DateDossier).ThenBy(d => d.Dossier, StringComparer.Ordinal)
                        .ThenBy(d => d.Identifiant, StringComparer.Ordinal).ThenBy(d => d.Sequence)));
                    Assert.That(groupe.Sommes.Select(s => (s.Sequence, s.Quantite)), Is.EqualTo(
                        details.GroupBy(d => d.Sequence).OrderBy(g => g.Key).Select(g => (g.Key, g.Sum(d => d.Quantite)))));
                }
                await AssertIsStreamedAlikeAsync(demande, view);
            }
    }

    /// <summary>Compares an answer with the same one by <see cref="SqlConsommationView"/>, which the database sums and sorts.</summary>
    private async Task AssertIsStreamedAlikeAsync(Demande demande, IConsommationView view)
    {
        await using var streamed = await Streaming.OpenAsync(demande, default);
        Assert.That(
            view.Groupes.Select(g => (g.ProduitId, g.NomProduit, g.Identifiant)),
            Is.EqualTo(streamed.Groupes.Select(g => (g.ProduitId, g.NomProduit, g.Identifiant))));
        foreach (var (groupe, other) in view.Groupes.Zip(streamed.Groupes))
        {
            Assert.That(groupe.Sommes, Is.EqualTo(other.Sommes));
            Assert.That(await view.ListDetailsAsync(groupe), Is.EqualTo(await streamed.ListDetailsAsync(other)));
        }
    }
}

using System.Globalization;
using System.Text.Json;

namespace Facturation.Tests.Api.V1;

/// <summary>Sums of consumption, by group and window.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConsumptionTests
{
    private const string Csv = """
        identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite
        U;2;Eau;D1;2026-01-15T08:30:00;1;Froide;10
        U;2;Eau;D1;2026-01-15T08:30:00;2;;4
        V;2;Eau;D1;2026-01-15;1;Froide;3
        V;2;Eau;D2;2026-03-01;1;Froide;-5
        V;3;;D2;2026-03-01;1;Gaz;7

        """;

    private MeterScene scene = null!;

    [SetUp]
    public async Task Start()
    {
        scene = await MeterScene.StartAsync();
        await scene.Service.ImportAsync(Csv, "R");
    }

    [TearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [TestCase("", "2 Eau 1 Froide 2026-01-15 2026-03-01 8", "2 Eau 2 none 2026-01-15 2026-03-01 4", "3 none 1 Gaz 2026-01-15 2026-03-01 7")]
    [TestCase("groupBy=produit", "2 Eau 2026-01-15 2026-03-01 12", "3 none 2026-01-15 2026-03-01 7")]
    [TestCase("groupBy=identifiant&to=2026-02-28", "U 2026-01-15 2026-02-28 14", "V 2026-01-15 2026-02-28 3")]
    [TestCase("groupBy=identifiant,produit&from=2026-01-01", "2 Eau U 2026-01-01 2026-03-01 14", "2 Eau V 2026-01-01 2026-03-01 -2", "3 none V 2026-01-01 2026-03-01 7")]
    [TestCase("groupBy=produit&produitId=3&window=month", "3 none 2026-03-01 2026-03-31 7")]
    [TestCase("groupBy=produit&identifiant=U&window=year", "2 Eau 2026-01-01 2026-12-31 14")]
    [TestCase("groupBy=produit&dossier=D1&identifiant=V&window=day", "2 Eau 2026-01-15 2026-01-15 3")]
    [TestCase("groupBy=produit&produitId=2&dossier=D2&window=month&fill=zero&from=2026-02-10&to=2026-03-31", "2 Eau 2026-02-10 2026-02-28 0", "2 Eau 2026-03-01 2026-03-31 -5")]
    [TestCase("groupBy=produit,compteur,identifiant,dossier&produitId=2&window=month",
        "2 Eau 1 Froide U D1 2026-01-15T08:30:00 2026-01-01 2026-01-31 10", "2 Eau 2 none U D1 2026-01-15T08:30:00 2026-01-01 2026-01-31 4",
        "2 Eau 1 Froide V D1 2026-01-15T00:00:00 2026-01-01 2026-01-31 3", "2 Eau 1 Froide V D2 2026-03-01T00:00:00 2026-03-01 2026-03-31 -5")]
    [TestCase("produitId=99")]
    [TestCase("identifiant=personne&window=day")]
    public async Task Get_WhatIsAsked_IsAddedUp(string query, params string[] expected)
    {
        var key = await scene.Service.CreateKeyAsync("R");
        Assert.That(await RowsAsync("v1/consumption?" + query, key), Is.EqualTo(expected));
    }

    [TestCase("", "2 Eau 1 Froide 2026-01-15 2026-03-01 -2", "3 none 1 Gaz 2026-01-15 2026-03-01 7")]
    [TestCase("?identifiant=U")]
    [TestCase("?dossier=D1&groupBy=identifiant", "V 2026-01-15 2026-01-15 3")]
    public async Task Get_KeyOfAnIdentifiant_SeesItsOwnOnly(string query, params string[] expected)
    {
        var key = await scene.Service.CreateKeyAsync("R", k => k with { Identifiant = "V" });
        Assert.That(await RowsAsync("v1/consumption" + query, key), Is.EqualTo(expected));
    }

    /// <summary>The days of 29 March (23 hours) and 25 October 2026 (25 hours) begin and end at midnight of Paris.</summary>
    [Test]
    public async Task OfMeter_DaysWhenTheHourChanges_AreThoseOfParis()
    {
        var meter = await scene.CreateMeterAsync(installedAt: "2025-10-25T21:00:00Z"); // 23:00 of the day before.
        var index = 0L;
        foreach (var (at, units) in new[]
        {
            ("2025-10-25T21:59:59Z", 1), ("2025-10-25T22:00:00Z", 2), ("2025-10-26T22:59:59Z", 4), ("2025-10-26T23:00:00Z", 8),
            ("2026-03-28T22:59:59Z", 16), ("2026-03-28T23:00:00Z", 32), ("2026-03-29T21:59:59Z", 64), ("2026-03-29T22:00:00Z", 128),
        })
            Assert.That((await scene.ReadAsync(meter, index += units * 1000, MeterScene.At(at))).Status, Is.EqualTo(201));

        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption?window=day"), Is.EqualTo(new[]
        {
            "2025-10-25 2025-10-25 1", "2025-10-26 2025-10-26 6", "2025-10-27 2025-10-27 8",
            "2026-03-28 2026-03-28 16", "2026-03-29 2026-03-29 96", "2026-03-30 2026-03-30 128",
        }));
        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption?from=2026-03-29&to=2026-03-29"), Is.EqualTo(new[] { "2026-03-29 2026-03-29 96" }));
        foreach (var day in new[] { "2025-10-26", "2026-03-29" })
            Assert.That(
                (await RowsAsync($"v1/consumption?produitId=7&groupBy=produit&from={day}&to={day}")).Single(),
                Is.EqualTo($"7 Chaleur {day} {day} {await scene.ConsommationAsync(day, day)}"));
    }

    /// <summary>A year of months: those without consumption are 0, and all are what V2 answers.</summary>
    [Test]
    public async Task OfMeter_AYearOfMonths_IsThatOfV2()
    {
        var meter = await scene.CreateMeterAsync(installedAt: "2025-01-01T00:00:00Z");
        var index = 0L;
        foreach (var month in new[] { 1, 2, 3, 5, 8, 12 })
            await scene.ReadAsync(meter, index += month * 1000, MeterScene.At($"2025-{month:D2}-15"));

        var rows = await RowsAsync($"v1/meters/{meter}/consumption?from=2025-01-01&to=2025-12-31&window=month&fill=zero");

        Assert.That(rows, Has.Count.EqualTo(12));
        foreach (var row in rows)
            Assert.That(row.Split(' ') is var cells ? await scene.ConsommationAsync(cells[0], cells[1]) : 0, Is.EqualTo(long.Parse(cells[2], CultureInfo.InvariantCulture)), row);
        Assert.That(rows.Select(row => row.Split(' ')[2]), Is.EqualTo(new[] { "1", "2", "3", "0", "5", "0", "0", "8", "0", "0", "0", "12" }));
        Assert.That(await RowsAsync("v1/consumption?produitId=7&groupBy=produit&from=2025-01-01&to=2025-12-31&window=month&fill=zero"), Is.EqualTo(rows.Select(row => "7 Chaleur " + row)));
    }

    [Test]
    public async Task OfMeter_SpreadOverDays_CountsInTheMonthsBetweenTheReadings()
    {
        var meter = await scene.CreateMeterAsync(installedAt: "2026-01-30T23:00:00Z");
        await scene.ReadAsync(meter, 290_000, MeterScene.At("2026-02-28T23:00:00Z"));

        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption?window=month"), Is.EqualTo(new[] { "2026-03-01 2026-03-31 290" }));
        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption?window=month&spread=days"),
            Is.EqualTo(new[] { "2026-01-01 2026-01-31 10", "2026-02-01 2026-02-28 280" }));
        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption?window=day&spread=days&from=2026-02-27&to=9999-12-31"),
            Is.EqualTo(new[] { "2026-02-27 2026-02-27 10", "2026-02-28 2026-02-28 10" }));
    }

    /// <summary>A report of all: what is imported stays on its day, and two meters spread what they count.</summary>
    [TestCase("groupBy=produit&window=month", "7 Chaleur 2026-01-01 2026-01-31 20", "7 Chaleur 2026-02-01 2026-02-28 560", "7 Chaleur 2026-03-01 2026-03-31 5")]
    [TestCase("groupBy=produit&window=month&from=2026-02-27", "7 Chaleur 2026-02-27 2026-02-28 40", "7 Chaleur 2026-03-01 2026-03-31 5")]
    [TestCase("groupBy=produit&to=2026-01-31", "7 Chaleur 2026-01-31 2026-01-31 20")]
    [TestCase("groupBy=produit&dossier=IMPORT", "7 Chaleur 2026-03-02 2026-03-02 5")]
    [TestCase("groupBy=produit&window=day&from=2026-02-28", "7 Chaleur 2026-02-28 2026-02-28 20", "7 Chaleur 2026-03-02 2026-03-02 5")]
    [TestCase("groupBy=produit,compteur,identifiant,dossier&to=2026-02-10&window=month",
        "7 Chaleur 1 Énergie U M1 2026-01-01T00:00:00 2026-01-01 2026-01-31 10", "7 Chaleur 1 Énergie U M1 2026-01-01T00:00:00 2026-02-01 2026-02-10 100",
        "7 Chaleur 1 Énergie U M2 2026-01-01T00:00:00 2026-01-01 2026-01-31 10", "7 Chaleur 1 Énergie U M2 2026-01-01T00:00:00 2026-02-01 2026-02-10 100")]
    [TestCase("groupBy=produit&window=month&fill=zero&to=2026-04-30&from=2026-02-01",
        "7 Chaleur 2026-02-01 2026-02-28 560", "7 Chaleur 2026-03-01 2026-03-31 5", "7 Chaleur 2026-04-01 2026-04-30 0")]
    public async Task Get_SpreadOverDays_CountsInTheMonthsBetweenTheReadings(string query, params string[] expected)
    {
        await scene.Service.ImportAsync($"{Csv.Split('\n')[0]}\nU;7;Chaleur;IMPORT;2026-03-02;1;Énergie;5");
        foreach (var dossier in new[] { "M1", "M2" })
            await scene.ReadAsync(
                await scene.CreateMeterAsync(installedAt: "2026-01-30T23:00:00Z", dossier: dossier), 290_000, MeterScene.At("2026-02-28T23:00:00Z"));

        Assert.That(await RowsAsync("v1/consumption?produitId=7&spread=days&" + query), Is.EqualTo(expected));
    }

    [Test]
    public async Task OfMeter_WithoutConsumption_IsEmptyOrZero()
    {
        var meter = await scene.CreateMeterAsync();
        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption"), Is.Empty);
        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption?window=day&fill=zero"), Is.Empty, "no day to begin with");
        Assert.That(await RowsAsync($"v1/meters/{meter}/consumption?window=year&fill=zero&from=2025-05-05&to=2026-01-01"),
            Is.EqualTo(new[] { "2025-05-05 2025-12-31 0", "2026-01-01 2026-01-01 0" }));
    }

    [TestCase("from=hier", "from : une date AAAA-MM-JJ est attendue.")]
    [TestCase("from=2026-02-02&to=2026-02-01", "from : la période est inversée, from vient après to.")]
    [TestCase("window=week", "window : day, month ou year est attendu.")]
    [TestCase("window=day&fill=one", "fill : zero est attendu.")]
    [TestCase("spread=hours", "spread : days est attendu.")]
    [TestCase("fill=zero", "fill : il remplit des fenêtres, donnez window.")]
    [TestCase("format=xml", "format : json, jsonl, csv ou excel est attendu.")]
    [TestCase("produitId=x", "produitId : un nombre entier est attendu.", false)]
    [TestCase("groupBy=compteur", "groupBy : compteur demande aussi produit.", false)]
    [TestCase("groupBy=produit,dossier", "groupBy : dossier demande aussi produit, compteur et identifiant.", false)]
    [TestCase("groupBy=produit,produit", "groupBy : produit, compteur, identifiant ou dossier sont attendus, une fois chacun, séparés par des virgules.", false)]
    [TestCase("groupBy=produit&groupBy=identifiant", "groupBy : produit, compteur, identifiant ou dossier sont attendus, une fois chacun, séparés par des virgules.", false)]
    [TestCase("groupBy=produit,compteur,identifiant,dossier&window=day&fill=zero", "fill : un dossier n'a que les fenêtres où il consomme, enlevez dossier de groupBy.", false)]
    [TestCase("changedSince=2026-01-01T00:00:00Z", "changedSince : il choisit des fenêtres, donnez window.", false)]
    [TestCase("changedSince=2026-01-01T00:00:00Z&window=day&dossier=D1", "changedSince : ce qui change est gardé par jour et par compteur, enlevez dossier.", false)]
    [TestCase("changedSince=2026-01-01T00:00:00Z&window=day&spread=days", "changedSince : un relevé change aussi les jours où il est réparti, ce qui n'est pas gardé, enlevez spread.", false)]
    [TestCase("window=day&fill=zero&from=0001-01-01&to=9999-12-31", "fill : 3652059 fenêtres de 1 groupes font plus de 100000 lignes, demandez une période plus courte.")]
    public async Task Get_WhatCannotBeAnswered_IsRefusedByName(string query, string message, bool ofMeterToo = true)
    {
        var meter = await scene.CreateMeterAsync();
        foreach (var path in ofMeterToo ? new[] { $"v1/meters/{meter}/consumption", "v1/consumption" } : ["v1/consumption"])
        {
            var answer = await scene.GetAsync($"{path}?{query}");
            Assert.That((answer.Status, answer.Code, answer.Json.GetProperty("message").GetString()), Is.EqualTo((400, "INVALID_PARAMETER", message)));
        }
    }

    [Test]
    public async Task Get_SumBeyond64Bits_IsRefused()
    {
        await scene.Service.ImportAsync($"{Csv.Split('\n')[0]}\nU;2;Eau;D1;2026-01-15;1;Froide;{long.MaxValue}\nU;2;Eau;D1;2026-01-15;2;Chaude;1");
        var answer = await scene.GetAsync("v1/consumption?produitId=2&groupBy=produit&format=csv");
        Assert.That((answer.Status, answer.Code, answer.ContentType), Is.EqualTo((409, "SUM_TOO_LARGE", "application/json; charset=utf-8")));
        Assert.That(await RowsAsync("v1/consumption?produitId=2"), Has.Count.EqualTo(2));
    }

    /// <summary>Each row's members in the order of the documentation, the days and the sum last.</summary>
    private async Task<List<string>> RowsAsync(string path, string? key = null)
    {
        var answer = await scene.GetAsync(path, key);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        return [.. answer.Data.EnumerateArray().Select(row => string.Join(' ', row.EnumerateObject().Skip(2).SkipLast(1).Select(Text)
            .Concat([$"{row.GetProperty("from")}", $"{row.GetProperty("to")}", row.GetProperty("units").GetString()!])))];

        static string Text(JsonProperty member) => member.Value.ToString() is { Length: > 0 } text ? text : "none";
    }
}

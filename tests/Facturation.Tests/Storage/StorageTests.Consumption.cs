using Facturation.Core;

namespace Facturation.Tests.Storage;

public abstract partial class StorageTests
{
    /// <summary>What one compteur counted in one dossier on one day, as the tests know it.</summary>
    private sealed record Truth(int Produit, string Identifiant, string Dossier, DateTime Date, int Sequence, DateOnly Day, long Units);

    private static readonly Grouping[] Groupings =
    [
        Grouping.Produit, Grouping.Identifiant, Grouping.Produit | Grouping.Compteur, Grouping.Produit | Grouping.Identifiant,
        Grouping.Produit | Grouping.Compteur | Grouping.Identifiant, Grouping.All,
    ];

    /// <summary>
    /// Over any history of imports, corrections, readings, voids, replacements and held suspects, any report, spread or not, has the rows that a
    /// model made by other means has, and its sums are those of V2. A spread one is the lines and what each meter's own report spreads.
    /// </summary>
    [TestCaseSource(nameof(Seeds))]
    public async Task OpenConsumptionAsync_AfterAnyHistory_AddsUpWhatV2Answers(int seed)
    {
        var random = new Random(seed);
        var (lines, meters, held) = await LiveAsync(random);
        List<Truth> counted = [.. lines, .. meters.SelectMany(m => Of(m.Meter, m.History.Days(held: held[m.Meter.Id])))];
        List<Truth> spread = [.. lines, .. meters.SelectMany(m => Of(m.Meter, m.History.Spread(held[m.Meter.Id])))];

        for (var i = 0; i < 60; i++)
        {
            var day = new DateOnly(2025, 10, 19).AddDays(random.Next(250));
            var query = new ConsumptionQuery(
                "C", random.Next(4) == 0 ? "U" : null, new(random.Next(2) == 0 ? null : day, random.Next(2) == 0 ? null : day.AddDays(random.Next(100))),
                random.Next(3) == 0 ? 5 : null, random.Next(4) == 0 ? "V\uFF5E" : null, random.Next(4) == 0 ? "D1" : null,
                Groupings[random.Next(Groupings.Length)], (Window)random.Next(4))
            {
                Spreads = random.Next(2) == 0,
            };
            var rows = await ReportAsync(query);

            Assert.That(rows.Select(Shape), Is.EqualTo(Expect(query.Spreads ? spread : counted, query)), $"{query}");
            if (query is { Dossier: null, Identifiant: null, Spreads: false })
                Assert.That(
                    rows.Sum(row => row.Units),
                    Is.EqualTo((await ReadAsync(identifiant: query.Visible, periode: query.Periode, produit: query.ProduitId)).Sum(l => l.Quantite)));
        }
        foreach (var (made, history) in meters)
        {
            var meter = (await Meters.FindAsync(Caller, made.Id))!;
            var readings = await Meters.ReadSeriesAsync(meter.Id, meter.InstalledAt, DateTimeOffset.MaxValue, 0);
            Assert.That(meter.Spread(readings, default).ToDictionary(day => day.Jour, day => day.Units), Is.EquivalentTo(history.Spread(held[meter.Id])));
        }

        static IEnumerable<Truth> Of(Meter meter, Dictionary<DateOnly, long> days) => days.Select(d => new Truth(
            meter.ProduitId, meter.Identifiant, meter.Dossier, meter.DateDossier, meter.Sequence, d.Key, d.Value));
    }

    [Test]
    public async Task OpenConsumptionAsync_SumOfCompteursBeyond64Bits_IsRefusedBeforeAnyRow()
    {
        await ImportAsync(Line(long.MaxValue, sequence: 1), Line(1, sequence: 2), Line(-5, sequence: 1, date: "2026-03-23"));
        var query = new ConsumptionQuery("C", null, default, null, null, null, Grouping.Produit, Window.Day);

        var refused = Assert.ThrowsAsync<RefusalException>(() => Store.OpenConsumptionAsync(query));
        Assert.That(refused!.Refusal.Code, Is.EqualTo(RefusalCodes.SumTooLarge));
        Assert.That(
            (await ReportAsync(query with { Grouping = Grouping.Produit | Grouping.Compteur })).Select(row => row.Units),
            Is.EqualTo(new[] { long.MaxValue, -5, 1 }));
        Assert.That((await ReportAsync(query with { Periode = new(new(2026, 3, 23), null) })).Single().Units, Is.EqualTo(-5));
    }

    [Test]
    public async Task OpenConsumptionAsync_AnotherClient_SeesItsOwn()
    {
        await ImportAsync(Line(3), Line(4, client: "B", dossier: "chez B"));
        foreach (var grouping in Groupings)
            foreach (var window in Enum.GetValues<Window>())
                foreach (var dossier in new[] { null, "D", "chez B" })
                    Assert.That(
                        (await ReportAsync(new("B", null, default, null, null, dossier, grouping, window))).Sum(row => row.Units),
                        Is.EqualTo(dossier == "D" ? 0 : 4));
        Assert.That(await ReportAsync(new("nobody", null, default, null, null, null, Grouping.All, Window.Day)), Is.Empty);
    }

    [Test]
    public async Task ReadDaysAsync_OfAMeter_AreThoseOfThePeriod()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        foreach (var day in new[] { 1, 2, 4 })
            await WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(day * 10_000, Installed.AddDays(day), null, null)));

        var first = new DateOnly(2025, 10, 21);
        Assert.That(await Meters.ReadDaysAsync(meter.Id, default), Is.EqualTo(new[] { (first, 10L), (first.AddDays(1), 10L), (first.AddDays(3), 20L) }));
        Assert.That(await Meters.ReadDaysAsync(meter.Id, new(first.AddDays(1), first.AddDays(2))), Is.EqualTo(new[] { (first.AddDays(1), 10L) }));
        Assert.That(await Meters.ReadDaysAsync(Guid.NewGuid(), default), Is.Empty);
    }

    /// <summary>Reads a report to its end.</summary>
    /// <summary>An integrator that took its months sees which of them changed, and what they are now.</summary>
    [Test]
    public async Task OpenConsumptionAsync_ChangedSince_TellsTheWindowsThatChanged()
    {
        await ImportAsync(Line());
        var clock = new SetClock(Installed.AddDays(100));
        var timed = new Metering(new MeteringOptions(), clock);
        var meter = await WriteAsync(t => timed.CreateAsync(t, Caller, NewMeter(6), new(0, Installed, null, null)));
        async Task<Guid> RecordAsync(int day, long units) =>
            (await WriteAsync(t => timed.RecordAsync(t, Caller, meter.Id, new(units * 1_000, Installed.AddDays(day), null, null)))).Reading.Id;
        async Task<List<string>> ChangedAsync(Window window) => [.. (await ReportAsync(
            new ConsumptionQuery("C", null, default, 5, null, null, Grouping.Produit, window) { ChangedSince = clock.Now })).Select(row => $"{row.First:O} {row.Units}")];
        await RecordAsync(5, 10);
        await RecordAsync(40, 30);
        await RecordAsync(80, 90);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.That(await ChangedAsync(Window.Month), Is.Empty);

        var late = await RecordAsync(50, 50);
        Assert.That(await ChangedAsync(Window.Day), Is.EqualTo(new[] { "2025-12-09 20", "2026-01-08 40" }), "it divides what follows");
        Assert.That(await ChangedAsync(Window.Month), Is.EqualTo(new[] { "2025-12-01 20", "2026-01-01 40" }));

        clock.Now += TimeSpan.FromSeconds(1);
        await WriteAsync(t => timed.VoidAsync(t, Caller, meter.Id, late, late, "faux"));
        Assert.That(await ChangedAsync(Window.Day), Is.EqualTo(new[] { "2025-12-09 0", "2026-01-08 60" }), "the day that is gone is told");

        clock.Now += TimeSpan.FromSeconds(1);
        await RecordAsync(50, 40);
        Assert.That(await ChangedAsync(Window.Day), Is.EqualTo(new[] { "2025-12-09 10", "2026-01-08 50" }));
    }

    [Test]
    public async Task OpenConsumptionAsync_ChangedSinceAnImport_TellsTheDaysItChanged()
    {
        await ImportAsync(Line(5, date: "2026-03-01"), Line(6, date: "2026-03-02"));
        var since = DateTimeOffset.UtcNow.AddMilliseconds(1);
        while (DateTimeOffset.UtcNow <= since)
            await Task.Delay(1);
        since = DateTimeOffset.UtcNow;

        await ImportAsync(Line(5, date: "2026-03-01"), Line(7, date: "2026-03-02"), Line(8, date: "2026-03-03"));

        var query = new ConsumptionQuery("C", null, default, null, null, null, Grouping.Produit, Window.Day) { ChangedSince = since };
        Assert.That((await ReportAsync(query)).Select(row => $"{row.First:O} {row.Units}"), Is.EqualTo(new[] { "2026-03-02 7", "2026-03-03 8" }));
    }

    private protected async Task<List<ConsumptionRow>> ReportAsync(ConsumptionQuery query)
    {
        await using var view = await Store.OpenConsumptionAsync(query);
        var (sums, rows) = (new WindowSums(query.Window, query.Periode, view.Days, fillsGaps: false), new List<ConsumptionRow>());
        await foreach (var days in view.ReadDaysAsync())
            foreach (var day in days.ToArray())
                sums.Add(day, rows);
        sums.End(rows);
        return [.. rows.Where(row => query.Wants(row))];
    }

    /// <summary>
    /// Imports and reads meters at random, and tells what was consumed: lines, the readings of meters, and which of them are held out in the end.
    /// </summary>
    private async Task<(List<Truth> Lines, List<(Meter Meter, History History)> Meters, ILookup<Guid, DateTimeOffset> Held)> LiveAsync(Random random)
    {
        var imported = new Dictionary<(int, string, string, DateTime, int), long>();
        var meters = new List<(Meter Meter, History History, Dictionary<DateTimeOffset, Guid> Ids)>();
        var closed = new List<(Meter Meter, History History)>();
        await ImportAsync(Line(produit: 5, dossier: "D1"));
        imported.Add((5, "U", "D1", new(2026, 3, 22), 1), 1);
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    // Day of the change of the hour, dossiers of the same day and reference, and texts that order otherwise by code point.
                    var lines = Enumerable.Range(0, 10).Select(_ => Line(
                        random.Next(5) == 0 ? 0 : random.NextInt64(-50, 50),
                        identifiant: new[] { "U", "V\uFF5E", "V\U0001F600" }[random.Next(3)],
                        produit: 5 + random.Next(2),
                        dossier: $"D{random.Next(3)}",
                        date: new DateTime(2025, 10, 25).AddDays(random.Next(3) * 31).AddHours(random.Next(2) * 8).ToString("s"),
                        sequence: 1 + random.Next(2))).ToArray();
                    var errors = await TryImportAsync(lines);
                    foreach (var (_, _, l) in lines.Where((_, i) => errors[i] is null))
                        imported[(l.ProduitId, l.Identifiant, l.Dossier, l.DateDossier, l.Sequence)] = l.Quantite;
                    break;
                case 1 when meters.Count < 4:
                    var register = NewRegister(random, 3);
                    var started = NewMeter(3) with
                    {
                        Register = register, Serial = $"S{step}", Identifiant = random.Next(2) == 0 ? "U" : "V\uFF5E", Dossier = $"D{random.Next(3)}", Sequence = 1 + random.Next(2),
                    };
                    var meter = await WriteAsync(t => metering.CreateAsync(t, Caller, started, new(0, Installed, null, null)));
                    meters.Add((meter, new History(register, Installed, 0), []));
                    break;
                case 2 when meters.Count > 0:
                    var (old, before, ids) = meters[^1];
                    if (ids.Count > 0 && ids.ElementAt(random.Next(ids.Count)) is var (when, id) && before.LetsGo(when))
                    {
                        await WriteAsync(t => metering.VoidAsync(t, Caller, old.Id, id, id, "essai"));
                        _ = ids.Remove(when) && before.Readings.Remove(when);
                    }
                    var at = before.Readings.Keys[^1].AddHours(5);
                    if (random.Next(3) > 0 || !before.Accepts(at, before.Readings.Values[^1]))
                        break;
                    var next = await WriteAsync(t => metering.ReplaceAsync(
                        t, Caller, old.Id, new(before.Readings.Values[^1], at, null, null), $"R{step}", null, null, null, 0));
                    before.Readings.Add(at, before.Readings.Values[^1]);
                    closed.Add((old, before));
                    meters[^1] = (next, new History(next.Register, at, 0), []);
                    break;
                case var _ when meters.Count > 0:
                    var (read, history, recorded) = meters[random.Next(meters.Count)];
                    var (instant, index) = (Instant(random, read.InstalledAt, history), 0L);
                    index = Index(random, history, read.Register.End, instant);
                    if (!history.Accepts(instant, index))
                        break;
                    var (reading, _) = await WriteAsync(t => metering.RecordAsync(t, Caller, read.Id, new(index, instant, null, null)));
                    history.Readings.Add(instant, index);
                    recorded.Add(instant, reading.Id);
                    break;
            }
        }
        var holds = random.Next(2) == 0;
        await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, holds));
        var suspects = holds ? (await Meters.ListSuspectsAsync(Caller, new(null, 1000))).Items : [];
        return (
            [.. imported.Select(l => new Truth(l.Key.Item1, l.Key.Item2, l.Key.Item3, l.Key.Item4, l.Key.Item5, DateOnly.FromDateTime(l.Key.Item4), l.Value))],
            [.. closed, .. meters.Select(m => (m.Meter, m.History))],
            suspects.ToLookup(s => s.Meter, s => s.Reading.ReadAt));
    }

    private static List<string> Expect(List<Truth> truth, ConsumptionQuery query)
    {
        var asked = truth.Where(t =>
            (query.Visible ?? t.Identifiant) == t.Identifiant && (query.Identifiant ?? t.Identifiant) == t.Identifiant
            && (query.ProduitId ?? t.Produit) == t.Produit && (query.Dossier ?? t.Dossier) == t.Dossier
            && !(t.Day < query.Periode.Debut) && !(t.Day > query.Periode.Fin)).ToList();
        return
        [
            .. asked.GroupBy(t => (
                    Produit: By(Grouping.Produit) ? t.Produit : (int?)null,
                    Identifiant: By(Grouping.Identifiant) ? t.Identifiant : null,
                    Date: By(Grouping.Dossier) ? t.Date : default,
                    Dossier: By(Grouping.Dossier) ? t.Dossier : null,
                    Sequence: By(Grouping.Compteur) ? t.Sequence : (int?)null,
                    First: Cut(query.Window switch
                    {
                        Window.Day => t.Day, Window.Month => new(t.Day.Year, t.Day.Month, 1), Window.Year => new(t.Day.Year, 1, 1), _ => query.Periode.Debut ?? asked.Min(a => a.Day),
                    })))
                .OrderBy(g => g.Key.Produit).ThenBy(g => g.Key.Identifiant, StringComparer.Ordinal).ThenBy(g => g.Key.Date)
                .ThenBy(g => g.Key.Dossier, StringComparer.Ordinal).ThenBy(g => g.Key.Sequence).ThenBy(g => g.Key.First)
                .Select(g => $"{g.Key.Produit} {g.Key.Identifiant} {g.Key.Date:s} {g.Key.Dossier} {g.Key.Sequence} {g.Key.First:O} {g.Sum(t => t.Units)}"),
        ];

        bool By(Grouping one) => query.Grouping.HasFlag(one);

        DateOnly Cut(DateOnly day) => day < query.Periode.Debut ? query.Periode.Debut.Value : day;
    }

    private static string Shape(ConsumptionRow row) =>
        $"{row.Group.ProduitId} {row.Group.Identifiant} {row.DateDossier:s} {row.Dossier} {row.Group.Sequence} {row.First:O} {row.Units}";
}

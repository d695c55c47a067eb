using System.Globalization;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

public abstract partial class StorageTests
{
    private protected static readonly Caller Caller = new("C", null, "abcdefgh", new string('0', 32));

    private static readonly DateTimeOffset Installed = new(2025, 10, 20, 0, 0, 0, TimeSpan.Zero);

    private readonly Metering metering = new(new MeteringOptions(), TimeProvider.System);

    private IMeterStore Meters => services.GetRequiredService<IMeterStore>();

    /// <summary>More seeds: FACTURATION_HISTORIES=1000.</summary>
    private static IEnumerable<int> Seeds() =>
        Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("FACTURATION_HISTORIES") ?? "8", CultureInfo.InvariantCulture));

    [TestCaseSource(nameof(Seeds))]
    public async Task RecordAsync_AnyHistory_CountsWhatItsIndexesSay(int seed)
    {
        await ImportAsync(Line(quantite: 3, dossier: "D", date: "2025-11-01"));
        var random = new Random(seed);
        int digits = random.Next(2, 5);
        var register = NewRegister(random, digits);
        var (meter, closed) = (await CreateMeterAsync(digits, random.NextInt64(1000) * 1000 % register.End, register: register), new List<(Guid Meter, History History)>());
        var history = new History(register, Installed, await IndexOfAsync(meter.Id));
        var ids = new Dictionary<DateTimeOffset, Guid>();
        var opening = await IdOfFirstAsync(meter.Id);

        for (var step = 0; step < 60; step++)
        {
            var at = Instant(random, meter.InstalledAt, history);
            var index = Index(random, history, meter.Register.End, at);
            switch (random.Next(16))
            {
                case 15:
                    await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, random.Next(2) == 0));
                    break;
                case 14:
                    await ConfirmAnyAsync(random);
                    break;
                case >= 12:
                    var place = history.Readings.Keys[random.Next(history.Readings.Count)];
                    var right = Index(random, history, meter.Register.End, place.AddTicks(-1));
                    var corrects = history.Corrects(place, right);
                    Reading? corrected = null;
                    Assert.That(
                        await TryAsync(async t => (corrected, _) = await metering.CorrectAsync(
                            t, Caller, meter.Id, ids.GetValueOrDefault(place, opening), right, meter.Id, "essai", null)),
                        Is.EqualTo(corrects), $"correct {history.Readings[place]} to {right} at {place:O}, step {step}");
                    if (!corrects)
                        break;
                    history.Readings[place] = right;
                    if (place == meter.InstalledAt)
                        opening = corrected!.Id;
                    else
                        ids[place] = corrected!.Id;
                    break;
                case 0 when ids.Count > 0:
                    var (when, id) = ids.ElementAt(random.Next(ids.Count));
                    var letsGo = history.LetsGo(when);
                    Assert.That(await TryAsync(t => metering.VoidAsync(t, Caller, meter.Id, id, id, "essai")), Is.EqualTo(letsGo), $"void, step {step}");
                    if (letsGo)
                        _ = ids.Remove(when) && history.Readings.Remove(when);
                    break;
                case 1 when random.Next(3) == 0 && at > history.Readings.Keys[^1] && history.Accepts(at, index):
                    var newer = await WriteAsync(t => metering.ReplaceAsync(t, Caller, meter.Id, new(index, at, null, null), $"S{step}", null, null, null, index / 7));
                    history.Readings.Add(at, index);
                    closed.Add((meter.Id, history));
                    (history, meter) = (new History(register, at, index / 7), newer);
                    ids.Clear();
                    opening = await IdOfFirstAsync(meter.Id);
                    break;
                default:
                    var accepts = history.Accepts(at, index);
                    var repeats = history.Readings.TryGetValue(at, out var known) && known == index;
                    Reading? reading = null;
                    var done = await TryAsync(async t => (reading, _) = await metering.RecordAsync(t, Caller, meter.Id, new(index, at, null, null)));
                    Assert.That(done, Is.EqualTo(accepts || repeats), $"record {index} at {at:O}, step {step}");
                    if (accepts)
                    {
                        history.Readings.Add(at, index);
                        ids.Add(at, reading!.Id);
                    }
                    break;
            }
        }

        closed.Add((meter.Id, history));
        foreach (var holds in new[] { true, false })
        {
            await VerifyDaysAsync(closed);
            await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, holds));
        }
        await VerifyDaysAsync(closed);
        Assert.That((await ReadAsync(produit: 5)).Sum(l => l.Quantite), Is.EqualTo(closed.Sum(c => c.History.Total())), "nothing is held");
        Assert.That((await ReadAsync(produit: 1)).Single().Quantite, Is.EqualTo(3), "what was imported is left alone");
    }

    /// <summary>What the days of produit 5 count, by its meters' histories and by what is stored.</summary>
    private async Task VerifyDaysAsync(List<(Guid Meter, History History)> histories)
    {
        var held = await HeldAsync();
        var days = histories.SelectMany(h => h.History.Days(held: held[h.Meter])).GroupBy(d => d.Key, d => d.Value).ToDictionary(g => g.Key, g => g.Sum());
        Assert.That((await ReadAsync(produit: 5)).Sum(l => l.Quantite), Is.EqualTo(days.Values.Sum()));
        foreach (var (day, units) in days)
            Assert.That((await ReadAsync(produit: 5, periode: new(day, day))).Sum(l => l.Quantite), Is.EqualTo(units), $"{day}");
        Assert.That((await ReadAsync(produit: 5)).Select(l => l.Quantite), Has.None.Zero);
        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
    }

    /// <summary>The instants of the suspect readings of each meter, if the client holds them out; none otherwise.</summary>
    private async Task<ILookup<Guid, DateTimeOffset>> HeldAsync()
    {
        var holds = await HoldsSuspectsAsync();
        return (await Meters.ListSuspectsAsync(Caller, new(null, 1000))).Items.Where(_ => holds).ToLookup(s => s.Meter, s => s.Reading.ReadAt);
    }

    private async Task<bool> HoldsSuspectsAsync() => (await WriteAsync(t => t.HoldMetersAsync(Caller)))!.Value;

    private async Task ConfirmAnyAsync(Random random)
    {
        var suspects = (await Meters.ListSuspectsAsync(Caller, new(null, 1000))).Items;
        if (suspects.Count == 0)
            return;
        var (meter, reading) = suspects[random.Next(suspects.Count)];
        await WriteAsync(t => metering.ConfirmAsync(t, Caller, meter, reading.Id, meter));
    }

    [Test]
    public async Task WriteAsync_WorkThatThrows_LeavesNothing()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        Assert.That(() => WriteAsync<bool>(async t =>
        {
            await metering.RecordAsync(t, Caller, meter.Id, new(5_000, Installed.AddDays(1), null, null));
            throw new InvalidOperationException();
        }), Throws.InvalidOperationException);

        Assert.That((await Meters.ListReadingsAsync(meter.Id, null, null, null, new(null, 10))).Items, Has.Count.EqualTo(1));
        Assert.That(await ReadAsync(produit: 5), Is.Empty);
    }

    [Test]
    public async Task ListReadingsAsync_RecordedSince_ReturnsWhatWasRecordedOrVoidedSince()
    {
        await ImportAsync(Line());
        var clock = new SetClock(Installed.AddDays(30));
        var timed = new Metering(new MeteringOptions(), clock);
        var meter = await WriteAsync(t => timed.CreateAsync(t, Caller, NewMeter(6), new(0, Installed, null, null)));
        async Task<Guid> RecordAsync(int day) =>
            (await WriteAsync(t => timed.RecordAsync(t, Caller, meter.Id, new(day * 1_000, Installed.AddDays(day), null, null)))).Reading.Id;
        async Task<List<Guid>> SinceAsync(DateTimeOffset since) =>
            [.. (await Meters.ListReadingsAsync(meter.Id, null, null, since, new(null, 100))).Items.Select(reading => reading.Id)];
        var early = await RecordAsync(5);
        var kept = await RecordAsync(20);
        clock.Now += TimeSpan.FromMinutes(1);
        var late = await RecordAsync(10);
        await WriteAsync(t => timed.VoidAsync(t, Caller, meter.Id, early, early, "faux"));

        Assert.That(await SinceAsync(clock.Now), Is.EqualTo(new[] { late, early }), "the back-dated one, and the voided one");
        Assert.That(await SinceAsync(clock.Now.AddTicks(1)), Is.Empty);
        Assert.That(await SinceAsync(clock.Now.AddMinutes(-1)), Has.Count.EqualTo(4).And.Contains(kept));
    }

    [Test]
    public async Task RecordAsync_TotalBeyond64Bits_IsRefused()
    {
        await ImportAsync(Line(quantite: long.MaxValue - 7, produit: 5, dossier: "autre"));
        var meter = await CreateMeterAsync(6, 0);

        Assert.That(await TryAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(7_000, Installed.AddDays(1), null, null))), Is.True);
        Assert.That(await TryAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(7_999, Installed.AddDays(2), null, null))), Is.True);
        Assert.That(await TryAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(8_000, Installed.AddDays(3), null, null))), Is.False);
        Assert.That(await TryImportAsync(Line(quantite: 1, produit: 5, dossier: "encore")), Has.All.Contains("64 bits"));
    }

    [Test]
    public async Task RecordAsync_TurnsThatFill64Bits_AreRefusedInTime()
    {
        await ImportAsync(Line(quantite: long.MaxValue - 1_500_000_000_000_000, produit: 5, dossier: "autre"));
        var meter = await CreateMeterAsync(15, 0);
        var top = meter.Register.End - 1;

        Assert.That(await TryAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(top, Installed.AddDays(1), null, null))), Is.True);
        Assert.That(await TryAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(0, Installed.AddDays(2), null, null))), Is.True);
        Assert.That(await TryAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(top, Installed.AddDays(3), null, null))), Is.False);
        Assert.That((await ReadAsync(produit: 5)).Where(l => l.Dossier == "D5").Sum(l => l.Quantite), Is.EqualTo(1_000_000_000_000_000));
    }

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work) => Meters.WriteAsync(work);

    private async Task<bool> TryAsync<T>(Func<IMeterTransaction, Task<T>> work)
    {
        try
        {
            await WriteAsync(work);
            return true;
        }
        catch (RefusalException)
        {
            return false;
        }
    }

    private static Meter NewMeter(int digits) => new()
    {
        Id = Guid.NewGuid(),
        Serial = "S",
        Digits = digits,
        Register = new(Register.RolloverOf(digits), Register.NoMultiplier),
        Unit = "kWh",
        Identifiant = "U",
        Dossier = "D5",
        DateDossier = new DateTime(2025, 10, 20),
        ProduitId = 5,
        Sequence = 1,
        InstalledAt = Installed,
    };

    /// <summary>A register that starts again anywhere its digits allow, with a multiplier more often than not.</summary>
    private static Register NewRegister(Random random, int digits) => new(
        random.Next(2) == 0 ? Register.RolloverOf(digits) : random.NextInt64(Register.MinRollover, Register.RolloverOf(digits) + 1),
        random.Next(4) switch { 0 => Register.NoMultiplier, 1 => 40_000_000, 2 => 300_000, _ => random.NextInt64(1, 3_000_000) });

    private protected Task<Meter> CreateMeterAsync(int digits, long index, string dossier = "D5", Register? register = null) => WriteAsync(
        t => metering.CreateAsync(
            t, Caller, NewMeter(digits) with { Dossier = dossier, Register = register ?? NewMeter(digits).Register }, new(index, Installed, null, null)));

    private async Task<Guid> IdOfFirstAsync(Guid meter) =>
        (await Meters.ListReadingsAsync(meter, null, null, null, new(null, 1000))).Items[^1].Id;

    private async Task<long> IndexOfAsync(Guid meter) =>
        (await Meters.ListReadingsAsync(meter, null, null, null, new(null, 1))).Items[0].IndexMilli;

    /// <summary>An instant of the last year: often near another, at times the same, around the changes of the hour too.</summary>
    private static DateTimeOffset Instant(Random random, DateTimeOffset from, History history) => random.Next(6) switch
    {
        0 => history.Readings.Keys[random.Next(history.Readings.Count)],
        1 => new DateTimeOffset(2025, 10, 25, 20, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(600)),
        2 => new DateTimeOffset(2026, 3, 28, 20, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(600)),
        3 => history.Readings.Keys[^1].AddHours(random.Next(1, 100)),
        _ => from.AddMinutes(random.Next((int)Math.Max(1, (new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) - from).TotalMinutes))),
    };

    /// <summary>An index, most often one that fits: between the neighbours, or past zero.</summary>
    private static long Index(Random random, History history, long end, DateTimeOffset at)
    {
        var before = history.Readings.LastOrDefault(r => r.Key <= at).Value;
        var after = history.Readings.FirstOrDefault(r => r.Key > at);
        return random.Next(10) switch
        {
            0 => random.NextInt64(end + 1000),
            1 => end - 1 - random.NextInt64(end / 10),
            2 => random.NextInt64(end / 10),
            3 => before,
            _ when after.Key == default => Math.Min(end - 1, before + random.NextInt64(end / 20)),
            _ => before <= after.Value ? before + random.NextInt64(after.Value - before + 1) : random.NextInt64(after.Value + 1),
        };
    }
}

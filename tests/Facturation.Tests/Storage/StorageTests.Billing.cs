using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

public abstract partial class StorageTests
{
    private static readonly BillOrder Order = new(Guid.Empty, Guid.NewGuid(), FolioKinds.Contract, new DateOnly(2026, 1, 31), true);

    private readonly Billing billing = new(TimeProvider.System);

    private IBillStore Bills => services.GetRequiredService<IBillStore>();

    /// <summary>
    /// Over any history of readings, voids, replacements, prices and bills: all lines of a meter together charge what it counts up to the
    /// last billed reading, each day at the price of that day, and no bill ever changes.
    /// </summary>
    [TestCaseSource(nameof(Seeds))]
    public async Task BillAsync_AnyHistory_ChargesEachUnitOnceAtThePriceOfItsDay(int seed)
    {
        var random = new Random(seed);
        int digits = random.Next(2, 5);
        var register = NewRegister(random, digits);
        await ImportAsync(Line(dossier: "D", produit: 5));
        var meters = new List<BilledMeter> { new(await CreateMeterAsync(digits, 0, register: register), new(register, Installed, 0)) };
        var prices = new SortedList<DateOnly, long> { [new(2025, 10, 1)] = 123_457 };
        await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, new(prices.Keys[0], prices.Values[0], "EUR")));

        for (var step = 0; step < 100; step++)
        {
            var current = meters[^1];
            var any = meters[random.Next(meters.Count)];
            var at = Instant(random, current.Meter.InstalledAt, current.History);
            var index = Index(random, current.History, register.End, at);
            switch (random.Next(14))
            {
                case 13:
                    await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, random.Next(2) == 0));
                    break;
                case 12:
                    await ConfirmAnyAsync(random);
                    break;
                case 0 when any.Ids.Count > 0:
                    await VoidAsync(any, any.Ids.ElementAt(random.Next(any.Ids.Count)), step);
                    break;
                case 1:
                    var price = new Price(new DateOnly(2025, 10, 1).AddDays(random.Next(120)), random.NextInt64(2_000_000), "EUR");
                    prices[price.ValidFrom] = price.UnitPriceMicros;
                    await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, price));
                    break;
                case 2 or 3 or 4 when any.Ids.Count > 0:
                    await BillAsync(meters, any, any.Ids.ElementAt(random.Next(any.Ids.Count)), prices, step);
                    break;
                case 5 when random.Next(3) == 0 && at > current.History.Readings.Keys[^1] && current.History.Accepts(at, index):
                    var newer = await WriteAsync(t => metering.ReplaceAsync(
                        t, Caller, current.Meter.Id, new(index, at, null, null), $"S{step}", null, null, null, index / 7));
                    current.History.Readings.Add(at, index);
                    current.Ids.Add(at, (await Meters.ListReadingsAsync(current.Meter.Id, at, at, null, new(null, 1))).Items[0].Id);
                    current.RemovedAt = at;
                    meters.Add(new(newer, new(register, at, index / 7)));
                    break;
                default:
                    Reading? reading = null;
                    var accepts = current.History.Accepts(at, index);
                    await TryAsync(async t => (reading, _) = await metering.RecordAsync(t, Caller, current.Meter.Id, new(index, at, null, null)));
                    if (accepts)
                    {
                        current.History.Readings.Add(at, index);
                        current.Ids.Add(at, reading!.Id);
                    }
                    break;
            }
        }

        Assert.That(meters.Sum(meter => meter.Bills.Count), Is.Positive);
        foreach (var meter in meters)
            await VerifyBillsAsync(meter);
        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
        Assert.That(
            (await Bills.ListFolioAsync(Caller, Order.FolioId, new(null, 1000))).Items, Has.Count.EqualTo(meters.Sum(meter => meter.Bills.Count)));
    }

    /// <summary>A late suspect reading changes what is billed as much as one of the bill's own period; once accepted, it is not asked about again.</summary>
    [Test]
    public async Task BillAsync_SuspectReadingRecordedLate_IsBilledOnRequestOnly()
    {
        await ImportAsync(Line(dossier: "D", produit: 5));
        var clock = new SetClock(Installed.AddDays(100));
        var (timed, bills) = (new Metering(new MeteringOptions(), clock), new Billing(clock));
        var meter = await WriteAsync(t => timed.CreateAsync(t, Caller, NewMeter(6), new(0, Installed, null, null)));
        await WriteAsync(t => bills.SetPriceAsync(t, Caller, 5, 1, new(new DateOnly(2025, 10, 1), 1_000_000, "EUR")));
        async Task<Reading> RecordAsync(int day, long units)
        {
            clock.Now += TimeSpan.FromSeconds(1);
            return (await WriteAsync(t => timed.RecordAsync(t, Caller, meter.Id, new(units * 1_000, Installed.AddDays(day), null, null)))).Reading;
        }
        Task<bool> BillAsync(Reading end, bool acceptSuspect) =>
            TryAsync(t => bills.BillAsync(t, Caller, meter.Id, Order with { EndReading = end.Id, AcceptSuspect = acceptSuspect }));
        await RecordAsync(10, 10);
        Assert.That(await BillAsync(await RecordAsync(60, 60), acceptSuspect: false), Is.True);

        Assert.That((await RecordAsync(11, 59)).IsSuspect, Is.True);
        var end = await RecordAsync(70, 70);
        Assert.That(await BillAsync(end, acceptSuspect: false), Is.False);
        Assert.That(await BillAsync(end, acceptSuspect: true), Is.True);
        Assert.That(await BillAsync(await RecordAsync(80, 80), acceptSuspect: false), Is.True);
    }

    private async Task VoidAsync(BilledMeter meter, KeyValuePair<DateTimeOffset, Guid> reading, int step)
    {
        var letsGo = meter.History.LetsGo(reading.Key) && reading.Key != meter.RemovedAt && !meter.Ends.Contains(reading.Key);
        var done = await TryAsync(t => metering.VoidAsync(t, Caller, meter.Meter.Id, reading.Value, reading.Value, "essai"));
        Assert.That(done, Is.EqualTo(letsGo), $"void, step {step}");
        if (letsGo)
            _ = meter.Ids.Remove(reading.Key) && meter.History.Readings.Remove(reading.Key);
    }

    /// <summary>Bills up to a reading, and holds all bills of the meter together against its history and the prices as they are now.</summary>
    private async Task BillAsync(
        List<BilledMeter> meters, BilledMeter meter, KeyValuePair<DateTimeOffset, Guid> end, SortedList<DateOnly, long> prices, int step)
    {
        var bills = meter.Bills;
        var isNew = end.Key > (bills.Count == 0 ? meter.Meter.InstalledAt : bills[^1].To);
        Bill? bill = null;
        var order = Order with { EndReading = end.Value, AcceptSuspect = !await HoldsSuspectsAsync() };
        var done = await TryAsync(async t => (bill, _) = await billing.BillAsync(t, Caller, meter.Meter.Id, order));
        Assert.That(done, Is.EqualTo(isNew || meter.Ends.Contains(end.Key)), $"bill, step {step}");
        if (!isNew)
            return;
        Assert.That(bill!.From, Is.EqualTo(bills.Count == 0 ? meter.Meter.InstalledAt : bills[^1].To));
        meter.Ends.Add(end.Key);
        bills.Add(bill);
        var held = await HeldAsync();
        // Its own, and those it replaced that are billed to their removal.
        foreach (var corrected in meters.TakeWhile(m => m != meter).Where(m => m.Bills.Count > 0 && m.Bills[^1].To == m.RemovedAt).Append(meter))
        {
            var lines = meters.SelectMany(m => m.Bills).SelectMany(b => b.Lines).Where(line => line.Meter == corrected.Meter.Id).ToList();
            var days = corrected.History.Days(corrected.Bills[^1].To, held[corrected.Meter.Id]);
            Assert.That(lines.Sum(l => l.Units), Is.EqualTo(days.Values.Sum()), $"units, step {step}");
            Assert.That(
                lines.Aggregate(Int128.Zero, (sum, line) => sum + line.AmountMicros),
                Is.EqualTo(days.Aggregate(Int128.Zero, (sum, day) => sum + (Int128)day.Value * prices.Last(p => p.Key <= day.Key).Value)),
                $"amount, step {step}");
        }
        Assert.That(bill.AmountCents, Is.EqualTo((long)decimal.Round(
            bill.Lines.Sum(line => (decimal)line.Units * line.UnitPriceMicros) / 10_000, MidpointRounding.AwayFromZero)));
    }

    private async Task VerifyBillsAsync(BilledMeter meter)
    {
        var listed = await Bills.ListBillsAsync(meter.Meter.Id, new(null, 1000));
        Assert.That(listed.Items.Select(b => b.Id), Is.EqualTo(meter.Bills.Select(b => b.Id).Reverse()));
        foreach (var bill in meter.Bills)
        {
            var stored = (await Bills.FindBillAsync(Caller, bill.Id))!;
            Assert.That(stored.Lines, Is.EqualTo(bill.Lines));
            Assert.That(stored with { Lines = bill.Lines }, Is.EqualTo(bill));
        }
    }

    /// <summary>A meter, and what the test knows of it.</summary>
    private sealed record BilledMeter(Meter Meter, History History)
    {
        public Dictionary<DateTimeOffset, Guid> Ids { get; } = [];

        public HashSet<DateTimeOffset> Ends { get; } = [];

        public List<Bill> Bills { get; } = [];

        public DateTimeOffset? RemovedAt { get; set; }
    }
}

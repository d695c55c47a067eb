using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

public abstract partial class StorageTests
{
    private static readonly BillOrder Order = new(Guid.Empty, Guid.NewGuid(), FolioKinds.Contract, new DateOnly(2026, 1, 31), true);

    private readonly Billing billing = new(TimeProvider.System);

    private IBillStore Bills => services.GetRequiredService<IBillStore>();

    /// <summary>
    /// Over any history of readings, voids, prices and bills: all bills together charge what the meter counts up to the last billed reading,
    /// each day at the price of that day, and no bill ever changes.
    /// </summary>
    [TestCaseSource(nameof(Seeds))]
    public async Task BillAsync_AnyHistory_ChargesEachUnitOnceAtThePriceOfItsDay(int seed)
    {
        var random = new Random(seed);
        int digits = random.Next(2, 5);
        var register = NewRegister(random, digits);
        await ImportAsync(Line(dossier: "D", produit: 5));
        var meter = await CreateMeterAsync(digits, 0, register: register);
        var history = new History(register, Installed, 0);
        var (ids, ends) = (new Dictionary<DateTimeOffset, Guid>(), new HashSet<DateTimeOffset>());
        var prices = new SortedList<DateOnly, long> { [new(2025, 10, 1)] = 123_457 };
        await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, new(prices.Keys[0], prices.Values[0], "EUR")));
        var bills = new List<Bill>();

        for (var step = 0; step < 80; step++)
        {
            var at = Instant(random, meter.InstalledAt, history);
            switch (random.Next(10))
            {
                case 0 when ids.Count > 0:
                    var (when, id) = ids.ElementAt(random.Next(ids.Count));
                    var letsGo = history.LetsGo(when) && !ends.Contains(when);
                    Assert.That(await TryAsync(t => metering.VoidAsync(t, Caller, meter.Id, id, id, "essai")), Is.EqualTo(letsGo), $"void, step {step}");
                    if (letsGo)
                        _ = ids.Remove(when) && history.Readings.Remove(when);
                    break;
                case 1:
                    var price = new Price(new DateOnly(2025, 10, 1).AddDays(random.Next(120)), random.NextInt64(2_000_000), "EUR");
                    prices[price.ValidFrom] = price.UnitPriceMicros;
                    await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, price));
                    break;
                case 2 or 3 when ids.Count > 0:
                    var end = ids.ElementAt(random.Next(ids.Count));
                    var isNew = end.Key > (bills.Count == 0 ? Installed : bills[^1].To);
                    Bill? bill = null;
                    var done = await TryAsync(async t => (bill, _) = await billing.BillAsync(t, Caller, meter.Id, Order with { EndReading = end.Value }));
                    Assert.That(done, Is.EqualTo(isNew || ends.Contains(end.Key)), $"bill, step {step}");
                    if (!isNew)
                        break;
                    ends.Add(end.Key);
                    bills.Add(bill!);
                    Assert.That(bill!.From, Is.EqualTo(bills.Count == 1 ? Installed : bills[^2].To));
                    var lines = bills.SelectMany(b => b.Lines).ToList();
                    var days = history.Days(end.Key);
                    Assert.That(lines.Sum(l => l.Units), Is.EqualTo(days.Values.Sum()), $"units, step {step}");
                    Assert.That(
                        lines.Aggregate(Int128.Zero, (sum, line) => sum + line.AmountMicros),
                        Is.EqualTo(days.Aggregate(Int128.Zero, (sum, day) => sum + (Int128)day.Value * prices.Last(p => p.Key <= day.Key).Value)),
                        $"amount, step {step}");
                    Assert.That(bill.AmountCents, Is.EqualTo((long)decimal.Round(
                        bill.Lines.Sum(line => (decimal)line.Units * line.UnitPriceMicros) / 10_000, MidpointRounding.AwayFromZero)));
                    break;
                default:
                    var index = Index(random, history, register.End, at);
                    var accepts = history.Accepts(at, index);
                    Reading? reading = null;
                    await TryAsync(async t => (reading, _) = await metering.RecordAsync(t, Caller, meter.Id, new(index, at, null, null)));
                    if (accepts)
                    {
                        history.Readings.Add(at, index);
                        ids.Add(at, reading!.Id);
                    }
                    break;
            }
        }

        Assert.That(bills, Is.Not.Empty);
        var listed = await Bills.ListBillsAsync(meter.Id, new(null, 100));
        Assert.That(listed.Items.Select(b => b.Id), Is.EqualTo(bills.Select(b => b.Id).Reverse()));
        foreach (var bill in bills)
        {
            var stored = (await Bills.FindBillAsync(Caller, bill.Id))!;
            Assert.That(stored.Lines, Is.EqualTo(bill.Lines));
            Assert.That(stored with { Lines = bill.Lines }, Is.EqualTo(bill));
        }
        Assert.That((await Bills.ListFolioAsync(Caller, Order.FolioId, new(null, 100))).Items, Has.Count.EqualTo(bills.Count));
    }
}

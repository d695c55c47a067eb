using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

// Clients that hold suspect readings out of consumption and of bills.
public abstract partial class StorageTests
{
    [Test]
    public async Task HoldSuspectsAsync_OnAndOff_TakesWhatTheyCountedAndGivesItBack()
    {
        await ImportAsync(Line(), Line(client: "Other"));
        var (meter, second) = (await CreateMeterAsync(6, 0), await CreateMeterAsync(6, 0, dossier: "M2"));
        foreach (var (day, index) in new[] { (10, 10_000L), (11, 500_000), (12, 501_000), (13, 5_000_000) })
            await RecordAsync(meter, day, index);
        foreach (var (day, index) in new[] { (10, 10_000L), (20, 20_000), (21, 520_000) })
            await RecordAsync(second, day, index);
        await WriteAsync(t => metering.CreateAsync(t, Caller with { Client = "Other" }, NewMeter(6), new(0, Installed, null, null)));
        Assert.That(await TotalAsync(), Is.EqualTo(5_000 + 520));

        var switched = await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, true));

        Assert.That((switched!.Readings, switched.Meters, switched.Closed.Count), Is.EqualTo((3, 2, 0)));
        Assert.That((await Meters.ReadDaysAsync(meter.Id, new(null, null))).Select(day => day.Units), Is.EqualTo(new[] { 10L, 1 }));
        Assert.That(await TotalAsync(), Is.EqualTo(11 + 20));
        Assert.That((await Meters.FindAsync(Caller, meter.Id))!.HoldsSuspects, Is.True);
        Assert.That((await Meters.ListAsync(Caller, default, false, new(null, 10))).Items, Has.All.Matches<(Meter Meter, Reading?)>(m => m.Meter.HoldsSuspects));
        Assert.That((await Meters.ListAsync(Caller with { Client = "Other" }, default, false, new(null, 10))).Items.Single().Meter.HoldsSuspects, Is.False);
        Assert.That(await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, true)), Is.Null, "as it is already");

        Assert.That((await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, false)))!.Readings, Is.EqualTo(3));
        Assert.That(await TotalAsync(), Is.EqualTo(5_000 + 520));
        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
    }

    /// <summary>Whoever records before, during or after a switch, on meters old and new, counts as the client is set in the end.</summary>
    [Test]
    public async Task HoldSuspectsAsync_WhileOthersRecord_LeavesNothingCountedOtherwise()
    {
        await ImportAsync(Line());
        await Task.WhenAll([.. Enumerable.Range(0, 4).Select(i => Task.Run(() => RecordLeapsAsync(i))), Task.Run(SwitchAsync)]);

        Assert.That((await Meters.ListSuspectsAsync(Caller, new(null, 100))).Items, Has.Count.EqualTo(4 * 3 * 5));
        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);

        async Task RecordLeapsAsync(int recorder)
        {
            for (var number = 0; number < 3; number++)
            {
                var meter = await CreateMeterAsync(6, 0, dossier: $"M{recorder}.{number}");
                // Each counts 14 times all that is before it.
                for (var (day, units) = (1, 1L); units < 1_000_000; (day, units) = (day + 1, units * 15))
                    await RecordAsync(meter, day, units * 1_000);
            }
        }

        async Task SwitchAsync()
        {
            for (var times = 0; times < 9; times++)
                await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, times % 2 == 0));
        }
    }

    [Test]
    public async Task HoldSuspectsAsync_UnknownClient_IsRefused()
    {
        await ImportAsync(Line());
        Assert.That(
            () => WriteAsync(t => metering.HoldSuspectsAsync(t, Caller with { Client = "X" }, true)),
            Throws.TypeOf<RefusedException>().With.Message.EqualTo("Le client « X » est inconnu."));
    }

    /// <summary>A day that held a suspect reading alone has no total; others ask for what changed since.</summary>
    [Test]
    public async Task ConfirmAsync_HeldReading_ChangesTheTotalOfItsDay()
    {
        await ImportAsync(Line());
        await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, true));
        var clock = new SetClock(Installed.AddDays(30));
        var timed = new Metering(new MeteringOptions(), clock);
        var meter = await WriteAsync(t => timed.CreateAsync(t, Caller, NewMeter(6), new(0, Installed, null, null)));
        async Task<Reading> RecordAsync(int day, long index) =>
            (await WriteAsync(t => timed.RecordAsync(t, Caller, meter.Id, new(index, Installed.AddDays(day), null, null)))).Reading;
        await RecordAsync(10, 10_000);
        var leap = await RecordAsync(11, 500_000);
        Assert.That(await TotalAsync(), Is.EqualTo(10));

        clock.Now += TimeSpan.FromSeconds(1);
        await WriteAsync(t => timed.ConfirmAsync(t, Caller, meter.Id, leap.Id, meter.Id));

        Assert.That(await TotalAsync(), Is.EqualTo(500));
        var changed = await ReportAsync(new ConsumptionQuery("C", null, default, 5, null, null, Grouping.Produit, Window.Day) { ChangedSince = clock.Now });
        Assert.That(changed.Select(row => (row.First, row.Units)), Is.EqualTo(new[] { (leap.Jour, 490L) }));
    }

    [Test]
    public async Task ConfirmAsync_TotalBeyond64Bits_IsRefused()
    {
        await ImportAsync(Line(quantite: long.MaxValue - 20, produit: 5, dossier: "autre"));
        await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, true));
        var meter = await CreateMeterAsync(6, 0);
        await RecordAsync(meter, 10, 10_000);
        var leap = await RecordAsync(meter, 11, 500_000);

        Assert.That(await TryAsync(t => metering.ConfirmAsync(t, Caller, meter.Id, leap.Id, meter.Id)), Is.False);
        Assert.That(await TryAsync(t => metering.HoldSuspectsAsync(t, Caller, false)), Is.False);
        Assert.That((await Meters.FindReadingAsync(meter.Id, leap.Id))!.IsSuspect, Is.True);
        Assert.That(await HoldsSuspectsAsync(), Is.True);
    }

    /// <summary>Readings of one day, before and after the one that ends the bill, some held: each unit is billed once, by the right bill.</summary>
    [Test]
    public async Task BillAsync_HeldReadingsOnTheDayOfTheBill_AreBilledOnceConfirmed()
    {
        await ImportAsync(Line());
        await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, true));
        var meter = await CreateMeterAsync(6, 0);
        await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, new(new(2025, 1, 1), 1_000_000, "EUR")));
        await RecordAsync(meter, 10, 10_000);
        var day = Installed.AddDays(11);
        async Task<Reading> ReadAsync(int hour, long index) =>
            (await WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(index, day.AddHours(hour), null, null)))).Reading;
        var before = await ReadAsync(1, 200_000);
        var end = await ReadAsync(2, 201_000);
        var after = await ReadAsync(3, 900_000);
        await ReadAsync(4, 902_000);
        Assert.That((before.IsSuspect, end.IsSuspect, after.IsSuspect), Is.EqualTo((true, false, true)));
        async Task<(long Own, long Corrected)> BillAsync(Reading reading)
        {
            var (bill, _) = await WriteAsync(t => billing.BillAsync(t, Caller, meter.Id, Order with { EndReading = reading.Id, AcceptSuspect = false }));
            return (bill.Lines.Where(l => !l.IsCorrection).Sum(l => l.Units), bill.Lines.Where(l => l.IsCorrection).Sum(l => l.Units));
        }

        Assert.That(await BillAsync(end), Is.EqualTo((11L, 0L)), "without the 190 before it");
        foreach (var reading in new[] { before, after })
            await WriteAsync(t => metering.ConfirmAsync(t, Caller, meter.Id, reading.Id, meter.Id));
        var next = await RecordAsync(meter, 12, 905_000);
        Assert.That(await BillAsync(next), Is.EqualTo((699L + 2 + 3, 190L)));
        Assert.That(await BillAsync(await RecordAsync(meter, 13, 905_000)), Is.EqualTo((0L, 0L)));
    }

    /// <summary>Where no bill follows, a confirmation that changes what counts is refused as any change is.</summary>
    [Test]
    public async Task ConfirmAsync_HeldReadingOfAMeterBilledToItsEnd_IsRefusedUntilItIsReplaced()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, new(new(2025, 1, 1), 1_000_000, "EUR")));
        await RecordAsync(meter, 10, 10_000);
        var (leap, second) = (await RecordAsync(meter, 11, 300_000), await RecordAsync(meter, 12, 900_000));
        var last = new SentReading(901_000, Installed.AddDays(13), null, null);
        await WriteAsync(t => metering.RemoveAsync(t, Caller, meter.Id, last));
        await BillAsync(meter, (await Meters.ListReadingsAsync(meter.Id, null, null, null, new(null, 1))).Items[0]);
        Assert.That(await TryAsync(t => metering.ConfirmAsync(t, Caller, meter.Id, leap.Id, meter.Id)), Is.True, "no unit changes");

        Assert.That((await WriteAsync(t => metering.HoldSuspectsAsync(t, Caller, true)))!.Closed, Is.EqualTo(new[] { meter.Id }));
        var refusal = Assert.ThrowsAsync<RefusalException>(() => WriteAsync(t => metering.ConfirmAsync(t, Caller, meter.Id, second.Id, meter.Id)))!;
        Assert.That(refusal.Refusal.Code, Is.EqualTo(RefusalCodes.MeterClosed));

        var newer = await WriteAsync(t => metering.ReplaceAsync(t, Caller, meter.Id, last, "S2", null, null, null, 0));
        var bill = await BillAsync(newer, await RecordAsync(newer, 14, 5_000));
        Assert.That(bill.Lines.Select(l => (l.IsCorrection, l.Units)), Is.EqualTo(new[] { (true, -600L), (false, 5L) }), "what was billed is taken back");
        Assert.That(await TryAsync(t => metering.ConfirmAsync(t, Caller, meter.Id, second.Id, meter.Id)), Is.True);
        Assert.That((await BillAsync(newer, await RecordAsync(newer, 15, 5_000))).Lines.Single().Units, Is.EqualTo(600));
        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
    }
}

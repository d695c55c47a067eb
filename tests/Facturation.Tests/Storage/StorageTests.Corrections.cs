using Facturation.Core;

namespace Facturation.Tests.Storage;

// Corrections, confirmations and removals, and how other programs learn of them.
public abstract partial class StorageTests
{
    [Test]
    public async Task CorrectAsync_OutlierThatMadeARollover_TakesTheTurnBackFromAllThatFollow()
    {
        await ImportAsync(Line());
        // A turn of 1000 units is 333.333 billed units, so what follows is rounded otherwise too.
        var meter = await CreateMeterAsync(3, 0, register: new(1000, 333_333));
        await RecordAsync(meter, 1, 5_000);
        var outlier = await RecordAsync(meter, 2, 999_000);
        foreach (var (day, index) in new[] { (3, 7_000L), (4, 8_000), (5, 12_000) })
            await RecordAsync(meter, day, index);
        Assert.That(await TotalAsync(), Is.EqualTo(337), "a turn too many");

        var (corrected, _) = await WriteAsync(t => metering.CorrectAsync(t, Caller, meter.Id, outlier.Id, 6_000, outlier.Id, "un 9 de trop", "photo"));

        Assert.That((corrected.IndexMilli, corrected.ReadAt, corrected.ProofRef, corrected.Void), Is.EqualTo((6_000L, outlier.ReadAt, "photo", (Voiding?)null)));
        Assert.That((await Meters.ReadDaysAsync(meter.Id, new(null, null))).Select(day => day.Units), Is.EqualTo(new[] { 1L, 1, 1 }), "days 2 (5 to 6), 4 and 5");
        Assert.That(await TotalAsync(), Is.EqualTo(12 * 333_333 / 1_000_000));
        Assert.That((await Meters.FindReadingAsync(meter.Id, outlier.Id))!.Void!.Reason, Is.EqualTo("un 9 de trop"));
    }

    [Test]
    public async Task CorrectAsync_FirstReading_ChangesTheUnitsOfTheNextOnly()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 999_000);
        await RecordAsync(meter, 1, 999_000);
        await RecordAsync(meter, 2, 1_000_000);

        var (first, _) = await WriteAsync(async t => await metering.CorrectAsync(t, Caller, meter.Id, await IdOfFirstAsync(meter.Id), 99_000, meter.Id, "typo", null));

        Assert.That(first.ReadAt, Is.EqualTo(Installed));
        Assert.That((await Meters.ReadDaysAsync(meter.Id, new(null, null))).Select(day => day.Units), Is.EqualTo(new[] { 900L, 1 }));
    }

    [Test]
    public async Task ConfirmAsync_SuspectReading_StaysConfirmedWhateverIsRecordedAroundIt()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        foreach (var day in new[] { 10, 20 })
            await RecordAsync(meter, day, day * 1_000);
        var leap = await RecordAsync(meter, 21, 500_000);
        Assert.That(leap.IsSuspect);

        var confirmed = await WriteAsync(t => metering.ConfirmAsync(t, Caller, meter.Id, leap.Id, meter.Id));
        await RecordAsync(meter, 15, 15_000);

        var kept = (await Meters.FindReadingAsync(meter.Id, leap.Id))!;
        Assert.That((kept.IsSuspect, kept.Confirmed), Is.EqualTo((false, confirmed.Confirmed)));
        Assert.That(kept.Confirmed!.By, Is.EqualTo(meter.Id));
        Assert.That((await Meters.ListSuspectsAsync(Caller, new(null, 10))).Items, Is.Empty);
        Assert.That(await TotalAsync(), Is.EqualTo(500), "it counts as before");
    }

    [Test]
    public async Task RemoveAsync_MeterCreatedByMistake_LeavesNoConsumptionAndItsPlace()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 4_000);

        var removed = await WriteAsync(t => metering.RemoveAsync(t, Caller, meter.Id, new(4_000, Installed, null, null)));

        Assert.That((removed.RemovedAt, (await Meters.FindAsync(Caller, meter.Id))!.RemovedAt), Is.EqualTo((Installed, Installed)));
        Assert.That(await TotalAsync(), Is.Zero);
        Assert.That((await CreateMeterAsync(6, 4_000)).Serial, Is.EqualTo(meter.Serial), "the serial number is free again");
    }

    [Test]
    public async Task RemoveAsync_MeterBilledToItsRemoval_MakesItsReadingsFinalUntilItIsReplaced()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        var middle = await RecordAsync(meter, 5, 5_000);
        var last = await RecordAsync(meter, 10, 10_000);
        await WriteAsync(t => metering.RemoveAsync(t, Caller, meter.Id, new(10_000, last.ReadAt, null, null)));
        await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, new(new(2025, 1, 1), 1_000_000, "EUR")));
        await WriteAsync(t => billing.BillAsync(t, Caller, meter.Id, new(last.Id, meter.Id, FolioKinds.Stay, new(2025, 11, 1), false)));

        string? CodeOf(Func<IMeterTransaction, Task> work) => Assert.ThrowsAsync<RefusalException>(
            () => WriteAsync(async t => { await work(t); return 0; }))!.Refusal.Code;
        Assert.That(CodeOf(t => metering.VoidAsync(t, Caller, meter.Id, middle.Id, meter.Id, "x")), Is.EqualTo(RefusalCodes.MeterClosed));
        Assert.That(CodeOf(t => metering.CorrectAsync(t, Caller, meter.Id, middle.Id, 6_000, meter.Id, "x", null)), Is.EqualTo(RefusalCodes.MeterClosed));
        Assert.That(CodeOf(t => metering.RecordAsync(t, Caller, meter.Id, new(7_000, Installed.AddDays(7), null, null))), Is.EqualTo(RefusalCodes.MeterClosed));
        Assert.That(CodeOf(t => metering.CorrectAsync(t, Caller, meter.Id, last.Id, 11_000, meter.Id, "x", null)), Is.EqualTo(RefusalCodes.ReadingBilled));
        Assert.That((await WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(5_000, middle.ReadAt, null, null)))).Reading.Id,
            Is.EqualTo(middle.Id), "it is recorded already");

        await WriteAsync(t => metering.ReplaceAsync(t, Caller, meter.Id, new(10_000, last.ReadAt, null, null), "S2", null, null, null, 0));
        Assert.That(await TryAsync(t => metering.VoidAsync(t, Caller, meter.Id, middle.Id, meter.Id, "x")), Is.True, "the successor's bill carries it");
    }

    [Test]
    public async Task RecordAsync_ReadingsOfSeveralMeters_AreJudgedPerMeterAndWrittenTogether()
    {
        await ImportAsync(Line());
        var meters = new List<Meter>();
        for (var i = 0; i < 3; i++)
            meters.Add(await CreateMeterAsync(6, 0, dossier: $"M{i}"));
        (Guid, SentReading)? Sent(int meter, int day, long index) => (meters[meter].Id, new(index, Installed.AddDays(day), null, null));
        var sent = new[] { Sent(0, 2, 20_000), Sent(1, 1, 5_000), null, Sent(0, 1, 10_000), (Guid.NewGuid(), new(1, Installed.AddDays(1), null, null)), Sent(2, 1, 1), Sent(1, 2, 4_000) };

        var verdicts = await WriteAsync(t => metering.RecordAsync(t, Caller, sent, _ => true));

        Assert.That(verdicts.Select(v => v.Refusal?.Code ?? (v.Reading is null ? "" : "recorded")), Is.EqualTo(new[]
        {
            "recorded", "recorded", "", "recorded", RefusalCodes.MeterNotFound, "recorded", RefusalCodes.IndexBelowPrevious,
        }));
        Assert.That(await TotalAsync(), Is.EqualTo(25));
        Assert.That(await WriteAsync(t => metering.RecordAsync(t, Caller, [Sent(2, 3, 9_000)], _ => false)), Has.Count.EqualTo(1));
        Assert.That(await TotalAsync(), Is.EqualTo(25), "judged only");
    }

    [Test]
    public async Task ListChangesAsync_AnyWrites_TellsEachOnceInOrderAndGoesOnFromTheLast()
    {
        await ImportAsync(Line());
        var (meter, other) = (await CreateMeterAsync(6, 0), await CreateMeterAsync(6, 0, dossier: "M2"));
        var reading = await RecordAsync(meter, 1, 1_000);

        var page = await Meters.ListChangesAsync(Caller, new(null, 2));
        Assert.That(page.Changes.Select(change => (change.Meter, change.Reading.IndexMilli)), Is.EqualTo(new[] { (meter.Id, 0L), (other.Id, 0) }));
        Assert.That(page.HasMore, Is.True);
        page = await Meters.ListChangesAsync(Caller, new(page.End, 2));
        Assert.That((page.Changes.Single().Reading.Id, page.HasMore), Is.EqualTo((reading.Id, false)));

        await WriteAsync(t => metering.VoidAsync(t, Caller, meter.Id, reading.Id, meter.Id, "typo"));
        await RecordAsync(other, 1, 3_000);
        page = await Meters.ListChangesAsync(Caller, new(page.End, 10));
        Assert.That(page.Changes.Select(change => (change.Meter, change.Reading.Void?.Reason)), Is.EqualTo(new[] { (meter.Id, "typo"), (other.Id, null) }));
        Assert.That((await Meters.ListChangesAsync(Caller, new(page.End, 10))).Changes, Is.Empty);
        Assert.That((await Meters.ListChangesAsync(Caller with { Identifiant = "U" }, new(null, 10))).Changes, Has.Count.EqualTo(5));
        var elsewhere = await Meters.ListChangesAsync(Caller with { Identifiant = "V" }, new(null, 10));
        Assert.That(elsewhere.Changes, Is.Empty);
        Assert.That(WritesInTurn ? elsewhere.End : page.End, Is.EqualTo(page.End), "what it may not see is not read again");
    }

    /// <summary>Numbers of the audit log are given again then: those after the cursor would be other entries.</summary>
    [Test]
    public async Task ListChangesAsync_PositionOfNoEntry_IsRefused()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(6, 0);
        var end = (await Meters.ListChangesAsync(Caller, new(null, 10))).End;

        foreach (var position in new[] { end with { Number = end.Number + 1 }, end with { At = end.At.AddTicks(1) }, new Position(default, end.Number) })
            Assert.That(
                Assert.ThrowsAsync<RefusalException>(() => Meters.ListChangesAsync(Caller, new(position, 10)))!.Refusal.Code,
                Is.EqualTo(RefusalCodes.CursorUnknown));
        await RecordAsync(meter, 1, 1_000);
        Assert.That((await Meters.ListChangesAsync(Caller, new(end, 10))).Changes, Has.Count.EqualTo(1));
    }

    /// <summary>A chain of meters has a next bill as long as its last one has.</summary>
    [Test]
    public async Task CorrectAsync_ReplacedMeterWhoseSuccessorCannotBeBilled_IsRefused()
    {
        await ImportAsync(Line());
        var meter = await CreateMeterAsync(3, 900_000);
        await WriteAsync(t => billing.SetPriceAsync(t, Caller, 5, 1, new(new(2025, 1, 1), 1_000_000, "EUR")));
        var typo = await RecordAsync(meter, 1, 5_000);
        var newer = await WriteAsync(t => metering.ReplaceAsync(t, Caller, meter.Id, new(901_000, Installed.AddDays(2), null, null), "S2", null, null, null, 0));
        var removal = (await Meters.ListReadingsAsync(meter.Id, null, null, null, new(null, 1))).Items[0];
        await BillAsync(meter, removal);
        async Task<string?> CodeAsync(Func<IMeterTransaction, Task> work)
        {
            try
            {
                await WriteAsync(async t => { await work(t); return 0; });
                return null;
            }
            catch (RefusalException e)
            {
                return e.Refusal.Code;
            }
        }
        Task<string?> CorrectAsync(Guid reading, long index) => CodeAsync(t => metering.CorrectAsync(t, Caller, meter.Id, reading, index, meter.Id, "typo", null));

        Assert.That(await CorrectAsync(typo.Id, 900_500), Is.Null, "the successor's bill will carry it");
        Assert.That(await CodeAsync(t => metering.RemoveAsync(t, Caller, newer.Id, new(0, newer.InstalledAt, null, null))), Is.EqualTo(RefusalCodes.MeterClosed));
        var end = await RecordAsync(newer, 3, 1_000);
        var bill = await BillAsync(newer, end);
        Assert.That(bill.Lines.Where(line => line.IsCorrection).Sum(line => line.Units), Is.EqualTo(-1000));
        await WriteAsync(t => metering.RemoveAsync(t, Caller, newer.Id, new(1_000, end.ReadAt, null, null)));
        var inPlace = (await Meters.ListReadingsAsync(meter.Id, typo.ReadAt, typo.ReadAt, null, new(null, 10))).Items.Single(r => r.Void is null);
        Assert.That(await CorrectAsync(inPlace.Id, 900_600), Is.EqualTo(RefusalCodes.MeterClosed));
        Assert.That(await CodeAsync(t => metering.VoidAsync(t, Caller, meter.Id, inPlace.Id, meter.Id, "x")), Is.EqualTo(RefusalCodes.MeterClosed));
    }

    private async Task<Bill> BillAsync(Meter meter, Reading end) =>
        (await WriteAsync(t => billing.BillAsync(t, Caller, meter.Id, new(end.Id, meter.Id, FolioKinds.Stay, new(2025, 11, 1), AcceptSuspect: true)))).Bill;

    [Test]
    public async Task ListAsync_Filters_AreAllToBeMet()
    {
        await ImportAsync(Line());
        foreach (var (serial, dossier, identifiant, produit) in new[] { ("A", "D1", "U", 5), ("B", "D1", "V", 5), ("B", "D2", "U", 6), ("A", "D2", "U", 5) })
            await WriteAsync(t => metering.CreateAsync(
                t, Caller, NewMeter(6) with { Serial = serial, Dossier = dossier, Identifiant = identifiant, ProduitId = produit }, new(0, Installed, null, null)));
        async Task<string> ListAsync(MeterFilter filter) => string.Join(
            ' ', (await Meters.ListAsync(Caller, filter, false, new(null, 10))).Items.Select(found => $"{found.Meter.Serial}{found.Meter.Dossier}{found.Meter.Identifiant}{found.Meter.ProduitId}"));

        Assert.That(await ListAsync(default), Is.EqualTo("AD2U5 BD2U6 BD1V5 AD1U5"));
        Assert.That(await ListAsync(new("A", null, null, null)), Is.EqualTo("AD2U5 AD1U5"));
        Assert.That(await ListAsync(new(null, "U", null, null)), Is.EqualTo("AD2U5 BD2U6 AD1U5"));
        Assert.That(await ListAsync(new(null, null, "D1", null)), Is.EqualTo("BD1V5 AD1U5"));
        Assert.That(await ListAsync(new(null, null, null, 6)), Is.EqualTo("BD2U6"));
        Assert.That(await ListAsync(new("A", "U", "D2", 5)), Is.EqualTo("AD2U5"));
        Assert.That(await ListAsync(new("A", "V", null, null)), Is.Empty);
    }

    [Test]
    public async Task ListAsync_WithLast_GivesTheLastReadingThatCounts()
    {
        await ImportAsync(Line());
        var (meter, other) = (await CreateMeterAsync(6, 0), await CreateMeterAsync(6, 7, dossier: "M2"));
        await RecordAsync(meter, 2, 2_000);
        await RecordAsync(meter, 1, 1_000);
        var gone = await RecordAsync(meter, 3, 3_000);
        await WriteAsync(t => metering.VoidAsync(t, Caller, meter.Id, gone.Id, gone.Id, "typo"));

        var page = await Meters.ListAsync(Caller, default, true, new(null, 10));

        Assert.That(page.Items.Select(found => (found.Meter.Id, found.Last!.IndexMilli)), Is.EqualTo(new[] { (other.Id, 7L), (meter.Id, 2_000) }));
        Assert.That((await Meters.ListAsync(Caller, default, false, new(null, 1))).Items.Single().Last, Is.Null);
        async Task<Guid[]> NotReadSinceAsync(DateTimeOffset since) =>
            [.. (await Meters.ListAsync(Caller, new() { NotReadSince = since }, false, new(null, 10))).Items.Select(found => found.Meter.Id)];
        Assert.That(await NotReadSinceAsync(Installed), Is.Empty);
        Assert.That(await NotReadSinceAsync(Installed.AddDays(2)), Is.EqualTo(new[] { other.Id }));
        Assert.That(await NotReadSinceAsync(Installed.AddDays(3)), Is.EqualTo(new[] { other.Id, meter.Id }));
        await WriteAsync(t => metering.RemoveAsync(t, Caller, meter.Id, new(2_000, Installed.AddDays(2), null, null)));
        Assert.That(await NotReadSinceAsync(Installed.AddDays(3)), Is.EqualTo(new[] { other.Id }));
    }

    private async Task<Reading> RecordAsync(Meter meter, int day, long index) =>
        (await WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(index, Installed.AddDays(day), null, null)))).Reading;

    /// <summary>What meters of produit 5 counted.</summary>
    private async Task<long> TotalAsync() => (await ReadAsync(produit: 5)).Sum(line => line.Quantite);
}

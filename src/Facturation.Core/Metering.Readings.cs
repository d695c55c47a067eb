namespace Facturation.Core;

// Readings: recorded, voided, corrected.
public sealed partial class Metering
{
    /// <summary>Records a reading once: the same index at the same instant is the same reading.</summary>
    /// <returns>The reading, and whether it is new.</returns>
    public async Task<(Reading Reading, bool IsNew)> RecordAsync(
        IMeterTransaction transaction, Caller caller, Guid id, SentReading sent, CancellationToken cancellation = default)
    {
        var verdict = (await RecordAsync(transaction, caller, id, [sent], verdicts => verdicts[0].Refusal is null, cancellation))[0];
        return verdict.Refusal is null ? (verdict.Reading!, verdict.IsNew) : throw new RefusalException(verdict.Refusal);
    }

    /// <summary>Records several readings of a meter. They are judged in order of instants, whatever their order here.</summary>
    /// <param name="transaction">The transaction to write in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The meter.</param>
    /// <param name="sent">The readings; null for an unreadable line, whose verdict stays empty.</param>
    /// <param name="write">Decides from the verdicts whether to write.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>A verdict for each, in their order.</returns>
    public async Task<IReadOnlyList<Verdict>> RecordAsync(
        IMeterTransaction transaction, Caller caller, Guid id, IReadOnlyList<SentReading?> sent,
        Func<IReadOnlyList<Verdict>, bool> write, CancellationToken cancellation = default)
    {
        var meter = await HoldAsync(transaction, caller, id, cancellation);
        var verdicts = new Verdict[sent.Count];
        var series = await JudgeAsync(
            transaction, caller, meter, [.. Enumerable.Range(0, sent.Count).Where(i => sent[i] is not null)], i => sent[i]!, verdicts, cancellation);
        if (write(verdicts) && series is not null)
            await SaveAsync(transaction, caller, meter, series, cancellation);
        return verdicts;
    }

    /// <summary>Records several readings of several meters, as <see cref="RecordAsync(IMeterTransaction, Caller, Guid, IReadOnlyList{SentReading?}, Func{IReadOnlyList{Verdict}, bool}, CancellationToken)"/> does of one.</summary>
    /// <param name="transaction">The transaction to write in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="sent">The meters and their readings; null for an unreadable line, whose verdict stays empty.</param>
    /// <param name="write">Decides from the verdicts whether to write.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>A verdict for each, in their order. The readings of an unknown meter are refused.</returns>
    public async Task<IReadOnlyList<Verdict>> RecordAsync(
        IMeterTransaction transaction, Caller caller, IReadOnlyList<(Guid Meter, SentReading Reading)?> sent,
        Func<IReadOnlyList<Verdict>, bool> write, CancellationToken cancellation = default)
    {
        var verdicts = new Verdict[sent.Count];
        var judged = new List<(Meter Meter, Series Series)>();
        // In order of ids, so that two batches lock meters in the same order.
        foreach (var lines in Enumerable.Range(0, sent.Count).Where(i => sent[i] is not null).GroupBy(i => sent[i]!.Value.Meter).OrderBy(g => g.Key))
        {
            if (await transaction.HoldAsync(caller, lines.Key, cancellation) is not { } meter)
                foreach (var i in lines)
                    verdicts[i] = new(null, NotFound(lines.Key).Refusal);
            else if (await JudgeAsync(transaction, caller, meter, [.. lines], i => sent[i]!.Value.Reading, verdicts, cancellation) is { } series)
                judged.Add((meter, series));
        }
        if (write(verdicts))
            foreach (var (meter, series) in judged)
                await SaveAsync(transaction, caller, meter, series, cancellation);
        return verdicts;
    }

    /// <summary>Voids a reading. Voiding it again with the same values changes nothing.</summary>
    public async Task<Reading> VoidAsync(
        IMeterTransaction transaction, Caller caller, Guid id, Guid readingId, Guid by, string reason,
        CancellationToken cancellation = default)
    {
        var meter = await HoldAsync(transaction, caller, id, cancellation);
        var reading = await transaction.FindReadingAsync(id, readingId, cancellation)
            ?? throw NotFound(id, readingId);
        if (reading.Void is { } known)
            return known.By == by && known.Reason == reason ? reading : throw AlreadyVoided(reading, known);
        if (await transaction.FindBillEndingAsync(readingId, cancellation) is { } bill)
            throw new RefusalException(RefusalCodes.ReadingBilled, $"Le relevé {reading} ferme la facture {bill.Id} : il ne s'annule plus.");

        var now = clock.GetUtcNow();
        var voiding = new Voiding(now, by, reason);
        var series = await ChangeAsync(transaction, caller, meter, reading, series => series.Void(readingId, voiding), cancellation);
        await SaveAsync(transaction, caller, meter, series, cancellation);
        await transaction.AuditAsync(caller, new(now, AuditActions.ReadingVoided, by, id, readingId, reason), cancellation);
        return series.Changed.Single(r => r.Id == readingId);
    }

    /// <summary>
    /// Voids a reading and records another index in its place, at the same instant. Repeating this with the same values returns the reading
    /// that was recorded.
    /// </summary>
    /// <param name="transaction">The transaction to write in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The meter.</param>
    /// <param name="readingId">The reading to correct.</param>
    /// <param name="indexMilli">Its right index, in thousandths.</param>
    /// <param name="by">Who corrects it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="proofRef">A reference to a proof of the right index, or null.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The reading that counts, and whether it took the place of one, now or before.</returns>
    public async Task<(Reading Reading, bool IsCorrected)> CorrectAsync(
        IMeterTransaction transaction, Caller caller, Guid id, Guid readingId, long indexMilli, Guid by, string reason, string? proofRef,
        CancellationToken cancellation = default)
    {
        var meter = await HoldAsync(transaction, caller, id, cancellation);
        var reading = await transaction.FindReadingAsync(id, readingId, cancellation) ?? throw NotFound(id, readingId);
        if (reading.Void is { } known)
        {
            var inPlace = (await transaction.ReadSeriesAsync(id, reading.ReadAt, reading.ReadAt, 0, cancellation)) is [var first, ..] ? first : null;
            return known.By == by && known.Reason == reason && inPlace?.ReadAt == reading.ReadAt && inPlace.IndexMilli == indexMilli
                ? (inPlace, true)
                : throw AlreadyVoided(reading, known);
        }
        if (reading.IndexMilli == indexMilli)
            return (reading, false);
        if (await transaction.FindBillEndingAsync(readingId, cancellation) is not null
            || (reading.ReadAt == meter.InstalledAt && await transaction.FindLastBillAsync(id, cancellation) is not null))
            throw new RefusalException(RefusalCodes.ReadingBilled, $"Le relevé {reading} ouvre ou ferme une facture : il ne se corrige plus.");
        var now = clock.GetUtcNow();
        var sent = new SentReading(indexMilli, reading.ReadAt, by, proofRef);
        var voiding = new Voiding(now, by, reason);
        var series = await ChangeAsync(
            transaction, caller, meter, reading, series => series.Correct(readingId, sent, voiding).Refusal, cancellation);
        await transaction.AuditAsync(caller, new(now, AuditActions.ReadingVoided, by, id, readingId, reason), cancellation);
        await SaveAsync(transaction, caller, meter, series, cancellation);
        return (series.Added.Single(), true);
    }

    private static RefusalException AlreadyVoided(Reading reading, Voiding known) => new(
        RefusalCodes.ReadingAlreadyVoided, $"Le relevé {reading} est déjà annulé, le {Instants.Write(known.At)} par {known.By}.");

    /// <summary>Decides a change to one reading, with as much of the series as the change needs.</summary>
    private async Task<Series> ChangeAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, Reading reading, Func<Series, Refusal?> change, CancellationToken cancellation)
    {
        if (await FindClosingAsync(transaction, caller, meter, cancellation) is { } closed)
            throw new RefusalException(closed);
        var series = await ReadSeriesAsync(transaction, meter, reading.ReadAt, reading.ReadAt, cancellation);
        if (change(series) is { } refusal)
            throw new RefusalException(refusal);
        if (series.TurnTakenBackAt is null || meter.Register.IsTurnWhole)
            return series;
        // The turn that is taken back changes the rounding of every later interval.
        series = await ReadSeriesAsync(transaction, meter, reading.ReadAt, DateTimeOffset.MaxValue, cancellation);
        change(series);
        return series;
    }

    /// <summary>Judges some lines of a batch, all of one meter, in order of instants.</summary>
    /// <returns>What to write if the batch is; null for nothing.</returns>
    private async Task<Series?> JudgeAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, int[] lines, Func<int, SentReading> sent, Verdict[] verdicts, CancellationToken cancellation)
    {
        if (lines.Length == 0)
            return null;
        lines = [.. lines.OrderBy(i => sent(i).ReadAt)];
        var series = await ReadSeriesAsync(transaction, meter, sent(lines[0]).ReadAt, sent(lines[^1]).ReadAt, cancellation);
        var now = clock.GetUtcNow();
        foreach (var i in lines)
            verdicts[i] = series.Record(sent(i), now);
        // Readings recorded later in the batch may have changed a reading's suspect flag.
        var added = series.Added.ToDictionary(r => r.Id);
        foreach (var i in lines)
            if (verdicts[i].Reading is { } reading && added.TryGetValue(reading.Id, out var last))
                verdicts[i] = verdicts[i] with { Reading = last };
        if (added.Count == 0 || await FindClosingAsync(transaction, caller, meter, cancellation) is not { } closed)
            return series;
        foreach (var i in lines)
            if (verdicts[i].IsNew || verdicts[i].Reading is { } reading && added.ContainsKey(reading.Id))
                verdicts[i] = new(null, closed);
        return null;
    }

    /// <summary>
    /// Why the readings of a meter cannot change any more, or null: no bill follows that could carry what a change does to days already
    /// billed.
    /// </summary>
    private static async Task<Refusal?> FindClosingAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, CancellationToken cancellation)
    {
        for (var last = meter; ;)
        {
            // A successor that was removed at its installation counts nothing, and is never billed.
            var hasNextBill = last.RemovedAt is not { } removedAt || !((last != meter && removedAt == last.InstalledAt)
                || (await transaction.FindLastBillAsync(last.Id, cancellation))?.To == removedAt);
            if (hasNextBill)
                return null;
            if (last.ReplacedBy is not { } newer)
                return new(RefusalCodes.MeterClosed,
                    $"Le compteur {last.Id} est déposé sans successeur et facturé jusqu'à sa dépose : ses relevés sont définitifs, comme ceux des compteurs dont il a pris la place.");
            last = (await transaction.HoldAsync(caller, newer, cancellation))!;
        }
    }

    private async Task<Series> ReadSeriesAsync(
        IMeterTransaction transaction, Meter meter, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        new(meter, await transaction.ReadSeriesAsync(meter.Id, from, to, options.SuspectHistory + 1, cancellation), options);

    private static async Task SaveAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, Series series, CancellationToken cancellation)
    {
        await transaction.SaveAsync(meter, series, cancellation);
        foreach (var reading in series.Added)
        {
            var entry = new AuditEntry(
                reading.RecordedAt, AuditActions.ReadingRecorded, reading.RecordedBy, meter.Id, reading.Id, reading.ToString());
            await transaction.AuditAsync(caller, entry, cancellation);
        }
    }
}

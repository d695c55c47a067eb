namespace Facturation.Core;

/// <summary>
/// The operations on meters, inside a transaction of <see cref="IMeterStore.WriteAsync"/>. A refusal throws
/// <see cref="RefusalException"/>, which rolls the transaction back.
/// </summary>
public sealed class Metering(MeteringOptions options, TimeProvider clock)
{
    /// <summary>Creates a meter with its first reading.</summary>
    /// <param name="transaction">The transaction to write in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="meter">The meter. The caller chooses its id, because the demo's must be known.</param>
    /// <param name="first">Its index at installation.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Meter> CreateAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, SentReading first, CancellationToken cancellation = default)
    {
        if (meter.Register.RolloverAt > Register.RolloverOf(meter.Digits))
            throw new RefusalException(RefusalCodes.InvalidRegister,
                $"rolloverAt : {meter.Register.RolloverAt}, mais un compteur de {meter.Digits} chiffres repasse par zéro au plus tard à {Register.RolloverOf(meter.Digits)}.");
        if (!meter.Register.HasRoom)
            throw new RefusalException(RefusalCodes.InvalidRegister,
                $"multiplier : un tour du compteur compterait plus de {Register.MaxTurn} unités.");
        var now = clock.GetUtcNow();
        var (reading, refusal, _) = new Series(meter, [], options).Open(first, now);
        if (refusal is not null)
            throw new RefusalException(refusal);
        await transaction.AuditAsync(caller, new(now, AuditActions.MeterCreated, first.RecordedBy, meter.Id, reading!.Id,
            $"{meter.Serial}, {reading}{(meter.Replaces is { } old ? $", à la place de {old}" : "")}"), cancellation);
        return await transaction.AddAsync(caller, meter, reading, cancellation);
    }

    /// <summary>Records a reading once: the same index at the same instant is the same reading.</summary>
    /// <returns>The reading, and whether it is new.</returns>
    public async Task<(Reading Reading, bool IsNew)> RecordAsync(
        IMeterTransaction transaction, Caller caller, Guid id, SentReading sent, CancellationToken cancellation = default)
    {
        var verdict = (await RecordAsync(transaction, caller, id, [sent], verdicts => verdicts[0].Refusal is null, cancellation))[0];
        return verdict.Refusal is null ? (verdict.Reading!, verdict.IsNew) : throw new RefusalException(verdict.Refusal);
    }

    /// <summary>Records several readings. They are judged in order of instants, whatever their order here.</summary>
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
        var order = Enumerable.Range(0, sent.Count).Where(i => sent[i] is not null).OrderBy(i => sent[i]!.ReadAt).ToList();
        if (order.Count == 0)
        {
            write(verdicts);
            return verdicts;
        }
        var series = await ReadSeriesAsync(transaction, meter, sent[order[0]]!.ReadAt, sent[order[^1]]!.ReadAt, cancellation);
        var now = clock.GetUtcNow();
        foreach (var i in order)
            verdicts[i] = series.Record(sent[i]!, now);
        // Readings recorded later in the batch may have changed a reading's suspect flag.
        var added = series.Added.ToDictionary(r => r.Id);
        foreach (var i in order)
            if (verdicts[i].Reading is { } reading && added.TryGetValue(reading.Id, out var last))
                verdicts[i] = verdicts[i] with { Reading = last };
        if (write(verdicts))
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
            return known.By == by && known.Reason == reason ? reading : throw new RefusalException(
                RefusalCodes.ReadingAlreadyVoided, $"Le relevé {reading} est déjà annulé, le {Instants.Write(known.At)} par {known.By}.");
        if (await transaction.FindBillEndingAsync(readingId, cancellation) is { } bill)
            throw new RefusalException(RefusalCodes.ReadingBilled, $"Le relevé {reading} ferme la facture {bill.Id} : il ne s'annule plus.");

        var now = clock.GetUtcNow();
        var voiding = new Voiding(now, by, reason);
        var series = await ReadSeriesAsync(transaction, meter, reading.ReadAt, reading.ReadAt, cancellation);
        if (series.Void(readingId, voiding) is { } refusal)
            throw new RefusalException(refusal);
        if (series.TurnTakenBackAt is not null && !meter.Register.IsTurnWhole)
        {
            // The turn that is taken back changes the rounding of every later interval.
            series = await ReadSeriesAsync(transaction, meter, reading.ReadAt, DateTimeOffset.MaxValue, cancellation);
            series.Void(readingId, voiding);
        }
        await SaveAsync(transaction, caller, meter, series, cancellation);
        await transaction.AuditAsync(caller, new(now, AuditActions.ReadingVoided, by, id, readingId, reason), cancellation);
        return series.Changed.Single(r => r.Id == readingId);
    }

    /// <summary>
    /// Removes a meter with a last index and installs another, which feeds the same compteur of the same dossier. Repeating this with the
    /// same values returns the meter that was installed.
    /// </summary>
    /// <param name="transaction">The transaction to write in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The meter to remove.</param>
    /// <param name="last">Its index at removal.</param>
    /// <param name="serial">The new meter's serial number.</param>
    /// <param name="digits">The new meter's digits; null for the same number.</param>
    /// <param name="rolloverAt">The new meter's <see cref="Register.RolloverAt"/>; null for the same, or for 10^digits if digits are given.</param>
    /// <param name="multiplierMicros">The new meter's <see cref="Register.MultiplierMicros"/>; null for the same.</param>
    /// <param name="firstIndexMilli">The new meter's index at the same instant.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Meter> ReplaceAsync(
        IMeterTransaction transaction, Caller caller, Guid id, SentReading last, string serial, int? digits, long? rolloverAt,
        long? multiplierMicros, long firstIndexMilli, CancellationToken cancellation = default)
    {
        var old = await HoldAsync(transaction, caller, id, cancellation);
        var register = new Register(
            rolloverAt ?? (digits is { } given ? Register.RolloverOf(given) : old.Register.RolloverAt),
            multiplierMicros ?? old.Register.MultiplierMicros);
        var first = last with { IndexMilli = firstIndexMilli, IndexName = "firstIndexValueMilli" };
        if (old.ReplacedBy is { } newer)
            return await FindReplacementAsync(transaction, caller, old, newer, last, serial, digits ?? old.Digits, register, firstIndexMilli, cancellation);

        var series = await ReadSeriesAsync(transaction, old, last.ReadAt, last.ReadAt, cancellation);
        var now = clock.GetUtcNow();
        if (series.Close(last, now).Refusal is { } refusal)
            throw new RefusalException(refusal);
        await SaveAsync(transaction, caller, old, series, cancellation);
        await transaction.RemoveAsync(old, last.ReadAt, cancellation);
        await transaction.AuditAsync(
            caller,
            new(now, AuditActions.MeterReplaced, last.RecordedBy, id, null, $"{last.IndexMilli} le {Instants.Write(last.ReadAt)}"),
            cancellation);
        return await CreateAsync(
            transaction,
            caller,
            old with
            {
                Id = Guid.CreateVersion7(now),
                Serial = serial,
                Digits = digits ?? old.Digits,
                Register = register,
                InstalledAt = last.ReadAt,
                Replaces = id,
            },
            first,
            cancellation);
    }

    /// <summary>The indexes a meter may show at an instant.</summary>
    public async Task<AllowedIndexes> AllowAsync(
        IMeterStore store, Meter meter, DateTimeOffset readAt, CancellationToken cancellation = default)
    {
        var readings = await store.ReadSeriesAsync(meter.Id, readAt, readAt, options.SuspectHistory + 1, cancellation);
        return new Series(meter, readings, options).Allow(readAt, clock.GetUtcNow(), out var allowed) is { } refusal
            ? throw new RefusalException(refusal)
            : allowed;
    }

    /// <summary>The refusal for a meter that does not exist or belongs to another client; callers must not be able to tell which.</summary>
    public static RefusalException NotFound(Guid id) => new(RefusalCodes.MeterNotFound, $"Compteur introuvable : {id}.");

    /// <summary>The refusal for a reading that the meter does not have.</summary>
    public static RefusalException NotFound(Guid id, Guid reading) =>
        new(RefusalCodes.ReadingNotFound, $"Le compteur {id} n'a pas de relevé {reading}.");

    private static async Task<Meter> HoldAsync(IMeterTransaction transaction, Caller caller, Guid id, CancellationToken cancellation) =>
        await transaction.HoldAsync(caller, id, cancellation) ?? throw NotFound(id);

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

    private static async Task<Meter> FindReplacementAsync(
        IMeterTransaction transaction, Caller caller, Meter old, Guid newer, SentReading last, string serial, int digits, Register register,
        long firstIndexMilli, CancellationToken cancellation)
    {
        var meter = (await transaction.HoldAsync(caller, newer, cancellation))!;
        var closing = await transaction.ReadSeriesAsync(old.Id, last.ReadAt, last.ReadAt, 0, cancellation);
        var opening = await transaction.ReadSeriesAsync(newer, last.ReadAt, last.ReadAt, 0, cancellation);
        return old.RemovedAt == last.ReadAt && meter.Serial == serial && meter.Digits == digits && meter.Register == register
            && closing[0].IndexMilli == last.IndexMilli && opening[0].IndexMilli == firstIndexMilli
            ? meter
            : throw new RefusalException(RefusalCodes.MeterAlreadyReplaced,
                $"Le compteur {old.Id} est déjà remplacé par {newer}, depuis le {Instants.Write(old.RemovedAt!.Value)}.");
    }
}

namespace Facturation.Core;

/// <summary>
/// The operations on meters, inside a transaction of <see cref="IMeterStore.WriteAsync"/>. A refusal throws
/// <see cref="RefusalException"/>, which rolls the transaction back.
/// </summary>
public sealed partial class Metering(MeteringOptions options, TimeProvider clock)
{
    /// <summary>Creates a meter with its first reading.</summary>
    /// <param name="transaction">The transaction to write in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="meter">The meter. The caller chooses its id, because the demo's must be known.</param>
    /// <param name="first">Its index at installation.</param>
    /// <param name="converts">Whether the multiplier is known to convert its unit to that of the compteur, if they differ.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Meter> CreateAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, SentReading first, bool converts = false, CancellationToken cancellation = default)
    {
        if (meter.Register.RolloverAt > Register.RolloverOf(meter.Digits))
            throw new RefusalException(RefusalCodes.InvalidRegister,
                $"rolloverAt : {meter.Register.RolloverAt}, mais un compteur de {meter.Digits} chiffres repasse par zéro au plus tard à {Register.RolloverOf(meter.Digits)}.");
        if (!meter.Register.HasRoom)
            throw new RefusalException(RefusalCodes.InvalidRegister,
                $"multiplier : un tour du compteur compterait plus de {Register.MaxTurn} unités.");
        if (!converts && await transaction.FindUnitAsync(caller, meter.ProduitId, meter.Sequence, cancellation) is { } unit && !Meter.IsSameUnit(unit, meter.Unit))
            throw new RefusalException(RefusalCodes.UnitMismatch,
                $"unit : {meter.Unit}, mais le compteur {meter.Sequence} du produit {meter.ProduitId} compte en {unit} ; donnez le multiplier qui convertit, 1 compris.");
        var now = clock.GetUtcNow();
        var (reading, refusal, _) = new Series(meter, [], options).Open(first, now);
        if (refusal is not null)
            throw new RefusalException(refusal);
        await transaction.AuditAsync(caller, new(now, AuditActions.MeterCreated, first.RecordedBy, meter.Id, reading!.Id,
            $"{meter.Serial}, {reading}{(meter.Replaces is { } old ? $", à la place de {old}" : "")}"), cancellation);
        return await transaction.AddAsync(caller, meter, reading, cancellation);
    }

    /// <summary>
    /// Removes a meter with a last index, without another in its place. Repeating this with the same values changes nothing.
    /// </summary>
    /// <param name="transaction">The transaction to write in.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">The meter to remove.</param>
    /// <param name="last">Its index at removal.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Meter> RemoveAsync(
        IMeterTransaction transaction, Caller caller, Guid id, SentReading last, CancellationToken cancellation = default)
    {
        var meter = await HoldAsync(transaction, caller, id, cancellation);
        if (meter.ReplacedBy is { } newer)
            throw AlreadyReplaced(meter, newer);
        if (meter.RemovedAt is { } removedAt)
        {
            var closing = await transaction.ReadSeriesAsync(id, removedAt, removedAt, 0, cancellation);
            return removedAt == last.ReadAt && closing[0].IndexMilli == last.IndexMilli ? meter : throw AlreadyRemoved(meter);
        }
        // A meter that counts nothing is never billed.
        if (last.ReadAt == meter.InstalledAt && await Billing.CarriesCorrectionsAsync(transaction, caller, meter, cancellation))
            throw new RefusalException(RefusalCodes.MeterClosed,
                $"La prochaine facture du compteur {id} porte des corrections de ceux qu'il remplace : déposez-le après sa pose, et facturez-le.");
        await CloseAsync(transaction, caller, meter, last, AuditActions.MeterRemoved, cancellation);
        return meter with { RemovedAt = last.ReadAt };
    }

    /// <summary>
    /// Removes a meter with a last index and installs another, which feeds the same compteur of the same dossier. Repeating this with the
    /// same values returns the meter that was installed. A meter that is already removed gets its successor if the last index is the same.
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

        if (old.RemovedAt is { } removedAt && removedAt != last.ReadAt)
            throw AlreadyRemoved(old);
        await CloseAsync(transaction, caller, old, last, AuditActions.MeterReplaced, cancellation);
        return await CreateAsync(
            transaction,
            caller,
            old with
            {
                Id = Instants.NewUid(clock.GetUtcNow()),
                Serial = serial,
                Digits = digits ?? old.Digits,
                Register = register,
                InstalledAt = last.ReadAt,
                Replaces = id,
            },
            first,
            converts: true, // It takes the place of a meter of the same unit.
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

    private static RefusalException AlreadyReplaced(Meter old, Guid newer) => new(
        RefusalCodes.MeterAlreadyReplaced, $"Le compteur {old.Id} est déjà remplacé par {newer}, depuis le {Instants.Write(old.RemovedAt!.Value)}.");

    private static RefusalException AlreadyRemoved(Meter old) => new(
        RefusalCodes.MeterAlreadyRemoved, $"Le compteur {old.Id} est déjà déposé, depuis le {Instants.Write(old.RemovedAt!.Value)}.");

    private static async Task<Meter> HoldAsync(IMeterTransaction transaction, Caller caller, Guid id, CancellationToken cancellation) =>
        await transaction.HoldAsync(caller, id, cancellation) ?? throw NotFound(id);

    /// <summary>Records the last reading of a meter, and marks it as removed.</summary>
    private async Task CloseAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, SentReading last, string action, CancellationToken cancellation)
    {
        var series = await ReadSeriesAsync(transaction, meter, last.ReadAt, last.ReadAt, cancellation);
        var now = clock.GetUtcNow();
        if (series.Close(last, now).Refusal is { } refusal)
            throw new RefusalException(refusal);
        await SaveAsync(transaction, caller, meter, series, cancellation);
        await transaction.RemoveAsync(meter, last.ReadAt, cancellation);
        await transaction.AuditAsync(
            caller, new(now, action, last.RecordedBy, meter.Id, null, $"{last.IndexMilli} le {Instants.Write(last.ReadAt)}"), cancellation);
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
            : throw AlreadyReplaced(old, newer);
    }
}

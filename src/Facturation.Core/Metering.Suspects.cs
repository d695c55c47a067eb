namespace Facturation.Core;

// Suspect readings: confirmed, held out.
public sealed partial class Metering
{
    /// <summary>
    /// Confirms a suspect reading, billed or not. If it was held out, its units count from now on, and the next bill carries those of days
    /// already billed.
    /// </summary>
    public async Task<Reading> ConfirmAsync(
        IMeterTransaction transaction, Caller caller, Guid id, Guid readingId, Guid by, CancellationToken cancellation = default)
    {
        var meter = await HoldAsync(transaction, caller, id, cancellation);
        var reading = await transaction.FindReadingAsync(id, readingId, cancellation) ?? throw NotFound(id, readingId);
        if (reading.Void is not null)
            throw new RefusalException(RefusalCodes.ReadingVoided, $"Le relevé {reading} est annulé : il ne se confirme plus.");
        if (reading.Confirmed is not null)
            return reading;
        if (!reading.IsSuspect)
            throw new RefusalException(RefusalCodes.ReadingNotSuspect, $"Le relevé {reading} n'est pas suspect : il n'y a rien à confirmer.");
        var now = clock.GetUtcNow();
        var series = await ReadSeriesAsync(transaction, meter, reading.ReadAt, reading.ReadAt, cancellation);
        var confirmed = series.Confirm(readingId, new Confirmation(now, by));
        if (series.Units.Count > 0 && await FindClosingAsync(transaction, caller, meter, cancellation) is { } closed)
            throw new RefusalException(closed);
        await transaction.SaveAsync(meter, series, cancellation);
        await transaction.AuditAsync(caller, new(now, AuditActions.ReadingConfirmed, by, id, readingId, reading.ToString()), cancellation);
        return confirmed;
    }

    /// <summary>
    /// Holds the suspect readings of the caller's client out of consumption and of bills until they are confirmed, or counts them again. Those
    /// there are change at once.
    /// </summary>
    /// <returns>The suspect readings that change, with their meters; null if the client is already as asked.</returns>
    /// <exception cref="RefusedException">There is no such client.</exception>
    public async Task<SwitchedSuspects?> HoldSuspectsAsync(
        IMeterTransaction transaction, Caller caller, bool holds, CancellationToken cancellation = default)
    {
        var held = await transaction.HoldMetersAsync(caller, cancellation)
            ?? throw new RefusedException($"Le client « {caller.Client} » est inconnu.");
        if (held == holds)
            return null;
        var now = clock.GetUtcNow();
        var (readings, closed) = (0, new List<Guid>());
        var suspects = (await transaction.ListSuspectsAsync(caller, cancellation))
            .ToLookup(suspect => suspect.Meter, suspect => suspect.Reading.ReadAt);
        foreach (var instants in suspects.OrderBy(meter => meter.Key))
        {
            var meter = await HoldAsync(transaction, caller, instants.Key, cancellation);
            var series = await ReadSeriesAsync(transaction, meter, instants.Min(), instants.Max(), cancellation);
            series.HoldSuspects(holds, now);
            await transaction.SaveAsync(meter, series, cancellation);
            readings += instants.Count();
            if (await FindClosingAsync(transaction, caller, meter, cancellation) is not null)
                closed.Add(meter.Id);
        }
        await transaction.SetHoldsSuspectsAsync(caller, holds, cancellation);
        await transaction.AuditAsync(
            caller,
            new(now, holds ? AuditActions.SuspectsHeld : AuditActions.SuspectsCounted, null, null, null,
                $"relevés : {readings}, compteurs : {suspects.Count}"),
            cancellation);
        return new(readings, suspects.Count, closed);
    }
}

/// <summary>What changed when a client's suspect readings were held out, or counted again.</summary>
/// <param name="Readings">The number of suspect readings.</param>
/// <param name="Meters">The number of their meters.</param>
/// <param name="Closed">Those of the meters that have no next bill: no bill carries the change.</param>
public sealed record SwitchedSuspects(int Readings, int Meters, IReadOnlyList<Guid> Closed);

namespace Facturation.Core;

/// <summary>The caller of an operation: what it may see, and what the audit records of it.</summary>
/// <param name="Client">The code of the client whose data it sees.</param>
/// <param name="Identifiant">The only identifiant whose meters it may see, or null for all of the client's.</param>
/// <param name="KeyPrefix">The public part of its key.</param>
/// <param name="TraceId">The W3C trace id of its request.</param>
public sealed record Caller(string Client, string? Identifiant, string KeyPrefix, string TraceId);

/// <summary>Stores meters and their readings.</summary>
public interface IMeterStore
{
    /// <summary>Finds a meter that the caller may see, or null.</summary>
    Task<Meter?> FindAsync(Caller caller, Guid id, CancellationToken cancellation = default);

    /// <summary>Lists the meters that the caller may see, newest first.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="filter">Which meters to list.</param>
    /// <param name="withLast">Whether to find the last reading of each that counts; it is null otherwise.</param>
    /// <param name="slice">The page to return.</param>
    /// <param name="cancellation">Ends the query.</param>
    Task<Page<(Meter Meter, Reading? Last)>> ListAsync(
        Caller caller, MeterFilter filter, bool withLast, Slice slice, CancellationToken cancellation = default);

    /// <summary>Lists the readings of a meter, including voided ones, newest first by <see cref="Reading.ReadAt"/>.</summary>
    /// <param name="meter">The id of a meter the caller may see.</param>
    /// <param name="first">The first instant, or null.</param>
    /// <param name="last">The last instant, or null.</param>
    /// <param name="recordedSince">Only readings recorded or voided at this instant or later; null for all.</param>
    /// <param name="slice">The page to return.</param>
    /// <param name="cancellation">Ends the query.</param>
    Task<Page<Reading>> ListReadingsAsync(
        Guid meter, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset? recordedSince, Slice slice, CancellationToken cancellation = default);

    /// <summary>Reads what a meter counted on each day of a period, in order. Days without units are left out.</summary>
    /// <param name="meter">The id of a meter the caller may see.</param>
    /// <param name="periode">The days.</param>
    /// <param name="cancellation">Ends the query.</param>
    Task<IReadOnlyList<(DateOnly Day, long Units)>> ReadDaysAsync(Guid meter, Periode periode, CancellationToken cancellation = default);

    /// <summary>Lists the suspect readings that count, of all meters that the caller may see, last recorded first.</summary>
    Task<Page<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, Slice slice, CancellationToken cancellation = default);

    /// <summary>
    /// Lists what was written about the readings of all meters that the caller may see, first written first: each time one was recorded,
    /// voided or confirmed, it is listed as it is now.
    /// </summary>
    /// <returns>
    /// The changes, the position to continue from, now or later, and whether there are more already. No later write is missed: what other
    /// transactions may still precede is not told yet.
    /// </returns>
    /// <exception cref="RefusalException">The position is of no entry of this database, such as after a restore.</exception>
    Task<(IReadOnlyList<(Guid Meter, Reading Reading)> Changes, Position End, bool HasMore)> ListChangesAsync(
        Caller caller, Slice slice, CancellationToken cancellation = default);

    /// <summary>Finds a reading of a meter, voided or not, or null.</summary>
    Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation = default);

    /// <summary>Reads what a <see cref="Series"/> needs to decide about instants of a period.</summary>
    /// <param name="meter">The id of a meter the caller may see.</param>
    /// <param name="first">The first instant.</param>
    /// <param name="last">The last instant.</param>
    /// <param name="history">How many readings to include before the first instant, if there are that many.</param>
    /// <param name="cancellation">Ends the query.</param>
    /// <returns>Those that count, in order of instants: the history, those of the period, and the one after it.</returns>
    Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation = default);

    /// <summary>
    /// Runs work that writes, in one transaction with exclusive access to the meters it holds. Everything is durable when this returns,
    /// and nothing is written if it throws. The work may run again from its start, so it must have no other side effects.
    /// </summary>
    Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation = default);
}

/// <summary>A transaction on meters; not thread-safe.</summary>
public interface IMeterTransaction : IBillTransaction
{
    /// <summary>Finds a meter that the caller may see, and locks it: no other transaction changes its readings before this one ends.</summary>
    Task<Meter?> HoldAsync(Caller caller, Guid id, CancellationToken cancellation = default);

    /// <inheritdoc cref="IMeterStore.ReadSeriesAsync"/>
    Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation = default);

    /// <inheritdoc cref="IMeterStore.FindReadingAsync"/>
    Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation = default);

    /// <summary>The unit of the first meter of a compteur of the caller's client; null if it has none.</summary>
    Task<string?> FindUnitAsync(Caller caller, int produit, int sequence, CancellationToken cancellation = default);

    /// <summary>Adds a meter with its first reading. Its identifiant, dossier, produit and compteur are created if unknown.</summary>
    /// <returns>
    /// The meter as stored. An existing name of the produit or compteur is kept; a missing one is set.
    /// </returns>
    /// <exception cref="RefusalException">An installed meter with this serial number already feeds this compteur of the dossier.</exception>
    Task<Meter> AddAsync(Caller caller, Meter meter, Reading first, CancellationToken cancellation = default);

    /// <summary>Writes what a series decided about a locked meter: readings, and the consumption of each day.</summary>
    /// <exception cref="RefusalException">The total of the compteur would not fit in 64 bits.</exception>
    Task SaveAsync(Meter meter, Series series, CancellationToken cancellation = default);

    /// <summary>Locks all meters of the caller's client, so that no other transaction changes their readings or adds a meter.</summary>
    /// <returns>Whether the client holds suspect readings out (<see cref="Meter.HoldsSuspects"/>); null if there is no such client.</returns>
    Task<bool?> HoldMetersAsync(Caller caller, CancellationToken cancellation = default);

    /// <summary>Lists the suspect readings that count, of all meters that the caller may see.</summary>
    Task<IReadOnlyList<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, CancellationToken cancellation = default);

    /// <summary>Sets whether the caller's client, whose meters are locked, holds suspect readings out. Meters held again tell it.</summary>
    Task SetHoldsSuspectsAsync(Caller caller, bool holds, CancellationToken cancellation = default);

    /// <summary>Marks a locked meter as removed; again, with the same instant, if it already is.</summary>
    Task RemoveAsync(Meter meter, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>Adds an entry to the audit log.</summary>
    Task AuditAsync(Caller caller, AuditEntry entry, CancellationToken cancellation = default);

    /// <summary>Finds the answer kept for an idempotency key of the caller's client, unless it is older than an instant; or null.</summary>
    Task<KeptAnswer?> FindAnswerAsync(Caller caller, string key, DateTimeOffset since, CancellationToken cancellation = default);

    /// <summary>Keeps an answer for an idempotency key of the caller's client that has none, and deletes all answers older than an instant.</summary>
    Task KeepAnswerAsync(Caller caller, string key, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation = default);
}

/// <summary>Which meters to list: those that have all of these, null for any.</summary>
/// <param name="Serial">The serial number.</param>
/// <param name="Identifiant">The identifiant of the dossier.</param>
/// <param name="Dossier">The reference of the dossier.</param>
/// <param name="Produit">The client's number for the produit.</param>
public readonly record struct MeterFilter(string? Serial, string? Identifiant, string? Dossier, int? Produit)
{
    /// <summary>Only installed meters that have no reading since this instant; null for any.</summary>
    public DateTimeOffset? NotReadSince { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="After">The end of the previous page (<see cref="Page{T}.Next"/>), or null for the first.</param>
/// <param name="Limit">The maximum number of elements, at least 1.</param>
public readonly record struct Slice(Position? After, int Limit);

/// <summary>A position in a list that insertions do not shift.</summary>
/// <param name="At">The instant of the last element, if the list is ordered by instant.</param>
/// <param name="Number">The number of the last element.</param>
public readonly record struct Position(DateTimeOffset At, long Number);

/// <summary>One page of a list.</summary>
/// <param name="Items">The elements.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, Position? Next);

/// <summary>An entry of the audit log; kept forever.</summary>
/// <param name="At">When.</param>
/// <param name="Action">The action: a constant of <see cref="AuditActions"/>.</param>
/// <param name="RecordedBy">Who did it, as the client says; null if the operation does not ask.</param>
/// <param name="Meter">The meter, if the entry concerns one.</param>
/// <param name="Reading">The reading, if the entry concerns one.</param>
/// <param name="Detail">Further details, or null.</param>
public sealed record AuditEntry(DateTimeOffset At, string Action, Guid? RecordedBy, Guid? Meter, Guid? Reading, string? Detail);

/// <summary>The actions of the audit log.</summary>
public static class AuditActions
{
    /// <summary>A meter was created, or installed as a replacement.</summary>
    public const string MeterCreated = "meter.created";

    /// <summary>A meter was removed and replaced.</summary>
    public const string MeterReplaced = "meter.replaced";

    /// <summary>A meter was removed, without another in its place.</summary>
    public const string MeterRemoved = "meter.removed";

    /// <summary>A reading was recorded.</summary>
    public const string ReadingRecorded = "reading.recorded";

    /// <summary>A reading was voided.</summary>
    public const string ReadingVoided = "reading.voided";

    /// <summary>A suspect reading was confirmed.</summary>
    public const string ReadingConfirmed = "reading.confirmed";

    /// <summary>A client's suspect readings were held out of consumption.</summary>
    public const string SuspectsHeld = "suspects.held";

    /// <summary>A client's suspect readings were counted again.</summary>
    public const string SuspectsCounted = "suspects.counted";

    /// <summary>A meter was billed.</summary>
    public const string BillCreated = "bill.created";

    /// <summary>A price was added or changed.</summary>
    public const string PriceSet = "price.set";

    /// <summary>A price was removed.</summary>
    public const string PriceRemoved = "price.removed";
}

/// <summary>An answer that is kept so that a retry of the same request gets it again.</summary>
/// <param name="Hash">SHA-256 of the request.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Location">The Location header, or null.</param>
/// <param name="Body">The body.</param>
/// <param name="At">When.</param>
public sealed record KeptAnswer(ReadOnlyMemory<byte> Hash, int Status, string? Location, ReadOnlyMemory<byte> Body, DateTimeOffset At);

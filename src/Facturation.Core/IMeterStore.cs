namespace Facturation.Core;

/// <summary>Who asks: what it may see, and what the audit keeps of it.</summary>
/// <param name="Client">The code of the client whose data it sees.</param>
/// <param name="Identifiant">The only identifiant whose dossiers' meters it sees, or null for all the client's.</param>
/// <param name="KeyPrefix">The public part of its key.</param>
/// <param name="TraceId">The W3C trace id of its request.</param>
public sealed record Caller(string Client, string? Identifiant, string KeyPrefix, string TraceId);

/// <summary>Where meters and their readings are kept.</summary>
public interface IMeterStore
{
    /// <summary>A meter the caller may see, or null.</summary>
    Task<Meter?> FindAsync(Caller caller, Guid id, CancellationToken cancellation = default);

    /// <summary>The meters the caller may see, newest first.</summary>
    Task<Page<Meter>> ListAsync(Caller caller, string? serial, Slice slice, CancellationToken cancellation = default);

    /// <summary>The readings of a meter, voided ones too, newest first by <see cref="Reading.ReadAt"/>.</summary>
    /// <param name="meter">The id of a meter the caller may see.</param>
    /// <param name="first">The first instant, or null.</param>
    /// <param name="last">The last instant, or null.</param>
    /// <param name="slice">The part asked for.</param>
    /// <param name="cancellation">Ends the query.</param>
    Task<Page<Reading>> ListReadingsAsync(
        Guid meter, DateTimeOffset? first, DateTimeOffset? last, Slice slice, CancellationToken cancellation = default);

    /// <summary>The suspect readings that count, of all the meters the caller may see, last recorded first.</summary>
    Task<Page<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, Slice slice, CancellationToken cancellation = default);

    /// <summary>A reading of a meter, voided or not, or null.</summary>
    Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation = default);

    /// <summary>The readings a <see cref="Series"/> needs to decide about instants of a period.</summary>
    /// <param name="meter">The id of a meter the caller may see.</param>
    /// <param name="first">The first instant.</param>
    /// <param name="last">The last instant.</param>
    /// <param name="history">How many readings before the first instant, if there are as many.</param>
    /// <param name="cancellation">Ends the query.</param>
    /// <returns>Those that count, in order of instants: the history, those of the period, and the one after it.</returns>
    Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation = default);

    /// <summary>
    /// Runs work that writes in one transaction, alone with what it holds; all of it is durable when this returns, none when it
    /// throws. The work may be run again from its start, so it changes nothing but what it writes here.
    /// </summary>
    Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation = default);
}

/// <summary>One transaction on meters; used by one thread.</summary>
public interface IMeterTransaction
{
    /// <summary>Finds a meter the caller may see, and holds it: no other transaction changes its readings before this one ends.</summary>
    Task<Meter?> HoldAsync(Caller caller, Guid id, CancellationToken cancellation = default);

    /// <inheritdoc cref="IMeterStore.ReadSeriesAsync"/>
    Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation = default);

    /// <inheritdoc cref="IMeterStore.FindReadingAsync"/>
    Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation = default);

    /// <summary>Adds a meter with its first reading; its identifiant, dossier, produit and compteur are created where unknown.</summary>
    /// <returns>
    /// The meter as it is now known. A name the client's produit or compteur already has is kept; one it lacks is taken.
    /// </returns>
    /// <exception cref="RefusalException">An installed meter with this serial number feeds the compteur already.</exception>
    Task<Meter> AddAsync(Caller caller, Meter meter, Reading first, CancellationToken cancellation = default);

    /// <summary>Writes what a series decided about a held meter: readings, and the consumption of each day.</summary>
    /// <exception cref="RefusalException">The total of the compteur would not fit in 64 bits.</exception>
    Task SaveAsync(Meter meter, Series series, CancellationToken cancellation = default);

    /// <summary>Marks a held meter as removed.</summary>
    Task RemoveAsync(Meter meter, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>Adds a row to the audit.</summary>
    Task AuditAsync(Caller caller, AuditEntry entry, CancellationToken cancellation = default);

    /// <summary>The answer kept for a key of the caller's client, if it is not older than an instant; or null.</summary>
    Task<KeptAnswer?> FindAnswerAsync(Caller caller, string key, DateTimeOffset since, CancellationToken cancellation = default);

    /// <summary>Keeps an answer for a key of the caller's client, in place of an older one, and drops those older than an instant.</summary>
    Task KeepAnswerAsync(Caller caller, string key, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation = default);
}

/// <summary>A part of a list.</summary>
/// <param name="After">Where the part before ended (<see cref="Page{T}.Next"/>), or null for the first.</param>
/// <param name="Limit">The most elements, from 1.</param>
public readonly record struct Slice(Position? After, int Limit);

/// <summary>A place in a list that insertions do not move.</summary>
/// <param name="At">The instant of the last element, where the list is in order of instants.</param>
/// <param name="Number">The number of the last element.</param>
public readonly record struct Position(DateTimeOffset At, long Number);

/// <summary>The elements of a part of a list.</summary>
/// <param name="Items">The elements.</param>
/// <param name="Next">Where the next part begins; null after the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, Position? Next);

/// <summary>What was done to a meter; kept for ever.</summary>
/// <param name="At">When.</param>
/// <param name="Action">What: a constant of <see cref="AuditActions"/>.</param>
/// <param name="RecordedBy">Who, in the client's own eyes; null where the operation does not ask.</param>
/// <param name="Meter">The meter.</param>
/// <param name="Reading">The reading, if it is about one.</param>
/// <param name="Detail">What else there is to know, or null.</param>
public sealed record AuditEntry(DateTimeOffset At, string Action, Guid? RecordedBy, Guid Meter, Guid? Reading, string? Detail);

/// <summary>The words of the audit.</summary>
public static class AuditActions
{
    /// <summary>A meter was created, or opened in place of another.</summary>
    public const string MeterCreated = "meter.created";

    /// <summary>A meter was removed and replaced.</summary>
    public const string MeterReplaced = "meter.replaced";

    /// <summary>A reading was recorded.</summary>
    public const string ReadingRecorded = "reading.recorded";

    /// <summary>A reading was voided.</summary>
    public const string ReadingVoided = "reading.voided";
}

/// <summary>An answer kept so that the same request gets it again.</summary>
/// <param name="Hash">SHA-256 of the request.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Location">The Location header, or null.</param>
/// <param name="Body">The body.</param>
/// <param name="At">When.</param>
public sealed record KeptAnswer(ReadOnlyMemory<byte> Hash, int Status, string? Location, ReadOnlyMemory<byte> Body, DateTimeOffset At);

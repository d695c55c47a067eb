namespace Facturation.Core;

/// <summary>Reads prices and bills.</summary>
public interface IBillStore
{
    /// <summary>Lists the prices of a compteur of the caller's client, latest first; null if the client has no such compteur.</summary>
    Task<Page<Price>?> ListPricesAsync(Caller caller, int produit, int sequence, Slice slice, CancellationToken cancellation = default);

    /// <summary>Lists the bills of a meter the caller may see, without their lines, newest first.</summary>
    Task<Page<Bill>> ListBillsAsync(Guid meter, Slice slice, CancellationToken cancellation = default);

    /// <summary>Lists the bills that post to a folio, of the meters that the caller may see, without their lines, newest first.</summary>
    Task<Page<Bill>> ListFolioAsync(Caller caller, Guid folio, Slice slice, CancellationToken cancellation = default);

    /// <summary>Finds a bill of a meter that the caller may see, with its lines; or null.</summary>
    Task<Bill?> FindBillAsync(Caller caller, Guid id, CancellationToken cancellation = default);
}

/// <summary>What a transaction reads and writes of prices and bills. Meters are those it locked.</summary>
public interface IBillTransaction
{
    /// <summary>Finds the bill that a reading ends, without its lines; or null.</summary>
    Task<Bill?> FindBillEndingAsync(Guid reading, CancellationToken cancellation = default);

    /// <summary>Finds the last bill of a meter, without its lines; or null.</summary>
    Task<Bill?> FindLastBillAsync(Guid meter, CancellationToken cancellation = default);

    /// <summary>
    /// Finds the first suspect reading that counts after an instant and up to another, or that was recorded since the last bill for days
    /// already billed; or null.
    /// </summary>
    Task<Reading?> FindSuspectAsync(
        Guid meter, DateTimeOffset after, DateTimeOffset last, DateTimeOffset? billedAt, CancellationToken cancellation = default);

    /// <summary>Reads the units of each day of a meter up to a day, in order of days; days without units are left out.</summary>
    Task<IReadOnlyList<(DateOnly Jour, long Units)>> ReadDaysAsync(Meter meter, DateOnly last, CancellationToken cancellation = default);

    /// <summary>Reads what bills have charged for each day of a meter.</summary>
    Task<IReadOnlyList<BilledDay>> ReadBilledDaysAsync(Meter meter, CancellationToken cancellation = default);

    /// <summary>Reads the prices of the compteur that a meter feeds, in order of days, and locks them.</summary>
    Task<IReadOnlyList<Price>> ReadPricesAsync(Meter meter, CancellationToken cancellation = default);

    /// <summary>Adds a bill with its lines, and writes what is now charged for some days.</summary>
    Task AddAsync(Bill bill, IReadOnlyList<BilledDay> days, CancellationToken cancellation = default);

    /// <summary>Reads the prices of a compteur of the caller's client, in order of days, and locks them; null if there is no such compteur.</summary>
    Task<IReadOnlyList<Price>?> HoldPricesAsync(Caller caller, int produit, int sequence, CancellationToken cancellation = default);

    /// <summary>Whether a bill charged a day at this price, or at any, from the price's first day and, unless it is null, before another.</summary>
    Task<bool> IsBilledAsync(
        Caller caller, int produit, int sequence, Price price, DateOnly? before, bool atAnyPrice, CancellationToken cancellation = default);

    /// <summary>Adds a price, or changes the one of the same day.</summary>
    Task SetPriceAsync(Caller caller, int produit, int sequence, Price price, CancellationToken cancellation = default);

    /// <summary>Removes the price that begins on a day.</summary>
    Task RemovePriceAsync(Caller caller, int produit, int sequence, DateOnly validFrom, CancellationToken cancellation = default);
}

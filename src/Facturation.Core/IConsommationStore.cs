namespace Facturation.Core;

/// <summary>Stores consumption.</summary>
public interface IConsommationStore
{
    /// <summary>
    /// Opens the answer to a query: its totals at once, its details as they are read, all from one snapshot of the database.
    /// </summary>
    Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation = default);

    /// <summary>
    /// Opens a report: its groups at once, its days as they are read, all from one snapshot of the database.
    /// </summary>
    /// <exception cref="RefusalException">The sum of a group would not fit in 64 bits.</exception>
    Task<IConsumptionView> OpenConsumptionAsync(ConsumptionQuery query, CancellationToken cancellation = default);

    /// <summary>Lists the codes of all clients, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation = default);

    /// <summary>Starts an import: one transaction, which is rolled back unless it is committed before it is disposed.</summary>
    Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation = default);
}

/// <summary>A snapshot of the requested consumption; not thread-safe. Disposing it ends its queries.</summary>
public interface IConsommationView : IAsyncDisposable
{
    /// <summary>The elements of the answer, in answer order. Their number depends on produits and identifiants, not on the period.</summary>
    IReadOnlyList<Groupe> Groupes { get; }

    /// <summary>
    /// Streams the details of one element, in answer order: a row for each compteur of each dossier, summed over the days. They add up
    /// to <see cref="Groupe.Sommes"/>.
    /// </summary>
    /// <returns>
    /// Blocks of some hundred rows, never empty, each valid until the next is requested. Awaiting every row would take longer than
    /// writing it.
    /// </returns>
    IAsyncEnumerable<ReadOnlyMemory<LigneDetail>> ReadDetailsAsync(Groupe groupe, CancellationToken cancellation = default);

    /// <summary>
    /// Cancelled if the store wants the snapshot back, because it keeps so much from being cleaned up that writes would fail. The view is
    /// then to be disposed at once.
    /// </summary>
    CancellationToken Ended => CancellationToken.None;
}

/// <summary>An import: one transaction; not thread-safe.</summary>
public interface IConsommationImport : IAsyncDisposable
{
    /// <summary>
    /// Writes a line, or replaces the quantity of an existing line (same client, identifiant, produit, dossier, date and sequence).
    /// Client, identifiant, produit and compteur are created if unknown. The last name given to a produit or compteur wins.
    /// </summary>
    /// <returns>
    /// Null if the line is written; otherwise the reason in French, and nothing is written: the line is a duplicate within this import,
    /// or a total of its compteur would not fit in 64 bits.
    /// </returns>
    ValueTask<string?> WriteAsync(LigneImport ligne, CancellationToken cancellation = default);

    /// <summary>Commits everything that was written.</summary>
    Task CommitAsync(CancellationToken cancellation = default);
}

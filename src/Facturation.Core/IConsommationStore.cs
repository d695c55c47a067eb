namespace Facturation.Core;

/// <summary>Where consumption is kept.</summary>
public interface IConsommationStore
{
    /// <summary>
    /// Opens the answer to a question: its sums at once, its details as they are read, all from one moment of the database.
    /// </summary>
    Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation = default);

    /// <summary>The codes of all clients, in ordinal order.</summary>
    Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation = default);

    /// <summary>Starts an import: one transaction, undone unless it is committed before it is disposed.</summary>
    Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation = default);
}

/// <summary>The consumption asked for, as it was when this was opened; used by one thread. Disposing it ends its queries.</summary>
public interface IConsommationView : IAsyncDisposable
{
    /// <summary>The elements of the answer, in answer order. They are as few as the produits and identifiants, whatever the period.</summary>
    IReadOnlyList<Groupe> Groupes { get; }

    /// <summary>
    /// Streams the details of one element, in answer order: a row for each compteur of each dossier, its days added up. They
    /// add up to <see cref="Groupe.Sommes"/>.
    /// </summary>
    /// <returns>
    /// Blocks of some hundred rows, none empty, each there until the next is asked for: to wait for every row would take longer
    /// than to write it.
    /// </returns>
    IAsyncEnumerable<ReadOnlyMemory<LigneDetail>> ReadDetailsAsync(Groupe groupe, CancellationToken cancellation = default);
}

/// <summary>One import into the store: one transaction, used by one thread.</summary>
public interface IConsommationImport : IAsyncDisposable
{
    /// <summary>
    /// Writes a line, or replaces the quantity of the line that is there (client, identifiant, produit, dossier, date,
    /// sequence). Client, identifiant, produit and compteur are created when unknown; the last name given to a produit or a
    /// compteur of a client wins.
    /// </summary>
    /// <returns>
    /// Null when the line is written; else, in French, why it cannot be, and nothing of it is: it came before in this
    /// import, or a total of its compteur would not fit in 64 bits.
    /// </returns>
    ValueTask<string?> WriteAsync(LigneImport ligne, CancellationToken cancellation = default);

    /// <summary>Makes all that was written last.</summary>
    Task CommitAsync(CancellationToken cancellation = default);
}

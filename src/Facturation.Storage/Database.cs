using Facturation.Core;

namespace Facturation.Storage;

/// <summary>How the stores reach a database: the one place where SQLite and SQL Server differ in connections, transactions and retries.</summary>
internal abstract class Database
{
    public abstract Dialect Dialect { get; }

    /// <summary>
    /// How old an entry of the audit log is when no entry with a lower number can still be committed; null if none ever can.
    /// </summary>
    public abstract TimeSpan? SettlesAfter { get; }

    /// <summary>Runs queries on the database that is written.</summary>
    public abstract Task<T> ReadAsync<T>(Func<Statements, Task<T>> read, CancellationToken cancellation);

    /// <summary>
    /// Runs work that writes, in one transaction. Everything is durable when this returns, and nothing is written if it throws. The work
    /// may run again from its start.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellation);

    /// <summary>Begins to read one moment of the database that answers are read from: a copy, where the settings name one.</summary>
    public abstract Task<ReadSession> BeginReadAsync(CancellationToken cancellation);

    /// <summary>Begins an import, which takes its lines as the database loads them fastest.</summary>
    public abstract Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation);
}

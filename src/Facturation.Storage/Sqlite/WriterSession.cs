using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage.Sqlite;

/// <summary>An open connection that writes, and the statements prepared on it.</summary>
internal sealed class WriterSession : IAsyncDisposable
{
    /// <summary>Milliseconds writers stand aside for readers.</summary>
    private const int WaitForReaders = 2000;

    private readonly SqliteConnection connection;
    private readonly SqliteStatements statements;

    /// <param name="connection">An open connection, disposed with the session.</param>
    public WriterSession(SqliteConnection connection) => (this.connection, statements) = (connection, new(connection));

    /// <summary>Whether its file is no longer the database: another session finds the one that has the name now.</summary>
    public bool HasMoved => SqliteDatabase.HasMoved(connection);

    /// <summary>
    /// Runs works in one transaction, in turn, and commits it: what one wrote the next sees, and what fails is undone alone. When
    /// this throws, nothing is written.
    /// </summary>
    public async Task CommitAsync(List<GroupCommit.Work> works)
    {
        await using var transaction = connection.BeginTransaction(); // BEGIN IMMEDIATE
        foreach (var work in works)
        {
            statements.Execute("SAVEPOINT work");
            await work.RunAsync(statements);
            // A full disk, for one, ends the whole transaction.
            if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
                throw work.Failure ?? new InvalidOperationException("The transaction ended before its commit.");
            if (work.Failure is not null)
                statements.Execute("ROLLBACK TO work");
            statements.Execute("RELEASE work");
        }
        // Whether or not anyone still waits for the answers.
        await transaction.CommitAsync();
        if (HasMoved)
            foreach (var work in works)
                work.Failure ??= SqliteDatabase.Moved(); // Nobody finds it again.
    }

    /// <summary>
    /// Folds the journal into the database and empties it, when it is longer than that. SQLite itself begins a journal anew only when a
    /// write meets no reader, which never comes while answers overlap. Here writers stand aside until those who read now are done.
    /// </summary>
    /// <returns>False when one of them reads longer than writers are made to wait.</returns>
    public bool FoldJournal(long longest)
    {
        if (new FileInfo(connection.DataSource + "-wal") is not { Exists: true } journal || journal.Length <= longest)
            return true;
        raw.sqlite3_busy_timeout(connection.Handle, WaitForReaders);
        try
        {
            return statements.Scalar("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
        }
        finally
        {
            raw.sqlite3_busy_timeout(connection.Handle, 0); // Microsoft.Data.Sqlite waits by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        statements.Dispose();
        await connection.DisposeAsync();
    }
}

using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage.Sqlite;

/// <summary>An open connection that writes, and the statements prepared on it.</summary>
internal sealed class WriterSession : IAsyncDisposable
{
    /// <summary>
    /// Milliseconds of one try of a checkpoint. It waits for the lock that an old reader holds, though new readers may share it by then: while
    /// they overlap it is never free. The next try sees that they do not stand in its way.
    /// </summary>
    private const int WaitPerTry = 50;

    private readonly SqliteConnection connection;
    private readonly SqliteStatements statements;

    /// <param name="connection">An open connection, disposed with the session.</param>
    public WriterSession(SqliteConnection connection) => (this.connection, statements) = (connection, new(connection));

    /// <summary>Whether its file was moved or replaced; a new session opens the current one.</summary>
    public bool HasMoved => SqliteDatabase.HasMoved(connection);

    /// <summary>
    /// Runs works in one transaction, one after the other, and commits it. Each sees what the previous ones wrote, and one that fails is
    /// rolled back alone. If this throws, nothing is written.
    /// </summary>
    public async Task CommitAsync(List<GroupCommit.Work> works)
    {
        await using var transaction = connection.BeginTransaction(); // BEGIN IMMEDIATE
        foreach (var work in works)
        {
            statements.Execute("SAVEPOINT work");
            await work.RunAsync(statements);
            // Some errors, such as a full disk, end the whole transaction.
            if (raw.sqlite3_get_autocommit(connection.Handle) != 0)
                throw work.Failure ?? new InvalidOperationException("The transaction ended before its commit.");
            if (work.Failure is not null)
                statements.Execute("ROLLBACK TO work");
            statements.Execute("RELEASE work");
        }
        // Even if no caller waits any more.
        await transaction.CommitAsync();
        if (HasMoved)
            foreach (var work in works)
                work.Failure ??= SqliteDatabase.Moved(); // What was written is lost.
    }

    /// <summary>The length of the WAL, in bytes.</summary>
    public long JournalLength => new FileInfo(connection.DataSource + "-wal") is { Exists: true } journal ? journal.Length : 0;

    /// <summary>The free space on the disk, in bytes.</summary>
    public long FreeSpace => new DriveInfo(connection.DataSource).AvailableFreeSpace;

    /// <summary>
    /// Runs a WAL checkpoint that truncates the WAL. SQLite restarts the WAL only when a write finds no reader, which may never happen while
    /// answers overlap. Here writers wait until the current readers are done.
    /// </summary>
    /// <param name="wait">How long writers wait.</param>
    /// <param name="endReaders">Ends readers that take too long; called while writers wait, with the time they have waited.</param>
    /// <returns>False if a reader took longer than that.</returns>
    public bool FoldJournal(TimeSpan wait, Action<TimeSpan> endReaders)
    {
        raw.sqlite3_busy_timeout(connection.Handle, WaitPerTry);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            while (statements.Scalar("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            {
                var waited = Stopwatch.GetElapsedTime(begun);
                if (waited >= wait)
                    return false;
                endReaders(waited);
            }
            return true;
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

using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// Connections that read one file, kept open with their statements prepared: to open one and prepare its statements takes longer than to run
/// them for an answer of 5 KB.
/// </summary>
/// <param name="connectionString">The file.</param>
internal sealed class ReadConnections(string connectionString) : IDisposable
{
    /// <summary>Each may take 2 MB for pages, of which all share 16 MB.</summary>
    private const int MaxIdle = 16;

    /// <summary>Above this, a connection has prepared texts that are hardly used again.</summary>
    private const int MaxStatements = 200;

    private readonly ConcurrentStack<ReadConnection> idle = new();
    private volatile bool isDisposed;

    /// <summary>Takes a connection to the file that now has the name.</summary>
    public async ValueTask<ReadConnection> TakeAsync(CancellationToken cancellation)
    {
        while (idle.TryPop(out var known))
        {
            if (!known.HasMoved)
                return known;
            known.Dispose();
        }
        return await ReadConnection.OpenAsync(connectionString, cancellation);
    }

    /// <summary>Gives a connection back, of which nothing is read any more.</summary>
    public void Return(ReadConnection connection)
    {
        if (isDisposed || connection.Statements.HasFailed || connection.Statements.Count > MaxStatements || idle.Count >= MaxIdle)
            connection.Dispose();
        else
            idle.Push(connection);
    }

    public void Dispose()
    {
        isDisposed = true;
        while (idle.TryPop(out var connection))
            connection.Dispose();
    }
}

/// <summary>An open connection that reads, and the statements prepared on it.</summary>
internal sealed class ReadConnection : IDisposable
{
    private readonly SqliteConnection connection;

    private ReadConnection(SqliteConnection connection)
    {
        this.connection = connection;
        Statements = new(connection);
        SqliteDatabase.AddOrdinal(connection);
        // Statements beneath ADO.NET do not wait as its commands do. 0 means without end there.
        raw.sqlite3_busy_timeout(connection.Handle, connection.DefaultTimeout is > 0 and var seconds ? 1000 * seconds : int.MaxValue);
    }

    public SqliteConnection Connection => connection;

    public SqliteStatements Statements { get; }

    /// <summary>Whether its file was moved or replaced.</summary>
    public bool HasMoved => SqliteDatabase.HasMoved(connection);

    public static async Task<ReadConnection> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        try
        {
            return new(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Begins to read one moment of the database: that of the first query.</summary>
    public void Begin() => Statements.Execute("BEGIN");

    /// <summary>Ends it. Nothing was written.</summary>
    public void End()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0) // Some errors end it.
            Statements.Execute("ROLLBACK");
    }

    public void Dispose()
    {
        Statements.Dispose();
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        connection.Dispose();
    }
}

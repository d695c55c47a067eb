using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Facturation.Storage;

/// <summary>
/// A connection whose transaction sees the database as it is at its first query, read by plain SQL; and what the databases differ by
/// there. Without EF Core, whose services and model cost a process half a second before its first answer.
/// </summary>
internal abstract class ReadSession : IAsyncDisposable
{
    public abstract DbConnection Connection { get; }

    public abstract DbTransaction Transaction { get; }

    /// <summary>Whether a second query may be begun before the first is read to its end.</summary>
    public abstract bool ReadsTwiceAtOnce { get; }

    /// <summary>Whether a reader finds dates as text, which <see cref="SqliteDates"/> reads.</summary>
    public abstract bool KeepsDatesAsText { get; }

    /// <summary>What to order by, in SQL, so that a column of texts comes in .NET's ordinal order, by UTF-16 code unit.</summary>
    public abstract string Ordinal(string column);

    /// <summary>The day, in SQL, of a column of dates with an hour.</summary>
    public abstract string Day(string column);

    /// <summary>A text that identifies, as SQL compares it and the tables keep it.</summary>
    public virtual string ToKey(string text) => text;

    /// <summary>The text that <see cref="ToKey"/> was made of.</summary>
    public virtual string FromKey(string key) => key;

    /// <summary>A command in the session's transaction.</summary>
    public DbCommand CreateCommand(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = Connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, Transaction);
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A session on a SQLite file: in WAL mode it waits for no writer, and no writer for it.</summary>
internal sealed class SqliteReadSession : ReadSession
{
    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;

    private SqliteReadSession(SqliteConnection connection)
    {
        SqliteDatabase.AddOrdinal(connection);
        (this.connection, transaction) = (connection, connection.BeginTransaction(deferred: true));
    }

    public override DbConnection Connection => connection;

    public override DbTransaction Transaction => transaction;

    public override bool ReadsTwiceAtOnce => true;

    public override bool KeepsDatesAsText => true;

    public static async Task<ReadSession> BeginAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        try
        {
            return new SqliteReadSession(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override string Ordinal(string column) => $"{column} COLLATE {SqliteDatabase.Ordinal}";

    public override string Day(string column) => $"substr({column}, 1, 10)";

    public override async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}

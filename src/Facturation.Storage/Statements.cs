namespace Facturation.Storage;

/// <summary>
/// Runs statements on an open connection. A statement is a text that both databases read but for what <see cref="Dialect"/> adds, with
/// parameters @1, @2, …; values beyond the parameters it has are ignored.
/// </summary>
internal abstract class Statements
{
    public abstract Dialect Dialect { get; }

    /// <summary>
    /// A query that counts rows only this transaction can have written. It is asked when the answer to a commit was lost, so that the work
    /// is not done twice. Null when doing it twice changes nothing.
    /// </summary>
    public (string Sql, SqlValue[] Values)? Proof { get; set; }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public abstract ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>Runs a statement whose result is one integer, or none.</summary>
    public abstract ValueTask<long?> ScalarAsync(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>Runs a query, and reads all its rows.</summary>
    public abstract ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> read, params ReadOnlySpan<SqlValue> values);

    /// <summary>Runs a query whose rows are read one by one. The same statement can run again once its reader is disposed.</summary>
    public abstract ValueTask<RowReader> OpenAsync(string sql, params ReadOnlySpan<SqlValue> values);

    /// <summary>Runs a query with at most one row; null if it has none.</summary>
    public ValueTask<T?> FindAsync<T>(string sql, Func<Row, T> read, params ReadOnlySpan<SqlValue> values)
        where T : class
    {
        return SingleAsync(ListAsync(sql, read, values));

        static async ValueTask<T?> SingleAsync(ValueTask<List<T>> rows) => (await rows).SingleOrDefault();
    }

    /// <summary>
    /// Locks rows until the transaction ends, by an UPDATE that changes nothing: unlike a lock hint, a write locks at any isolation level.
    /// Does nothing on SQLite, whose transaction locks everything.
    /// </summary>
    public abstract ValueTask HoldAsync(string update, params ReadOnlySpan<SqlValue> values);

    /// <summary>Encodes a text that is compared or unique; null stays null.</summary>
    public string? Key(string? text) => text is null ? null : Dialect.ToKey(text);
}

/// <summary>The rows of a query, read one by one.</summary>
internal abstract class RowReader : IAsyncDisposable
{
    /// <summary>The current row.</summary>
    public abstract Row Row { get; }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False if there is none.</returns>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// Statements of a SQLite connection, each prepared once, and run beneath ADO.NET, whose commands, parameters and readers cost as much as
/// SQLite itself. They run in whatever transaction is open. Values are written as Microsoft.Data.Sqlite writes them.
/// </summary>
/// <remarks>Everything is done when a call returns: SQLite has no asynchronous work. An import calls the synchronous methods.</remarks>
internal sealed class SqliteStatements(SqliteConnection connection) : Statements, IDisposable
{
    private readonly Dictionary<string, Prepared> statements = new(TextComparer.Instance);
    private readonly sqlite3 database = connection.Handle!;

    /// <summary>How many statements are prepared.</summary>
    public int Count => statements.Count;

    /// <summary>Whether SQLite failed in a way that may concern the connection.</summary>
    public bool HasFailed { get; private set; }

    public override Dialect Dialect => SqliteDialect.Instance;

    public override ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<SqlValue> values) => ValueTask.FromResult(Execute(sql, values));

    public override ValueTask<long?> ScalarAsync(string sql, params ReadOnlySpan<SqlValue> values) => ValueTask.FromResult(Scalar(sql, values));

    public override ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> read, params ReadOnlySpan<SqlValue> values) =>
        ValueTask.FromResult(List(sql, read, values));

    public override ValueTask<RowReader> OpenAsync(string sql, params ReadOnlySpan<SqlValue> values) =>
        ValueTask.FromResult<RowReader>(Run(sql, values).Statement);

    public override ValueTask HoldAsync(string update, params ReadOnlySpan<SqlValue> values) => ValueTask.CompletedTask;

    /// <inheritdoc cref="ExecuteAsync"/>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Run(sql, values);
        while (rows.Read())
        {
        }
        return raw.sqlite3_changes(database);
    }

    /// <inheritdoc cref="ScalarAsync"/>
    public long? Scalar(string sql, params ReadOnlySpan<SqlValue> values)
    {
        using var rows = Run(sql, values);
        return rows.Read() ? rows.Row.GetInt64(0) : null;
    }

    /// <inheritdoc cref="ListAsync"/>
    public List<T> List<T>(string sql, Func<Row, T> read, params ReadOnlySpan<SqlValue> values)
    {
        var list = new List<T>();
        using var rows = Run(sql, values);
        while (rows.Read())
            list.Add(read(rows.Row));
        return list;
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values)
            statement.Dispose();
    }

    private Rows Run(string sql, ReadOnlySpan<SqlValue> values)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            // SQLite numbers parameters by ?, and names them by @.
            Check(raw.sqlite3_prepare_v3(database, sql.Replace('@', '?'), raw.SQLITE_PREPARE_PERSISTENT, out var handle));
            statements.Add(sql, statement = new(this, handle));
        }
        for (var i = 0; i < Math.Min(values.Length, statement.Parameters); i++)
            Check(Bind(statement.Handle, i + 1, values[i].Value));
        return new(statement);
    }

    private void Check(int code)
    {
        if (code == raw.SQLITE_OK)
            return;
        HasFailed = true;
        SqliteException.ThrowExceptionForRC(code, database);
    }

    private static int Bind(sqlite3_stmt statement, int place, object? value)
    {
        Span<byte> text = stackalloc byte[36];
        int length;
        switch (value)
        {
            case null:
                return raw.sqlite3_bind_null(statement, place);
            case int number:
                return raw.sqlite3_bind_int64(statement, place, number);
            case long number:
                return raw.sqlite3_bind_int64(statement, place, number);
            case bool truth:
                return raw.sqlite3_bind_int64(statement, place, truth ? 1 : 0);
            case string words:
                return raw.sqlite3_bind_text(statement, place, words);
            case byte[] bytes:
                return raw.sqlite3_bind_blob(statement, place, bytes);
            case Guid uid:
                uid.TryFormat(text, out length);
                Ascii.ToUpperInPlace(text[..length], out _);
                break;
            case DateOnly day:
                day.TryFormat(text, out length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                break;
            case DateTimeOffset instant:
                return Bind(statement, place, instant.UtcDateTime);
            case DateTime date:
                date.TryFormat(text, out length, "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is no type of these statements.", nameof(value));
        }
        return raw.sqlite3_bind_text(statement, place, text[..length]);
    }

    /// <summary>A prepared statement, and the rows of its current run.</summary>
    private sealed class Prepared(SqliteStatements statements, sqlite3_stmt handle) : RowReader, IDisposable
    {
        private readonly SqliteRow row = new(handle);

        public sqlite3_stmt Handle => handle;

        public int Parameters { get; } = raw.sqlite3_bind_parameter_count(handle);

        public override Row Row => row;

        public bool Read()
        {
            var code = raw.sqlite3_step(handle);
            if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
                statements.Check(code);
            return code == raw.SQLITE_ROW;
        }

        /// <summary>Ends the run; its errors were thrown when they happened.</summary>
        public void Reset() => raw.sqlite3_reset(handle);

        public override ValueTask<bool> ReadAsync(CancellationToken cancellation) => cancellation.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellation)
            : ValueTask.FromResult(Read());

        public override ValueTask DisposeAsync()
        {
            Reset();
            return ValueTask.CompletedTask;
        }

        /// <summary>Frees the statement.</summary>
        public void Dispose()
        {
            row.Close();
            handle.Dispose();
        }
    }

    /// <summary>The run of a statement, which ends when this is disposed.</summary>
    private readonly ref struct Rows(Prepared statement) : IDisposable
    {
        public Prepared Statement => statement;

        public Row Row => statement.Row;

        /// <summary>Goes to the next row.</summary>
        public bool Read() => statement.Read();

        public void Dispose() => statement.Reset();
    }

    /// <summary>Compares texts that are mostly the same object. Hashing all of a long one would take as long as binding its values.</summary>
    private sealed class TextComparer : IEqualityComparer<string>
    {
        public static readonly TextComparer Instance = new();

        public bool Equals(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

        public int GetHashCode(string text) => HashCode.Combine(text.Length, text[text.Length / 2], text[^1]);
    }

    private sealed class SqliteRow(sqlite3_stmt statement) : Row
    {
        private nint handle = statement.DangerousGetHandle(); // 0 once the statement is freed.

        /// <summary>Forgets the statement. For SQLite, all columns of no statement are NULL.</summary>
        public void Close() => handle = 0;

        public override bool IsNull(int column) => sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

        public override long GetInt64(int column) => sqlite3_column_int64(handle, column);

        public override string? GetText(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Blob(column));

        public override string GetKey(int column) => Encoding.UTF8.GetString(Blob(column));

        public override Guid? GetUid(int column) => IsNull(column) ? null : Guid.Parse(Blob(column));

        public override DateTime GetDate(int column) => SqliteDates.Parse(Blob(column));

        public override DateTimeOffset? GetInstant(int column) => IsNull(column) ? null : new(GetDate(column), TimeSpan.Zero);

        public override byte[] GetBytes(int column) => Blob(column).ToArray();

        private unsafe ReadOnlySpan<byte> Blob(int column) => new(sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column));

        // What the library's .NET wrapper adds to a call takes longer than these, which return what is at hand: the garbage collector can wait.
        [DllImport("e_sqlite3"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), SuppressGCTransition]
        private static extern int sqlite3_column_type(nint statement, int column);

        [DllImport("e_sqlite3"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), SuppressGCTransition]
        private static extern unsafe void* sqlite3_column_blob(nint statement, int column);

        [DllImport("e_sqlite3"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), SuppressGCTransition]
        private static extern int sqlite3_column_bytes(nint statement, int column);

        [DllImport("e_sqlite3"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories), SuppressGCTransition]
        private static extern long sqlite3_column_int64(nint statement, int column);
    }
}

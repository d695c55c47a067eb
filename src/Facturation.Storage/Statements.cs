using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage;

/// <summary>
/// Statements of one open connection, each prepared once, and run beneath ADO.NET, whose commands, parameters and readers cost as
/// much as SQLite itself. A statement is a constant text whose parameters are ?1, ?2, …; it runs in whatever transaction is open.
/// Values are written as Microsoft.Data.Sqlite writes them, since EF Core reads them too.
/// </summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, sqlite3_stmt> prepared = new(ReferenceEqualityComparer.Instance);
    private readonly sqlite3 database = connection.Handle!;

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var rows = Read(sql, values);
        while (rows.Read())
        {
        }
        return raw.sqlite3_changes(database);
    }

    /// <summary>Runs a statement whose result is one integer, or none.</summary>
    public long? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        using var rows = Read(sql, values);
        return rows.Read() ? rows.GetInt64(0) : null;
    }

    /// <summary>Runs a statement that gives rows, to be disposed before it runs again.</summary>
    public Rows Read(string sql, params ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
            prepared.Add(sql, statement);
        }
        for (var i = 0; i < values.Length; i++)
            Check(Bind(statement, i + 1, values[i]));
        return new(this, statement);
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values)
            statement.Dispose();
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, database);

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
            case DateTime date:
                date.TryFormat(text, out length, "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} is no type of these statements.", nameof(value));
        }
        return raw.sqlite3_bind_text(statement, place, text[..length]);
    }

    /// <summary>The rows a statement gives, one at a time.</summary>
    internal readonly ref struct Rows(Statements statements, sqlite3_stmt statement) : IDisposable
    {
        /// <summary>Goes to the next row.</summary>
        public bool Read()
        {
            var code = raw.sqlite3_step(statement);
            if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
                statements.Check(code);
            return code == raw.SQLITE_ROW;
        }

        public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

        public int GetInt32(int column) => (int)GetInt64(column);

        /// <summary>A text, or null.</summary>
        public string? GetText(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(GetBytes(column));

        /// <summary>A Guid kept as text, or null.</summary>
        public Guid? GetUid(int column) => IsNull(column) ? null : Guid.Parse(GetBytes(column));

        /// <summary>A date kept as text, or null.</summary>
        public DateTime? GetDate(int column) => GetText(column) is { } text ? SqliteDates.Parse(text) : null;

        /// <summary>A blob, or a text in UTF-8; until the next row.</summary>
        public ReadOnlySpan<byte> GetBytes(int column) => raw.sqlite3_column_blob(statement, column);

        /// <summary>Ends the statement; an error was told when it happened.</summary>
        public void Dispose() => raw.sqlite3_reset(statement);

        private bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
    }
}

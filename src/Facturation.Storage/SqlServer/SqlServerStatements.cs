using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace Facturation.Storage.SqlServer;

/// <summary>Statements of a SQL Server connection.</summary>
/// <param name="connection">The open connection.</param>
/// <param name="transaction">The transaction to run in; null for none.</param>
/// <param name="cancellation">Ends the statement that runs.</param>
internal sealed class SqlServerStatements(DbConnection connection, DbTransaction? transaction, CancellationToken cancellation) : Statements
{
    /// <summary>Room for the longest text of a column; one size for all keeps one plan for each statement.</summary>
    private const int TextSize = 4000;

    public override Dialect Dialect => SqlServerDialect.Instance;

    public override ValueTask<int> ExecuteAsync(string sql, params ReadOnlySpan<SqlValue> values)
    {
        return RunAsync(CreateCommand(sql, values));

        async ValueTask<int> RunAsync(DbCommand command)
        {
            await using (command)
                return await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    public override ValueTask<long?> ScalarAsync(string sql, params ReadOnlySpan<SqlValue> values)
    {
        return RunAsync(CreateCommand(sql, values));

        async ValueTask<long?> RunAsync(DbCommand command)
        {
            await using (command)
                return ToInt64(await command.ExecuteScalarAsync(cancellation));
        }
    }

    public override ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> read, params ReadOnlySpan<SqlValue> values)
    {
        return RunAsync(CreateCommand(sql, values));

        async ValueTask<List<T>> RunAsync(DbCommand command)
        {
            await using (command)
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
            {
                var list = new List<T>();
                var row = new SqlServerRow(reader);
                while (await reader.ReadAsync(cancellation))
                    list.Add(read(row));
                return list;
            }
        }
    }

    public override ValueTask<RowReader> OpenAsync(string sql, params ReadOnlySpan<SqlValue> values)
    {
        return RunAsync(CreateCommand(sql, values));

        async ValueTask<RowReader> RunAsync(DbCommand command)
        {
            try
            {
                return new SqlServerRows(command, await command.ExecuteReaderAsync(cancellation));
            }
            catch
            {
                await command.DisposeAsync();
                throw;
            }
        }
    }

    public override ValueTask HoldAsync(string update, params ReadOnlySpan<SqlValue> values)
    {
        return WaitAsync(ExecuteAsync(update, values));

        static async ValueTask WaitAsync(ValueTask<int> run) => await run;
    }

    /// <summary>Creates a command with parameters @1, @2, …</summary>
    public DbCommand CreateCommand(string sql, ReadOnlySpan<SqlValue> values)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        for (var i = 0; i < values.Length; i++)
        {
            var (type, value) = values[i];
            command.Parameters.Add(new SqlParameter($"@{i + 1}", type)
            {
                Value = value is Guid uid ? uid.ToByteArray(bigEndian: true) : value ?? DBNull.Value,
                Size = type switch
                {
                    SqlDbType.NVarChar => TextSize,
                    SqlDbType.Binary => 16,
                    SqlDbType.VarBinary => -1, // varbinary(max)
                    _ => 0,
                },
            });
        }
        return command;
    }

    private static long? ToInt64(object? value) => value switch
    {
        null or DBNull => null,
        long number => number,
        int number => number,
        bool truth => truth ? 1 : 0,
        _ => throw new InvalidCastException($"{value.GetType()} is no integer."),
    };

    private sealed class SqlServerRows(DbCommand command, DbDataReader reader) : RowReader
    {
        private bool isAtEnd;

        public override Row Row { get; } = new SqlServerRow(reader);

        public override async ValueTask<bool> ReadAsync(CancellationToken cancellation) => !(isAtEnd = !await reader.ReadAsync(cancellation));

        public override async ValueTask DisposeAsync()
        {
            if (!isAtEnd)
                command.Cancel(); // Otherwise SqlClient reads all remaining rows before it closes.
            await reader.DisposeAsync();
            await command.DisposeAsync();
        }
    }

    private sealed class SqlServerRow(DbDataReader reader) : Row
    {
        private Type[]? types; // Of the columns: a value read as an object is boxed.

        public override bool IsNull(int column) => reader.IsDBNull(column);

        public override long GetInt64(int column)
        {
            types ??= [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetFieldType)];
            return types[column] == typeof(long) ? reader.GetInt64(column)
                : types[column] == typeof(int) ? reader.GetInt32(column)
                : ToInt64(reader.GetValue(column))!.Value;
        }

        public override string? GetText(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

        public override string GetKey(int column) => SqlServerContext.DecodeKey(reader.GetString(column));

        public override Guid? GetUid(int column) =>
            reader.IsDBNull(column) ? null : new Guid(reader.GetFieldValue<byte[]>(column), bigEndian: true);

        public override DateTime GetDate(int column) => reader.GetDateTime(column);

        public override DateTimeOffset? GetInstant(int column) =>
            reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

        public override byte[] GetBytes(int column) => reader.GetFieldValue<byte[]>(column);
    }
}

using System.Data.Common;

namespace Facturation.Storage;

/// <summary>
/// Statements of one open connection, each prepared once: where rows are written by the thousand, EF Core's tracking would cost
/// ten times the insert. A statement is a constant text whose parameters are @0, @1, …, each of one type.
/// </summary>
internal sealed class Statements(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> prepared = new(ReferenceEqualityComparer.Instance);

    /// <summary>The transaction they run in.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>Runs a statement whose result is one integer, or none.</summary>
    public long? Scalar(string sql, params ReadOnlySpan<object?> values) => (long?)Bind(sql, values).ExecuteScalar();

    /// <summary>Runs a statement that gives rows, to be read before it runs again.</summary>
    public DbDataReader Read(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteReader();

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
    }

    private DbCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            prepared.Add(sql, command = connection.CreateCommand());
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = $"@{i}";
                command.Parameters.Add(parameter);
            }
        }
        if (command.Transaction != Transaction)
            command.Transaction = Transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}

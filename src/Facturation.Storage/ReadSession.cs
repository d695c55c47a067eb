using System.Data.Common;

namespace Facturation.Storage;

/// <summary>A transaction that reads the database as it is at its first query, row by row.</summary>
/// <param name="statements">Runs queries in it.</param>
/// <param name="connection">The open connection.</param>
/// <param name="transaction">Its transaction; null if commands need not name it.</param>
/// <param name="end">Ends the transaction and gives the connection back.</param>
/// <param name="ended">Cancelled when the database wants the session to end.</param>
internal sealed class ReadSession(
    Statements statements, DbConnection connection, DbTransaction? transaction, Func<ValueTask> end, CancellationToken ended = default) : IAsyncDisposable
{
    public Statements Statements => statements;

    public Dialect Dialect => statements.Dialect;

    public CancellationToken Ended => ended;

    /// <summary>Creates a command in the transaction.</summary>
    public DbCommand CreateCommand(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    public ValueTask DisposeAsync() => end();
}

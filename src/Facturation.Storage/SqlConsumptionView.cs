using System.Data.Common;
using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>A report by the statements of <see cref="ConsumptionSql"/>.</summary>
/// <param name="session">The session, which is disposed with the view.</param>
/// <param name="query">The query.</param>
internal sealed class SqlConsumptionView(ReadSession session, ConsumptionQuery query) : ConsumptionView(query)
{
    public override CancellationToken Ended => session.Ended;

    public override ValueTask DisposeAsync() => session.DisposeAsync();

    protected override async Task<List<Cell>> ReadCellsAsync(CancellationToken cancellation)
    {
        var cells = new List<Cell>();
        await using var command = CreateCommand(ConsumptionSql.Cells(Query, session.Dialect));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var day = new DayColumn(session.Dialect);
        while (await reader.ReadAsync(cancellation))
            cells.Add(new(
                reader.GetInt32(0), reader.GetInt32(1), Text(2), reader.GetInt32(3), reader.GetInt32(4), Text(5),
                reader.GetInt32(6), session.Dialect.FromKey(reader.GetString(7)), reader.GetInt64(8), reader.GetInt64(9),
                day.Read(reader, 10), day.Read(reader, 11), reader.GetInt32(12) != 0));
        return cells;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    protected override IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadGroupDaysAsync(
        ConsumptionGroup group, Cell cell, CancellationToken cancellation)
    {
        var day = new DayColumn(session.Dialect);
        return ReadAsync(
            ConsumptionSql.GroupDays(Query, session.Dialect, IsOfIdentifiant), cell,
            row => new(group, null, default, day.Read(row, 0), row.GetInt64(1) + row.GetInt64(2), row.GetInt64(3)), cancellation);
    }

    protected override IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDossierDaysAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, bool hasMeters, CancellationToken cancellation)
    {
        var days = new DossierDays(session, groups);
        return ReadAsync(ConsumptionSql.DossierDays(Query, session.Dialect, hasMeters), cell, days.Read, cancellation);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadAsync(
        string sql, Cell cell, Func<DbDataReader, ConsumptionDay> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = CreateCommand(sql, ("@produit", cell.Produit), ("@compteur", cell.Compteur), ("@identifiant", cell.Identifiant));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var isAtEnd = false;
        try
        {
            while (!isAtEnd)
            {
                var count = 0;
                while (count < Block.Length && !isAtEnd)
                {
                    if (await reader.ReadAsync(cancellation))
                        Block[count++] = read(reader);
                    else
                        isAtEnd = true;
                }
                if (count > 0)
                    yield return Block.AsMemory(0, count);
            }
        }
        finally
        {
            if (!isAtEnd)
                command.Cancel(); // Without this, closing the reader makes SqlClient read all remaining rows.
        }
    }

    /// <summary>A command with the parameters that its text names.</summary>
    private DbCommand CreateCommand(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var dialect = session.Dialect;
        (string Name, object? Value)[] all =
        [
            .. values, ("@debut", Query.Periode.Debut), ("@fin", Query.Periode.Fin), ("@client", dialect.ToKey(Query.Client)),
            ("@numero", Query.ProduitId), ("@visible", Key(Query.Visible)), ("@nom", Key(Query.Identifiant)), ("@dossier", Key(Query.Dossier)),
        ];
        return session.CreateCommand(sql,
            [.. all.Where(p => p.Value is not null && sql.Contains(p.Name, StringComparison.Ordinal)).Select(p => (p.Name, p.Value!))]);

        string? Key(string? text) => text is null ? null : dialect.ToKey(text);
    }
}

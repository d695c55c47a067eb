using System.Data.Common;
using System.Runtime.CompilerServices;
using Facturation.Core;
using Facturation.Storage.Sqlite;

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
        await using var command = CreateCommand(ConsumptionSql.Cells(Query with { Periode = CellsPeriode }, session.Dialect));
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

    protected override async IAsyncEnumerable<SpreadRow> ReadSpreadAsync(Cell cell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var day = new DayColumn(session.Dialect);
        await foreach (var line in EachAsync(
            ConsumptionSql.Lines(Query, session.Dialect, IsOfIdentifiant, cell.HasMeters), cell,
            row => new SpreadRow(new(null!, null, default, day.Read(row, 0), row.GetInt64(1)), row.GetInt64(2)), cancellation))
            yield return line;
        if (cell.HasMeters)
            await foreach (var reading in EachAsync(
                ConsumptionSql.Readings(Query, IsOfIdentifiant), cell, row => ReadReading(row, default, 0), cancellation))
                yield return reading;
    }

    protected override IAsyncEnumerable<SpreadRow> ReadDossierSpreadAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, CancellationToken cancellation)
    {
        var days = new DossierDays(session, groups);
        return EachAsync(
            ConsumptionSql.DossierReadings(Query, session.Dialect), cell,
            row => row.IsDBNull(DossierDays.Columns) ? new(days.Read(row), 1) : ReadReading(row, days.Read(row), DossierDays.Columns), cancellation);
    }

    /// <summary>Reads the columns of a reading from the column <paramref name="at"/> on.</summary>
    private SpreadRow ReadReading(DbDataReader row, ConsumptionDay day, int at) => new(
        day, 0, row.GetInt32(at),
        session.Dialect.KeepsDatesAsText ? new(SqliteDates.Parse(row.GetString(at + 1)), TimeSpan.Zero) : row.GetFieldValue<DateTimeOffset>(at + 1),
        new Register(row.GetInt64(at + 2), row.GetInt64(at + 3)).UnitsAt(row.GetInt64(at + 4), row.GetInt32(at + 5)), row.GetInt32(at + 6) != 0);

    private async IAsyncEnumerable<SpreadRow> EachAsync(
        string sql, Cell cell, Func<DbDataReader, SpreadRow> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = CreateCommand(sql, ("@produit", cell.Produit), ("@compteur", cell.Compteur), ("@identifiant", cell.Identifiant));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var isAtEnd = false;
        try
        {
            while (!(isAtEnd = !await reader.ReadAsync(cancellation)))
                yield return read(reader);
        }
        finally
        {
            if (!isAtEnd)
                command.Cancel(); // As for days.
        }
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
            ("@start", Instant(Query.Periode.Start)), ("@end", Instant(Query.Periode.End)), ("@numero", Query.ProduitId), ("@visible", Key(Query.Visible)), ("@nom", Key(Query.Identifiant)), ("@dossier", Key(Query.Dossier)),
        ];
        return session.CreateCommand(sql,
            [.. all.Where(p => p.Value is not null && sql.Contains(p.Name, StringComparison.Ordinal)).Select(p => (p.Name, p.Value!))]);

        object? Instant(DateTimeOffset? instant) => dialect.KeepsDatesAsText ? instant?.UtcDateTime : instant;

        string? Key(string? text) => text is null ? null : dialect.ToKey(text);
    }
}

using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>A report by the statements of <see cref="ConsumptionSql"/>.</summary>
/// <param name="session">The session, which is disposed with the view.</param>
/// <param name="query">The query.</param>
internal sealed class SqlConsumptionView(ReadSession session, ConsumptionQuery query) : ConsumptionView(query)
{
    private readonly Statements statements = session.Statements;

    private Dialect Dialect => statements.Dialect;

    public override CancellationToken Ended => session.Ended;

    public override ValueTask DisposeAsync() => session.DisposeAsync();

    protected override async Task<List<Cell>> ReadCellsAsync(CancellationToken cancellation) => await statements.ListAsync(
        ConsumptionSql.Cells(Query with { Periode = CellsPeriode }, Dialect),
        row => new Cell(
            row.GetInt32(0), row.GetInt32(1), row.GetText(2), row.GetInt32(3), row.GetInt32(4), row.GetText(5), row.GetInt32(6), row.GetKey(7),
            row.GetInt64(8), row.GetInt64(9), row.GetDay(10), row.GetDay(11), row.GetBoolean(12)),
        Values(null));

    protected override IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadGroupDaysAsync(
        ConsumptionGroup group, Cell cell, CancellationToken cancellation) => ReadAsync(
        ConsumptionSql.GroupDays(Query, Dialect, IsOfIdentifiant), cell,
        row => new(group, null, default, row.GetDay(0), row.GetInt64(1) + row.GetInt64(2), row.GetInt64(3)), cancellation);

    protected override IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDossierDaysAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, bool hasMeters, CancellationToken cancellation)
    {
        var days = new DossierDays(Dialect, groups);
        return ReadAsync(ConsumptionSql.DossierDays(Query, Dialect, hasMeters), cell, days.Read, cancellation);
    }

    protected override async IAsyncEnumerable<SpreadRow> ReadSpreadAsync(Cell cell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in EachAsync(
            ConsumptionSql.Lines(Query, Dialect, IsOfIdentifiant, cell.HasMeters), cell,
            row => new SpreadRow(new(null!, null, default, row.GetDay(0), row.GetInt64(1)), row.GetInt64(2)), cancellation))
            yield return line;
        if (cell.HasMeters)
            await foreach (var reading in EachAsync(
                ConsumptionSql.Readings(Query, IsOfIdentifiant), cell, row => ReadReading(row, default, 0), cancellation))
                yield return reading;
    }

    protected override IAsyncEnumerable<SpreadRow> ReadDossierSpreadAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, CancellationToken cancellation)
    {
        var days = new DossierDays(Dialect, groups);
        return EachAsync(
            ConsumptionSql.DossierReadings(Query, Dialect), cell,
            row => row.IsNull(DossierDays.Columns) ? new(days.Read(row), 1) : ReadReading(row, days.Read(row), DossierDays.Columns), cancellation);
    }

    /// <summary>Reads the columns of a reading from the column <paramref name="at"/> on.</summary>
    private static SpreadRow ReadReading(Row row, ConsumptionDay day, int at) => new(
        day, 0, row.GetInt32(at), row.GetInstant(at + 1)!.Value,
        new Register(row.GetInt64(at + 2), row.GetInt64(at + 3)).UnitsAt(row.GetInt64(at + 4), row.GetInt32(at + 5)), row.GetBoolean(at + 6));

    private async IAsyncEnumerable<T> EachAsync<T>(
        string sql, Cell cell, Func<Row, T> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var rows = await statements.OpenAsync(sql, Values(cell));
        while (await rows.ReadAsync(cancellation))
            yield return read(rows.Row);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadAsync(
        string sql, Cell cell, Func<Row, ConsumptionDay> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var rows = await statements.OpenAsync(sql, Values(cell));
        var count = 0;
        while (await rows.ReadAsync(cancellation))
        {
            Block[count++] = read(rows.Row);
            if (count < Block.Length)
                continue;
            yield return Block;
            count = 0;
        }
        if (count > 0)
            yield return Block.AsMemory(0, count);
    }

    /// <summary>The parameters of <see cref="ConsumptionSql"/>; those of a cell are null for none.</summary>
    private SqlValue[] Values(Cell? cell) =>
    [
        statements.Key(Query.Client), Query.Periode.Debut, Query.Periode.Fin, Query.Periode.Start, Query.Periode.End, Query.ProduitId,
        statements.Key(Query.Visible), statements.Key(Query.Identifiant), statements.Key(Query.Dossier), cell?.Produit, cell?.Compteur,
        cell?.Identifiant,
    ];
}

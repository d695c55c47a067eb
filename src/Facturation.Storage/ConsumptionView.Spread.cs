using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

// Reports whose intervals are spread over their days. The sums of each group over the period are needed before its days, so all is read twice;
// only the days of one group, or of one dossier, are held at a time.
internal abstract partial class ConsumptionView
{
    /// <summary>The days of the cells to read: an interval that is spread into the period may end after it.</summary>
    protected Periode CellsPeriode => query.Spreads ? query.Periode with { Fin = null } : query.Periode;

    /// <summary>
    /// Reads what the group of a cell adds up, in any order, but the readings of a meter one after the other: its lines, and the readings that
    /// count in the period, with the last before it and the first after it.
    /// </summary>
    protected abstract IAsyncEnumerable<SpreadRow> ReadSpreadAsync(Cell cell, CancellationToken cancellation);

    /// <summary>Reads the same of the dossiers of a produit and an identifiant, in the order of <see cref="ReadDaysAsync"/> but for the day.</summary>
    /// <param name="groups">The groups of the produit and the identifiant, by sequence; a meter that counts nothing in the period may have none.</param>
    /// <param name="cell">The cell of one of them.</param>
    /// <param name="cancellation">Ends the query.</param>
    protected abstract IAsyncEnumerable<SpreadRow> ReadDossierSpreadAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, CancellationToken cancellation);

    /// <summary>Makes one cell of those of each group, with what it counts spread; groups that count nothing are left out.</summary>
    private async Task<List<Cell>> SpreadAsync(List<Cell> cells, CancellationToken cancellation)
    {
        var spread = new List<Cell>();
        foreach (var group in cells.GroupBy(KeyOf))
        {
            var cell = group.First() with { HasMeters = group.Any(c => c.HasMeters) };
            if (await SpreadAsync(cell, cancellation) is { Count: > 0 } days)
                spread.Add(cell with
                {
                    Plus = days.Aggregate(Int128.Zero, (sum, day) => sum + Int128.Max(day.Units, 0)),
                    Moins = days.Aggregate(Int128.Zero, (sum, day) => sum + Int128.Min(day.Units, 0)),
                    First = days[0].Jour,
                    Last = days[^1].Jour,
                });
        }
        return spread;
    }

    private async Task<List<(DateOnly Jour, Int128 Units)>> SpreadAsync(Cell cell, CancellationToken cancellation)
    {
        var (days, last) = (new SpreadDays(query.Periode), default(SpreadRow));
        await foreach (var row in ReadSpreadAsync(cell, cancellation))
            Add(days, row, ref last);
        return days.ToList();
    }

    private async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> SpreadGroupAsync(
        ConsumptionGroup group, Cell cell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var part in (await SpreadAsync(cell, cancellation)).Chunk(Block.Length))
            yield return part.Select(day => new ConsumptionDay(group, null, default, day.Jour, checked((long)day.Units))).ToArray();
    }

    private async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> SpreadDossiersAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (days, dossier, last, count) = (new SpreadDays(query.Periode), default(ConsumptionDay), default(SpreadRow), 0);
        await using var rows = ReadDossierSpreadAsync(groups, cell, cancellation).GetAsyncEnumerator(cancellation);
        for (var hasRow = true; hasRow;)
        {
            hasRow = await rows.MoveNextAsync();
            if (!hasRow || !IsOfSameDossier(rows.Current.Day, dossier))
            {
                foreach (var (jour, units) in days.ToList())
                {
                    Block[count++] = dossier with { Day = jour, Units = checked((long)units) };
                    if (count < Block.Length)
                        continue;
                    yield return Block;
                    count = 0;
                }
                days = new(query.Periode);
            }
            if (!hasRow)
                continue;
            dossier = rows.Current.Day;
            Add(days, rows.Current, ref last);
        }
        if (count > 0)
            yield return Block.AsMemory(0, count);
    }

    private static bool IsOfSameDossier(in ConsumptionDay left, in ConsumptionDay right) =>
        ReferenceEquals(left.Group, right.Group) && left.DateDossier == right.DateDossier && left.Dossier == right.Dossier;

    private static void Add(SpreadDays days, in SpreadRow row, ref SpreadRow last)
    {
        if (row.Meter == 0)
        {
            days.AddLines(row.Day.Day, row.Day.Units, row.Lines);
            return;
        }
        if (row.Meter == last.Meter && !row.IsHeld)
            days.AddInterval(last.ReadAt, row.ReadAt, checked((long)(row.Counted - last.Counted)));
        last = row;
    }

    /// <summary>Lines of one day, or a reading of a meter.</summary>
    /// <param name="Day">The group and the dossier; of lines, what they count.</param>
    /// <param name="Lines">The number of lines.</param>
    /// <param name="Meter">The number of the meter; 0 for lines.</param>
    /// <param name="ReadAt">When it was read.</param>
    /// <param name="Counted">What it had counted by then (<see cref="Register.UnitsAt"/>).</param>
    /// <param name="IsHeld">Whether the interval that ends here counts nothing, because the reading is suspect and the client holds these out.</param>
    protected readonly record struct SpreadRow(
        ConsumptionDay Day, long Lines, int Meter = 0, DateTimeOffset ReadAt = default, Int128 Counted = default, bool IsHeld = false);
}

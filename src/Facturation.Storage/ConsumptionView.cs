using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>One report, read in one transaction: it sees the database as it was at its first query. A provider reads its rows.</summary>
internal abstract partial class ConsumptionView(ConsumptionQuery query) : IConsumptionView
{
    private List<(ConsumptionGroup Group, Cell Cell)> groups = [];

    public IReadOnlyList<ConsumptionGroup> Groups { get; private set; } = [];

    public Periode Days { get; private set; }

    protected ConsumptionQuery Query => query;

    /// <summary>Holds the days that are read next.</summary>
    protected ConsumptionDay[] Block { get; } = new ConsumptionDay[128]; // 5 KB.

    /// <summary>Whether the days of a group are those of one identifiant.</summary>
    protected bool IsOfIdentifiant => (query.Visible ?? query.Identifiant) is not null || query.Grouping.HasFlag(Grouping.Identifiant);

    public async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDaysAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (query.Grouping.HasFlag(Grouping.Dossier))
        {
            foreach (var pair in groups.GroupBy(g => (g.Cell.Produit, g.Cell.Identifiant)))
            {
                var bySequence = pair.ToDictionary(g => g.Cell.Sequence, g => g.Group);
                var (cell, hasMeters) = (pair.First().Cell, pair.Any(g => g.Cell.HasMeters));
                await foreach (var read in query.Spreads && hasMeters
                    ? SpreadDossiersAsync(bySequence, cell, cancellation)
                    : ReadDossierDaysAsync(bySequence, cell, hasMeters, cancellation))
                    yield return read;
            }
        }
        else if (query.Window == Window.Period)
        {
            foreach (var part in Groups.Chunk(Block.Length))
                yield return part.Select(group => new ConsumptionDay(group, null, default, Days.Debut!.Value, group.Units)).ToArray();
        }
        else
        {
            foreach (var (group, cell) in groups)
                await foreach (var read in query.Spreads ? SpreadGroupAsync(group, cell, cancellation) : ReadGroupDaysAsync(group, cell, cancellation))
                    yield return read;
        }
    }

    public virtual CancellationToken Ended => CancellationToken.None;

    public abstract ValueTask DisposeAsync();

    /// <summary>Reads the groups of the report; if that fails, disposes of the view.</summary>
    public async Task<IConsumptionView> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Ended);
            var cells = await ReadCellsAsync(ending.Token);
            Group(query.Spreads ? await SpreadAsync(cells, ending.Token) : cells);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>What groups are made of, in any order; of <see cref="CellsPeriode"/>.</summary>
    protected abstract Task<List<Cell>> ReadCellsAsync(CancellationToken cancellation);

    /// <summary>Reads the days of a group, in order.</summary>
    /// <param name="group">The group.</param>
    /// <param name="cell">One of its cells.</param>
    /// <param name="cancellation">Ends the query.</param>
    protected abstract IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadGroupDaysAsync(
        ConsumptionGroup group, Cell cell, CancellationToken cancellation);

    /// <summary>Reads the days of the dossiers of a produit and an identifiant, in the order of <see cref="ReadDaysAsync"/>.</summary>
    /// <param name="groups">The groups of the produit and the identifiant, by sequence.</param>
    /// <param name="cell">The cell of one of them.</param>
    /// <param name="hasMeters">Whether meters may have counted for one of them.</param>
    /// <param name="cancellation">Ends the query.</param>
    protected abstract IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDossierDaysAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, bool hasMeters, CancellationToken cancellation);

    private void Group(List<Cell> cells)
    {
        Days = cells.Count == 0 ? default : new(cells.Min(c => c.First), cells.Max(c => c.Last));
        groups = [.. cells.GroupBy(KeyOf)
            .Select(group => (Group: NewGroup(group), Cell: group.First()))
            .OrderBy(g => g.Group.ProduitId).ThenBy(g => g.Group.Identifiant, StringComparer.Ordinal).ThenBy(g => g.Group.Sequence)];
        Groups = [.. groups.Select(g => g.Group)];
    }

    /// <summary>Tells the cells of a group from others.</summary>
    private (int, int, int) KeyOf(Cell cell) => (
        query.Grouping.HasFlag(Grouping.Produit) ? cell.Produit : 0,
        query.Grouping.HasFlag(Grouping.Identifiant) ? cell.Identifiant : 0,
        query.Grouping.HasFlag(Grouping.Compteur) ? cell.Compteur : 0);

    /// <summary>Makes a group of its cells. What it adds up fits, in any order, if both the positive and the negative quantities do.</summary>
    private ConsumptionGroup NewGroup(IEnumerable<Cell> cells)
    {
        var first = cells.First();
        var (plus, moins) = (Int128.Zero, Int128.Zero);
        foreach (var cell in cells)
            (plus, moins) = (plus + cell.Plus, moins + cell.Moins);
        if (plus > long.MaxValue || moins < long.MinValue)
            throw new RefusalException(RefusalCodes.SumTooLarge, $"Une somme de plusieurs compteurs ({plus}, {moins}) ne tient pas dans 64 bits : ajoutez compteur à groupBy.");
        var isCompteur = query.Grouping.HasFlag(Grouping.Compteur);
        return query.Grouping.HasFlag(Grouping.Produit)
            ? new(first.Numero, first.Nom, isCompteur ? first.Sequence : null, isCompteur ? first.Libelle : null, Identifiant(), (long)(plus + moins))
            : new(null, null, null, null, Identifiant(), (long)(plus + moins));

        string? Identifiant() => query.Grouping.HasFlag(Grouping.Identifiant) ? first.NomIdentifiant : null;
    }

    /// <summary>What one compteur counted for one identifiant.</summary>
    protected sealed record Cell(
        int Produit, int Numero, string? Nom, int Compteur, int Sequence, string? Libelle, int Identifiant, string NomIdentifiant,
        Int128 Plus, Int128 Moins, DateOnly First, DateOnly Last, bool HasMeters);
}

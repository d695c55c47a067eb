using System.Data.Common;
using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>One report, read in one transaction: it sees the database as it was at its first query.</summary>
internal sealed class ConsumptionView : IConsumptionView
{
    private readonly ReadSession session;
    private readonly ConsumptionQuery query;
    private readonly ConsumptionDay[] block = new ConsumptionDay[128]; // 5 KB.
    private List<(ConsumptionGroup Group, Cell Cell)> groups = [];

    private ConsumptionView(ReadSession session, ConsumptionQuery query) => (this.session, this.query) = (session, query);

    public IReadOnlyList<ConsumptionGroup> Groups { get; private set; } = [];

    public Periode Days { get; private set; }

    /// <summary>Opens the report in the session, which is disposed with the view.</summary>
    public static async Task<ConsumptionView> OpenAsync(ReadSession session, ConsumptionQuery query, CancellationToken cancellation)
    {
        var view = new ConsumptionView(session, query);
        try
        {
            await view.ReadGroupsAsync(cancellation);
            return view;
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }

    public async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDaysAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (query.Grouping.HasFlag(Grouping.Dossier))
        {
            foreach (var pair in groups.GroupBy(g => (g.Cell.Produit, g.Cell.Identifiant)))
            {
                var days = new DossierDays(session, pair.ToDictionary(g => g.Cell.Sequence, g => g.Group));
                await foreach (var read in ReadAsync(ConsumptionSql.DossierDays(query, session.Dialect, pair.Any(g => g.Cell.HasMeters)), pair.First().Cell, days.Read, cancellation))
                    yield return read;
            }
        }
        else if (query.Window == Window.Period)
        {
            foreach (var part in Groups.Chunk(block.Length))
                yield return part.Select(group => new ConsumptionDay(group, null, default, Days.Debut!.Value, group.Units)).ToArray();
        }
        else
        {
            var isOne = (query.Visible ?? query.Identifiant) is not null || query.Grouping.HasFlag(Grouping.Identifiant);
            var sql = ConsumptionSql.GroupDays(query, session.Dialect, isOne);
            var day = new DayColumn(session.Dialect);
            foreach (var (group, cell) in groups)
                await foreach (var read in ReadAsync(sql, cell, row => new(group, null, default, day.Read(row, 0), row.GetInt64(1) + row.GetInt64(2), row.GetInt64(3)), cancellation))
                    yield return read;
        }
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

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
                while (count < block.Length && !isAtEnd)
                {
                    if (await reader.ReadAsync(cancellation))
                        block[count++] = read(reader);
                    else
                        isAtEnd = true;
                }
                if (count > 0)
                    yield return block.AsMemory(0, count);
            }
        }
        finally
        {
            if (!isAtEnd)
                command.Cancel(); // Without this, closing the reader makes SqlClient read all remaining rows.
        }
    }

    private async Task ReadGroupsAsync(CancellationToken cancellation)
    {
        var cells = new List<Cell>();
        await using (var command = CreateCommand(ConsumptionSql.Cells(query, session.Dialect)))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            var day = new DayColumn(session.Dialect);
            while (await reader.ReadAsync(cancellation))
                cells.Add(new(
                    reader.GetInt32(0), reader.GetInt32(1), Text(2), reader.GetInt32(3), reader.GetInt32(4), Text(5),
                    reader.GetInt32(6), session.Dialect.FromKey(reader.GetString(7)), reader.GetInt64(8), reader.GetInt64(9),
                    day.Read(reader, 10), day.Read(reader, 11), reader.GetInt32(12) != 0));

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }
        Days = cells.Count == 0 ? default : new(cells.Min(c => c.First), cells.Max(c => c.Last));
        groups = [.. cells.GroupBy(cell => (
                query.Grouping.HasFlag(Grouping.Produit) ? cell.Produit : 0,
                query.Grouping.HasFlag(Grouping.Identifiant) ? cell.Identifiant : 0,
                query.Grouping.HasFlag(Grouping.Compteur) ? cell.Compteur : 0))
            .Select(group => (Group: NewGroup(group), Cell: group.First()))
            .OrderBy(g => g.Group.ProduitId).ThenBy(g => g.Group.Identifiant, StringComparer.Ordinal).ThenBy(g => g.Group.Sequence)];
        Groups = [.. groups.Select(g => g.Group)];
    }

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

    /// <summary>A command with the parameters that its text names.</summary>
    private DbCommand CreateCommand(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var dialect = session.Dialect;
        (string Name, object? Value)[] all =
        [
            .. values, ("@debut", query.Periode.Debut), ("@fin", query.Periode.Fin), ("@client", dialect.ToKey(query.Client)),
            ("@numero", query.ProduitId), ("@visible", Key(query.Visible)), ("@nom", Key(query.Identifiant)), ("@dossier", Key(query.Dossier)),
        ];
        return session.CreateCommand(sql,
            [.. all.Where(p => p.Value is not null && sql.Contains(p.Name, StringComparison.Ordinal)).Select(p => (p.Name, p.Value!))]);

        string? Key(string? text) => text is null ? null : dialect.ToKey(text);
    }

    /// <summary>What one compteur counted for one identifiant.</summary>
    private sealed record Cell(
        int Produit, int Numero, string? Nom, int Compteur, int Sequence, string? Libelle, int Identifiant, string NomIdentifiant,
        long Plus, long Moins, DateOnly First, DateOnly Last, bool HasMeters);
}

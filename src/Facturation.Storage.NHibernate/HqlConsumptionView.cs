using System.Runtime.CompilerServices;
using Facturation.Core;
using NHibernate;

namespace Facturation.Storage.NHibernate;

/// <summary>A report by HQL. It has no UNION: what comes of two tables is two queries, merged here.</summary>
/// <param name="session">The session, in a transaction; disposed with the view.</param>
/// <param name="query">The query.</param>
internal sealed class HqlConsumptionView(ISession session, ConsumptionQuery query) : ConsumptionView(query)
{
    private static readonly Source
        Totals = new("Client c, Produit p, Compteur k, Identifiant i, Total t",
            "t.Id.CompteurId = k.Id and t.Id.IdentifiantId = i.Id", "t.Id.Jour", "t.Plus", "t.Moins", "t.ChangedAt"),
        Removed = new("Client c, Produit p, Compteur k, Identifiant i, RemovedTotal t",
            "t.Id.CompteurId = k.Id and t.Id.IdentifiantId = i.Id", "t.Id.Jour", "0L", "0L", "t.ChangedAt"),
        Lines = new("Client c, Identifiant i, Dossier d, Produit p, Compteur k, Consommation l",
            """
            d.Identifiant.Id = i.Id and d.Reference = :dossier and l.Id.ProduitId = p.Id and l.Id.IdentifiantId = i.Id
              and l.Id.Jour = day_of(d.Date) and l.Id.DossierId = d.Id and l.Id.CompteurId = k.Id
            """,
            "l.Id.Jour", "case when l.Quantite > 0 then l.Quantite else 0L end", "case when l.Quantite < 0 then l.Quantite else 0L end", "0L"),
        MeterDays = new("Client c, MeterRow m, Dossier d, Identifiant i, Compteur k, Produit p, MeterDayRow j",
            "m.Client.Id = c.Id and d.Id = m.Dossier.Id and d.Reference = :dossier and i.Id = m.Identifiant.Id and k.Id = m.Compteur.Id and j.Id.MeterId = m.Id",
            "j.Id.Jour", "j.Units", "0L", "0L"),
        AllMeterDays = MeterDays with { Where = MeterDays.Where.Replace(" and d.Reference = :dossier", "", StringComparison.Ordinal) };

    /// <summary>What is added up: the daily totals, or the lines and the meters' days of the dossiers of one reference, which have none.</summary>
    private Source[] Sources => Query.ChangedSince is not null ? [Totals, Removed] : Query.Dossier is null ? [Totals] : [Lines, MeterDays];

    public override ValueTask DisposeAsync()
    {
        session.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<List<Cell>> ReadCellsAsync(CancellationToken cancellation)
    {
        var cells = new Dictionary<(int Compteur, int Identifiant), Cell>();
        foreach (var source in Sources)
            foreach (var r in await Create($"""
                select p.Id, p.Numero, (select n.Nom from Produit n where n.Id = p.Id),
                  k.Id, k.Sequence, (select n.Libelle from Compteur n where n.Id = k.Id),
                  i.Id, i.Nom, sum({source.Plus}), sum({source.Moins}), min({source.Jour}), max({source.Jour})
                {From(source, CellsPeriode)}
                group by p.Id, p.Numero, k.Id, k.Sequence, i.Id, i.Nom
                """).ListAsync<object?[]>(cancellation))
            {
                var cell = new Cell(
                    (int)r[0]!, (int)r[1]!, (string?)r[2], (int)r[3]!, (int)r[4]!, (string?)r[5], (int)r[6]!, (string)r[7]!, (long)r[8]!, (long)r[9]!,
                    (DateOnly)r[10]!, (DateOnly)r[11]!, HasMeters: true);
                var key = (cell.Compteur, cell.Identifiant);
                cells[key] = !cells.TryGetValue(key, out var known) ? cell : cell with
                {
                    Plus = checked(known.Plus + cell.Plus),
                    Moins = checked(known.Moins + cell.Moins),
                    First = known.First < cell.First ? known.First : cell.First,
                    Last = known.Last > cell.Last ? known.Last : cell.Last,
                };
            }
        return [.. cells.Values];
    }

    /// <summary>One row a day: no more are held than the period has days.</summary>
    protected override async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadGroupDaysAsync(
        ConsumptionGroup group, Cell cell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var days = new SortedDictionary<DateOnly, ConsumptionDay>();
        foreach (var source in Sources)
            foreach (var r in await Create($"""
                select {source.Jour}, sum({source.Plus}), sum({source.Moins}), max({source.ChangedAt})
                {From(source, Query.Periode)}{Compteurs}{(IsOfIdentifiant ? " and i.Id = :identifiant" : "")}
                group by {source.Jour}
                """, cell).ListAsync<object[]>(cancellation))
            {
                var day = new ConsumptionDay(group, null, default, (DateOnly)r[0], (long)r[1] + (long)r[2], (long)r[3]);
                days[day.Day] = days.TryGetValue(day.Day, out var known)
                    ? day with { Units = known.Units + day.Units, ChangedAt = Math.Max(known.ChangedAt, day.ChangedAt) }
                    : day;
            }
        foreach (var part in days.Values.Chunk(Block.Length))
            yield return part;
    }

    protected override async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDossierDaysAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, bool hasMeters, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var dossier = Query.Dossier is null ? "" : " and d.Reference = :dossier";
        using var meters = new HqlStream(session, Create($"""
            select d.Reference, d.Date, k.Sequence, j.Id.Jour, j.Units
            from Compteur k, MeterRow m, Dossier d, MeterDayRow j
            where k.Produit.Id = :produit and m.Compteur.Id = k.Id and m.Identifiant.Id = :identifiant
              and d.Id = m.Dossier.Id{dossier} and j.Id.MeterId = m.Id{Hql.Days(Query.Periode, "j.Id.Jour")}
            order by d.Date, ordinal(d.Reference), k.Sequence, j.Id.Jour
            """, cell));
        using var lines = new HqlStream(session, Create(DossierLines, cell));
        var (line, meter) = (Next(lines), Next(meters));
        await Task.CompletedTask;
        while (line is not null || meter is not null)
        {
            var count = 0;
            for (; count < Block.Length && (line is not null || meter is not null); count++)
                if (meter is null || (line is { } l && Compare(l, meter.Value) <= 0))
                    (Block[count], line) = (line!.Value, Next(lines));
                else
                    (Block[count], meter) = (meter.Value, Next(meters));
            yield return Block.AsMemory(0, count);
        }

        ConsumptionDay? Next(HqlStream stream) => stream.Read(cancellation) ? DayOf(stream.Current, groups) : null;
    }

    protected override async IAsyncEnumerable<SpreadRow> ReadSpreadAsync(Cell cell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var identifiant = IsOfIdentifiant ? " and i.Id = :identifiant" : "";
        await Task.CompletedTask;
        // Without a reference of dossiers: the daily totals, less the days of meters, which are totals of one each.
        (Source Source, int Sign, string Lines)[] sources = Query.Dossier is null ? [(Totals, 1, "t.Lignes"), (AllMeterDays, -1, "1L")] : [(Lines, 1, "1L")];
        foreach (var (source, sign, count) in sources)
        {
            using var lines = new HqlStream(session, Create(
                $"select {source.Jour}, {source.Plus}, {source.Moins}, {count} {From(source, Query.Periode)}{Compteurs}{identifiant}", cell));
            while (lines.Read(cancellation) && lines.Current is var r)
                yield return new(new(null!, null, default, (DateOnly)r[0]!, sign * ((long)r[1]! + (long)r[2]!)), sign * (long)r[3]!);
        }
        var dossier = Query.Dossier is null ? "" : " and d.Reference = :dossier";
        using var readings = new HqlStream(session, Create($"""
            select {Reading}
            from Client c, Produit p, Compteur k, MeterRow m, Identifiant i, Dossier d, ReadingRow r
            where c.Code = :client and p.Client.Id = c.Id{(Query.ProduitId is null ? "" : " and p.Numero = :numero")} and k.Produit.Id = p.Id{Compteurs}
              and m.Compteur.Id = k.Id and i.Id = m.Identifiant.Id{identifiant} and d.Id = m.Dossier.Id{dossier}{Counting}
            order by m.Id, r.ReadAt
            """, cell));
        while (readings.Read(cancellation))
            yield return ReadingOf(readings.Current, 0, default);
    }

    protected override async IAsyncEnumerable<SpreadRow> ReadDossierSpreadAsync(
        IReadOnlyDictionary<int, ConsumptionGroup> groups, Cell cell, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var dossier = Query.Dossier is null ? "" : " and d.Reference = :dossier";
        using var readings = new HqlStream(session, Create($"""
            select d.Reference, d.Date, k.Sequence, {Reading}
            from Client c, Compteur k, MeterRow m, Dossier d, ReadingRow r
            where k.Produit.Id = :produit and m.Compteur.Id = k.Id and m.Identifiant.Id = :identifiant
              and d.Id = m.Dossier.Id{dossier} and c.Id = m.Client.Id{Counting}
            order by d.Date, ordinal(d.Reference), k.Sequence, m.Id, r.ReadAt
            """, cell));
        using var lines = new HqlStream(session, Create(DossierLines, cell));
        var (line, reading) = (NextLine(), NextReading());
        await Task.CompletedTask;
        while (line is not null || reading is not null)
        {
            var isLine = reading is null || (line is not null && CompareDossiers(lines.Current, readings.Current) <= 0);
            yield return isLine ? line!.Value : reading!.Value;
            if (isLine)
                line = NextLine();
            else
                reading = NextReading();
        }

        SpreadRow? NextLine() => lines.Read(cancellation) ? new(DayOf(lines.Current, groups), 1) : null;

        SpreadRow? NextReading() => readings.Read(cancellation) && readings.Current is var r
            ? ReadingOf(r, 3, new(groups.GetValueOrDefault((int)r[2]!)!, (string)r[0]!, (DateTime)r[1]!, default, 0))
            : null;
    }

    private const string Reading =
        "m.Id, r.ReadAt, m.RolloverAt, m.MultiplierMicros, r.IndexMilli, r.Turns, case when c.HoldsSuspects = true and r.IsSuspect = true then 1 else 0 end";

    /// <summary>The readings that count of the meter m: those of the period, the last before it and the first after it.</summary>
    private string Counting =>
        " and r.Meter.Id = m.Id and r.VoidedAs = 0"
        + (Query.Periode.Start is null ? "" : Bound(">=", "max", "<=", ":start"))
        + (Query.Periode.End is null ? "" : Bound("<=", "min", ">=", ":end"));

    /// <summary>Without coalesce, which HQL gives no type of an instant.</summary>
    private static string Bound(string side, string nearest, string other, string instant) => $"""
         and (r.ReadAt {side} {instant} or r.ReadAt = (
          select {nearest}(o.ReadAt) from ReadingRow o where o.Meter.Id = m.Id and o.VoidedAs = 0 and o.ReadAt {other} {instant}))
        """;

    private static SpreadRow ReadingOf(object?[] row, int at, ConsumptionDay day) => new(
        day, 0, (int)row[at]!, (DateTimeOffset)row[at + 1]!,
        new Register((long)row[at + 2]!, (long)row[at + 3]!).UnitsAt((long)row[at + 4]!, (int)row[at + 5]!), (int)row[at + 6]! != 0);

    /// <summary>Imported lines are on the day of their dossier: those of one day alone are sorted.</summary>
    private string DossierLines => $"""
        select d.Reference, d.Date, k.Sequence, l.Id.Jour, l.Quantite
        from Consommation l, Dossier d, Compteur k
        where l.Id.ProduitId = :produit and l.Id.IdentifiantId = :identifiant{Hql.Days(Query.Periode, "l.Id.Jour")}
          and d.Id = l.Id.DossierId{(Query.Dossier is null ? "" : " and d.Reference = :dossier")} and k.Id = l.Id.CompteurId
        order by l.Id.Jour, d.Date, ordinal(d.Reference), k.Sequence
        """;

    private static ConsumptionDay DayOf(object?[] row, IReadOnlyDictionary<int, ConsumptionGroup> groups) =>
        new(groups[(int)row[2]!], (string)row[0]!, (DateTime)row[1]!, (DateOnly)row[3]!, (long)row[4]!);

    private static int CompareDossiers(object?[] left, object?[] right)
    {
        var order = ((DateTime)left[1]!).CompareTo((DateTime)right[1]!);
        if (order == 0)
            order = string.CompareOrdinal((string)left[0]!, (string)right[0]!);
        return order == 0 ? ((int)left[2]!).CompareTo((int)right[2]!) : order;
    }

    private static int Compare(in ConsumptionDay left, in ConsumptionDay right)
    {
        var order = left.DateDossier.CompareTo(right.DateDossier);
        if (order == 0)
            order = string.CompareOrdinal(left.Dossier, right.Dossier);
        if (order == 0)
            order = left.Group.Sequence!.Value.CompareTo(right.Group.Sequence!.Value);
        return order == 0 ? left.Day.CompareTo(right.Day) : order;
    }

    private string Compteurs =>
        Query.Grouping.HasFlag(Grouping.Compteur) ? " and k.Id = :compteur" : Query.Grouping.HasFlag(Grouping.Produit) ? " and p.Id = :produit" : "";

    private string From(Source source, Periode periode) => $"""
        from {source.From}
        where c.Code = :client and p.Client.Id = c.Id and k.Produit.Id = p.Id and i.Client.Id = c.Id and {source.Where}{Hql.Days(periode, source.Jour)}
          {(Query.ProduitId is null ? "" : "and p.Numero = :numero")}
          {(Query.Visible is null ? "" : "and i.Nom = :visible")}
          {(Query.Identifiant is null ? "" : "and i.Nom = :nom")}
        """;

    private IQuery Create(string hql, Cell? cell = null) => session.CreateQuery(
        hql,
        ("client", Query.Client), ("numero", Query.ProduitId), ("visible", Query.Visible), ("nom", Query.Identifiant), ("dossier", Query.Dossier),
        ("debut", Query.Periode.Debut), ("fin", Query.Periode.Fin), ("start", Query.Periode.Start), ("end", Query.Periode.End),
        ("produit", cell?.Produit), ("compteur", cell?.Compteur), ("identifiant", cell?.Identifiant));

    /// <summary>Rows that are added up, with the aliases c, p, k and i of their client, produit, compteur and identifiant.</summary>
    private sealed record Source(string From, string Where, string Jour, string Plus, string Moins, string ChangedAt);
}

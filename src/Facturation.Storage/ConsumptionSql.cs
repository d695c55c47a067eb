using Facturation.Core;

namespace Facturation.Storage;

/// <summary>
/// The queries of a report, in SQL that both databases read; see <see cref="ConsommationSql"/> for CROSS JOIN, filters and names. A group's
/// sums are read day by day and added to windows outside, so that no database has to know months.
/// </summary>
/// <remarks>
/// Parameters of all: client, first day, last day, first instant, last instant, number of the produit; the identifiant that the key sees, and the one
/// that is asked for; reference of the dossier; and of a cell: produit, compteur, identifiant.
/// </remarks>
internal static class ConsumptionSql
{
    private const string Reading = """
        m.Id, r.ReadAt, m.RolloverAt, m.MultiplierMicros, r.IndexMilli, r.Turns,
          CASE WHEN c.HoldsSuspects = 1 AND r.IsSuspect = 1 THEN 1 ELSE 0 END
        """;

    /// <summary>One row for each compteur of each identifiant that has consumption: what groups are made of.</summary>
    public static string Cells(ConsumptionQuery query, Dialect dialect) => $"""
        SELECT p.Id, p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id),
          k.Id, k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id),
          i.Id, i.Nom, SUM(t.Plus), SUM(t.Moins), MIN(t.Jour), MAX(t.Jour),
          CASE WHEN EXISTS (SELECT 1 FROM Meters m WHERE m.CompteurId = k.Id AND m.IdentifiantId = i.Id) THEN 1 ELSE 0 END
        FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN {Totals(query, dialect)} t
        WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
          AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id{Days(query, "t")}
          {(query.ProduitId is null ? "" : "AND p.Numero = @6")}
          {(query.Visible is null ? "" : "AND i.Nom = @7")}
          {(query.Identifiant is null ? "" : "AND i.Nom = @8")}
        GROUP BY p.Id, p.Numero, k.Id, k.Sequence, i.Id, i.Nom
        """;

    /// <summary>The sums of each day of a group: of one compteur, of a produit, or of all produits; and of one identifiant or of all.</summary>
    public static string GroupDays(ConsumptionQuery query, Dialect dialect, bool ofIdentifiant) => $"""
        SELECT t.Jour, SUM(t.Plus), SUM(t.Moins), {(query.ChangedSince is null ? "CAST(0 AS bigint)" : "MAX(t.ChangedAt)")}
        FROM Compteurs k CROSS JOIN {Totals(query, dialect)} t
        WHERE {Compteurs(query)}
          AND t.CompteurId = k.Id{(ofIdentifiant ? " AND t.IdentifiantId = @12" : "")}{Days(query, "t")}
        GROUP BY t.Jour
        ORDER BY t.Jour
        """;

    /// <summary>
    /// The days of each dossier of a produit and an identifiant; the number of the dossier is negative where a meter counted. Imported lines
    /// begin with their key: they are on the day of their dossier, so only those of one day are sorted at a time, and SQLite merges them
    /// with the meters' days. Merging takes time, so it is left out where there are no meters.
    /// </summary>
    public static string DossierDays(ConsumptionQuery query, Dialect dialect, bool hasMeters)
    {
        var (dossier, ordre) = (OfDossier(query), dialect.Ordinal("d.Reference"));
        var meters = $"""
            UNION ALL
            SELECT {dialect.Day("d.Date")}, d.Date, {ordre}, k.Sequence, j.Jour, j.Units, -m.DossierId
            FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN MeterDays j
            WHERE k.ProduitId = @10 AND m.CompteurId = k.Id AND m.IdentifiantId = @12
              AND d.Id = m.DossierId{dossier} AND j.MeterId = m.Id{Days(query, "j")}
            """;
        return $"""
            SELECT l.Jour AS Premier, d.Date AS Moment, {ordre} AS Ordre, k.Sequence AS Sequence, l.Jour AS Jour, l.Quantite, l.DossierId
            FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
            WHERE l.ProduitId = @10 AND l.IdentifiantId = @12{Days(query, "l")}
              AND d.Id = l.DossierId{dossier} AND k.Id = l.CompteurId
            {(hasMeters ? meters : "")}
            ORDER BY Premier, Moment, Ordre, Sequence, Jour
            """;
    }

    /// <summary>
    /// The lines of a group, as sums with their number: what is left of the daily totals, which are fewer than lines, without the days of meters.
    /// </summary>
    public static string Lines(ConsumptionQuery query, Dialect dialect, bool ofIdentifiant, bool hasMeters)
    {
        if (query.Dossier is not null)
            return $"""
                SELECT l.Jour, l.Quantite, CAST(1 AS bigint)
                FROM Clients c CROSS JOIN Identifiants i CROSS JOIN Dossiers d CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Consommations l
                WHERE c.Code = @1 AND i.ClientId = c.Id{(ofIdentifiant ? " AND i.Id = @12" : "")} AND d.IdentifiantId = i.Id
                  AND d.Reference = @9 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND {Compteurs(query)}
                  AND l.ProduitId = p.Id AND l.IdentifiantId = i.Id AND l.Jour = {dialect.Day("d.Date")} AND l.DossierId = d.Id
                  AND l.CompteurId = k.Id{Days(query, "l")}
                """;
        var meters = $"""
            UNION ALL
            SELECT j.Jour, -j.Units, -1
            FROM Compteurs k CROSS JOIN Meters m CROSS JOIN MeterDays j
            WHERE {Compteurs(query)}
              AND m.CompteurId = k.Id{(ofIdentifiant ? " AND m.IdentifiantId = @12" : "")} AND j.MeterId = m.Id{Days(query, "j")}
            """;
        return $"""
            SELECT t.Jour, t.Plus + t.Moins, t.Lignes
            FROM Compteurs k CROSS JOIN Totaux t
            WHERE {Compteurs(query)}
              AND t.CompteurId = k.Id{(ofIdentifiant ? " AND t.IdentifiantId = @12" : "")}{Days(query, "t")}
            {(hasMeters ? meters : "")}
            """;
    }

    /// <summary>The readings of the meters of a group, those of each meter in order: what <see cref="SpreadDays"/> needs.</summary>
    public static string Readings(ConsumptionQuery query, bool ofIdentifiant) => $"""
        SELECT {Reading}
        FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Clients c CROSS JOIN Readings r
        WHERE {Compteurs(query)}
          AND m.CompteurId = k.Id{(ofIdentifiant ? " AND m.IdentifiantId = @12" : "")} AND d.Id = m.DossierId{OfDossier(query)}
          AND c.Id = m.ClientId AND {Counting(query)}
        ORDER BY k.ProduitId, k.Sequence, m.IdentifiantId, m.Id, r.ReadAt
        """;

    /// <summary>
    /// The columns of <see cref="DossierDays"/>, then those of <see cref="Readings"/>: an imported line has nothing in these, a reading
    /// nothing to add up in the former.
    /// </summary>
    public static string DossierReadings(ConsumptionQuery query, Dialect dialect)
    {
        var (dossier, ordre, jour) = (OfDossier(query), dialect.Ordinal("d.Reference"), dialect.Day("d.Date"));
        return $"""
            SELECT l.Jour AS Premier, d.Date AS Moment, {ordre} AS Ordre, k.Sequence AS Sequence, l.Jour, l.Quantite, l.DossierId,
              CAST(NULL AS int) AS Meter, CAST(NULL AS datetimeoffset) AS ReadAt, 0, 0, 0, 0, 0
            FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
            WHERE l.ProduitId = @10 AND l.IdentifiantId = @12{Days(query, "l")}
              AND d.Id = l.DossierId{dossier} AND k.Id = l.CompteurId
            UNION ALL
            SELECT {jour}, d.Date, {ordre}, k.Sequence, {jour}, 0, m.DossierId,
              {Reading}
            FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Clients c CROSS JOIN Readings r
            WHERE k.ProduitId = @10 AND m.CompteurId = k.Id AND m.IdentifiantId = @12
              AND d.Id = m.DossierId{dossier} AND c.Id = m.ClientId AND {Counting(query)}
            ORDER BY Premier, Moment, Ordre, Sequence, Meter, ReadAt
            """;
    }

    /// <summary>The readings that count of the meter m: those of the period, the last before it and the first after it.</summary>
    private static string Counting(ConsumptionQuery query)
    {
        return "r.MeterId = m.Id AND r.VoidedAs = 0"
            + (query.Periode.Start is null ? "" : Bound(">=", "MAX", "<=", "@4"))
            + (query.Periode.End is null ? "" : Bound("<=", "MIN", ">=", "@5"));

        static string Bound(string side, string nearest, string other, string instant) => $"""

              AND r.ReadAt {side} COALESCE((
                SELECT {nearest}(o.ReadAt) FROM Readings o WHERE o.MeterId = m.Id AND o.VoidedAs = 0 AND o.ReadAt {other} {instant}), {instant})
            """;
    }

    private static string OfDossier(ConsumptionQuery query) => query.Dossier is null ? "" : " AND d.Reference = @9";

    /// <summary>What is added up: the daily totals, or the lines and the meters' days of the dossiers of one reference, which have none.</summary>
    private static string Totals(ConsumptionQuery query, Dialect dialect) => query.ChangedSince is not null
        ? $"""
            (
              SELECT t.CompteurId, t.IdentifiantId, t.Jour, t.Plus, t.Moins, t.ChangedAt {TotalsOfClient(query, "Totaux")}
              UNION ALL SELECT t.CompteurId, t.IdentifiantId, t.Jour, 0, 0, t.ChangedAt {TotalsOfClient(query, "RemovedTotals")})
            """
        : query.Dossier is null
        ? "Totaux"
        : $"""
            (
              SELECT l.CompteurId, l.IdentifiantId, l.Jour,
                CASE WHEN l.Quantite > 0 THEN l.Quantite ELSE 0 END AS Plus, CASE WHEN l.Quantite < 0 THEN l.Quantite ELSE 0 END AS Moins
              FROM Clients c CROSS JOIN Identifiants i CROSS JOIN Dossiers d CROSS JOIN Produits p CROSS JOIN Consommations l
              WHERE c.Code = @1 AND i.ClientId = c.Id AND d.IdentifiantId = i.Id AND d.Reference = @9 AND p.ClientId = c.Id
                AND l.ProduitId = p.Id AND l.IdentifiantId = i.Id AND l.Jour = {dialect.Day("d.Date")} AND l.DossierId = d.Id
              UNION ALL
              SELECT m.CompteurId, m.IdentifiantId, j.Jour, j.Units, 0
              FROM Clients c CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN MeterDays j
              WHERE c.Code = @1 AND m.ClientId = c.Id AND d.Id = m.DossierId AND d.Reference = @9 AND j.MeterId = m.Id)
            """;

    /// <summary>The totals of the client alone: SQLite collects a UNION before it joins it, and must not read those of all clients.</summary>
    private static string TotalsOfClient(ConsumptionQuery query, string table) => $"""
        FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN {table} t
        WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
          AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id{Days(query, "t")}
        """;

    private static string Compteurs(ConsumptionQuery query) =>
        query.Grouping.HasFlag(Grouping.Compteur) ? "k.Id = @11"
        : query.Grouping.HasFlag(Grouping.Produit) ? "k.ProduitId = @10"
        : $"""
            k.ProduitId IN (
              SELECT p.Id FROM Clients c CROSS JOIN Produits p
              WHERE c.Code = @1 AND p.ClientId = c.Id{(query.ProduitId is null ? "" : " AND p.Numero = @6")})
            """;

    private static string Days(ConsumptionQuery query, string table) =>
        (query.Periode.Debut is null ? "" : $" AND {table}.Jour >= @2") + (query.Periode.Fin is null ? "" : $" AND {table}.Jour <= @3");
}

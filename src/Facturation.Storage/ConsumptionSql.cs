using Facturation.Core;

namespace Facturation.Storage;

/// <summary>
/// The queries of a report, in SQL that both databases read; see <see cref="ConsommationSql"/> for CROSS JOIN, filters and names. A group's
/// sums are read day by day and added to windows outside, so that no database has to know months.
/// </summary>
internal static class ConsumptionSql
{
    /// <summary>One row for each compteur of each identifiant that has consumption: what groups are made of.</summary>
    public static string Cells(ConsumptionQuery query, Dialect dialect) => $"""
        SELECT p.Id, p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id),
          k.Id, k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id),
          i.Id, i.Nom, SUM(t.Plus), SUM(t.Moins), MIN(t.Jour), MAX(t.Jour),
          CASE WHEN EXISTS (SELECT 1 FROM Meters m WHERE m.CompteurId = k.Id AND m.IdentifiantId = i.Id) THEN 1 ELSE 0 END
        FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN {Totals(query, dialect)} t
        WHERE c.Code = @client AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
          AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id{Days(query, "t")}
          {(query.ProduitId is null ? "" : "AND p.Numero = @numero")}
          {(query.Visible is null ? "" : "AND i.Nom = @visible")}
          {(query.Identifiant is null ? "" : "AND i.Nom = @nom")}
        GROUP BY p.Id, p.Numero, k.Id, k.Sequence, i.Id, i.Nom
        """;

    /// <summary>The sums of each day of a group: of one compteur, of a produit, or of all produits; and of one identifiant or of all.</summary>
    public static string GroupDays(ConsumptionQuery query, Dialect dialect, bool ofIdentifiant) => $"""
        SELECT t.Jour, SUM(t.Plus), SUM(t.Moins), {(query.ChangedSince is null ? "CAST(0 AS bigint)" : "MAX(t.ChangedAt)")}
        FROM Compteurs k CROSS JOIN {Totals(query, dialect)} t
        WHERE {Compteurs(query)}
          AND t.CompteurId = k.Id{(ofIdentifiant ? " AND t.IdentifiantId = @identifiant" : "")}{Days(query, "t")}
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
        var (dossier, ordre) = (query.Dossier is null ? "" : " AND d.Reference = @dossier", dialect.Ordinal("d.Reference"));
        var meters = $"""
            UNION ALL
            SELECT {dialect.Day("d.Date")}, d.Date, {ordre}, k.Sequence, j.Jour, j.Units, -m.DossierId
            FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN MeterDays j
            WHERE k.ProduitId = @produit AND m.CompteurId = k.Id AND m.IdentifiantId = @identifiant
              AND d.Id = m.DossierId{dossier} AND j.MeterId = m.Id{Days(query, "j")}
            """;
        return $"""
            SELECT l.Jour AS Premier, d.Date AS Moment, {ordre} AS Ordre, k.Sequence AS Sequence, l.Jour AS Jour, l.Quantite, l.DossierId
            FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
            WHERE l.ProduitId = @produit AND l.IdentifiantId = @identifiant{Days(query, "l")}
              AND d.Id = l.DossierId{dossier} AND k.Id = l.CompteurId
            {(hasMeters ? meters : "")}
            ORDER BY Premier, Moment, Ordre, Sequence, Jour
            """;
    }

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
              WHERE c.Code = @client AND i.ClientId = c.Id AND d.IdentifiantId = i.Id AND d.Reference = @dossier AND p.ClientId = c.Id
                AND l.ProduitId = p.Id AND l.IdentifiantId = i.Id AND l.Jour = {dialect.Day("d.Date")} AND l.DossierId = d.Id
              UNION ALL
              SELECT m.CompteurId, m.IdentifiantId, j.Jour, j.Units, 0
              FROM Clients c CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN MeterDays j
              WHERE c.Code = @client AND m.ClientId = c.Id AND d.Id = m.DossierId AND d.Reference = @dossier AND j.MeterId = m.Id)
            """;

    /// <summary>The totals of the client alone: SQLite collects a UNION before it joins it, and must not read those of all clients.</summary>
    private static string TotalsOfClient(ConsumptionQuery query, string table) => $"""
        FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN {table} t
        WHERE c.Code = @client AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
          AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id{Days(query, "t")}
        """;

    private static string Compteurs(ConsumptionQuery query) =>
        query.Grouping.HasFlag(Grouping.Compteur) ? "k.Id = @compteur"
        : query.Grouping.HasFlag(Grouping.Produit) ? "k.ProduitId = @produit"
        : $"""
            k.ProduitId IN (
              SELECT p.Id FROM Clients c CROSS JOIN Produits p
              WHERE c.Code = @client AND p.ClientId = c.Id{(query.ProduitId is null ? "" : " AND p.Numero = @numero")})
            """;

    private static string Days(ConsumptionQuery query, string table) =>
        (query.Periode.Debut is null ? "" : $" AND {table}.Jour >= @debut") + (query.Periode.Fin is null ? "" : $" AND {table}.Jour <= @fin");
}

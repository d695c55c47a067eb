using Facturation.Core;

namespace Facturation.Storage;

/// <summary>
/// The queries of an answer, in SQL that both databases read. CROSS JOIN fixes the order of SQLite's loops. Filters appear only when
/// they are used, since "x or null" would prevent index seeks. ORDER BY begins with the columns of the key, so only the lines of one
/// day are sorted at a time.
/// </summary>
internal static class ConsommationSql
{
    /// <summary>
    /// One row for each compteur of each element of the answer, with the sum of its days, read in key order without a sort. Names of produits and
    /// compteurs, which may take 8,000 bytes each, are looked up by group: SQL Server sorts and hashes no row beyond 8,060. Parameters: client, first
    /// day, last day, number of the produit, name of the identifiant.
    /// </summary>
    public static string Sommes(Demande demande)
    {
        var identifiant = demande is { Ordre: Ordre.ParProduit, Identifiant: null } ? "" : ", i.Id, i.Nom";
        return $"""
            SELECT p.Id, p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id),
              k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id),
              SUM(t.Plus), SUM(t.Moins), CASE WHEN EXISTS (SELECT 1 FROM Meters m WHERE m.CompteurId = k.Id) THEN 1 ELSE 0 END{identifiant}
            FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k CROSS JOIN Identifiants i CROSS JOIN Totaux t
            WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id AND i.ClientId = c.Id
              AND t.CompteurId = k.Id AND t.IdentifiantId = i.Id{Days(demande.Periode, "t")}
              {(demande.ProduitId is null ? "" : "AND p.Numero = @4")}
              {(demande.Identifiant is null ? "" : "AND i.Nom = @5")}
            GROUP BY p.Id, p.Numero, k.Id, k.Sequence{identifiant}
            """;
    }

    /// <summary>
    /// The imported lines of a produit. Those of one identifiant are a range of the key. Those of all identifiants are found day by day,
    /// through the daily totals. Parameters: produit, first day, last day, identifiant.
    /// </summary>
    public static string Lignes(Periode periode, bool ofIdentifiant, Func<string, string> ordinal) => ofIdentifiant
        ? $"""
            SELECT l.DossierId, d.Reference, d.Date, k.Sequence, l.Quantite
            FROM Consommations l CROSS JOIN Dossiers d CROSS JOIN Compteurs k
            WHERE l.ProduitId = @1 AND l.IdentifiantId = @4{Days(periode, "l")}
              AND d.Id = l.DossierId AND k.Id = l.CompteurId
            ORDER BY l.Jour, d.Date, {ordinal("d.Reference")}, k.Sequence
            """
        : $"""
            SELECT l.DossierId, d.Reference, d.Date, k.Sequence, l.Quantite, i.Id, i.Nom
            FROM Totaux t CROSS JOIN Consommations l CROSS JOIN Dossiers d CROSS JOIN Identifiants i CROSS JOIN Compteurs k
            WHERE t.ProduitId = @1{Days(periode, "t")}
              AND NOT EXISTS (SELECT 1 FROM Totaux o WHERE o.ProduitId = t.ProduitId AND o.Jour = t.Jour
                AND o.IdentifiantId = t.IdentifiantId AND o.CompteurId < t.CompteurId)
              AND l.ProduitId = t.ProduitId AND l.IdentifiantId = t.IdentifiantId AND l.Jour BETWEEN t.Jour AND t.Jour
              AND d.Id = l.DossierId AND i.Id = t.IdentifiantId AND k.Id = l.CompteurId
            ORDER BY t.Jour, d.Date, {ordinal("d.Reference")}, {ordinal("i.Nom")}, k.Sequence
            """;

    /// <summary>What each meter of a produit counted in the period, or null. These are few rows, which are sorted. Parameters: produit, first day, last day, identifiant.</summary>
    public static string Meters(Periode periode, bool ofIdentifiant, Func<string, string> ordinal) => $"""
        SELECT m.DossierId, d.Reference, d.Date, k.Sequence,
          (SELECT SUM(j.Units) FROM MeterDays j WHERE j.MeterId = m.Id{Days(periode, "j")}){(ofIdentifiant ? "" : ", i.Id, i.Nom")}
        FROM Compteurs k CROSS JOIN Meters m CROSS JOIN Dossiers d {(ofIdentifiant ? "" : "CROSS JOIN Identifiants i")}
        WHERE k.ProduitId = @1 AND m.CompteurId = k.Id AND d.Id = m.DossierId
          AND m.IdentifiantId = {(ofIdentifiant ? "@4" : "i.Id")}
        ORDER BY d.Date, {ordinal("d.Reference")}{(ofIdentifiant ? "" : $", {ordinal("i.Nom")}")}, k.Sequence
        """;

    /// <summary>
    /// The compteurs of a client, by produit and sequence, in key order. Parameters of this and of the next two: those of <see cref="Sommes"/>,
    /// and names are looked up as there.
    /// </summary>
    public static string Compteurs(Demande demande, string limit) => $"""
        SELECT k.Id, k.Sequence, (SELECT n.Libelle FROM Compteurs n WHERE n.Id = k.Id), p.Numero, (SELECT n.Nom FROM Produits n WHERE n.Id = p.Id)
        FROM Clients c CROSS JOIN Produits p CROSS JOIN Compteurs k
        WHERE c.Code = @1 AND p.ClientId = c.Id AND k.ProduitId = p.Id {(demande.ProduitId is null ? "" : "AND p.Numero = @4")}
        ORDER BY p.Numero, k.Sequence {limit}
        """;

    /// <summary>
    /// The imported lines of all elements of an answer, in any order: SQLite returns them in that of the key, and SQL Server would read all lines
    /// to sort the first ones.
    /// </summary>
    public static string FewLignes(Demande demande, string limit) => $"""
        SELECT l.CompteurId, l.Quantite, l.DossierId, d.Reference, d.Date, i.Id, i.Nom
        FROM Clients c CROSS JOIN Produits p CROSS JOIN Identifiants i CROSS JOIN Consommations l CROSS JOIN Dossiers d
        WHERE c.Code = @1 AND p.ClientId = c.Id AND i.ClientId = c.Id AND l.ProduitId = p.Id AND l.IdentifiantId = i.Id{Days(demande.Periode, "l")}
          AND d.Id = l.DossierId{(demande.ProduitId is null ? "" : " AND p.Numero = @4")}{(demande.Identifiant is null ? "" : " AND i.Nom = @5")}
        {limit}
        """;

    /// <summary>What each meter of a client counted in the period, or null, in any order.</summary>
    public static string FewMeters(Demande demande, string limit) => $"""
        SELECT m.CompteurId, (SELECT SUM(j.Units) FROM MeterDays j WHERE j.MeterId = m.Id{Days(demande.Periode, "j")}), m.DossierId, d.Reference, d.Date, i.Id, i.Nom
        FROM Clients c CROSS JOIN Meters m CROSS JOIN Dossiers d CROSS JOIN Identifiants i
        WHERE c.Code = @1 AND m.ClientId = c.Id AND d.Id = m.DossierId AND i.Id = m.IdentifiantId{(demande.Identifiant is null ? "" : " AND i.Nom = @5")}
        {limit}
        """;

    private static string Days(Periode periode, string table) =>
        (periode.Debut is null ? "" : $" AND {table}.Jour >= @2") + (periode.Fin is null ? "" : $" AND {table}.Jour <= @3");
}

namespace Facturation.Storage.SqlServer;

/// <summary>The statements of an import that are more than a line.</summary>
internal static class SqlServerImportSql
{
    /// <summary>
    /// Waits for its turn, which ends with the transaction, and makes the table that lines are copied to. Temporary tables have the
    /// collation of tempdb unless told.
    /// </summary>
    public const string Begin = $"""
        DECLARE @turn int;
        EXEC @turn = sp_getapplock @Resource = N'Facturation.Import', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = -1;
        IF @turn < 0 THROW 50002, N'No turn to import.', 1;
        CREATE TABLE #Lignes (
            CompteurId int NOT NULL, IdentifiantId int NOT NULL, Date datetime2 NOT NULL,
            Reference nvarchar(801) COLLATE {SqlServerContext.Collation} NOT NULL, Jour date NOT NULL, Quantite bigint NOT NULL);
        """;

    /// <summary>
    /// Only imports write the lines of source 0, one import at a time; only dossiers may be added by others too, so their keys are held.
    /// </summary>
    public const string Merge = """
        INSERT INTO Dossiers (IdentifiantId, Date, Reference)
        SELECT DISTINCT l.IdentifiantId, l.Date, l.Reference FROM #Lignes AS l
        WHERE NOT EXISTS (
            SELECT 1 FROM Dossiers AS d WITH (UPDLOCK, HOLDLOCK)
            WHERE d.IdentifiantId = l.IdentifiantId AND d.Date = l.Date AND d.Reference = l.Reference);

        UPDATE c SET Quantite = l.Quantite
        FROM #Lignes AS l
        JOIN Dossiers AS d ON d.IdentifiantId = l.IdentifiantId AND d.Date = l.Date AND d.Reference = l.Reference
        JOIN Consommations AS c ON c.CompteurId = l.CompteurId AND c.IdentifiantId = l.IdentifiantId AND c.Jour = l.Jour
            AND c.DossierId = d.Id AND c.Source = 0
        WHERE c.Quantite <> l.Quantite;

        INSERT INTO Consommations (CompteurId, IdentifiantId, Jour, DossierId, Source, Quantite)
        SELECT l.CompteurId, l.IdentifiantId, l.Jour, d.Id, 0, l.Quantite
        FROM #Lignes AS l
        JOIN Dossiers AS d ON d.IdentifiantId = l.IdentifiantId AND d.Date = l.Date AND d.Reference = l.Reference
        WHERE NOT EXISTS (
            SELECT 1 FROM Consommations AS c
            WHERE c.CompteurId = l.CompteurId AND c.IdentifiantId = l.IdentifiantId AND c.Jour = l.Jour
                AND c.DossierId = d.Id AND c.Source = 0);

        TRUNCATE TABLE #Lignes;
        """;

    /// <summary>Readings that add up the compteur wait from here to the end of the import.</summary>
    public const string HoldCompteur = "SELECT Id FROM Compteurs WITH (UPDLOCK, ROWLOCK) WHERE Id = @0";

    public const string AddedUp =
        "SELECT COALESCE(SUM(CAST(Quantite AS decimal(38, 0))), 0) FROM Consommations WHERE CompteurId = @0 AND Quantite > 0";

    public const string Subtracted =
        "SELECT COALESCE(SUM(CAST(Quantite AS decimal(38, 0))), 0) FROM Consommations WHERE CompteurId = @0 AND Quantite < 0";

    public const string FindQuantite = """
        SELECT c.Quantite FROM Identifiants AS i
        JOIN Dossiers AS d ON d.IdentifiantId = i.Id AND d.Date = @3 AND d.Reference = @4
        JOIN Consommations AS c ON c.CompteurId = @0 AND c.IdentifiantId = i.Id AND c.Jour = @5 AND c.DossierId = d.Id AND c.Source = 0
        WHERE i.ClientId = @1 AND i.Nom = @2
        """;

    /// <summary>Adds a row of a key, or finds the one that another node added a moment ago.</summary>
    public static string Add(string table, IEnumerable<string> columns, string where)
    {
        var names = string.Join(", ", columns);
        var values = string.Join(", ", columns.Select((_, i) => $"@{i}"));
        return $"""
            DECLARE @id int = (SELECT Id FROM {table} WITH (UPDLOCK, HOLDLOCK) WHERE {where});
            IF @id IS NULL INSERT INTO {table} ({names}) OUTPUT INSERTED.Id VALUES ({values}) ELSE SELECT @id;
            """;
    }
}

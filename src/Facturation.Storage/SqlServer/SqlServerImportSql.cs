namespace Facturation.Storage.SqlServer;

/// <summary>The statements of an import.</summary>
internal static class SqlServerImportSql
{
    /// <summary>
    /// Waits for its turn, which ends with the transaction, and makes the table that lines are copied to. Temporary tables have the
    /// collation of tempdb unless told. A row that a reading added first ends the statement that adds it again, and not the transaction. If an
    /// import and a reading deadlock, the reading is the victim and runs again.
    /// </summary>
    public const string Begin = $"""
        SET XACT_ABORT OFF;
        SET DEADLOCK_PRIORITY HIGH;
        DECLARE @turn int;
        EXEC @turn = sp_getapplock @Resource = N'Facturation.Import', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = -1;
        IF @turn < 0 THROW 50002, N'No turn to import.', 1;
        CREATE TABLE #Lignes (
            ProduitId int NOT NULL, CompteurId int NOT NULL, IdentifiantId int NOT NULL, Jour date NOT NULL, Date datetime2 NOT NULL,
            Reference nvarchar(801) COLLATE {SqlServerContext.Collation} NOT NULL, Quantite bigint NOT NULL,
            DossierId bigint NULL, Old bigint NULL);
        """;

    /// <summary>
    /// Adds the lines copied so far to the tables, and what they change to the totals of days. One import at a time writes lines; dossiers and
    /// totals are written by readings too. Of two that add a row, one violates its key: here the statement is then run again, and finds the row.
    /// </summary>
    public const string Merge = """
        WHILE 1 = 1
        BEGIN
            BEGIN TRY
                INSERT INTO Dossiers (IdentifiantId, Date, Reference)
                SELECT DISTINCT l.IdentifiantId, l.Date, l.Reference FROM #Lignes AS l
                WHERE NOT EXISTS (
                    SELECT 1 FROM Dossiers AS d WHERE d.IdentifiantId = l.IdentifiantId AND d.Date = l.Date AND d.Reference = l.Reference);
                BREAK;
            END TRY
            BEGIN CATCH
                IF ERROR_NUMBER() NOT IN (2601, 2627) THROW;
            END CATCH;
        END;

        UPDATE l SET DossierId = d.Id
        FROM #Lignes AS l
        JOIN Dossiers AS d ON d.IdentifiantId = l.IdentifiantId AND d.Date = l.Date AND d.Reference = l.Reference;

        UPDATE l SET Old = c.Quantite
        FROM #Lignes AS l
        JOIN Consommations AS c ON c.ProduitId = l.ProduitId AND c.IdentifiantId = l.IdentifiantId AND c.Jour = l.Jour
            AND c.DossierId = l.DossierId AND c.CompteurId = l.CompteurId;

        UPDATE c SET Quantite = l.Quantite
        FROM #Lignes AS l
        JOIN Consommations AS c ON c.ProduitId = l.ProduitId AND c.IdentifiantId = l.IdentifiantId AND c.Jour = l.Jour
            AND c.DossierId = l.DossierId AND c.CompteurId = l.CompteurId
        WHERE l.Old <> l.Quantite;

        INSERT INTO Consommations (ProduitId, IdentifiantId, Jour, DossierId, CompteurId, Quantite)
        SELECT l.ProduitId, l.IdentifiantId, l.Jour, l.DossierId, l.CompteurId, l.Quantite
        FROM #Lignes AS l WHERE l.Old IS NULL;

        -- Of wider numbers: on the way, what is given back of one line may not fit with what is not yet taken of another.
        SELECT l.CompteurId, l.IdentifiantId, l.Jour, l.ProduitId,
            SUM(CAST(IIF(l.Quantite > 0, l.Quantite, 0) AS decimal(38, 0)) - IIF(l.Old > 0, l.Old, 0)) AS Plus,
            SUM(CAST(IIF(l.Quantite < 0, l.Quantite, 0) AS decimal(38, 0)) - IIF(l.Old < 0, l.Old, 0)) AS Moins,
            SUM(CAST(IIF(l.Old IS NULL, 1, 0) AS bigint)) AS Lignes
        INTO #Jours FROM #Lignes AS l
        GROUP BY l.CompteurId, l.IdentifiantId, l.Jour, l.ProduitId;

        -- A reading may add or remove a total between the two statements: then they have changed fewer than all, and are run again.
        DECLARE @now bigint = DATEDIFF_BIG(millisecond, '19700101', SYSUTCDATETIME()), @all int = (SELECT COUNT(*) FROM #Jours), @done int;
        WHILE 1 = 1
        BEGIN
            SAVE TRANSACTION Totaux;
            BEGIN TRY
                UPDATE t SET Plus = t.Plus + j.Plus, Moins = t.Moins + j.Moins, Lignes = t.Lignes + j.Lignes,
                    ChangedAt = IIF(j.Plus = 0 AND j.Moins = 0 AND j.Lignes = 0, t.ChangedAt, @now)
                FROM Totaux AS t
                JOIN #Jours AS j ON j.CompteurId = t.CompteurId AND j.IdentifiantId = t.IdentifiantId AND j.Jour = t.Jour;
                SET @done = @@ROWCOUNT;
                INSERT INTO Totaux (CompteurId, IdentifiantId, Jour, ProduitId, Plus, Moins, Lignes, ChangedAt)
                SELECT j.CompteurId, j.IdentifiantId, j.Jour, j.ProduitId, j.Plus, j.Moins, j.Lignes, @now FROM #Jours AS j
                WHERE NOT EXISTS (
                    SELECT 1 FROM Totaux AS t
                    WHERE t.CompteurId = j.CompteurId AND t.IdentifiantId = j.IdentifiantId AND t.Jour = j.Jour);
                IF @done + @@ROWCOUNT = @all BREAK;
            END TRY
            BEGIN CATCH
                IF ERROR_NUMBER() NOT IN (2601, 2627) THROW;
            END CATCH;
            ROLLBACK TRANSACTION Totaux;
        END;

        DROP TABLE #Jours;
        TRUNCATE TABLE #Lignes;
        """;

    public const string RenameProduit = "UPDATE Produits SET Nom = @2 WHERE Id = @1";

    public const string RenameCompteur = "UPDATE Compteurs SET Libelle = @2 WHERE Id = @1";

    public const string AddedUp = "SELECT COALESCE(SUM(CAST(Plus AS decimal(38, 0))), 0) FROM Totaux WHERE CompteurId = @1";

    public const string Subtracted = "SELECT COALESCE(SUM(CAST(Moins AS decimal(38, 0))), 0) FROM Totaux WHERE CompteurId = @1";

    public const string FindQuantite = """
        SELECT c.Quantite FROM Identifiants AS i
        JOIN Dossiers AS d ON d.IdentifiantId = i.Id AND d.Date = @5 AND d.Reference = @6
        JOIN Consommations AS c ON c.ProduitId = @1 AND c.IdentifiantId = i.Id AND c.Jour = @7 AND c.DossierId = d.Id AND c.CompteurId = @2
        WHERE i.ClientId = @3 AND i.Nom = @4
        """;

    /// <summary>The number of a row, by its key.</summary>
    public static string Find(string table, params string[] columns) => $"SELECT Id FROM {table} WHERE {Where(columns)}";

    /// <summary>Adds a row of a key, or finds the one that another node added a moment ago.</summary>
    public static string Add(string table, params string[] columns)
    {
        var names = string.Join(", ", columns);
        var values = string.Join(", ", columns.Select((_, i) => $"@{i + 1}"));
        if (table == "Compteurs")
            (names, values) = (names + ", Cumul", values + ", 0"); // The column has no default.
        return $"""
            BEGIN TRY
                INSERT INTO {table} ({names}) VALUES ({values});
            END TRY
            BEGIN CATCH
                IF ERROR_NUMBER() NOT IN (2601, 2627) THROW;
            END CATCH;
            {Find(table, columns)};
            """;
    }

    private static string Where(string[] columns) =>
        string.Join(" AND ", columns.Select((column, i) => $"{column} = @{i + 1}"));
}

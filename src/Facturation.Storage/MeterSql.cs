namespace Facturation.Storage;

/// <summary>What a transaction on meters asks and writes, for <see cref="Statements"/>.</summary>
internal static class MeterSql
{
    private const string Reading =
        "Uid, IndexMilli, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs, VoidedAt, VoidedBy, VoidReason";

    private const string Counting = $"SELECT {Reading} FROM Readings WHERE MeterId = ?1 AND VoidedAs = 0";

    private const string Day = "MeterId = ?1 AND Jour = ?2";

    private const string Total = "CompteurId = ?1 AND IdentifiantId = ?2 AND Jour = ?3";

    public const string FindClient = "SELECT Id FROM Clients WHERE Code = ?1";

    /// <summary>A meter by its uid, if the client ?2, and its identifiant ?3 unless it is null, may see it.</summary>
    public const string FindMeter = """
        SELECT m.Id, m.ClientId, m.CompteurId, m.IdentifiantId, p.Id, k.Cumul,
          m.Serial, m.Digits, m.Unit, i.Nom, d.Reference, d.Date, p.Numero, p.Nom, k.Sequence, k.Libelle,
          m.InstalledAt, m.RemovedAt, o.Uid, n.Uid
        FROM Meters m
        JOIN Clients c ON c.Id = m.ClientId
        JOIN Dossiers d ON d.Id = m.DossierId
        JOIN Identifiants i ON i.Id = m.IdentifiantId
        JOIN Compteurs k ON k.Id = m.CompteurId
        JOIN Produits p ON p.Id = k.ProduitId
        LEFT JOIN Meters o ON o.Id = m.ReplacesId
        LEFT JOIN Meters n ON n.ReplacesId = m.Id
        WHERE m.Uid = ?1 AND c.Code = ?2 AND (?3 IS NULL OR i.Nom = ?3)
        """;

    // Read as far as needed. SQLite plans a statement anew each time its LIMIT is bound, which cost more than all it reads.
    public const string ReadBefore = $"{Counting} AND ReadAt < ?2 ORDER BY ReadAt DESC";

    public const string ReadFrom = $"{Counting} AND ReadAt >= ?2 ORDER BY ReadAt";

    public const string FindReading = $"SELECT {Reading} FROM Readings WHERE Uid = ?2 AND MeterId = (SELECT Id FROM Meters WHERE Uid = ?1)";

    public const string AddReading = """
        INSERT INTO Readings (Uid, MeterId, IndexMilli, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)
        """;

    public const string FlagReading = "UPDATE Readings SET IsSuspect = ?2 WHERE Uid = ?1";

    public const string VoidReading = """
        UPDATE Readings SET IsSuspect = ?2, VoidedAs = Id, VoidedAt = ?3, VoidedBy = ?4, VoidReason = ?5 WHERE Uid = ?1
        """;

    /// <summary>Adds a day that has no row yet.</summary>
    public const string AddDay = "INSERT INTO MeterDays (MeterId, Jour, Units) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

    public const string ChangeDay = $"UPDATE MeterDays SET Units = Units + ?3 WHERE {Day}";

    public const string DropDay = $"DELETE FROM MeterDays WHERE {Day} AND Units = 0";

    public const string AddTotal = """
        INSERT INTO Totaux (CompteurId, IdentifiantId, Jour, ProduitId, Plus, Moins, Lignes) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)
        ON CONFLICT DO UPDATE SET Plus = Plus + ?5, Lignes = Lignes + ?6
        """;

    public const string DropTotal = $"DELETE FROM Totaux WHERE {Total} AND Lignes = 0";

    public const string AddUp = "SELECT COALESCE(SUM(Plus), 0) FROM Totaux WHERE CompteurId = ?1";

    public const string KeepCumul = "UPDATE Compteurs SET Cumul = ?2 WHERE Id = ?1";

    public const string RemoveMeter = "UPDATE Meters SET RemovedAt = ?2 WHERE Id = ?1";

    public const string AddAudit = """
        INSERT INTO Audit (At, ClientId, KeyPrefix, TraceId, Action, RecordedBy, MeterUid, ReadingUid, Detail)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    // "Key" is a word of SQL.
    public const string FindAnswer =
        """SELECT Hash, Status, Location, Body, At FROM KeptAnswers WHERE ClientId = ?1 AND "Key" = ?2 AND At >= ?3""";

    public const string DropAnswers = "DELETE FROM KeptAnswers WHERE At < ?1";

    public const string AddAnswer =
        """INSERT INTO KeptAnswers (ClientId, "Key", Hash, Status, Location, Body, At) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)""";
}

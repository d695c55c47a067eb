namespace Facturation.Storage;

/// <summary>What a transaction on meters asks and writes, for <see cref="Statements"/>. Only LIMIT is SQLite's own word.</summary>
internal static class MeterSql
{
    private const string Reading =
        "Uid, IndexMilli, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs, VoidedAt, VoidedBy, VoidReason";

    private const string Counting = $"SELECT {Reading} FROM Readings WHERE MeterId = @0 AND VoidedAs = 0";

    private const string Day = "MeterId = @0 AND Jour = @1";

    private const string Total = "CompteurId = @0 AND IdentifiantId = @1 AND Jour = @2";

    public const string FindClient = "SELECT Id FROM Clients WHERE Code = @0";

    /// <summary>A meter by its uid, if the client @1, and its identifiant @2 unless it is null, may see it.</summary>
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
        WHERE m.Uid = @0 AND c.Code = @1 AND (@2 IS NULL OR i.Nom = @2)
        """;

    /// <summary>The readings of meter @0 that count: @3 before @1, those from @1 to @2, and one after.</summary>
    public const string ReadSeries = $"""
        SELECT * FROM ({Counting} AND ReadAt < @1 ORDER BY ReadAt DESC LIMIT @3) a
        UNION ALL {Counting} AND ReadAt >= @1 AND ReadAt <= @2
        UNION ALL SELECT * FROM ({Counting} AND ReadAt > @2 ORDER BY ReadAt LIMIT 1) b
        """;

    public const string FindReading = $"SELECT {Reading} FROM Readings WHERE Uid = @1 AND MeterId = (SELECT Id FROM Meters WHERE Uid = @0)";

    public const string AddReading = """
        INSERT INTO Readings (Uid, MeterId, IndexMilli, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs)
        VALUES (@0, @1, @2, @3, @4, @5, @6, @7, 0)
        """;

    public const string FlagReading = "UPDATE Readings SET IsSuspect = @1 WHERE Uid = @0";

    public const string VoidReading = """
        UPDATE Readings SET IsSuspect = @1, VoidedAs = Id, VoidedAt = @2, VoidedBy = @3, VoidReason = @4 WHERE Uid = @0
        """;

    public const string FindDay = $"SELECT Units FROM MeterDays WHERE {Day}";

    public const string AddDay = "INSERT INTO MeterDays (MeterId, Jour, Units) VALUES (@0, @1, @2)";

    public const string ChangeDay = $"UPDATE MeterDays SET Units = @2 WHERE {Day}";

    public const string DropDay = $"DELETE FROM MeterDays WHERE {Day}";

    public const string ChangeTotal = $"UPDATE Totaux SET Plus = Plus + @3, Lignes = Lignes + @4 WHERE {Total}";

    public const string AddTotal =
        "INSERT INTO Totaux (CompteurId, IdentifiantId, Jour, ProduitId, Plus, Moins, Lignes) VALUES (@0, @1, @2, @3, @4, 0, 1)";

    public const string DropTotal = $"DELETE FROM Totaux WHERE {Total} AND Lignes = 0";

    public const string AddUp = "SELECT COALESCE(SUM(Plus), 0) FROM Totaux WHERE CompteurId = @0";

    public const string KeepCumul = "UPDATE Compteurs SET Cumul = @1 WHERE Id = @0";

    public const string RemoveMeter = "UPDATE Meters SET RemovedAt = @1 WHERE Id = @0";

    public const string AddAudit = """
        INSERT INTO Audit (At, ClientId, KeyPrefix, TraceId, Action, RecordedBy, MeterUid, ReadingUid, Detail)
        VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8)
        """;

    // "Key" is a word of SQL.
    public const string FindAnswer =
        """SELECT Hash, Status, Location, Body, At FROM KeptAnswers WHERE ClientId = @0 AND "Key" = @1 AND At >= @2""";

    public const string DropAnswers = "DELETE FROM KeptAnswers WHERE At < @0";

    public const string AddAnswer =
        """INSERT INTO KeptAnswers (ClientId, "Key", Hash, Status, Location, Body, At) VALUES (@0, @1, @2, @3, @4, @5, @6)""";
}

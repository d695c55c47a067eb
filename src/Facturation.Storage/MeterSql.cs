using System.Collections.Concurrent;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>The statements on meters and readings, for <see cref="Statements"/>.</summary>
internal sealed class MeterSql(Dialect dialect)
{
    private const string Reading =
        "r.Uid, r.IndexMilli, r.Turns, r.ReadAt, r.RecordedBy, r.ProofRef, r.RecordedAt, r.IsSuspect, r.VoidedAs, r.VoidedAt, r.VoidedBy, r.VoidReason, r.ConfirmedAt, r.ConfirmedBy";

    /// <summary>The readings that count of the meter @1.</summary>
    public const string Counting = $"SELECT {Reading} FROM Readings r WHERE r.MeterId = @1 AND r.VoidedAs = 0";

    private const string Day = "MeterId = @1 AND Jour = @2";

    private const string Total = "CompteurId = @1 AND IdentifiantId = @2 AND Jour = @3";

    private const string Meter = """
        m.Id, m.ClientId, m.CompteurId, m.IdentifiantId, p.Id, k.Cumul,
          m.Uid, m.Serial, m.Digits, m.RolloverAt, m.MultiplierMicros, m.Unit, i.Nom, d.Reference, d.Date, p.Numero, p.Nom, k.Sequence, k.Libelle,
          m.InstalledAt, m.RemovedAt, o.Uid, n.Uid, c.HoldsSuspects
        """;

    private const string FromMeters = """
        FROM Meters m
        JOIN Clients c ON c.Id = m.ClientId
        JOIN Dossiers d ON d.Id = m.DossierId
        JOIN Identifiants i ON i.Id = m.IdentifiantId
        JOIN Compteurs k ON k.Id = m.CompteurId
        JOIN Produits p ON p.Id = k.ProduitId
        LEFT JOIN Meters o ON o.Id = m.ReplacesId
        LEFT JOIN Meters n ON n.ReplacesId = m.Id
        """;

    /// <summary>Meters of the client @1, with what is known of each.</summary>
    private const string Meters = $"""
        SELECT {Meter}
        {FromMeters}
        WHERE c.Code = @1
        """;

    public const string FindClient = "SELECT Id FROM Clients WHERE Code = @1";

    public const string FindHoldsSuspects = "SELECT HoldsSuspects FROM Clients WHERE Code = @1";

    public const string SetHoldsSuspects = "UPDATE Clients SET HoldsSuspects = @2 WHERE Code = @1";

    public const string FindIdentifiant = "SELECT Id FROM Identifiants WHERE ClientId = @1 AND Nom = @2";

    public const string FindDossier = "SELECT Id FROM Dossiers WHERE IdentifiantId = @1 AND Date = @2 AND Reference = @3";

    public const string FindProduit = "SELECT Id FROM Produits WHERE ClientId = @1 AND Numero = @2";

    public const string NameProduit = "UPDATE Produits SET Nom = @2 WHERE Id = @1 AND Nom IS NULL";

    public const string FindCompteur = "SELECT Id FROM Compteurs WHERE ProduitId = @1 AND Sequence = @2";

    public const string NameCompteur = "UPDATE Compteurs SET Libelle = @2 WHERE Id = @1 AND Libelle IS NULL";

    /// <summary>The names of a compteur and of its produit.</summary>
    public const string FindNames = "SELECT p.Nom, k.Libelle FROM Compteurs k JOIN Produits p ON p.Id = k.ProduitId WHERE k.Id = @1";

    /// <summary>A meter by its uid @2, if the client @1, and its identifiant @3 unless it is null, may see it.</summary>
    public const string FindMeter = $"{Meters} AND m.Uid = @2 AND (@3 IS NULL OR i.Nom = @3)";

    /// <summary>Locks a meter of the client @1, so that no other transaction changes its readings.</summary>
    public const string HoldMeter =
        "UPDATE Meters SET Digits = Digits WHERE Uid = @2 AND ClientId = (SELECT Id FROM Clients WHERE Code = @1)";

    /// <summary>Locks all meters of the client @1.</summary>
    public const string HoldMeters = "UPDATE Meters SET Digits = Digits WHERE ClientId = (SELECT Id FROM Clients WHERE Code = @1)";

    /// <summary>Locks the client @1, so that no other transaction adds a meter: its foreign key must find the client.</summary>
    public const string HoldClient = "UPDATE Clients SET HoldsSuspects = HoldsSuspects WHERE Code = @1";

    /// <summary>Locks a compteur, so that no other transaction adds it up.</summary>
    public const string HoldCompteur = "UPDATE Compteurs SET Cumul = Cumul WHERE Id = @1";

    /// <summary>Locks the compteur @3 of the produit @2 of the client @1, so that no other transaction gives it a meter of another unit.</summary>
    public const string HoldUnit = $"UPDATE Compteurs SET Cumul = Cumul WHERE Id = ({BillSql.FindCompteur})";

    public const string FindInstalled =
        "SELECT Uid FROM Meters WHERE DossierId = @1 AND CompteurId = @2 AND Serial = @3 AND RemovedAt IS NULL";

    public const string FindNumber = "SELECT Id FROM Meters WHERE Uid = @1";

    public const string FindReading = $"SELECT {Reading} FROM Readings r WHERE r.Uid = @2 AND r.MeterId = (SELECT Id FROM Meters WHERE Uid = @1)";

    /// <summary>The days of the meter @1, from @2 to @3 unless they are null.</summary>
    public const string ReadDays = """
        SELECT j.Jour, j.Units FROM MeterDays j
        WHERE j.MeterId = (SELECT Id FROM Meters WHERE Uid = @1) AND (@2 IS NULL OR j.Jour >= @2) AND (@3 IS NULL OR j.Jour <= @3)
        ORDER BY j.Jour
        """;

    public const string AddReading = """
        INSERT INTO Readings (Uid, MeterId, IndexMilli, Turns, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, 0)
        """;

    public const string ConfirmReading = "UPDATE Readings SET IsSuspect = @2, ConfirmedAt = @3, ConfirmedBy = @4 WHERE Uid = @1";

    public const string FlagReading = "UPDATE Readings SET IsSuspect = @2 WHERE Uid = @1";

    /// <summary>Takes one turn from the readings that count of the meter @1 after the instant @2.</summary>
    public const string TakeTurnBack = "UPDATE Readings SET Turns = Turns - 1 WHERE MeterId = @1 AND ReadAt > @2 AND VoidedAs = 0";

    public const string VoidReading = """
        UPDATE Readings SET IsSuspect = @2, VoidedAs = Id, VoidedAt = @3, VoidedBy = @4, VoidReason = @5 WHERE Uid = @1
        """;

    // Days and totals are changed by what is added, never set: no isolation level then loses an update. A row that two transactions
    // insert at once is refused to one of them, which runs again.
    public const string ChangeDay = $"UPDATE MeterDays SET Units = Units + @3 WHERE {Day}";

    public const string AddDay = "INSERT INTO MeterDays (MeterId, Jour, Units) VALUES (@1, @2, @3)";

    public const string DropDay = $"DELETE FROM MeterDays WHERE {Day} AND Units = 0";

    public const string ChangeTotal = $"UPDATE Totaux SET Plus = Plus + @4, Lignes = Lignes + @5, ChangedAt = CASE WHEN ChangedAt > @6 THEN ChangedAt ELSE @6 END WHERE {Total}";

    public const string AddTotal =
        "INSERT INTO Totaux (CompteurId, IdentifiantId, Jour, ProduitId, Plus, Moins, Lignes, ChangedAt) VALUES (@1, @2, @3, @7, @4, 0, @5, @6)";

    public const string DropTotal = $"DELETE FROM Totaux WHERE {Total} AND Lignes = 0";

    public const string ChangeRemovedTotal = $"UPDATE RemovedTotals SET ChangedAt = @4 WHERE {Total}";

    public const string AddRemovedTotal = "INSERT INTO RemovedTotals (CompteurId, IdentifiantId, Jour, ChangedAt) VALUES (@1, @2, @3, @4)";

    public const string AddUp = "SELECT COALESCE(SUM(Plus), 0) FROM Totaux WHERE CompteurId = @1";

    public const string KeepCumul = "UPDATE Compteurs SET Cumul = @2 WHERE Id = @1";

    public const string RemoveMeter = "UPDATE Meters SET RemovedAt = @2 WHERE Id = @1";

    /// <summary>An entry of the audit log by its number, instant and trace, which together no other transaction wrote.</summary>
    public const string CountAudit = "SELECT COUNT(*) FROM Audit WHERE Id = @1 AND At = @2 AND TraceId = @3";

    /// <summary>An entry of the client @1 by its number and instant.</summary>
    public const string CountEntry = "SELECT COUNT(*) FROM Audit WHERE ClientId = (SELECT Id FROM Clients WHERE Code = @1) AND Id = @2 AND At = @3";

    // "Key" is a reserved word of SQL.
    public const string FindAnswer =
        """SELECT Hash, Status, Location, Body, At FROM KeptAnswers WHERE ClientId = @1 AND "Key" = @2 AND At >= @3""";

    public const string DropAnswers = "DELETE FROM KeptAnswers WHERE At < @1";

    public const string AddAnswer =
        """INSERT INTO KeptAnswers (ClientId, "Key", Hash, Status, Location, Body, At) VALUES (@1, @2, @3, @4, @5, @6, @7)""";

    private readonly ConcurrentDictionary<int, string> series = new();

    public string AddClient { get; } = $"INSERT INTO Clients (Code) VALUES (@1){dialect.ReturningId}";

    public string AddIdentifiant { get; } = $"INSERT INTO Identifiants (ClientId, Nom) VALUES (@1, @2){dialect.ReturningId}";

    public string AddDossier { get; } = $"INSERT INTO Dossiers (IdentifiantId, Date, Reference) VALUES (@1, @2, @3){dialect.ReturningId}";

    public string AddProduit { get; } = $"INSERT INTO Produits (ClientId, Numero) VALUES (@1, @2){dialect.ReturningId}";

    public string AddCompteur { get; } = $"INSERT INTO Compteurs (ProduitId, Sequence, Cumul) VALUES (@1, @2, 0){dialect.ReturningId}";

    public string AddMeter { get; } = $"""
        INSERT INTO Meters (
          Uid, ClientId, Serial, Digits, RolloverAt, MultiplierMicros, Unit, DossierId, CompteurId, IdentifiantId, InstalledAt, ReplacesId)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12){dialect.ReturningId}
        """;

    /// <summary>The last entry of the client @1 above the number @2.</summary>
    public string NewestEntry { get; } =
        $"SELECT Id, At FROM Audit WHERE ClientId = (SELECT Id FROM Clients WHERE Code = @1) AND Id > @2 ORDER BY Id DESC {dialect.Limit(1)}";

    /// <summary>The unit of the first meter of the compteur @3 of the produit @2 of the client @1.</summary>
    public string FindUnit { get; } = $"""
        SELECT m.Unit FROM Meters m JOIN Compteurs k ON k.Id = m.CompteurId JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId
        WHERE c.Code = @1 AND p.Numero = @2 AND k.Sequence = @3 ORDER BY m.Id {dialect.Limit(1)}
        """;

    public string AddAudit { get; } = $"""
        INSERT INTO Audit (At, ClientId, KeyPrefix, TraceId, Action, RecordedBy, MeterUid, ReadingUid, Detail)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9){dialect.ReturningId}
        """;

    /// <summary>
    /// The readings that count of the meter @1 from the instant @2 to @3, those before as far as the history goes, and the one after. One
    /// query, so one moment of the database: a reading recorded meanwhile leaves no gap.
    /// </summary>
    public string ReadSeries(int history) => series.GetOrAdd(history, rows => $"""
        {(rows == 0 ? "" : $"SELECT * FROM ({Counting} AND r.ReadAt < @2 ORDER BY r.ReadAt DESC {dialect.Limit(rows)}) older UNION ALL")}
        {Counting} AND r.ReadAt >= @2 AND r.ReadAt <= @3
        UNION ALL SELECT * FROM ({Counting} AND r.ReadAt > @3 ORDER BY r.ReadAt {dialect.Limit(1)}) newer
        """);

    /// <summary>
    /// Meters of the client @1 and the identifiant @2, below the number @3, with the serial number @4, the identifiant @5, the dossier @6 and
    /// the produit @7, installed and last read before @8; each but the first if asked for. With their last readings that count, if asked for,
    /// in the first columns.
    /// </summary>
    public string ListMeters(bool ofIdentifiant, bool after, MeterFilter filter, bool withLast, int rows) => $"""
        SELECT {(withLast ? $"{Reading}, " : "")}{Meter}
        {FromMeters}{(withLast || filter.NotReadSince is not null ? $"""

        JOIN Readings r ON r.Id = (
          SELECT l.Id FROM Readings l WHERE l.MeterId = m.Id AND l.VoidedAs = 0 ORDER BY l.ReadAt DESC {dialect.Limit(1)})
        """ : "")}
        WHERE c.Code = @1{(ofIdentifiant ? " AND i.Nom = @2" : "")}{(after ? " AND m.Id < @3" : "")}{(filter.Serial is null ? "" : " AND m.Serial = @4")}{(filter.Identifiant is null ? "" : " AND i.Nom = @5")}{(filter.Dossier is null ? "" : " AND d.Reference = @6")}{(filter.Produit is null ? "" : " AND p.Numero = @7")}{(filter.NotReadSince is null ? "" : " AND m.RemovedAt IS NULL AND r.ReadAt < @8")}
        ORDER BY m.Id DESC {dialect.Limit(rows)}
        """;

    /// <summary>
    /// Entries of the audit log about readings of meters of the client @1 and the identifiant @2, above the number @3; the identifiant if asked
    /// for.
    /// </summary>
    public string ListChanges(bool ofIdentifiant, int rows) => $"""
        SELECT {Reading}, m.Uid, a.Id, a.At
        FROM Audit a JOIN Readings r ON r.Uid = a.ReadingUid JOIN Meters m ON m.Id = r.MeterId{(ofIdentifiant ? " JOIN Identifiants i ON i.Id = m.IdentifiantId" : "")}
        WHERE a.ClientId = (SELECT Id FROM Clients WHERE Code = @1) AND a.Id > @3{(ofIdentifiant ? " AND i.Nom = @2" : "")}
          AND a.Action IN ('{AuditActions.MeterCreated}', '{AuditActions.ReadingRecorded}', '{AuditActions.ReadingVoided}', '{AuditActions.ReadingConfirmed}')
        ORDER BY a.Id {dialect.Limit(rows)}
        """;

    /// <summary>Readings of the meter @1, from @2 to @3, after the position @4, @5, recorded or voided since @6; each bound if asked for.</summary>
    public string ListReadings(bool first, bool last, bool after, bool since, int rows) => $"""
        SELECT {Reading}, r.Id FROM Readings r JOIN Meters m ON m.Id = r.MeterId
        WHERE m.Uid = @1{(first ? " AND r.ReadAt >= @2" : "")}{(last ? " AND r.ReadAt <= @3" : "")}{(after ? " AND r.ReadAt <= @4 AND (r.ReadAt < @4 OR r.Id < @5)" : "")}{(since ? " AND (r.RecordedAt >= @6 OR r.VoidedAt >= @6)" : "")}
        ORDER BY r.ReadAt DESC, r.Id DESC {dialect.Limit(rows)}
        """;

    /// <summary>Suspect readings of meters of the client @1 and the identifiant @2, below the number @3; each but the first if asked for.</summary>
    public string ListSuspects(bool ofIdentifiant, bool after, int rows) => $"""
        SELECT {Reading}, r.Id, m.Uid
        FROM Clients c JOIN Meters m ON m.ClientId = c.Id JOIN Identifiants i ON i.Id = m.IdentifiantId JOIN Readings r ON r.MeterId = m.Id
        WHERE c.Code = @1 AND r.IsSuspect = 1 AND r.VoidedAs = 0{(ofIdentifiant ? " AND i.Nom = @2" : "")}{(after ? " AND r.Id < @3" : "")}
        ORDER BY r.Id DESC {dialect.Limit(rows)}
        """;
}

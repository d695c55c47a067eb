namespace Facturation.Storage;

/// <summary>The statements on prices and bills, for <see cref="Statements"/>.</summary>
internal sealed class BillSql(Dialect dialect)
{
    private const string Price = "SELECT ValidFrom, UnitPriceMicros, Currency FROM Prices WHERE CompteurId = @1";

    private const string Bills = """
        SELECT b.Id, b.Uid, m.Uid, b.FolioUid, b.FolioKind, b.BusinessDate, s.Uid, s.ReadAt, e.Uid, e.ReadAt, b.Currency, b.AmountCents, b.BilledAt
        FROM Bills b
        JOIN Meters m ON m.Id = b.MeterId
        JOIN Readings s ON s.Id = b.StartReadingId
        JOIN Readings e ON e.Id = b.EndReadingId
        """;

    /// <summary>The bills of meters of the client @1, and of its identifiant @2 unless it is null.</summary>
    private const string Visible = """
        JOIN Clients c ON c.Id = m.ClientId
        JOIN Identifiants i ON i.Id = m.IdentifiantId
        WHERE c.Code = @1 AND (@2 IS NULL OR i.Nom = @2)
        """;

    public const string FindCompteur = """
        SELECT k.Id FROM Compteurs k JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId
        WHERE c.Code = @1 AND p.Numero = @2 AND k.Sequence = @3
        """;

    public const string ReadPrices = $"{Price} ORDER BY ValidFrom";

    public const string ChangePrice = "UPDATE Prices SET UnitPriceMicros = @3, Currency = @4 WHERE CompteurId = @1 AND ValidFrom = @2";

    public const string AddPrice = "INSERT INTO Prices (CompteurId, ValidFrom, UnitPriceMicros, Currency) VALUES (@1, @2, @3, @4)";

    public const string DropPrice = "DELETE FROM Prices WHERE CompteurId = @1 AND ValidFrom = @2";

    /// <summary>Days that bills charged at the price @4, or at any if @5, from @2 and, unless it is null, before @3.</summary>
    public const string CountBilled = """
        SELECT COUNT(*) FROM BilledDays j JOIN Meters m ON m.Id = j.MeterId
        WHERE m.CompteurId = @1 AND j.Jour >= @2 AND (@3 IS NULL OR j.Jour < @3) AND (j.UnitPriceMicros = @4 OR @5 = 1) AND j.Units <> 0
        """;

    public const string FindEnding = $"{Bills} WHERE e.Uid = @1";

    public const string FindBill = $"{Bills} {Visible} AND b.Uid = @3";

    public const string ReadLines =
        "SELECT m.Uid, l.IsCorrection, l.FirstDay, l.LastDay, l.Units, l.UnitPriceMicros FROM BillLines l JOIN Meters m ON m.Id = l.MeterId WHERE l.BillId = @1 ORDER BY l.Number";

    public const string ReadBilledDays = "SELECT Jour, Units, UnitPriceMicros FROM BilledDays WHERE MeterId = @1";

    public const string ChangeBilledDay = "UPDATE BilledDays SET Units = @3, UnitPriceMicros = @4 WHERE MeterId = @1 AND Jour = @2";

    public const string AddBilledDay = "INSERT INTO BilledDays (MeterId, Jour, Units, UnitPriceMicros) VALUES (@1, @2, @3, @4)";

    public const string AddLine = """
        INSERT INTO BillLines (BillId, Number, MeterId, IsCorrection, FirstDay, LastDay, Units, UnitPriceMicros)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8)
        """;

    public string AddBill { get; } = $"""
        INSERT INTO Bills (
          Uid, MeterId, StartReadingId, EndReadingId, FolioUid, FolioKind, BusinessDate, Currency, AmountCents, BilledAt)
        VALUES (
          @1, @2, (SELECT Id FROM Readings WHERE Uid = @3), (SELECT Id FROM Readings WHERE Uid = @4), @5, @6, @7, @8, @9, @10){dialect.ReturningId}
        """;

    public string FindLast { get; } = $"{Bills} WHERE m.Uid = @1 ORDER BY b.Id DESC {dialect.Limit(1)}";

    /// <summary>The first suspect reading that counts of the meter @1 after @2, or recorded after @4, up to @3.</summary>
    public string FindSuspect { get; } =
        $"{MeterSql.Counting} AND r.IsSuspect = 1 AND (r.ReadAt > @2 OR r.RecordedAt > @4) AND r.ReadAt <= @3 ORDER BY r.ReadAt {dialect.Limit(1)}";

    /// <summary>Prices of the compteur @1, before the day @2 if asked for.</summary>
    public string ListPrices(bool after, int rows) =>
        $"{Price}{(after ? " AND ValidFrom < @2" : "")} ORDER BY ValidFrom DESC {dialect.Limit(rows)}";

    /// <summary>Bills of the meter @1, below the number @2 if asked for.</summary>
    public string ListBills(bool after, int rows) =>
        $"{Bills} WHERE m.Uid = @1{(after ? " AND b.Id < @2" : "")} ORDER BY b.Id DESC {dialect.Limit(rows)}";

    /// <summary>Bills that the caller may see on the folio @3, below the number @4 if asked for.</summary>
    public string ListFolio(bool after, int rows) =>
        $"{Bills} {Visible} AND b.FolioUid = @3{(after ? " AND b.Id < @4" : "")} ORDER BY b.Id DESC {dialect.Limit(rows)}";
}

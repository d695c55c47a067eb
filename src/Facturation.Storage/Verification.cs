using System.Data.Common;
using System.Globalization;
using Facturation.Core;
using Microsoft.Data.SqlClient;

namespace Facturation.Storage;

/// <summary>
/// Verifies data that is stored redundantly: totals against lines, key columns against the rows they repeat, and the days of meters
/// against their readings, by Core's rule. The SQL runs on both databases, with one reader at a time.
/// </summary>
/// <param name="session">A snapshot of the database.</param>
/// <param name="max">The maximum number of differences to return.</param>
internal sealed class Verification(ReadSession session, int max)
{
    private const int ArithmeticOverflow = 8115;

    // A total without lines, lines without a total, and those that differ. A sum beyond 64 bits fails the query: ADR 10 is violated.
    private const string Totals = """
        WITH counted AS (
          SELECT CompteurId, IdentifiantId, Jour, SUM(CASE WHEN Quantite > 0 THEN Quantite ELSE 0 END) AS Plus,
            SUM(CASE WHEN Quantite < 0 THEN Quantite ELSE 0 END) AS Moins, COUNT(*) AS Lignes
          FROM (
            SELECT CompteurId, IdentifiantId, Jour, Quantite FROM Consommations
            UNION ALL SELECT m.CompteurId, m.IdentifiantId, j.Jour, j.Units FROM MeterDays j JOIN Meters m ON m.Id = j.MeterId) q
          GROUP BY CompteurId, IdentifiantId, Jour)
        SELECT c.Code, p.Numero, k.Sequence, i.Nom, COALESCE(t.Jour, s.Jour), t.Plus, t.Moins, t.Lignes, s.Plus, s.Moins, s.Lignes
        FROM counted s
        FULL JOIN Totaux t ON t.CompteurId = s.CompteurId AND t.IdentifiantId = s.IdentifiantId AND t.Jour = s.Jour
        LEFT JOIN Compteurs k ON k.Id = COALESCE(t.CompteurId, s.CompteurId)
        LEFT JOIN Produits p ON p.Id = k.ProduitId
        LEFT JOIN Clients c ON c.Id = p.ClientId
        LEFT JOIN Identifiants i ON i.Id = COALESCE(t.IdentifiantId, s.IdentifiantId)
        WHERE s.Lignes IS NULL OR t.Lignes IS NULL OR s.Plus <> t.Plus OR s.Moins <> t.Moins OR s.Lignes <> t.Lignes
        """;

    private const string Produits =
        "SELECT t.Jour, k.Sequence FROM Totaux t LEFT JOIN Compteurs k ON k.Id = t.CompteurId WHERE k.Id IS NULL OR t.ProduitId <> k.ProduitId";

    private const string Identifiants =
        "SELECT m.Uid FROM Meters m JOIN Dossiers d ON d.Id = m.DossierId WHERE m.IdentifiantId <> d.IdentifiantId";

    private const string Billed = """
        SELECT m.Uid, COALESCE(l.Units, 0), COALESCE(j.Units, 0)
        FROM Meters m
        LEFT JOIN (SELECT MeterId, SUM(Units) AS Units FROM BillLines GROUP BY MeterId) l ON l.MeterId = m.Id
        LEFT JOIN (SELECT MeterId, SUM(Units) AS Units FROM BilledDays GROUP BY MeterId) j ON j.MeterId = m.Id
        WHERE COALESCE(l.Units, 0) <> COALESCE(j.Units, 0)
        """;

    // The days of a meter, then its readings: only the days of one meter are held at a time.
    private const string Meters = """
        SELECT j.MeterId AS MeterId, m.Uid, m.RolloverAt, m.MultiplierMicros, 0 AS IsReading, j.Jour AS Jour,
          CAST(NULL AS datetimeoffset) AS ReadAt, j.Units, 0, 0
        FROM MeterDays j JOIN Meters m ON m.Id = j.MeterId
        UNION ALL
        SELECT r.MeterId, m.Uid, m.RolloverAt, m.MultiplierMicros, 1, CAST(NULL AS date), r.ReadAt, r.IndexMilli, r.Turns,
          CASE WHEN c.HoldsSuspects = 1 AND r.IsSuspect = 1 THEN 1 ELSE 0 END
        FROM Readings r JOIN Meters m ON m.Id = r.MeterId JOIN Clients c ON c.Id = m.ClientId WHERE r.VoidedAs = 0
        ORDER BY MeterId, IsReading, Jour, ReadAt
        """;

    private readonly List<string> problems = [];

    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        var lines = $"""
            SELECT c.Code, p.Numero, k.Sequence, i.Nom, l.Jour, d.Reference, d.Date
            FROM Consommations l JOIN Dossiers d ON d.Id = l.DossierId JOIN Compteurs k ON k.Id = l.CompteurId
            JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId JOIN Identifiants i ON i.Id = d.IdentifiantId
            WHERE l.ProduitId <> k.ProduitId OR l.IdentifiantId <> d.IdentifiantId OR l.Jour <> {session.Dialect.Day("d.Date")} OR i.ClientId <> p.ClientId
            """;
        await AddAsync(Totals, row => row.IsDBNull(0) || row.IsDBNull(3)
            ? "Un total renvoie à un compteur ou à un identifiant qui n'existe pas"
            : $"Total du {Day(row, 4)}{Where(row)} : {Sums(row, 5, "absent")}, au lieu de {Sums(row, 8, "rien")}", cancellation);
        await AddAsync(lines, row =>
            $"Ligne du {Day(row, 4)}, dossier {Key(row, 5)} du {Date(row, 6)}{Where(row)} : sa clé contredit son dossier ou son compteur", cancellation);
        await AddAsync(Produits, row =>
            $"Total du {Day(row, 0)} : son produit n'est pas celui de son compteur {(row.IsDBNull(1) ? "qui n'existe pas" : row.GetInt32(1))}", cancellation);
        await AddAsync(Identifiants, row => $"Compteur {Uid(row, 0)} : son identifiant n'est pas celui de son dossier", cancellation);
        await AddAsync(Billed, row =>
            $"Compteur {Uid(row, 0)} : ses factures comptent {row.GetInt64(1)} unités, ses jours facturés {row.GetInt64(2)}", cancellation);
        await CompareMetersAsync(cancellation);
        return [.. problems.Take(max)];
    }

    private async Task AddAsync(string sql, Func<DbDataReader, string> tell, CancellationToken cancellation)
    {
        try
        {
            await using var command = CreateCommand(sql);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (problems.Count < max && await rows.ReadAsync(cancellation))
                problems.Add(tell(rows));
        }
        catch (DbException e) when (e is SqlException { Number: ArithmeticOverflow } || e.Message.Contains("overflow", StringComparison.Ordinal))
        {
            problems.Add("Un total ne tient pas dans 64 bits");
        }
    }

    /// <summary>Computes the units of each day from the readings, and compares them with the stored ones.</summary>
    private async Task CompareMetersAsync(CancellationToken cancellation)
    {
        var (meter, uid, before) = (0, Guid.Empty, ((long Index, int Turns)?)null);
        (DateOnly Jour, long? Units) day = (default, 0); // Null where readings fall without a rollover.
        var stored = new SortedDictionary<DateOnly, long>();
        await using var command = CreateCommand(Meters);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (problems.Count < max && await rows.ReadAsync(cancellation))
        {
            if (rows.GetInt32(0) is var id && id != meter)
            {
                EndMeter();
                (meter, uid, before) = (id, Uid(rows, 1), null);
            }
            var number = rows.GetInt64(7);
            if (rows.GetInt32(4) == 0)
            {
                stored.Add(rows.GetFieldValue<DateOnly>(5), number);
                continue;
            }
            var (jour, turns) = (Paris.Day(Instant(rows, 6)), rows.GetInt32(8));
            var register = new Register(rows.GetInt64(2), rows.GetInt64(3));
            var counted = before is { } old ? old.Turns + register.TurnsBetween(old.Index, number) : 0;
            if (counted is { } known && known != turns)
                problems.Add($"Compteur {uid} : {turns} tours au relevé du {jour:O}, ses relevés en comptent {known}");
            var isHeld = rows.GetInt32(9) == 1;
            var units = before is { } last && counted is { } now
                ? isHeld ? 0 : (long)(register.UnitsAt(number, now) - register.UnitsAt(last.Index, last.Turns))
                : before is null ? 0 : (long?)null;
            if (jour != day.Jour)
            {
                EndDay();
                day = (jour, 0);
            }
            day.Units += units;
            before = (number, counted ?? turns);
        }
        EndMeter();

        void EndDay()
        {
            stored.Remove(day.Jour, out var units);
            if (day.Units is null)
                problems.Add($"Compteur {uid} : ses relevés du {day.Jour:O} descendent sans passage par zéro");
            else if (day.Units != units)
                problems.Add($"Compteur {uid} : {units} unités le {day.Jour:O}, ses relevés en comptent {day.Units}");
            day = (default, 0);
        }

        void EndMeter()
        {
            EndDay();
            foreach (var (jour, units) in stored.Where(d => d.Value != 0))
                problems.Add($"Compteur {uid} : {units} unités le {jour:O}, ses relevés en comptent 0");
            stored.Clear();
        }
    }

    private string Where(DbDataReader row) =>
        $" (client {Key(row, 0)}, produit {row.GetInt32(1)}, compteur {row.GetInt32(2)}, identifiant {Key(row, 3)})";

    private static string Sums(DbDataReader row, int first, string none) => row.IsDBNull(first)
        ? none
        : string.Create(CultureInfo.InvariantCulture, $"{row.GetValue(first)} et {row.GetValue(first + 1)} en {row.GetValue(first + 2)} lignes");

    private string Key(DbDataReader row, int column) => session.Dialect.FromKey(row.GetString(column));

    private static string Day(DbDataReader row, int column) => $"{row.GetFieldValue<DateOnly>(column):O}";

    private static string Date(DbDataReader row, int column) =>
        row.GetDateTime(column).ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private static Guid Uid(DbDataReader row, int column) =>
        row.GetValue(column) is byte[] bytes ? new Guid(bytes, true) : row.GetGuid(column);

    private static DateTime Instant(DbDataReader row, int column) => row.GetValue(column) is DateTimeOffset instant
        ? instant.UtcDateTime
        : DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc);

    /// <summary>Creates a command without a timeout.</summary>
    private DbCommand CreateCommand(string sql)
    {
        var command = session.CreateCommand(sql);
        command.CommandTimeout = 0;
        return command;
    }
}

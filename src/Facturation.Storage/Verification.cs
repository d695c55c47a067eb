using Facturation.Core;
using Microsoft.Data.Sqlite;

namespace Facturation.Storage;

/// <summary>
/// Recounts what is stored twice so that answers are fast: totals against lines, keys against what they repeat, and what meters
/// count against their readings, by Core's rule.
/// </summary>
/// <param name="connection">A connection in a transaction that reads: one moment of the database.</param>
/// <param name="max">How many differences are enough.</param>
internal sealed class Verification(SqliteConnection connection, int max)
{
    private const string Where =
        "' (client ' || c.Code || ', produit ' || p.Numero || ', compteur ' || k.Sequence || ', identifiant ' || i.Nom || ')'";

    // A total without lines, lines without a total, and those that differ. A sum beyond 64 bits ends the question: ADR 13 is broken.
    private const string Totals = $"""
        WITH counted AS (
          SELECT CompteurId, IdentifiantId, Jour, SUM(MAX(Quantite, 0)) Plus, SUM(MIN(Quantite, 0)) Moins, COUNT(*) Lignes
          FROM (
            SELECT CompteurId, IdentifiantId, Jour, Quantite FROM Consommations
            UNION ALL SELECT m.CompteurId, m.IdentifiantId, j.Jour, j.Units FROM MeterDays j JOIN Meters m ON m.Id = j.MeterId)
          GROUP BY CompteurId, IdentifiantId, Jour),
        different AS (
          SELECT CompteurId, IdentifiantId, Jour, s.Plus, s.Moins, s.Lignes, t.Plus TPlus, t.Moins TMoins, t.Lignes TLignes
          FROM counted s FULL JOIN Totaux t USING (CompteurId, IdentifiantId, Jour)
          WHERE s.Plus IS NOT t.Plus OR s.Moins IS NOT t.Moins OR s.Lignes IS NOT t.Lignes)
        SELECT 'Total du ' || d.Jour || {Where} || ' : ' || COALESCE(TPlus || ' et ' || TMoins || ' en ' || TLignes || ' lignes', 'absent')
          || ', au lieu de ' || COALESCE(Plus || ' et ' || Moins || ' en ' || Lignes || ' lignes', 'rien')
        FROM different d
        LEFT JOIN Compteurs k ON k.Id = d.CompteurId LEFT JOIN Produits p ON p.Id = k.ProduitId
        LEFT JOIN Clients c ON c.Id = p.ClientId LEFT JOIN Identifiants i ON i.Id = d.IdentifiantId
        """;

    private const string Lines = $"""
        SELECT 'Ligne du ' || l.Jour || ', dossier ' || d.Reference || ' du ' || d.Date || {Where}
          || ' : sa clé contredit son dossier ou son compteur'
        FROM Consommations l JOIN Dossiers d ON d.Id = l.DossierId JOIN Compteurs k ON k.Id = l.CompteurId
        JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId JOIN Identifiants i ON i.Id = d.IdentifiantId
        WHERE l.ProduitId <> k.ProduitId OR l.IdentifiantId <> d.IdentifiantId OR l.Jour <> substr(d.Date, 1, 10) OR i.ClientId <> p.ClientId
        """;

    private const string Others = """
        SELECT 'Total du ' || t.Jour || ' : son produit n''est pas celui de son compteur ' || k.Sequence
        FROM Totaux t LEFT JOIN Compteurs k ON k.Id = t.CompteurId WHERE t.ProduitId IS NOT k.ProduitId
        UNION ALL SELECT 'Compteur ' || lower(m.Uid) || ' : son identifiant n''est pas celui de son dossier'
        FROM Meters m JOIN Dossiers d ON d.Id = m.DossierId WHERE m.IdentifiantId IS NOT d.IdentifiantId
        """;

    private const string Readings = """
        SELECT m.Id, m.Uid, m.Digits, r.IndexMilli, r.ReadAt
        FROM Meters m CROSS JOIN Readings r WHERE r.MeterId = m.Id AND r.VoidedAs = 0 ORDER BY m.Id, r.ReadAt
        """;

    private const string Days = "SELECT j.MeterId, m.Uid, j.Jour, j.Units FROM MeterDays j LEFT JOIN Meters m ON m.Id = j.MeterId ORDER BY j.MeterId, j.Jour";

    private readonly List<string> problems = [];

    public IReadOnlyList<string> Run()
    {
        foreach (var sql in (string[])[Totals, Lines, Others])
            AddRows(sql);
        CompareMeters();
        return problems;
    }

    private void AddRows(string sql)
    {
        try
        {
            using var rows = Read(sql);
            while (problems.Count < max && rows.Read())
                problems.Add(rows.IsDBNull(0) ? "Un total renvoie à un compteur ou à un identifiant qui n'existe pas" : rows.GetString(0));
        }
        catch (SqliteException e) when (e.Message.Contains("overflow", StringComparison.Ordinal))
        {
            problems.Add("Un total ne tient pas dans 64 bits");
        }
    }

    /// <summary>Walks what readings count and what is stored, both in order of meters and days.</summary>
    private void CompareMeters()
    {
        using var expected = Count().GetEnumerator();
        using var stored = Stored().GetEnumerator();
        var (hasExpected, hasStored) = (expected.MoveNext(), stored.MoveNext());
        while (problems.Count < max && (hasExpected || hasStored))
        {
            var order = !hasStored ? -1 : !hasExpected ? 1 : (expected.Current.Meter, expected.Current.Jour).CompareTo((stored.Current.Meter, stored.Current.Jour));
            var (_, uid, jour, _) = order <= 0 ? expected.Current : stored.Current;
            var should = order <= 0 ? expected.Current.Units : 0;
            var (isRising, units) = (should is not null, order >= 0 ? stored.Current.Units : 0);
            if (!isRising)
                problems.Add($"Compteur {uid} : ses relevés du {jour:yyyy-MM-dd} descendent sans passage par zéro");
            else if (should != units)
                problems.Add($"Compteur {uid} : {units} unités le {jour:yyyy-MM-dd}, ses relevés en comptent {should}");
            hasExpected = order <= 0 ? expected.MoveNext() : hasExpected;
            hasStored = order >= 0 ? stored.MoveNext() : hasStored;
        }
    }

    /// <summary>What readings count on each day; null where they fall without a rollover. Days of 0 are left out.</summary>
    private IEnumerable<(int Meter, Guid Uid, DateOnly Jour, long? Units)> Count()
    {
        (int Meter, Guid Uid, DateOnly Jour, long? Units) day = (0, default, default, 0);
        var before = 0L;
        using var rows = Read(Readings);
        while (rows.Read())
        {
            var (meter, index) = (rows.GetInt32(0), rows.GetInt64(3));
            var jour = Paris.Day(DateTime.SpecifyKind(rows.GetDateTime(4), DateTimeKind.Utc));
            var units = meter == day.Meter ? Meter.UnitsBetween(rows.GetInt32(2), before, index) : 0;
            if (meter == day.Meter && jour == day.Jour)
                day.Units += units;
            else
            {
                if (day.Units != 0)
                    yield return day;
                day = (meter, rows.GetGuid(1), jour, units);
            }
            before = index;
        }
        if (day.Units != 0)
            yield return day;
    }

    private IEnumerable<(int Meter, Guid Uid, DateOnly Jour, long? Units)> Stored()
    {
        using var rows = Read(Days);
        while (rows.Read())
            yield return (rows.GetInt32(0), rows.IsDBNull(1) ? default : rows.GetGuid(1), rows.GetFieldValue<DateOnly>(2), rows.GetInt64(3));
    }

    private SqliteDataReader Read(string sql)
    {
        var command = connection.CreateCommand(); // As long as its rows are read.
        command.CommandText = sql;
        return command.ExecuteReader();
    }
}

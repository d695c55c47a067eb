using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Facturation.Benchmarks.Load;

/// <summary>
/// The floor of any answer from the database: every row of every dossier, read by Microsoft.Data.Sqlite in the order in which it
/// lies, and thrown away.
/// </summary>
internal static class BareReader
{
    public const string Command = "read";

    private const string Sql = """
        SELECT c.Sequence, d.Reference, d.Date, k.Quantite
        FROM Consommations k CROSS JOIN Compteurs c ON c.Id = k.CompteurId CROSS JOIN Dossiers d ON d.Id = k.DossierId
        """;

    /// <summary>Argument: the database. Prints the rows and the seconds, the best of three.</summary>
    public static int Run(string[] args)
    {
        using var connection = new SqliteConnection($"Data Source={args[0]};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        var best = TimeSpan.MaxValue;
        var rows = 0;
        for (var i = 0; i < 3; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var reader = command.ExecuteReader();
            for (rows = 0; reader.Read(); rows++)
            {
                _ = reader.GetInt32(0);
                _ = reader.GetString(1);
                _ = reader.GetString(2);
                _ = reader.GetInt64(3);
            }
            var elapsed = Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows} {best.TotalSeconds}"));
        return 0;
    }
}

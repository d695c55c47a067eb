using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// All details of a client's year, against a bare reader that drops each row: of the lines as they lie, and of the same SQL as the
/// view's.
/// </summary>
internal static class DetailsBenchmark
{
    public static async Task RunAsync(int lines)
    {
        foreach (var provider in Store.Providers)
            await RunAsync(lines, provider);
    }

    private static async Task RunAsync(int lines, StorageProvider provider)
    {
        await using var store = await Store.CreateAsync(provider);
        await store.ImportAsync(Store.Lines("C", lines));
        var periode = new Periode(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31));
        foreach (var ordre in Enum.GetValues<Ordre>())
        {
            var demande = new Demande("C", null, periode, null, ordre);
            Console.WriteLine($"{lines} lines, {ordre}, {provider}");
            await StoreCommand.CompareAsync(
                5,
                ("bare reader, unsorted", () => Task.FromResult(Unsorted(store.File))),
                ("bare reader, same SQL", () => Task.FromResult(Bare(store.File, demande, columns: true))),
                ("its rows only", () => Task.FromResult(Bare(store.File, demande, columns: false))),
                ("the view", () => ViewAsync(store, demande)),
                ("its sums only", () => SumsAsync(store, demande)));
        }
        Console.WriteLine($"heap {GC.GetTotalMemory(true) >> 20} MB, working set {Environment.WorkingSet >> 20} MB");
    }

    private static async Task<long> SumsAsync(Store store, Demande demande)
    {
        await using var view = await store.Consommations.OpenAsync(demande);
        return view.Groupes.Count;
    }

    private static async Task<long> ViewAsync(Store store, Demande demande)
    {
        await using var view = await store.Consommations.OpenAsync(demande);
        var rows = 0L;
        foreach (var groupe in view.Groupes)
            await foreach (var lignes in view.ReadDetailsAsync(groupe))
                rows += lignes.Length;
        return rows;
    }

    private static long Unsorted(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT k.Sequence, d.Reference, d.Date, l.Quantite
            FROM Consommations l CROSS JOIN Compteurs k ON k.Id = l.CompteurId CROSS JOIN Dossiers d ON d.Id = l.DossierId
            """;
        var rows = 0L;
        using var reader = command.ExecuteReader();
        for (; reader.Read(); rows++)
        {
            _ = reader.GetInt32(0) + reader.GetInt64(3);
            _ = reader.GetString(1);
            _ = reader.GetString(2);
        }
        return rows;
    }

    private static long Bare(string file, Demande demande, bool columns)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        raw.sqlite3__create_collation_utf8(connection.Handle, SqliteDatabase.Ordinal, null, (_, l, r) => SqliteDatabase.CompareOrdinal(l, r));
        var rows = 0L;
        var ofIdentifiant = demande.Ordre == Ordre.ParIdentifiant;
        for (var produit = 1; produit <= 2; produit++)
            for (var identifiant = 1; identifiant <= (ofIdentifiant ? 4 : 1); identifiant++)
            {
                using var command = connection.CreateCommand();
                command.CommandText = ConsommationSql.Lignes(demande.Periode, ofIdentifiant, column => $"{column} COLLATE {SqliteDatabase.Ordinal}");
                command.Parameters.AddWithValue("@1", produit);
                command.Parameters.AddWithValue("@2", demande.Periode.Debut);
                command.Parameters.AddWithValue("@3", demande.Periode.Fin);
                if (ofIdentifiant)
                    command.Parameters.AddWithValue("@4", identifiant);
                using var reader = command.ExecuteReader();
                while (reader.Read())
                {
                    rows++;
                    if (!columns)
                        continue;
                    _ = reader.GetInt64(0) + reader.GetInt32(3) + reader.GetInt64(4);
                    _ = reader.GetString(1);
                    _ = reader.GetString(2);
                    if (!ofIdentifiant)
                        _ = reader.GetString(6);
                }
            }
        return rows;
    }
}

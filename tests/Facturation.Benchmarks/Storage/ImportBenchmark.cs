using Facturation.Storage;
using Microsoft.Data.Sqlite;

namespace Facturation.Benchmarks.Storage;

/// <summary>An import, against prepared inserts of the same dossiers and lines with all that must be known found already.</summary>
internal static class ImportBenchmark
{
    public static async Task RunAsync(int lines)
    {
        await StoreCommand.CompareAsync(
            3,
            [
                ("prepared inserts", () => WithStoreAsync(StorageProvider.Sql, store => Bare(store.File, lines))),
                .. Store.Providers.SelectMany<StorageProvider, (string, Func<Task<long>>)>(provider =>
                [
                    ($"the import, {provider}", () => WithStoreAsync(provider, store => store.ImportAsync(Store.Lines("C", lines)))),
                    ($"the import, twice, {provider}", () => WithStoreAsync(provider, async store =>
                    {
                        await store.ImportAsync(Store.Lines("C", lines));
                        await store.ImportAsync(Store.Lines("C", lines));
                    })),
                ]),
            ]);

        async Task<long> WithStoreAsync(StorageProvider provider, Func<Store, Task> run)
        {
            await using var store = await Store.CreateAsync(provider);
            await run(store);
            return lines;
        }
    }

    private static async Task Bare(string file, int lines)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Foreign Keys=True");
        connection.Open();
        await using var transaction = connection.BeginTransaction();
        Run("INSERT INTO Clients (Id, Code) VALUES (1, 'C')");
        for (var i = 1; i <= 4; i++)
            Run($"INSERT INTO Identifiants (Id, ClientId, Nom) VALUES ({i}, 1, 'identifiant-{i - 1}')");
        for (var p = 1; p <= 2; p++)
            Run($"INSERT INTO Produits (Id, ClientId, Numero) VALUES ({p}, 1, {p}); INSERT INTO Compteurs (Id, ProduitId, Sequence, Cumul) VALUES ({2 * p - 1}, {p}, 1, 0), ({2 * p}, {p}, 2, 0)");
        using var dossier = Prepare("INSERT INTO Dossiers (Id, IdentifiantId, Date, Reference) VALUES (@0, @1, @2, @3)", 4);
        using var line = Prepare(
            "INSERT INTO Consommations (ProduitId, IdentifiantId, Jour, DossierId, CompteurId, Quantite) VALUES (@0, @1, @2, @3, @4, @5)", 6);
        var i2 = 0;
        foreach (var (_, _, l) in Store.Lines("C", lines))
        {
            var (id, identifiant) = (i2 / 2 + 1, l.Identifiant[^1] - '0' + 1);
            if (i2++ % 2 == 0)
                Execute(dossier, id, identifiant, l.DateDossier, l.Dossier);
            Execute(line, l.ProduitId, identifiant, DateOnly.FromDateTime(l.DateDossier), id, 2 * l.ProduitId - 2 + l.Sequence, l.Quantite);
        }
        await transaction.CommitAsync();

        void Run(string sql)
        {
            using var command = Prepare(sql, 0);
            command.ExecuteNonQuery();
        }

        SqliteCommand Prepare(string sql, int count)
        {
            var command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (sql, transaction);
            for (var i = 0; i < count; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"@{i}" });
            return command;
        }

        static void Execute(SqliteCommand command, params ReadOnlySpan<object> values)
        {
            for (var i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i];
            command.ExecuteNonQuery();
        }
    }
}

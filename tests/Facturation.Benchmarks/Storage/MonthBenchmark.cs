using Facturation.Benchmarks.Load;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.Sqlite;

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// What SQLite takes of the answers of <c>path</c>: one client's month by the store, beside its statements stepped to their end, of which no
/// column is read. No answer from SQLite can take less.
/// </summary>
internal static class MonthBenchmark
{
    /// <summary>How often each is run, so that the first round lasts until the compiler is done: 10 milliseconds of all are a microsecond of one.</summary>
    private const int Times = 10_000;

    public static async Task RunAsync(int lines)
    {
        var (file, small, large) = await BenchDatabase.OpenMonthsAsync(lines);
        await using var services = new ServiceCollection().AddFacturationStorage(new StorageOptions(), $"Data Source={file}", null, "/").BuildServiceProvider();
        await services.MigrateStorageAsync();
        var (keys, store) = (services.GetRequiredService<IApiKeyStore>(), services.GetRequiredService<IConsommationStore>());
        using var connections = new ReadConnections(SqliteDatabase.Resolve("", $"Data Source={file}", "/", 0));
        foreach (var prefix in new[] { ApiKey.PrefixOf(small)!, ApiKey.PrefixOf(large)! })
        {
            var demande = new Demande(
                (await keys.FindAsync(prefix))!.Client, null, new(BenchDatabase.Month, BenchDatabase.Month.AddMonths(1).AddDays(-1)), null, Ordre.ParIdentifiant);
            var limit = SqliteDialect.Instance.Limit(1001);
            string[] statements =
                [ConsommationSql.Compteurs(demande, limit), ConsommationSql.FewLignes(demande, limit), ConsommationSql.FewMeters(demande, limit)];
            Console.WriteLine($"\n{demande.Client}, {Times} times");
            await StoreCommand.CompareAsync(
                9,
                ("the answer's statements, stepped", () => RepeatAsync(() => StepAsync(connections, statements, demande))),
                ("the answer", () => RepeatAsync(() => ReadAsync(store, demande))),
                ("the key", () => RepeatAsync(() => keys.FindAsync(prefix))));
        }
    }

    private static async Task StepAsync(ReadConnections connections, string[] statements, Demande demande)
    {
        var connection = await connections.TakeAsync(default);
        connection.Begin();
        foreach (var sql in statements)
            connection.Statements.Execute(sql, demande.Client, demande.Periode.Debut, demande.Periode.Fin);
        connection.End();
        connections.Return(connection);
    }

    private static async Task ReadAsync(IConsommationStore store, Demande demande)
    {
        await using var view = await store.OpenAsync(demande);
        foreach (var groupe in view.Groupes)
            await foreach (var _ in view.ReadDetailsAsync(groupe))
            {
            }
    }

    private static async Task<long> RepeatAsync(Func<Task> run)
    {
        for (var i = 0; i < Times; i++)
            await run();
        return Times;
    }
}

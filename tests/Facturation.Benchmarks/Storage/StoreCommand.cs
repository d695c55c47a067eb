using System.Diagnostics;
using Facturation.Core;
using Facturation.Storage;
#if NHIBERNATE
using Facturation.Storage.NHibernate;
#endif

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// <c>store details | month | growth | writes | bills | import | sqlserver [LINES]</c>: the storage alone, each figure beside that of a bare loop over the same
/// database in the same run, in turns, since a machine's own speed varies. Medians.
/// </summary>
internal static class StoreCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var lines = args is [_, var text, ..] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : (int?)null;
        switch (args is [var name, ..] ? name : "")
        {
            case "details":
                await DetailsBenchmark.RunAsync(lines ?? 1_000_000);
                return 0;
            case "month":
                await MonthBenchmark.RunAsync(lines ?? 1_000_000);
                return 0;
            case "growth":
                await GrowthBenchmark.RunAsync(lines ?? 20_000);
                return 0;
            case "writes":
                await WritesBenchmark.RunAsync(lines ?? 8_000);
                return 0;
            case "bills":
                await BillsBenchmark.RunAsync(lines ?? 200);
                return 0;
            case "import":
                await ImportBenchmark.RunAsync(lines ?? 200_000);
                return 0;
            case "sqlserver":
                await SqlServerBenchmark.RunAsync(lines ?? 1_000_000);
                return 0;
            default:
                Console.Error.WriteLine("store details | month | growth | writes | bills | import | sqlserver [LINES]");
                return 1;
        }
    }

    /// <summary>Runs the contenders in turns, and writes each one's median beside the first's.</summary>
    public static async Task CompareAsync(int rounds, params (string Name, Func<Task<long>> Run)[] contenders)
    {
        var times = contenders.Select(_ => new List<double>()).ToArray();
        var processor = contenders.Select(_ => new List<double>()).ToArray();
        for (var round = -1; round < rounds; round++) // The first round warms up.
            for (var i = 0; i < contenders.Length; i++)
            {
                GC.Collect();
                var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
                await contenders[i].Run();
                if (round < 0)
                    continue;
                times[i].Add(watch.Elapsed.TotalMilliseconds);
                processor[i].Add((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
            }
        for (var i = 0; i < contenders.Length; i++)
            Console.WriteLine(
                $"{contenders[i].Name,-32} {Median(times[i]),10:F1} ms   × {Median(times[i]) / Median(times[0]):F2}"
                + $"   processor {Median(processor[i]),10:F1} ms   × {Median(processor[i]) / Median(processor[0]):F2}");
    }

    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>A database in a directory of its own, gone with it.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("facturation-bench-");
    private readonly ServiceProvider services;

    private Store(StorageProvider provider)
    {
        var collection = new ServiceCollection()
            .AddFacturationStorage(new StorageOptions { MigrateAtStart = true }, $"Data Source={File}", null, root.FullName);
#if NHIBERNATE
        if (provider == StorageProvider.NHibernate)
            collection.UseNHibernate(new StorageOptions());
#endif
        services = collection.BuildServiceProvider();
    }

    /// <summary>What is measured: NHibernate too, in a build with it.</summary>
    public static IReadOnlyList<StorageProvider> Providers { get; } =
#if NHIBERNATE
        Enum.GetValues<StorageProvider>();
#else
        [StorageProvider.Sql];
#endif

    public string File => Path.Combine(root.FullName, "facturation.db");

    public IConsommationStore Consommations => services.GetRequiredService<IConsommationStore>();

    public IMeterStore Meters => services.GetRequiredService<IMeterStore>();

    public static async Task<Store> CreateAsync(StorageProvider provider = StorageProvider.Sql)
    {
        var store = new Store(provider);
        await store.services.MigrateStorageAsync();
        return store;
    }

    public async Task<string> AddKeyAsync(string client, string scope)
    {
        var key = ApiKey.Generate();
        await services.GetRequiredService<IApiKeyStore>().AddAsync(
            new ApiKey(ApiKey.PrefixOf(key)!, ApiKey.HashOf(key), client, null, [scope], DateTimeOffset.UtcNow));
        return key;
    }

    public async Task ImportAsync(IEnumerable<LigneImport> lignes)
    {
        await using var import = await Consommations.BeginImportAsync();
        foreach (var ligne in lignes)
            if (await import.WriteAsync(ligne) is { } error)
                throw new InvalidOperationException(error);
        await import.CommitAsync();
    }

    /// <summary>Lines of one year, in order of days: dossiers of two compteurs, shared out among identifiants and produits.</summary>
    public static IEnumerable<LigneImport> Lines(string client, int count, int year = 2026, int identifiants = 4, int produits = 2)
    {
        for (var i = 0; i < count; i++)
        {
            var dossier = i / 2;
            var date = new DateTime(year, 1, 1).AddDays(dossier * 365L / (count / 2 + 1)).AddMinutes(dossier * 7919 % 1440);
            var produit = 1 + dossier / identifiants % produits;
            yield return new(new Lieu(i + 2), client, new LigneConsommation(
                produit, $"Produit {produit}", $"identifiant-{dossier % identifiants}", $"{year}/{dossier * 7919L % 1_000_003:D7}-{dossier}",
                date, 1 + i % 2, $"Compteur {i % 2}", i % 97 - 3));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        root.Delete(recursive: true);
    }
}

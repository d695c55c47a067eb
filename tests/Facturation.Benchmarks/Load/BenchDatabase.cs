using System.Globalization;
using Facturation.Core;
using Facturation.Storage;

namespace Facturation.Benchmarks.Load;

/// <summary>A SQLite database of so many lines, made once and kept among the temporary files.</summary>
internal static class BenchDatabase
{
    private const string Client = "BANC";

    /// <summary>The file, made where it is not there yet, and a new key to it.</summary>
    public static async Task<(string File, string Key)> OpenAsync(int lines)
    {
        var file = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"facturation-bench-{lines}.db"));
        await using var services = new ServiceCollection().AddLogging()
            .AddFacturationStorage(new StorageOptions { MigrateAtStart = true }, $"Data Source={file}", null, Path.GetTempPath()).BuildServiceProvider();
        await services.MigrateStorageAsync();
        var store = services.GetRequiredService<IConsommationStore>();
        if ((await store.ListClientsAsync()).Count == 0)
            await FillAsync(store, lines);
        var key = ApiKey.Generate();
        await services.GetRequiredService<IApiKeyStore>().AddAsync(
            new ApiKey(ApiKey.PrefixOf(key)!, ApiKey.HashOf(key), Client, null, [Scopes.ConsommationRead], DateTimeOffset.UtcNow));
        return (file, key);
    }

    /// <summary>Four produits of two compteurs, five identifiants, a year.</summary>
    private static async Task FillAsync(IConsommationStore store, int lines)
    {
        await using var import = await store.BeginImportAsync();
        for (var i = 0; i < lines; i++)
        {
            var dossier = i / 2;
            var ligne = new LigneConsommation(
                dossier % 4, $"Produit {dossier % 4}", $"utilisateur.{dossier / 4 % 5}@mairie-tréville.fr",
                string.Create(CultureInfo.InvariantCulture, $"HDV/2026/{dossier:D7} régie"),
                new DateTime(2026, 1, 1).AddMinutes((long)(dossier * 525_600L / (lines / 2.0))), 1 + i % 2, i % 2 == 0 ? "Froide (m³)" : "Chaude (m³)",
                i * 7919L % 100_000);
            if (await import.WriteAsync(new LigneImport(new Lieu(i + 1), Client, ligne)) is { } why)
                throw new InvalidOperationException(why);
        }
        await import.CommitAsync();
    }
}

using System.Globalization;
using Facturation.Core;
using Facturation.Storage;

namespace Facturation.Benchmarks.Load;

/// <summary>SQLite databases of so many lines, made once and kept among the temporary files.</summary>
internal static class BenchDatabase
{
    private const string Client = "BANC";

    private const string MonthsClient = "VILLE-00000", LargeMonthsClient = "VILLE-LARGE";

    /// <summary>How many dossiers of two lines a client has each month: an answer of about 5 KB, and one of about 50 KB.</summary>
    private const int Dossiers = 18, LargeDossiers = 200;

    /// <summary>The month that is asked for, among those of <see cref="OpenMonthsAsync"/>.</summary>
    public static readonly DateOnly Month = new(2026, 6, 1);

    /// <summary>The file of one client's lines, made where it is not there yet, and a new key to it.</summary>
    public static async Task<(string File, string Key)> OpenAsync(int lines)
    {
        var (file, keys) = await OpenAsync($"facturation-bench-{lines}.db", Lines(lines), Client);
        return (file, keys[0]);
    }

    /// <summary>
    /// The file of many clients' lines of a year, and new keys: to a client whose months are like those of all others, and to one whose
    /// months are ten times as large.
    /// </summary>
    public static async Task<(string File, string Key, string LargeKey)> OpenMonthsAsync(int lines)
    {
        var (file, keys) = await OpenAsync($"facturation-bench-months-{lines}.db", Months(lines), MonthsClient, LargeMonthsClient);
        return (file, keys[0], keys[1]);
    }

    private static async Task<(string File, string[] Keys)> OpenAsync(
        FormattableString name, IEnumerable<LigneImport> lines, params string[] clients)
    {
        var file = Path.Combine(Path.GetTempPath(), name.ToString(CultureInfo.InvariantCulture));
        await using var services = new ServiceCollection().AddLogging()
            .AddFacturationStorage(new StorageOptions { MigrateAtStart = true }, $"Data Source={file}", null, Path.GetTempPath()).BuildServiceProvider();
        await services.MigrateStorageAsync();
        var store = services.GetRequiredService<IConsommationStore>();
        if ((await store.ListClientsAsync()).Count == 0)
        {
            await using var import = await store.BeginImportAsync();
            foreach (var line in lines)
                if (await import.WriteAsync(line) is { } why)
                    throw new InvalidOperationException(why);
            await import.CommitAsync();
        }
        var keys = Array.ConvertAll(clients, _ => ApiKey.Generate());
        foreach (var (client, key) in clients.Zip(keys))
            await services.GetRequiredService<IApiKeyStore>().AddAsync(
                new ApiKey(ApiKey.PrefixOf(key)!, ApiKey.HashOf(key), client, null, [Scopes.ConsommationRead], DateTimeOffset.UtcNow));
        return (file, keys);
    }

    /// <summary>Four produits of two compteurs, five identifiants, a year.</summary>
    private static IEnumerable<LigneImport> Lines(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            var dossier = i / 2;
            yield return new(new Lieu(i + 1), Client, new LigneConsommation(
                dossier % 4, $"Produit {dossier % 4}", $"utilisateur.{dossier / 4 % 5}@mairie-tréville.fr",
                string.Create(CultureInfo.InvariantCulture, $"HDV/2026/{dossier:D7} régie"),
                new DateTime(2026, 1, 1).AddMinutes((long)(dossier * 525_600L / (lines / 2.0))), 1 + i % 2, i % 2 == 0 ? "Froide (m³)" : "Chaude (m³)",
                i * 7919L % 100_000));
        }
    }

    /// <summary>A year, imported month by month as clients send it: two produits of two compteurs; two identifiants, or five.</summary>
    private static IEnumerable<LigneImport> Months(int lines)
    {
        const int months = 12, perDossier = 2;
        var clients = Enumerable.Range(0, Math.Max(1, (lines / months / perDossier - LargeDossiers) / Dossiers))
            .Select(i => (Name: string.Create(CultureInfo.InvariantCulture, $"VILLE-{i:D5}"), Dossiers, Identifiants: 2))
            .Append((Name: LargeMonthsClient, Dossiers: LargeDossiers, Identifiants: 5)).ToList();
        var line = 0;
        for (var month = 0; month < months; month++)
            foreach (var (client, dossiers, identifiants) in clients)
                for (var i = 0; i < dossiers * perDossier; i++)
                {
                    var dossier = i / perDossier;
                    yield return new(new Lieu(++line), client, new LigneConsommation(
                        1 + dossier % 2, dossier % 2 == 0 ? "Eau potable" : "Assainissement", $"agent.{dossier / 2 % identifiants}@tréville.fr",
                        string.Create(CultureInfo.InvariantCulture, $"HDV/2026/{month * dossiers + dossier:D6}"),
                        new DateTime(2026, 1 + month, 1).AddMinutes(dossier * 28 * 1440 / dossiers), 1 + i % perDossier,
                        i % perDossier == 0 ? "Froide (m³)" : "Chaude (m³)", line * 7919L % 1000));
                }
    }
}

using System.Diagnostics;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.SqlServer;
using Microsoft.Data.SqlClient;

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// On the server that FACTURATION_SQLSERVER names, in a database that is made and dropped: a client's details against a bare reader of the
/// same SQL, readings of 64 clients against one insert a transaction, and a year's sums while other rows grow around them.
/// </summary>
internal static class SqlServerBenchmark
{
    private const int Clients = 64, Rounds = 5;

    private static readonly DateTimeOffset Installed = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Periode Year = new(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31));

    public static async Task RunAsync(int lines)
    {
        var server = Environment.GetEnvironmentVariable("FACTURATION_SQLSERVER")
            ?? throw new InvalidOperationException("FACTURATION_SQLSERVER names no server.");
        var connection = new SqlConnectionStringBuilder(server) { InitialCatalog = $"Facturation_{Guid.NewGuid():N}" };
        await using var services = new ServiceCollection()
            .AddFacturationStorage(new StorageOptions { Database = DatabaseKind.SqlServer, MigrateAtStart = true }, connection.ConnectionString, null, "")
            .BuildServiceProvider();
        await services.MigrateStorageAsync();
        try
        {
            var (consommations, meters) = (services.GetRequiredService<IConsommationStore>(), services.GetRequiredService<IMeterStore>());
            await DetailsAsync(consommations, connection.ConnectionString, lines);
            await WritesAsync(meters, connection.ConnectionString);
            await GrowthAsync(consommations);
        }
        finally
        {
            SqlConnection.ClearAllPools();
            connection.InitialCatalog = "master";
            await using var master = await OpenAsync(connection.ConnectionString);
            await using var drop = new SqlCommand($"DROP DATABASE [{new SqlConnectionStringBuilder(services.GetRequiredService<Connections>().Writing).InitialCatalog}]", master);
            await drop.ExecuteNonQueryAsync();
        }
    }

    private static async Task DetailsAsync(IConsommationStore store, string connection, int lines)
    {
        var watch = Stopwatch.StartNew();
        await ImportAsync(store, Store.Lines("C", lines));
        Console.WriteLine($"import of {lines:N0} lines: {lines / watch.Elapsed.TotalSeconds:F0} /s");
        var demande = new Demande("C", null, Year, null, Ordre.ParIdentifiant);
        await StoreCommand.CompareAsync(
            Rounds, ("bare reader, same SQL", () => BareAsync(connection)), ("the view", () => ReadAsync(store, demande, withDetails: true)));
    }

    private static async Task WritesAsync(IMeterStore store, string connection)
    {
        const int each = 40;
        var metering = new Metering(new MeteringOptions(), TimeProvider.System);
        var caller = new Caller("C", null, "abcdefgh", new string('0', 32));
        var meters = new List<Guid>();
        for (var i = 0; i < Clients; i++)
            meters.Add((await store.WriteAsync(t => metering.CreateAsync(
                t, caller, WritesBenchmark.NewMeter(i), new(0, Installed, null, null)))).Id);
        var (done, bare, stored) = (0, new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var rate = Rate(each * Clients / 4, await TimeAsync(() => InsertAsync(connection, each * Clients / 4, round)));
            var all = Rate(each * Clients, await TimeAsync(() => Task.WhenAll(meters.Select(meter => Task.Run(async () =>
            {
                for (var i = 0; i < each; i++)
                {
                    var second = Interlocked.Increment(ref done);
                    await store.WriteAsync(t => metering.RecordAsync(t, caller, meter, new(second * 1_000L, Installed.AddSeconds(second), meter, "proof")));
                }
            })))));
            if (round < 0)
                continue; // It warms up.
            bare.Add(rate);
            stored.Add(all);
        }
        Console.WriteLine(
            $"one insert a transaction {StoreCommand.Median(bare):F0} /s, readings of {Clients} clients {StoreCommand.Median(stored):F0} /s, "
            + $"× {StoreCommand.Median([.. stored.Zip(bare, (s, b) => s / b)]):F2}");
    }

    private static async Task GrowthAsync(IConsommationStore store)
    {
        const int lines = 2_000;
        await ImportAsync(store, Store.Lines("G", lines));
        var (size, first) = (1, 0d);
        foreach (var target in new[] { 1, 10, 100 })
        {
            for (; size < target; size++)
                await ImportAsync(store, Store.Lines(size % 3 == 0 ? "G" : $"client {size % 10}", lines, year: 1926 + size));
            var times = new List<double>();
            for (var round = 0; round < 40; round++)
                times.Add((await TimeAsync(() => ReadAsync(store, new("G", null, Year, null, Ordre.ParIdentifiant), withDetails: false))).TotalMilliseconds);
            first = first == 0 ? times.Min() : first;
            Console.WriteLine($"{target,4} × {lines} lines: a year's sums in {times.Min():F2} ms (× {times.Min() / first:F2})");
        }
    }

    private static async Task<long> ReadAsync(IConsommationStore store, Demande demande, bool withDetails)
    {
        await using var view = await store.OpenAsync(demande);
        var rows = 0L;
        if (withDetails)
            foreach (var groupe in view.Groupes)
                await foreach (var lignes in view.ReadDetailsAsync(groupe))
                    rows += lignes.Length;
        return rows;
    }

    private static async Task<long> BareAsync(string connection)
    {
        await using var open = await OpenAsync(connection);
        var rows = 0L;
        for (var produit = 1; produit <= 2; produit++)
            for (var identifiant = 1; identifiant <= 4; identifiant++)
            {
                await using var command = new SqlCommand(ConsommationSql.Lignes(Year, true, SqlServerContext.OrdinalOf), open);
                command.Parameters.AddWithValue("@1", produit);
                command.Parameters.AddWithValue("@2", Year.Debut);
                command.Parameters.AddWithValue("@3", Year.Fin);
                command.Parameters.AddWithValue("@4", identifiant);
                await using var reader = await command.ExecuteReaderAsync();
                for (; await reader.ReadAsync(); rows++)
                {
                    _ = reader.GetInt64(0) + reader.GetInt32(3) + reader.GetInt64(4);
                    _ = reader.GetString(1);
                    _ = reader.GetDateTime(2);
                }
            }
        return rows;
    }

    /// <summary>Voided, so that they neither count nor meet at an instant.</summary>
    private static async Task InsertAsync(string connection, int count, int round)
    {
        await using var open = await OpenAsync(connection);
        await using var command = new SqlCommand("""
            INSERT INTO Readings (Uid, MeterId, IndexMilli, Turns, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs)
            VALUES (@u, 1, 1000, 0, @a, @u, N'proof', @a, 0, @v)
            """, open);
        var (u, a, v) = (command.Parameters.Add("@u", System.Data.SqlDbType.Binary, 16), command.Parameters.Add("@a", System.Data.SqlDbType.DateTimeOffset),
            command.Parameters.Add("@v", System.Data.SqlDbType.BigInt));
        for (var i = 0; i < count; i++)
        {
            (u.Value, a.Value, v.Value) = (Guid.CreateVersion7().ToByteArray(true), Installed.AddDays(-1 - round).AddSeconds(-i), 1L);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task ImportAsync(IConsommationStore store, IEnumerable<LigneImport> lignes)
    {
        await using var import = await store.BeginImportAsync();
        foreach (var ligne in lignes)
            if (await import.WriteAsync(ligne) is { } error)
                throw new InvalidOperationException(error);
        await import.CommitAsync();
    }

    private static async Task<SqlConnection> OpenAsync(string connection)
    {
        var open = new SqlConnection(connection);
        await open.OpenAsync();
        return open;
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> run)
    {
        var watch = Stopwatch.StartNew();
        await run();
        return watch.Elapsed;
    }

    private static double Rate(int count, TimeSpan elapsed) => count / elapsed.TotalSeconds;
}

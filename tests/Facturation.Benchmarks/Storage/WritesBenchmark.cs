using System.Diagnostics;
using Facturation.Core;
using Microsoft.Data.Sqlite;

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// Readings posted by 64 clients at once, each to its own meter, against a loop that writes one row of Readings in a transaction
/// of its own, both as durable (synchronous = FULL).
/// </summary>
internal static class WritesBenchmark
{
    private const int Clients = 64;

    public static async Task RunAsync(int readings)
    {
        var installed = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var metering = new Metering(new MeteringOptions(), TimeProvider.System);
        await using var store = await Store.CreateAsync();
        await store.ImportAsync(Store.Lines("C", 2));
        var caller = new Caller("C", null, "abcdefgh", new string('0', 32));
        var meters = new List<Guid>();
        for (var i = 0; i < Clients; i++)
            meters.Add((await store.Meters.WriteAsync(t => metering.CreateAsync(t, caller, new Meter
            {
                Id = Guid.CreateVersion7(),
                Serial = "S",
                Digits = 12,
                Unit = "kWh",
                Identifiant = "U",
                Dossier = $"D{i}",
                DateDossier = installed.DateTime,
                ProduitId = 1,
                Sequence = 1,
                InstalledAt = installed,
            }, new(0, installed, null, null)))).Id);

        var done = 0;
        var (bare, posted) = (new List<double>(), new List<double>());
        var cpu = TimeSpan.Zero;
        for (var round = 0; round < 5; round++)
        {
            bare.Add(Bare(store.File, readings / 5));
            var before = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(meters.Select(meter => Task.Run(async () =>
            {
                for (var i = 0; i < readings / 5 / Clients; i++)
                {
                    var hour = Interlocked.Increment(ref done) + 1;
                    await store.Meters.WriteAsync(t => metering.RecordAsync(
                        t, caller, meter, new(hour * 1_000L, installed.AddSeconds(hour), caller.Client.Length == 0 ? null : meter, null)));
                }
            })));
            cpu += Environment.CpuUsage.TotalTime - before;
            posted.Add(readings / 5 / Clients * Clients / watch.Elapsed.TotalSeconds);
        }
        double first = StoreCommand.Median(bare), second = StoreCommand.Median(posted);
        Console.WriteLine($"one insert a transaction {first,8:F0} /s");
        Console.WriteLine($"{Clients} clients' readings     {second,8:F0} /s   × {second / first:F2}, {cpu.TotalMicroseconds / done:F0} µs of processor each");
    }

    private static double Bare(string file, int count)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Foreign Keys=True");
        connection.Open();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText =
                "INSERT INTO Readings (Uid, MeterId, IndexMilli, ReadAt, RecordedAt, IsSuspect, VoidedAs) VALUES (@u, 1, 0, @a, @a, 0, -1)";
            command.Parameters.AddWithValue("@u", Guid.NewGuid());
            command.Parameters.AddWithValue("@a", new DateTime(Random.Shared.NextInt64(DateTime.MaxValue.Ticks)));
            command.ExecuteNonQuery();
            transaction.Commit();
        }
        return count / watch.Elapsed.TotalSeconds;
    }
}

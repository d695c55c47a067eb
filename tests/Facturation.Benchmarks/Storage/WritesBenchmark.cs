using System.Diagnostics;
using Facturation.Core;
using Microsoft.Data.Sqlite;

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// Readings posted by 64 clients at once, each to its own meter, against one thread that inserts a row of Readings at a time, each
/// in its own transaction, by a prepared statement; both as durable (synchronous = FULL), in the same file, by turns.
/// </summary>
internal static class WritesBenchmark
{
    private const int Clients = 64, Rounds = 7;

    private static readonly DateTimeOffset Installed = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(int readings)
    {
        var metering = new Metering(new MeteringOptions(), TimeProvider.System);
        await using var store = await Store.CreateAsync();
        await store.ImportAsync(Store.Lines("C", 2));
        var caller = new Caller("C", null, "abcdefgh", new string('0', 32));
        var meters = new List<Guid>();
        for (var i = 0; i < 2 * Clients; i++) // The second half is the loop's.
            meters.Add((await store.Meters.WriteAsync(t => metering.CreateAsync(t, caller, NewMeter(i), new(0, Installed, null, null)))).Id);

        var done = 0;
        var (bare, posted) = (new List<Cost>(), new List<Cost>());
        for (var round = -2; round < Rounds; round++) // Two rounds warm up.
        {
            var first = await Cost.MeasureAsync(readings / 4, () => Task.Run(() => Bare(store.File, readings / 4)));
            var second = await Cost.MeasureAsync(readings / Clients * Clients, PostAsync);
            Console.WriteLine($"{(round < 0 ? "warm-up" : $"round {round}"),-8} one insert a transaction {first}   {Clients} clients {second}   × {second.Rate / first.Rate:F2}");
            if (round < 0)
                continue;
            bare.Add(first);
            posted.Add(second);
        }
        Console.WriteLine(
            $"medians: one insert a transaction {Median(bare, c => c.Rate):F0} /s, {Median(bare, c => c.Processor):F0} µs of processor each; "
            + $"{Clients} clients' readings {Median(posted, c => c.Rate):F0} /s, {Median(posted, c => c.Processor):F0} µs; "
            + $"× {StoreCommand.Median([.. posted.Zip(bare, (p, b) => p.Rate / b.Rate)]):F2}");

        Task PostAsync() => Task.WhenAll(meters.Take(Clients).Select(meter => Task.Run(async () =>
        {
            for (var i = 0; i < readings / Clients; i++)
            {
                var second = Interlocked.Increment(ref done);
                await store.Meters.WriteAsync(t => metering.RecordAsync(
                    t, caller, meter, new(second * 1_000L, Installed.AddSeconds(second), meter, "proof")));
            }
        })));
    }

    private static Meter NewMeter(int number) => new()
    {
        Id = Guid.CreateVersion7(),
        Serial = "S",
        Digits = 12,
        Unit = "kWh",
        Identifiant = "U",
        Dossier = $"D{number}",
        DateDossier = Installed.DateTime,
        ProduitId = 1,
        Sequence = 1,
        InstalledAt = Installed,
    };

    private static void Bare(string file, int count)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Foreign Keys=True");
        connection.Open();
        using var command = connection.CreateCommand();
        // Outside a transaction a statement is one.
        command.CommandText = """
            INSERT INTO Readings (Uid, MeterId, IndexMilli, ReadAt, RecordedBy, ProofRef, RecordedAt, IsSuspect, VoidedAs)
            VALUES (@u, @m, @i, @a, @b, 'proof', @n, 0, 0)
            """;
        var (u, m, i, a, b, n) = (Add("@u"), Add("@m"), Add("@i"), Add("@a"), Add("@b"), Add("@n"));
        using var last = connection.CreateCommand();
        last.CommandText = "SELECT MAX(Id) FROM Readings";
        var number = (long)last.ExecuteScalar()!;
        for (var left = count; left > 0; left--)
        {
            u.Value = b.Value = Guid.CreateVersion7();
            m.Value = Clients + 1 + left % Clients;
            i.Value = ++number * 1_000;
            a.Value = Installed.DateTime.AddSeconds(number);
            n.Value = DateTime.UtcNow;
            command.ExecuteNonQuery();
        }

        SqliteParameter Add(string name) => command.Parameters.Add(new SqliteParameter { ParameterName = name });
    }

    private static double Median(List<Cost> costs, Func<Cost, double> of) => StoreCommand.Median([.. costs.Select(of)]);

    /// <summary>What a round cost.</summary>
    /// <param name="Rate">How many a second.</param>
    /// <param name="Processor">Microseconds of the process's processor time each.</param>
    private readonly record struct Cost(double Rate, double Processor)
    {
        public static async Task<Cost> MeasureAsync(int count, Func<Task> run)
        {
            GC.Collect();
            var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            await run();
            return new(count / watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count);
        }

        public override string ToString() => $"{Rate,6:F0} /s {Processor,4:F0} µs";
    }
}

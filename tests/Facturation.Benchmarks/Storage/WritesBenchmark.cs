using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Facturation.Benchmarks.Contenders;
using Facturation.Benchmarks.Load;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Data.Sqlite;

namespace Facturation.Benchmarks.Storage;

/// <summary>
/// Readings posted by 64 clients at once, each to its own meter, against one thread that inserts a row of Readings at a time, each
/// in its own transaction, by a prepared statement; both as durable (synchronous = FULL), in the same file, by turns. Then the same
/// 64 clients posting to the service, in a process of its own. Their own part runs on the same processors, so they write to sockets: HttpClient
/// takes as much of them as the service.
/// </summary>
internal static class WritesBenchmark
{
    private const int Clients = 64, Rounds = 7;

    private static readonly DateTimeOffset Installed = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(int readings)
    {
        foreach (var provider in Store.Providers)
            await RunAsync(readings, provider);
    }

    private static async Task RunAsync(int readings, StorageProvider provider)
    {
        Console.WriteLine(provider);
        var metering = new Metering(new MeteringOptions(), TimeProvider.System);
        await using var store = await Store.CreateAsync(provider);
        await store.ImportAsync(Store.Lines("C", 2));
        var caller = new Caller("C", null, "abcdefgh", new string('0', 32));
        var meters = new List<Guid>();
        for (var i = 0; i < 2 * Clients; i++) // The second half is the loop's.
            meters.Add((await store.Meters.WriteAsync(
                t => metering.CreateAsync(t, caller, NewMeter(i), new(0, Installed, null, null)))).Id);

        var key = await store.AddKeyAsync("C", Scopes.ReadingsWrite);
        using var server = await ServerProcess.StartAsync(Contender.Sqlite, store.File, $"--Storage:Provider={provider}");
        var sockets = meters.Take(Clients).ToDictionary(meter => meter, _ => Connect(server.Port));

        var (done, share) = (0, readings / Clients);
        var rounds = new List<(Cost Bare, Cost Stored, Cost Posted)>();
        for (var round = -2; round < Rounds; round++) // Two rounds warm up.
        {
            var bare = await Cost.MeasureAsync(readings / 4, () => Task.Run(() => Bare(store.File, readings / 4)), OfThis);
            var stored = await Cost.MeasureAsync(share * Clients, AllAsync, OfThis);
            var posted = await Cost.MeasureAsync(
                share * Clients, PostAllAsync, async () => (await server.ReadUseAsync()).Processor);
            var told = Tell(bare, stored, posted, stored.Rate / bare.Rate, posted.Rate / bare.Rate);
            Console.WriteLine($"{(round < 0 ? "warm-up" : $"round {round}"),-8} {told}");
            if (round >= 0)
                rounds.Add((bare, stored, posted));
        }
        foreach (var socket in sockets.Values)
            socket.Dispose();
        Console.WriteLine("medians  " + Tell(
            Median(r => r.Bare), Median(r => r.Stored), Median(r => r.Posted),
            StoreCommand.Median([.. rounds.Select(r => r.Stored.Rate / r.Bare.Rate)]),
            StoreCommand.Median([.. rounds.Select(r => r.Posted.Rate / r.Bare.Rate)])));

        Cost Median(Func<(Cost Bare, Cost Stored, Cost Posted), Cost> of) => new(
            StoreCommand.Median([.. rounds.Select(r => of(r).Rate)]), StoreCommand.Median([.. rounds.Select(r => of(r).Processor)]));

        // Each with its processor time: of the service alone, for what is posted.
        string Tell(Cost bare, Cost stored, Cost posted, double storedRatio, double postedRatio) =>
            $"one insert a transaction {bare}   {Clients} clients {stored} × {storedRatio:F1}   by HTTP {posted} × {postedRatio:F1}";

        Task AllAsync() => Task.WhenAll(meters.Take(Clients).Select(meter => Task.Run(async () =>
        {
            for (var i = 0; i < share; i++)
            {
                var sent = NextReading(meter);
                await store.Meters.WriteAsync(t => metering.RecordAsync(t, caller, meter, sent));
            }
        })));

        Task PostAllAsync() => Task.WhenAll(sockets.Select(client => Task.Factory.StartNew(
            () =>
            {
                var buffer = new byte[4096];
                for (var i = 0; i < share; i++)
                {
                    client.Value.Send(ToRequest(NextReading(client.Key), client.Key, key));
                    LoadGenerator.ReadAnswer(client.Value, buffer);
                }
            },
            TaskCreationOptions.LongRunning)));

        SentReading NextReading(Guid by)
        {
            var second = Interlocked.Increment(ref done);
            return new(second * 1_000L, Installed.AddSeconds(second), by, "proof");
        }
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static byte[] ToRequest(SentReading sent, Guid meter, string key) => Question.ToBytes(
        $"/v1/meters/{meter}/readings/manual",
        key,
        string.Create(CultureInfo.InvariantCulture, $$"""
            {"indexValueMilli":"{{sent.IndexMilli}}","readAt":"{{Instants.Write(sent.ReadAt)}}","recordedBy":"{{sent.RecordedBy}}","proofRef":"{{sent.ProofRef}}"}
            """));

    private static Task<TimeSpan> OfThis() => Task.FromResult(Environment.CpuUsage.TotalTime);

    public static Meter NewMeter(int number) => new()
    {
        Id = Guid.CreateVersion7(),
        Serial = "S",
        Digits = 12,
        Register = new(Register.RolloverOf(12), Register.NoMultiplier),
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

    /// <summary>What a round cost.</summary>
    /// <param name="Rate">How many a second.</param>
    /// <param name="Processor">Microseconds of processor time each.</param>
    private readonly record struct Cost(double Rate, double Processor)
    {
        public static async Task<Cost> MeasureAsync(int count, Func<Task> run, Func<Task<TimeSpan>> processor)
        {
            GC.Collect();
            var before = await processor();
            var watch = Stopwatch.StartNew();
            await run();
            var elapsed = watch.Elapsed;
            return new(count / elapsed.TotalSeconds, (await processor() - before).TotalMicroseconds / count);
        }

        public override string ToString() => $"{Rate,6:F0} /s {Processor,4:F0} µs";
    }
}

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
/// 64 clients posting to the service, in a process of its own, and to an empty action behind a key, the floor of any service. Their own part runs
/// on the same processors, so they write to sockets: HttpClient takes as much of them as the service.
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
        using var empty = await ServerProcess.StartAsync(Contender.Empty);

        var (done, share) = (0, readings / Clients);
        var rounds = new List<(Cost Bare, Cost Stored, Cost Posted, Cost Empty)>();
        for (var round = -2; round < Rounds; round++) // Two rounds warm up.
        {
            var bare = await Cost.MeasureAsync(readings / 4, () => Task.Run(() => Bare(store.File, readings / 4)), OfThis);
            var stored = await Cost.MeasureAsync(share * Clients, AllAsync, OfThis);
            var posted = await PostAsync(server, key);
            var nothing = await PostAsync(empty, MemoryStore.Key);
            Console.WriteLine($"{(round < 0 ? "warm-up" : $"round {round}"),-8} {Tell([(bare, stored, posted, nothing)])}");
            if (round >= 0)
                rounds.Add((bare, stored, posted, nothing));
        }
        Console.WriteLine("medians  " + Tell(rounds));

        // Each with its processor time: of the server alone, for what is posted.
        string Tell(List<(Cost Bare, Cost Stored, Cost Posted, Cost Empty)> rounds)
        {
            return $"one insert a transaction {Median(r => r.Bare)}   {Clients} clients {Beside(r => r.Stored)}   by HTTP {Beside(r => r.Posted)}   empty {Beside(r => r.Empty)}";

            Cost Median(Func<(Cost Bare, Cost Stored, Cost Posted, Cost Empty), Cost> of) => new(
                StoreCommand.Median([.. rounds.Select(r => of(r).Rate)]), StoreCommand.Median([.. rounds.Select(r => of(r).Processor)]));

            string Beside(Func<(Cost Bare, Cost Stored, Cost Posted, Cost Empty), Cost> of) =>
                $"{Median(of)} × {StoreCommand.Median([.. rounds.Select(r => of(r).Rate / r.Bare.Rate)]):F1}";
        }

        Task AllAsync() => Task.WhenAll(meters.Take(Clients).Select(meter => Task.Run(async () =>
        {
            for (var i = 0; i < share; i++)
            {
                var sent = NextReading(meter);
                await store.Meters.WriteAsync(t => metering.RecordAsync(t, caller, meter, sent));
            }
        })));

        Task<Cost> PostAsync(ServerProcess to, string key) => Cost.MeasureAsync(
            share * Clients,
            () => Task.WhenAll(meters.Take(Clients).Select(meter => Task.Factory.StartNew(
                () =>
                {
                    using var socket = Connect(to.Port);
                    var buffer = new byte[4096];
                    for (var i = 0; i < share; i++)
                    {
                        socket.Send(ToRequest(NextReading(meter), meter, key));
                        LoadGenerator.ReadAnswer(socket, buffer);
                    }
                },
                TaskCreationOptions.LongRunning))),
            async () => (await to.ReadUseAsync()).Processor);

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

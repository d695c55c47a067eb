using System.Globalization;
using Facturation.Benchmarks.Contenders;

namespace Facturation.Benchmarks.Load;

/// <summary>
/// What clients live: one client's month from SQLite, by the whole path from the key to the line of the log. Beside the service, the same
/// operation as others write it, on the same file. Every contender answers the same bytes, in turns.
/// </summary>
internal static class PathCommand
{
    /// <summary>How many clients p99 is also measured with.</summary>
    private const int Crowd = 64;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private static readonly string[] Contenders =
    [
        Contender.LegacyDapper, Contender.EfCore, Contender.Dapper,
#if NHIBERNATE
        Contender.NHibernate,
#endif
        Contender.Logged,
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var options = PathOptions.Parse(args);
        var (file, key, largeKey) = await BenchDatabase.OpenMonthsAsync(options.Lines);
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var name in Contenders)
                servers.Add(await ServerProcess.StartAsync(name, file));
            var runs = (from client in new[] { key, largeKey }
                        from isXml in new[] { false, true }
                        select new LoadRun(0, isXml, 0, options.Connections, options.Seconds, client) { Month = BenchDatabase.Month }).ToList();
            foreach (var server in servers) // Until the compiler has made again what proves hot.
                foreach (var run in runs)
                    await server.FireAsync(run);
            Console.WriteLine(string.Create(Invariant,
                $"{options.Lines:N0} lines, {Environment.ProcessorCount} processors, median of {options.Rounds} rounds of {options.Seconds:0.#} s, {options.Connections} connections\n"));
            Console.WriteLine(string.Create(Invariant,
                $"| answer | contender | a second | p50, ms | p99, ms | p99 with {Crowd} clients, ms | processor, µs | allocated, KB | ours / theirs |"));
            Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
            var best = new List<string>();
            foreach (var run in runs)
                best.Add(await CompareAsync(servers, run, options.Rounds));
            Console.WriteLine($"\n{string.Join('\n', best)}");
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
        return 0;
    }

    /// <summary>Writes a row for each contender; returns how the service compares with the best of the others.</summary>
    private static async Task<string> CompareAsync(List<ServerProcess> servers, LoadRun run, int rounds)
    {
        var prints = new Dictionary<string, (long Length, string Hash)>();
        foreach (var server in servers)
            prints[server.Name] = await server.FingerprintAsync(run.IsXml, run.Rows, run.Key, run.Month);
        if (prints.Values.Distinct().Count() > 1)
            throw new InvalidOperationException($"The answers differ: {string.Join(", ", prints)}");
        var answer = $"{Report.Size(prints[Contender.Logged].Length)} {Report.Format(run.IsXml)}";

        var results = servers.ToDictionary(server => server.Name, _ => new List<(LoadResult Result, LoadResult Crowded)>());
        for (var round = 0; round < rounds; round++)
            foreach (var server in servers)
                results[server.Name].Add((await server.FireAsync(run), await server.FireAsync(run with { Connections = Crowd })));

        var rows = results.ToDictionary(r => r.Key, r => Row.Of(r.Value));
        var ours = rows[Contender.Logged];
        foreach (var (name, row) in rows)
            Console.WriteLine(string.Create(Invariant,
                $"| {answer} | {Report.NameOf(name)} | {row.PerSecond:N1} | {row.P50:N2} | {row.P99:N2} | {row.CrowdedP99:N2} | {row.Processor:N0} | {row.Allocated:N1} | {ours.PerSecond / row.PerSecond:N2} |"));
        var others = rows.Where(r => r.Key != Contender.Logged).ToList();
        var fastest = others.MaxBy(r => r.Value.PerSecond);
        var calmest = others.MinBy(r => r.Value.CrowdedP99);
        return string.Create(Invariant,
            $"{answer}: {ours.PerSecond / fastest.Value.PerSecond:N2} times the best of the others ({Report.NameOf(fastest.Key)}), {others.Min(r => r.Value.Processor) / ours.Processor:N2} times by processor time; p99 with {Crowd} clients {ours.CrowdedP99:N2} ms, theirs {calmest.Value.CrowdedP99:N2} ms at best ({Report.NameOf(calmest.Key)}).");
    }

    /// <summary>Medians of a contender's rounds, in milliseconds; processor time in microseconds and allocation in KB, per answer.</summary>
    private sealed record Row(double PerSecond, double P50, double P99, double CrowdedP99, double Processor, double Allocated)
    {
        public static Row Of(List<(LoadResult Result, LoadResult Crowded)> rounds) => new(
            Report.Median(rounds, r => r.Result.PerSecond),
            Report.Median(rounds, r => r.Result.P50) / 1000,
            Report.Median(rounds, r => r.Result.P99) / 1000,
            Report.Median(rounds, r => r.Crowded.P99) / 1000,
            Report.Median(rounds, r => r.Result.Processor.TotalMicroseconds / r.Result.Answers),
            Report.Median(rounds, r => r.Result.Allocated / 1000.0 / r.Result.Answers));
    }
}

/// <summary>What the command is asked for; the defaults take a few minutes.</summary>
internal sealed record PathOptions(double Seconds, int Rounds, int Lines, int Connections)
{
    public static PathOptions Parse(string[] args)
    {
        var options = new PathOptions(2, 5, 1_000_000, 16);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--lines" => options with { Lines = int.Parse(value, CultureInfo.InvariantCulture) },
                "--connections" => options with { Connections = int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new ArgumentException("path [--seconds N] [--rounds N] [--lines N] [--connections N]"),
            };
        }
        return options;
    }
}

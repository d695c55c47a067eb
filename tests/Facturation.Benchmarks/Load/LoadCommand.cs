using System.Globalization;
using Facturation.Benchmarks.Contenders;

namespace Facturation.Benchmarks.Load;

/// <summary>
/// The comparison of one run on one machine: every contender answers the same bytes, in turns, so that what else the machine does
/// falls on all alike. Ratios mean something, figures only here and today.
/// </summary>
internal static class LoadCommand
{
    private const int Connections = 16;

    private static readonly string[] Contenders = [Contender.Legacy, Contender.Stock, Contender.Newtonsoft, Contender.Memory, Contender.Empty, Contender.Static];

    public static async Task<int> RunAsync(string[] args)
    {
        var options = LoadOptions.Parse(args);
        var report = new Report(options);
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var name in Contenders)
                servers.Add(await ServerProcess.StartAsync(name));
            await WarmUpAsync(servers, options);
            foreach (var size in options.Sizes)
            {
                foreach (var isXml in new[] { false, true })
                    await CompareAsync([.. servers.Where(server => IsAsked(server.Name, size, isXml))], size, isXml, options, report);
            }
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
        if (options.Sizes.Max() is > 10_000_000 and var large)
            await EndToEnd.CompareMemoryAsync(large, report);
        if (options.Lines > 0)
            await EndToEnd.RunAsync(options, report);
        report.Save();
        return 0;
    }

    /// <summary>Newtonsoft writes no XML, and what an empty action costs does not depend on the size.</summary>
    private static bool IsAsked(string contender, int size, bool isXml) =>
        contender switch { Contender.Newtonsoft => !isXml, Contender.Empty => size < 10_000, _ => true };

    /// <summary>The compiler makes methods again once they prove hot: a start measured is not what is compared here.</summary>
    private static async Task WarmUpAsync(List<ServerProcess> servers, LoadOptions options)
    {
        foreach (var server in servers)
        {
            foreach (var isXml in new[] { false, true })
                await server.FireAsync(new LoadRun(0, isXml, 20, Connections, options.Seconds, MemoryStore.Key));
        }
    }

    private static async Task CompareAsync(List<ServerProcess> servers, int size, bool isXml, LoadOptions options, Report report)
    {
        var rows = Sample.RowsFor(size, isXml);
        var prints = new Dictionary<string, (long Length, string Hash)>();
        foreach (var server in servers)
            prints[server.Name] = await server.FingerprintAsync(isXml, rows, MemoryStore.Key);
        if (prints.Values.Distinct().Count() > 1)
            throw new InvalidOperationException($"The answers differ: {string.Join(", ", prints)}");

        // Those that gather an answer need several times its size for each connection.
        int ConnectionsTo(ServerProcess server) => size > 10_000_000 && server.Name is Contender.Legacy or Contender.Stock or Contender.Newtonsoft ? 2 : Connections;
        LoadRun Run(ServerProcess server, double seconds) => new(0, isXml, rows, ConnectionsTo(server), seconds, MemoryStore.Key);

        var results = servers.ToDictionary(server => server.Name, _ => new List<LoadResult>());
        var rounds = size > 10_000_000 ? 1 : options.Rounds;
        for (var round = -1; round < rounds; round++)
        {
            foreach (var server in servers)
            {
                // The first turn does not count.
                var result = await server.FireAsync(Run(server, round < 0 && rounds == 1 ? 0 : options.Seconds));
                if (round >= 0)
                    results[server.Name].Add(result);
            }
        }
        report.AddComparison(prints.Values.First().Length, isXml, results);
    }
}

/// <summary>What the command is asked for; the defaults take a few minutes.</summary>
internal sealed record LoadOptions(double Seconds, int Rounds, IReadOnlyList<int> Sizes, int Lines, string? Output)
{
    public static LoadOptions Parse(string[] args)
    {
        var options = new LoadOptions(2, 3, [5_000, 384_000, 100_000_000], 1_000_000, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                "--sizes" => options with { Sizes = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(size => int.Parse(size, CultureInfo.InvariantCulture))] },
                "--lines" => options with { Lines = int.Parse(value, CultureInfo.InvariantCulture) },
                "--output" => options with { Output = value },
                _ => throw new ArgumentException("load [--seconds N] [--rounds N] [--sizes BYTES,BYTES] [--lines N, 0: no database] [--output FILE]"),
            };
        }
        return options;
    }
}

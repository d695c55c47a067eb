using System.Globalization;
using Facturation.Benchmarks.Contenders;

namespace Facturation.Benchmarks.Load;

/// <summary>
/// The report by day and by all, of the database that <see cref="EndToEnd"/> asks: time against a bare reader of the same rows, and memory
/// against idle; and ConsommationV2 beside it, as the machine is on that day. A row of it tells ten members where ConsommationV2 tells three.
/// </summary>
internal static class ReportsCommand
{
    private const string Target = "/v1/consumption?window=day&groupBy=produit,compteur,identifiant,dossier&format=";

    private const string V2 = "ConsommationV2, JSON";

    private static readonly string[] Formats = ["json", "jsonl", "csv", V2];

    public static async Task<int> RunAsync(string[] args)
    {
        var options = LoadOptions.Parse(args);
        var (file, key) = await BenchDatabase.OpenAsync(options.Lines);
        Console.WriteLine("| format | size, MB | reader, s | report, s | report / reader | processor of the server, s | heap above idle, MB |\n|---|---:|---:|---:|---:|---:|---:|");
        foreach (var format in Formats)
        {
            using var server = await ServerProcess.StartAsync(Contender.Sqlite, file);
            var run = new LoadRun(0, false, 0, 1, 0, key) { Target = format == V2 ? null : Target + format };
            await server.FireAsync(run);
            var rounds = new List<(double Reader, LoadResult Answer)>();
            for (var round = 0; round < options.Rounds; round++)
                rounds.Add((await EndToEnd.ReadBareAsync(file), await server.FireAsync(run)));
            var median = rounds.OrderBy(r => r.Answer.Seconds / r.Reader).ElementAt(rounds.Count / 2);
            var peak = await PeakAsync(server, run);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {format} | {median.Answer.Bytes / 1e6:N1} | {median.Reader:N2} | {median.Answer.Seconds:N2} | {median.Answer.Seconds / median.Reader:N2} | {median.Answer.Processor.TotalSeconds:N2} | {peak / 1e6:N1} |"));
        }
        return 0;
    }

    /// <summary>The most that the heap grows while the report is sent.</summary>
    private static async Task<long> PeakAsync(ServerProcess server, LoadRun run)
    {
        var idle = (await server.ReadUseAsync()).Heap;
        var (peak, asked) = (idle, server.FireAsync(run));
        while (await Task.WhenAny(asked, Task.Delay(50)) != asked)
            peak = Math.Max(peak, (await server.ReadUseAsync()).Heap);
        return peak - idle;
    }
}

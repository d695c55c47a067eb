using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Facturation.Benchmarks.Contenders;

namespace Facturation.Benchmarks.Load;

/// <summary>What was measured, as a page of Markdown.</summary>
internal sealed class Report(LoadOptions options)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly StringBuilder speed = new(), endToEnd = new(), memory = new(), start = new();

    public static string NameOf(string contender) => contender switch
    {
        Contender.Legacy => "Web API 2",
        Contender.Stock => "stock MVC",
        Contender.Newtonsoft => "stock MVC, Newtonsoft",
        Contender.Empty => "an empty action",
        Contender.Memory or Contender.Logged => "Facturation",
        Contender.EfCore => "stock MVC, EF Core",
        Contender.Dapper => "stock MVC, Dapper",
        Contender.NHibernate => "stock MVC, NHibernate",
        Contender.LegacyDapper => "Web API 2, Dapper",
        _ => "static bytes",
    };

    public void AddComparison(long length, bool isXml, Dictionary<string, List<LoadResult>> results)
    {
        var ours = Median(results[Contender.Memory], r => r.PerSecond);
        foreach (var (name, rounds) in results)
        {
            var perSecond = Median(rounds, r => r.PerSecond);
            var processor = Median(rounds, r => r.Processor.TotalMicroseconds / r.Answers);
            var allocated = Median(rounds, r => (double)r.Allocated / r.Answers);
            var (p50, p99) = (Median(rounds, r => r.P50) / 1000, Median(rounds, r => r.P99) / 1000);
            Add(speed, $"| {Size(length)} {Format(isXml)} | {NameOf(name)} | {perSecond:N1} | {perSecond * length / 1e6:N0} | {p50:N2} | {p99:N2} | {processor:N0} | {allocated / 1000:N1} | {ours / perSecond:N2} |");
        }
    }

    public void AddEndToEnd(bool isXml, List<(double Reader, LoadResult Answer)> pairs)
    {
        var reader = Median(pairs, pair => pair.Reader);
        var answer = Median(pairs, pair => pair.Answer.Seconds);
        Add(endToEnd, $"| {Format(isXml)} | {Size(pairs[0].Answer.Bytes)} | {reader:N2} | {answer:N2} | {Median(pairs, p => p.Answer.Seconds / p.Reader):N2} |");
    }

    /// <summary>Samples a server's memory while it is asked, against what it had before.</summary>
    public async Task AddMemoryAsync(string what, ServerProcess server, LoadRun run)
    {
        await server.ReadUseAsync();
        await Task.Delay(500);
        var idle = await server.ReadUseAsync();
        var peak = (idle.Heap, idle.WorkingSet);
        var asked = server.FireAsync(run);
        while (await Task.WhenAny(asked, Task.Delay(50)) != asked)
        {
            var now = await server.ReadUseAsync();
            peak = (Math.Max(peak.Heap, now.Heap), Math.Max(peak.WorkingSet, now.WorkingSet));
        }
        var result = await asked;
        Add(memory, $"| {what} | {Size(result.Bytes / result.Answers)} | {Size(peak.Heap - idle.Heap)} | {Size(peak.WorkingSet - idle.WorkingSet)} | {Size(peak.WorkingSet)} |");
    }

    public void AddStart(List<double> seconds) =>
        Add(start, $"From the start of the process to its first answer, on the same database: {Median(seconds, s => s):N2} s (median of {seconds.Count}, from {seconds.Min():N2} to {seconds.Max():N2}).");

    /// <summary>Prints the page, and writes it where it is asked for.</summary>
    public void Save()
    {
        var page = Page();
        Console.WriteLine(page);
        if (options.Output is { } file)
            File.WriteAllText(file, page);
    }

    private string Page()
    {
        var page = new StringBuilder();
        page.Append(Invariant, $"""
            # Benchmarks

            `dotnet run -c Release --project tests/Facturation.Benchmarks -- load`, {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors,
            {RuntimeInformation.FrameworkDescription}, median of {options.Rounds} rounds of {options.Seconds:0.#} s. Every contender answered the same bytes, in turns, on one machine whose
            processors the load generator shares. Compare the ratios; the figures hold for this run only.

            ## Without a database

            {Connections} connections. Every contender starts from the same rows in memory. Web API 2 and stock MVC build models from them, as the
            old service did. Facturation streams them, as a complete service with API keys. Above 10 MB the others get 2
            connections, since they hold whole answers in memory. "Static bytes" is Kestrel sending an array: the ceiling for answers
            that are not streamed. "An empty action" sends it from a stock MVC controller behind a key, with a line in the log. Processor time and allocation are the server's, per answer. "Ours / theirs" is the ratio of answers per second.

            | answer | contender | a second | MB/s | p50, ms | p99, ms | processor, µs | allocated, KB | ours / theirs |
            |---|---|---:|---:|---:|---:|---:|---:|---:|

            """);
        page.Append(speed);
        if (memory.Length > 0)
            page.Append("\n## Memory\n\nPeak above idle, sampled from outside the process.\n\n| what | answer | heap above idle | working set above idle | working set |\n|---|---:|---:|---:|---:|\n").Append(memory);
        if (endToEnd.Length > 0)
            page.Append(Invariant, $"\n## On SQLite\n\n{options.Lines:N0} lines in one answer, compared with a bare `SqliteDataReader` that reads the same rows and discards them.\n\n")
                .Append("| answer | size | reader, s | answer, s | answer / reader |\n|---|---:|---:|---:|---:|\n").Append(endToEnd);
        if (start.Length > 0)
            page.Append("\n## Start\n\n").Append(start);
        return page.ToString();
    }

    private const int Connections = 16;

    private static void Add(StringBuilder table, FormattableString line) => table.Append(line.ToString(Invariant)).Append('\n');

    public static string Format(bool isXml) => isXml ? "XML" : "JSON";

    public static string Size(long bytes) => string.Create(Invariant, $"{(bytes >= 1_000_000 ? bytes / 1e6 : bytes / 1e3):N1} {(bytes >= 1_000_000 ? "MB" : "KB")}");

    public static double Median<T>(IReadOnlyList<T> values, Func<T, double> of)
    {
        var sorted = values.Select(of).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

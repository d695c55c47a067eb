using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Facturation.Benchmarks.Contenders;

namespace Facturation.Benchmarks.Load;

/// <summary>The whole service on SQLite: time against a bare reader, memory against idle, and the time to its first answer.</summary>
internal static class EndToEnd
{
    private const int Starts = 5;

    public static async Task RunAsync(LoadOptions options, Report report)
    {
        var (file, key) = await BenchDatabase.OpenAsync(options.Lines);
        using (var server = await ServerProcess.StartAsync(Contender.Sqlite, file))
        {
            LoadRun All(bool isXml, int connections) => new(0, isXml, 0, connections, 0, key);
            foreach (var isXml in new[] { false, true })
            {
                await server.FireAsync(All(isXml, 1));
                var pairs = new List<(double Reader, LoadResult Answer)>();
                for (var round = 0; round < options.Rounds; round++)
                    pairs.Add((await ReadBareAsync(file), await server.FireAsync(All(isXml, 1))));
                report.AddEndToEnd(isXml, pairs);
            }
        }
        foreach (var connections in new[] { 1, 16 })
        {
            using var server = await ServerProcess.StartAsync(Contender.Sqlite, file);
            await server.FireAsync(new(0, false, -1, 1, 1, key)); // A produit that is not there.
            await report.AddMemoryAsync($"{options.Lines:N0} lines of SQLite, {connections} at once", server, new(0, false, 0, connections, 0, key));
        }
        if (FindService() is { } service)
        {
            var times = new List<double>();
            for (var i = 0; i < Starts; i++)
                times.Add(await StartAsync(service, file, key));
            report.AddStart(times);
        }
    }

    /// <summary>Memory without a database, of who gathers an answer and of who streams it.</summary>
    public static async Task CompareMemoryAsync(int size, Report report)
    {
        foreach (var (name, connections) in new[] { (Contender.Legacy, 1), (Contender.Stock, 1), (Contender.Memory, 1), (Contender.Memory, 16) })
        {
            using var server = await ServerProcess.StartAsync(name);
            var rows = Sample.RowsFor(size, isXml: true);
            await server.FireAsync(new(0, true, 2, 1, 1, MemoryStore.Key));
            await report.AddMemoryAsync($"{Report.NameOf(name)}, {size / 1e6:N0} MB of XML, {connections} at once", server, new(0, true, rows, connections, 0, MemoryStore.Key));
        }
    }

    public static async Task<double> ReadBareAsync(string file)
    {
        using var reader = ServerProcess.Start(BareReader.Command, file);
        var line = await reader.StandardOutput.ReadToEndAsync();
        await reader.WaitForExitAsync();
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The service's own build, in the configuration of this program; null where it is not beside it.</summary>
    private static string? FindService()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var root = output.Parent?.Parent?.Parent?.Parent?.Parent?.FullName;
        var file = Path.Combine(root ?? "", "src", "Facturation.Api", "bin", output.Parent!.Name, output.Name, "Facturation.Api.dll");
        return File.Exists(file) ? file : null;
    }

    /// <summary>Seconds from the start of the process to the end of its first answer.</summary>
    private static async Task<double> StartAsync(string service, string file, string key)
    {
        var port = FreePort();
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                service, "--environment=Production", $"--urls=http://127.0.0.1:{port}", "--Logging:LogLevel:Default=Error",
                $"--ConnectionStrings:Facturation=Data Source={file}",
            },
            RedirectStandardOutput = true,
        })!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            client.DefaultRequestHeaders.Add("X-API-Key", key);
            while (true)
            {
                try
                {
                    using var body = new StringContent("{\"Debut\":\"2026-01-01\",\"Fin\":\"2026-01-01\",\"ProduitId\":1}", null, "application/json");
                    using var answer = await client.PostAsync(new Uri("/api/ConsommationV2", UriKind.Relative), body);
                    await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                    return Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
                catch (HttpRequestException e) when (e.StatusCode is null && !process.HasExited)
                {
                    await Task.Delay(5);
                }
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

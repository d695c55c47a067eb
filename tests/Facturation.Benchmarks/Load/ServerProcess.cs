using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Facturation.Benchmarks.Contenders;

namespace Facturation.Benchmarks.Load;

/// <summary>A contender in its process, and what can be seen of it from outside.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;
    private readonly HttpClient client;

    private ServerProcess(string name, Process process, Uri address)
    {
        (Name, this.process, Port) = (name, process, address.Port);
        client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(10) };
    }

    public string Name { get; }

    public int Port { get; }

    /// <summary>Starts this program once more.</summary>
    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }

    public static async Task<ServerProcess> StartAsync(string name, params string[] arguments)
    {
        var process = Start([Contender.Command, name, .. arguments]);
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{name} did not start.");
        return new ServerProcess(name, process, new Uri(line));
    }

    /// <summary>The length and the hash of the answer, so that answers of any length compare.</summary>
    public async Task<(long Length, string Hash)> FingerprintAsync(bool isXml, int rows, string key, DateOnly? month = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/ConsommationV2")
        {
            Content = new StringContent(Question.BodyOf(isXml, rows, month), null, new MediaTypeHeaderValue(Question.TypeOf(isXml))),
        };
        request.Headers.Accept.ParseAdd(Question.TypeOf(isXml));
        request.Headers.Add("X-API-Key", key);
        request.Headers.Add("X-Rows", rows.ToString(CultureInfo.InvariantCulture));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        using var hash = SHA256.Create();
        var length = 0L;
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer) is > 0 and var read)
        {
            hash.TransformBlock(buffer, 0, read, null, 0);
            length += read;
        }
        hash.TransformFinalBlock([], 0, 0);
        return (length, Convert.ToHexStringLower(hash.Hash!));
    }

    /// <summary>Has the generator ask for a while.</summary>
    public async Task<LoadResult> FireAsync(LoadRun run)
    {
        var before = await ReadUseAsync();
        using var generator = Start((run with { Port = Port }).Arguments);
        var line = await generator.StandardOutput.ReadLineAsync();
        await generator.WaitForExitAsync();
        var after = await ReadUseAsync();
        return LoadResult.Parse(line ?? throw new InvalidOperationException($"{Name} could not be measured.")) with
        {
            Processor = after.Processor - before.Processor,
            Allocated = after.Allocated - before.Allocated,
        };
    }

    /// <summary>What the process has and has had: its heap, its working set and all it allocated, in bytes, and its processor time.</summary>
    public async Task<(long Heap, long WorkingSet, long Allocated, TimeSpan Processor)> ReadUseAsync()
    {
        var values = (await client.GetStringAsync(Contender.Heap)).Split(' ').Select(value => long.Parse(value, CultureInfo.InvariantCulture)).ToArray();
        process.Refresh();
        return (values[0], process.WorkingSet64, values[1], process.TotalProcessorTime);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000))
            process.Kill();
        process.Dispose();
        client.Dispose();
    }
}

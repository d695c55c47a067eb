using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Facturation.Api.Import;

namespace Facturation.Tests.Api;

/// <summary>The service as a process of its own, on a database that stays, as an operator's system starts and stops it.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource<Uri> address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int ended;

    private ServiceProcess(Scratch database, IEnumerable<(string Name, string Value)> environment, int? openFiles = null)
    {
        var start = new ProcessStartInfo(openFiles is null ? Command.Dotnet : "sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = database.Root,
        };
        if (openFiles is not null)
            foreach (var argument in new[] { "-c", $"ulimit -n {openFiles} && exec \"$@\"", "sh", Command.Dotnet })
                start.ArgumentList.Add(argument);
        start.ArgumentList.Add(typeof(Importer).Assembly.Location);
        start.ArgumentList.Add("--urls=http://127.0.0.1:0");
        start.Environment["ConnectionStrings__Facturation"] = database.Connection;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["Storage__MigrateAtStart"] = "true";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; private set; } = null!;

    /// <summary>What it wrote on both its outputs.</summary>
    public IEnumerable<string> Lines => lines;

    public static Task<ServiceProcess> StartAsync(Scratch database, params (string Name, string Value)[] environment) =>
        StartAsync(new ServiceProcess(database, environment));

    /// <summary>Starts a service that may open so many files only.</summary>
    public static Task<ServiceProcess> StartWithFewFilesAsync(Scratch database, int openFiles) => StartAsync(new ServiceProcess(database, [], openFiles));

    private static async Task<ServiceProcess> StartAsync(ServiceProcess service)
    {
        try
        {
            service.Client = new HttpClient { BaseAddress = await service.address.Task.WaitAsync(Patience) };
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop, as systemd and Kubernetes do (SIGTERM).</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends it a signal of Unix, by its name.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{name} {process.Id}"]); // Not every machine has a program of that name.
        kill.WaitForExit();
    }

    /// <summary>Ends it without asking.</summary>
    public void Kill() => process.Kill();

    public async Task<int> WaitForExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not { } line)
        {
            if (Interlocked.Increment(ref ended) == 2) // Both outputs: one may end before the other is read.
                address.TrySetException(new InvalidOperationException("The service did not start:\n" + string.Join('\n', lines)));
            return;
        }
        lines.Enqueue(line);
        if (Listening().Match(line) is { Success: true } told)
            address.TrySetResult(new Uri(told.Groups[1].Value));
    }

    [GeneratedRegex("Now listening on: (http://[^\"\\s]+)")]
    private static partial Regex Listening();
}

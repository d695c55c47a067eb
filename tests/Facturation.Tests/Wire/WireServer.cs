using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>Where a process of ours runs: neither may matter to its answers.</summary>
public sealed record WireSetting(string TimeZone, string Culture)
{
    public const string Invariant = "invariant";

    public static readonly WireSetting Legacy = new("Europe/Paris", "fr-FR");

    /// <summary>ar-SA counts other years and months.</summary>
    public static readonly IReadOnlyList<WireSetting> All =
        [new("Europe/Paris", "fr-FR"), new("UTC", Invariant), new("UTC", "ar-SA"), new("Europe/Paris", Invariant)];

    public override string ToString() => TimeZone + " " + Culture;
}

/// <summary>The legacy oracle or our wire host as a process of its own, with a pool of connections to each of its two ports.</summary>
public sealed class WireServer : IDisposable
{
    /// <summary>The process ends when its standard input closes, however this one ends.</summary>
    private const string EndWithInput = "--end-with-input";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Dictionary<bool, Uri> _addresses = [];
    private readonly Dictionary<bool, ConcurrentBag<RawHttpClient>> _idle = new() { [true] = [], [false] = [] };

    private WireServer(string name, string assembly, WireSetting setting, params string[] arguments)
    {
        Name = name + " " + setting;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { assembly, "0", "0", setting.Culture == WireSetting.Invariant ? "" : setting.Culture, EndWithInput },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["TZ"] = setting.TimeZone;
        start.Environment["LANG"] = setting.Culture == WireSetting.Invariant ? "C" : setting.Culture.Replace('-', '_') + ".UTF-8";
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = setting.Culture == WireSetting.Invariant ? "1" : "0";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        ReadAddresses();
    }

    public string Name { get; }

    /// <summary>What the process wrote on standard error, for a diagnosis.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>The address of the port that refuses invalid model state by itself, or of the other.</summary>
    public Uri AddressOf(bool refuse) => _addresses[refuse];

    public static WireServer StartOracle() => StartProject("Facturation.LegacyOracle", WireSetting.Legacy);

    public static WireServer StartHost(WireSetting setting) => StartProject("Facturation.WireHost", setting);

    /// <summary>The sample of docs/porting.md before it was ported, and after.</summary>
    public static (WireServer Before, WireServer After) StartPorted() =>
        (StartProject("Facturation.LegacyOracle", WireSetting.Legacy, "--ported"), StartProject("Facturation.WireHost", new("Europe/Paris", WireSetting.Invariant), "--ported"));

    /// <summary>Starts a program that speaks as WireProcess does.</summary>
    public static WireServer Start(string name, string assembly, WireSetting setting) => new(name, assembly, setting);

    /// <summary>Sends to the port that refuses invalid model state by itself, or to the one that runs the action all the same.</summary>
    public async Task<RawAnswer> SendAsync(RawRequest request, bool refuse)
    {
        if (!_idle[refuse].TryTake(out var client))
            client = new RawHttpClient(_addresses[refuse]);
        try
        {
            var answer = await client.SendAsync(request);
            _idle[refuse].Add(client);
            return answer;
        }
        catch (SocketException exception)
        {
            throw new InvalidOperationException($"{Name} no longer listens:\n{Errors}", exception);
        }
    }

    public void Dispose()
    {
        foreach (var client in _idle.Values.SelectMany(clients => clients))
            client.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void ReadAddresses()
    {
        while (_addresses.Count < 2)
        {
            var line = _process.StandardOutput.ReadLineAsync();
            if (!line.Wait(Patience) || line.Result == null)
            {
                Dispose();
                throw new InvalidOperationException($"{Name} did not start:\n{Errors}");
            }
            if (line.Result.Split(' ') is [("refuse" or "accept") and var port, var address])
                _addresses[port == "refuse"] = new Uri(address);
        }
    }

    private static WireServer StartProject(string project, WireSetting setting, params string[] arguments) =>
        new(project, Assembly(project), setting, arguments);

    /// <summary>The project's own output, built in the same configuration as the tests.</summary>
    private static string Assembly(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var tests = output.Parent!.Parent!.Parent!.Parent!;
        return Path.Combine(tests.FullName, project, "bin", output.Parent.Name, output.Name, project + ".dll");
    }
}

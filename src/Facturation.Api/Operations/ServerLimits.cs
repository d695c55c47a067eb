using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Facturation.Api.Operations;

/// <summary>
/// The limits of connections; section <c>ServerLimits</c> of the configuration. Each API has its own limit for bodies.
/// </summary>
internal sealed class ServerLimitOptions
{
    /// <summary>
    /// The maximum number of concurrent connections; 0 (default) for a quarter of the files that the process may open beside its own: a
    /// connection takes one, and the database up to three more while it answers. Without any left, .NET ends the process.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int Connections { get; set; }

    /// <summary>How long request headers may take to arrive; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum size of request headers, in bytes; 32768 by default.</summary>
    [Range(8192, 1 << 20)]
    public int HeadersBytes { get; set; } = 32 * 1024;

    /// <summary>The minimum rate of a body, in bytes per second, after a grace period of 5 seconds; 240 by default, 0 for none.</summary>
    [Range(0, 1 << 20)]
    public int MinBodyRate { get; set; } = 240;

    /// <summary>Files that the process opens for itself, such as its assemblies: 368 were counted after a few requests.</summary>
    private const int OwnFiles = 400;

    public void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = Connections > 0 ? Connections : ReadOpenFiles() is { } files ? Math.Max((files - OwnFiles) / 4, 16) : null;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.MaxRequestHeadersTotalSize = HeadersBytes;
        limits.MinRequestBodyDataRate = MinBodyRate == 0 ? null : new MinDataRate(MinBodyRate, TimeSpan.FromSeconds(5));
    }

    /// <summary>How many files the process may open; null where that is unlimited, or not Linux.</summary>
    private static long? ReadOpenFiles()
    {
        const string limits = "/proc/self/limits", name = "Max open files";
        return File.Exists(limits)
            && File.ReadLines(limits).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var soft)
                ? soft
                : null;
    }
}

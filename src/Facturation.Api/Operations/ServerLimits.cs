using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Facturation.Api.Operations;

/// <summary>
/// The limits of a connection; section <c>ServerLimits</c> of the configuration. The
/// sizes of bodies are each API's own.
/// </summary>
internal sealed class ServerLimitOptions
{
    /// <summary>Connections at once, beyond which new ones are closed; 0 (default) for no limit.</summary>
    [Range(0, int.MaxValue)]
    public int Connections { get; set; }

    /// <summary>How long a request's head may take to come; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest head, in bytes; 32768 by default.</summary>
    [Range(8192, 1 << 20)]
    public int HeadersBytes { get; set; } = 32 * 1024;

    /// <summary>Bytes a second at which a body must come, after 5 seconds of grace; 240 by default, 0 for any.</summary>
    [Range(0, 1 << 20)]
    public int MinBodyRate { get; set; } = 240;

    public void Apply(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = Connections == 0 ? null : Connections;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.MaxRequestHeadersTotalSize = HeadersBytes;
        limits.MinRequestBodyDataRate = MinBodyRate == 0 ? null : new MinDataRate(MinBodyRate, TimeSpan.FromSeconds(5));
    }
}

using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Facturation.Api.Operations;

/// <summary>The trusted proxies; section <c>ForwardedHeaders</c> of the configuration.</summary>
internal sealed class ProxyOptions
{
    /// <summary>Their addresses; none by default, and X-Forwarded-* headers are then ignored.</summary>
    public IPAddress[] KnownProxies { get; set; } = [];

    /// <summary>Their networks; none by default.</summary>
    public IPNetwork[] KnownNetworks { get; set; } = [];

    /// <summary>The maximum number of proxies that a request passes; 1 by default.</summary>
    [Range(1, 20)]
    public int Limit { get; set; } = 1;
}

/// <summary>Takes the address, scheme and host that the client used from trusted proxies.</summary>
internal static class Proxies
{
    /// <summary>Reads X-Forwarded-For, -Proto and -Host of trusted proxies, if there are any.</summary>
    public static void UseProxies(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ProxyOptions>();
        if (options.KnownProxies.Length + options.KnownNetworks.Length == 0)
            return;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = options.Limit,
        };
        // Also without the loopback addresses, which are trusted by default.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.KnownProxies)
            forwarded.KnownProxies.Add(proxy);
        foreach (var network in options.KnownNetworks)
            forwarded.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(forwarded);
    }
}

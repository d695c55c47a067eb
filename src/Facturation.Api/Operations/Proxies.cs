using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Facturation.Api.Operations;

/// <summary>The proxies whose word is taken; section <c>ForwardedHeaders</c> of the configuration.</summary>
internal sealed class ProxyOptions
{
    /// <summary>Their addresses; none by default, and then X-Forwarded-* headers mean nothing.</summary>
    public IPAddress[] KnownProxies { get; set; } = [];

    /// <summary>The networks they are in; none by default.</summary>
    public IPNetwork[] KnownNetworks { get; set; } = [];

    /// <summary>How many of them a request goes through at most; 1 by default.</summary>
    [Range(1, 20)]
    public int Limit { get; set; } = 1;
}

/// <summary>Behind a proxy: the address, the scheme and the host are those the client used, which answers may quote.</summary>
internal static class Proxies
{
    /// <summary>Reads X-Forwarded-For, -Proto and -Host of the proxies that are known, if any is.</summary>
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

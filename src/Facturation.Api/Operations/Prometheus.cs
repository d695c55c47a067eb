using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Facturation.Core;

namespace Facturation.Api.Operations;

/// <summary>Who may scrape the metrics; section <c>Prometheus</c> of the configuration.</summary>
internal sealed class PrometheusOptions
{
    /// <summary>The bearer token that a scraper sends; not set (default): there is no <c>/metrics</c>.</summary>
    public string? Token { get; set; }
}

/// <summary>
/// <c>/metrics</c>, in the text formats of Prometheus. It needs a token of its own, and no key: a key would be looked up in the database,
/// whose outages the metrics should show.
/// </summary>
internal static class Prometheus
{
    /// <summary>The address.</summary>
    public const string Path = "/metrics";

    private const int MinTokenLength = 16;

    /// <summary>Whether the metrics are served.</summary>
    /// <exception cref="RefusedException">The setting is wrong.</exception>
    public static bool Add(IServiceCollection services, IConfiguration configuration)
    {
        if (services.AddSettings<PrometheusOptions>(configuration, "Prometheus").Token is not { Length: > 0 } token)
            return false;
        if (token.Length < MinTokenLength || !token.All(char.IsAsciiLetterOrDigit))
            throw new RefusedException($"Prometheus:Token est refusé ; attendu : au moins {MinTokenLength} lettres et chiffres, tirés au hasard."); // It is not shown.
        return true;
    }

    /// <summary>Maps the address, if the settings have a token.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        if (app.Services.GetRequiredService<PrometheusOptions>().Token is not { Length: > 0 } token)
            return;
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        app.MapPrometheusScrapingEndpoint(Path, null, branch => branch.Use((context, next) => AuthorizeAsync(context, next, expected)), null).AllowAnonymous();
    }

    private static Task AuthorizeAsync(HttpContext context, RequestDelegate next, byte[] expected)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Get;
            return Task.CompletedTask;
        }
        // Hashes have one length, so that the time tells nothing about the token.
        if (AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header)
            && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header.Parameter ?? "")), expected))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}

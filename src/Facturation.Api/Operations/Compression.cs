using Facturation.Api.V1;
using Facturation.WebApi2;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.Operations;

/// <summary>What is compressed for clients that accept it; section <c>Compression</c> of the configuration.</summary>
internal sealed class CompressionOptions
{
    /// <summary>True: answers of <c>api/*</c> too, which the legacy service never compressed. False by default.</summary>
    public bool LegacyApi { get; set; }
}

/// <summary>Compresses v1, the help pages and Swagger (br, gzip) for clients that ask; requests are never decompressed.</summary>
internal static class Compression
{
    private static readonly PathString[] Compressed = ["/v1", "/Help", "/swagger", "/redoc"];

    public static void AddCompression(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<CompressionOptions>(configuration, "Compression");
        // Also over HTTPS: keys are sent in headers, and no answer contains both a secret and text that a third party chose.
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, ReportFormats.Csv, ReportFormats.JsonLines];
        });
    }

    public static void UseCompression(this WebApplication app)
    {
        var legacy = app.Services.GetRequiredService<CompressionOptions>().LegacyApi
            ? app.Services.GetRequiredService<WebApi2Options>().PathPrefix()
            : default;
        app.UseWhen(IsCompressed, branch => branch
            .Use((context, next) =>
            {
                context.Response.OnStarting(WeakenTag, context);
                return next(context);
            })
            .UseResponseCompression());

        bool IsCompressed(HttpContext context) =>
            Array.Exists(Compressed, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            || legacy.HasValue && context.Request.Path.StartsWithSegments(legacy, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// A strong ETag identifies bytes, and a compressed page has other bytes, so its ETag becomes weak. If-None-Match accepts that;
    /// the ETag of a 304 that answers a weak one becomes weak too.
    /// </summary>
    private static Task WeakenTag(object state)
    {
        var (request, response) = (((HttpContext)state).Request, ((HttpContext)state).Response);
        if (response.Headers.ETag is [{ } tag] && !tag.StartsWith("W/", StringComparison.Ordinal))
        {
            if (response.Headers.Vary.Count == 0) // The middleware adds it only for clients that accept compression.
                response.Headers.Vary = HeaderNames.AcceptEncoding;
            if (response.Headers.ContentEncoding.Count > 0 || IsAskedFor("W/" + tag, request))
                response.Headers.ETag = "W/" + tag;
        }
        return Task.CompletedTask;
    }

    private static bool IsAskedFor(string tag, HttpRequest request) =>
        request.Headers.IfNoneMatch.Any(line => line?.Contains(tag, StringComparison.Ordinal) == true);
}

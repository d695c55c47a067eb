using System.IO.Compression;
using System.Reflection;
using Facturation.Api.Help;
using Microsoft.Extensions.FileProviders;
using NSwag.AspNetCore;
using Swashbuckle.AspNetCore.ReDoc;

namespace Facturation.Api.OpenApi;

/// <summary>Adds the OpenAPI document, and Swagger UI and ReDoc, which show it.</summary>
internal static class OpenApiExtensions
{
    // Both set styles in scripts and use icons from data: URLs. The search of ReDoc runs in a worker from a blob: URL.
    private const string ContentSecurityPolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; worker-src blob:; "
        + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddSwagger(this IServiceCollection services)
    {
        services.AddOpenApiDocument((settings, provider) =>
        {
            settings.DocumentName = SwaggerDocument.Name;
            settings.GenerateOriginalParameterNames = false;
            settings.SchemaSettings = Schemas.Settings(ActivatorUtilities.CreateInstance<Schemas>(provider));
            settings.OperationProcessors.Add(ActivatorUtilities.CreateInstance<LegacyOperations>(provider));
            settings.OperationProcessors.Add(ActivatorUtilities.CreateInstance<V1Operations>(provider));
            settings.DocumentProcessors.Add(ActivatorUtilities.CreateInstance<DocumentInfo>(provider));
        });
        services.AddSingleton<SwaggerDocument>();
        return services;
    }

    /// <summary>Maps them for anonymous access, like the help pages.</summary>
    public static void MapSwagger(this WebApplication app)
    {
        foreach (var prefix in (string[])["/swagger", "/redoc"])
        {
            app.UseWhen(context => context.Request.Path.StartsWithSegments(prefix), viewer => viewer.Use((context, next) =>
            {
                Page.Protect(context, ContentSecurityPolicy);
                return next(context);
            }));
            Map(prefix, (HttpContext context) => TypedResults.Redirect($"{context.Request.PathBase}{prefix}/index.html"));
            MapAsset($"{prefix}/index.html", "text/html", () => Resource(typeof(Program).Assembly, $"{prefix[1..]}.html"));
            MapAsset($"{prefix}/start.js", "text/javascript", () => Resource(typeof(Program).Assembly, $"{prefix[1..]}.js"));
        }
        // The HTML pages are our own, because NSwag's have inline scripts and load ReDoc from another host.
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = "/swagger",
            FileProvider = new EmbeddedFileProvider(typeof(SwaggerUiSettings).Assembly, "NSwag.AspNetCore.SwaggerUi"),
        });
        MapAsset("/redoc/redoc.standalone.js", "text/javascript", () => new GZipStream(
            Resource(typeof(ReDocOptions).Assembly, "Swashbuckle.AspNetCore.ReDoc.node_modules.redoc.bundles.redoc.standalone.js"),
            CompressionMode.Decompress));
        Map($"/swagger/{SwaggerDocument.Name}/swagger.json", (HttpContext context, SwaggerDocument document) => document.AnswerAsync(context));

        void Map(string pattern, Delegate answer) =>
            app.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], answer).AllowAnonymous().ExcludeFromDescription();

        void MapAsset(string pattern, string contentType, Func<Stream> open)
        {
            var page = new Lazy<Page>(() => Read(open, $"{contentType}; charset=utf-8"));
            Map(pattern, () => page.Value.Answer());
        }
    }

    private static Page Read(Func<Stream> open, string contentType)
    {
        using var stream = open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return new Page(content.ToArray(), contentType);
    }

    private static Stream Resource(Assembly assembly, string name) => assembly.GetManifestResourceStream(name)!;
}

using Facturation.Api.Help;
using Microsoft.OpenApi;
using HttpJson = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Facturation.Api.OpenApi;

/// <summary>Adds the OpenAPI document and the pages that show it.</summary>
internal static class OpenApiExtensions
{
    private const string Prefix = "swagger";

    // Swagger UI sets styles from its script and draws icons from data: addresses; its own style sheet comes from here.
    private const string ContentSecurityPolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; "
        + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddSwagger(this IServiceCollection services)
    {
        services.AddOpenApi(SwaggerDocument.Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
            options.AddSchemaTransformer<Schemas>();
            options.AddOperationTransformer<LegacyOperations>();
            options.AddOperationTransformer<V1Operations>();
            options.AddDocumentTransformer<Frame>();
        });
        // Nothing of the service is written with these: they are what the schemas are read from.
        services.Configure<HttpJson>(json => Schemas.Configure(json.SerializerOptions));
        services.AddSingleton<SwaggerDocument>();
        return services;
    }

    /// <summary>Open to anyone, as the help pages are.</summary>
    public static void MapSwagger(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/" + Prefix), swagger => swagger.Use((context, next) =>
        {
            Page.Protect(context, ContentSecurityPolicy);
            return next(context);
        }));
        app.MapMethods($"/{Prefix}/{SwaggerDocument.Name}/swagger.json", [HttpMethods.Get, HttpMethods.Head],
                (HttpContext context, SwaggerDocument document) => document.AnswerAsync(context))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapSwaggerUI(Prefix, options =>
        {
            options.DocumentTitle = "Facturation, API";
            options.SwaggerEndpoint($"{SwaggerDocument.Name}/swagger.json", "Facturation");
            options.HeadContent = """<meta name="viewport" content="width=device-width, initial-scale=1">"""; // A phone shows its own width.
            options.ConfigObject.DeepLinking = true;
        }).AllowAnonymous().ExcludeFromDescription();
    }
}

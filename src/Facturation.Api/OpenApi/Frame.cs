using Facturation.Api.Help;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

/// <summary>What stands around the operations: title, tags, and how a key is sent.</summary>
internal sealed class Frame(XmlComments comments) : IOpenApiDocumentTransformer
{
    /// <summary>The names of the security schemes.</summary>
    public const string ApiKey = "ApiKey", Basic = "Basic";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Facturation",
            Version = SwaggerDocument.Name,
            Description = "Consommations facturables (`api/*`, en JSON, XML ou formulaire) et relevés de compteurs (`v1/*`, en JSON).",
            Contact = new OpenApiContact { Name = "Le support de votre fournisseur" },
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKey] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "X-API-Key",
                Description = "La clé d'accès.",
            },
            [Basic] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "basic",
                Description = "L'identifiant, et la clé pour mot de passe.",
            },
        };
        var controllers = context.DescriptionGroups.SelectMany(group => group.Items)
            .Select(api => api.ActionDescriptor).OfType<ControllerActionDescriptor>().DistinctBy(action => action.ControllerName)
            .OrderBy(action => action.ControllerName, StringComparer.Ordinal);
        document.Tags = controllers
            .Select(action => new OpenApiTag { Name = action.ControllerName, Description = comments.SummaryOf(action.ControllerTypeInfo) })
            .ToHashSet();
        foreach (var model in document.Components.Schemas!.Values.OfType<OpenApiSchema>())
            foreach (var member in model.Properties?.Values.OfType<OpenApiSchema>() ?? [])
                NameNullables(member);
        return Task.CompletedTask;
    }

    /// <summary>Null or a model: as OpenAPI 3.0 says it, and generators of clients know it.</summary>
    private static void NameNullables(OpenApiSchema schema)
    {
        if (schema.OneOf?.OfType<OpenApiSchemaReference>().SingleOrDefault() is not { } model)
            return;
        schema.OneOf = [model, new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null, Enum = [JsonNullSentinel.JsonNull] }];
    }
}

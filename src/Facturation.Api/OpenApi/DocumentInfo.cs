using Facturation.Api.Help;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using NSwag;
using NSwag.Generation.Processors;
using NSwag.Generation.Processors.Contexts;

namespace Facturation.Api.OpenApi;

/// <summary>Describes the document: title, tags, and the security schemes.</summary>
internal sealed class DocumentInfo(IApiDescriptionGroupCollectionProvider apis) : IDocumentProcessor
{
    /// <summary>The names of the security schemes.</summary>
    public const string ApiKey = "ApiKey", Basic = "Basic";

    public void Process(DocumentProcessorContext context)
    {
        var document = context.Document;
        document.Generator = null; // A new version of NSwag must not change the document.
        document.Info = new OpenApiInfo
        {
            Title = "Facturation",
            Version = SwaggerDocument.Name,
            Description = "Consommations facturables (`api/*`, en JSON, XML ou formulaire) et relevés de compteurs (`v1/*`, en JSON).",
            Contact = new OpenApiContact { Name = "Le support de votre fournisseur" },
        };
        document.Components.SecuritySchemes[ApiKey] = new OpenApiSecurityScheme
        {
            Type = OpenApiSecuritySchemeType.ApiKey,
            In = OpenApiSecurityApiKeyLocation.Header,
            Name = "X-API-Key",
            Description = "La clé d'accès.",
        };
        document.Components.SecuritySchemes[Basic] = new OpenApiSecurityScheme
        {
            Type = OpenApiSecuritySchemeType.Http,
            Scheme = "basic",
            Description = "L'identifiant, et la clé pour mot de passe.",
        };
        document.Tags = [.. apis.ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Select(api => api.ActionDescriptor).OfType<ControllerActionDescriptor>().DistinctBy(action => action.ControllerName)
            .OrderBy(action => action.ControllerName, StringComparer.Ordinal)
            .Select(action => new OpenApiTag { Name = action.ControllerName, Description = XmlComments.SummaryOf(action.ControllerTypeInfo) })];
    }
}

using Facturation.Api.Help;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

internal static class OperationExtensions
{
    /// <summary>What is told of any operation.</summary>
    public static void Tell(this OpenApiOperation operation, Operation help, OpenApiDocument document, IReadOnlyList<string> schemes)
    {
        // NSwag makes a client of what stands before the underscore, and a method of what stands after.
        operation.OperationId = $"{help.Action.ControllerName}_{help.Action.ActionName}";
        operation.Summary = help.Summary;
        operation.Description = $"Portée de la clé : {string.Join(", ", help.Scopes)}.";
        operation.Security = [.. schemes.Select(scheme =>
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] })];
    }

    /// <summary>Tells of the header that says when to come back.</summary>
    public static void AddRetryAfter(this OpenApiResponse response) =>
        response.AddHeader("Retry-After", "Dans combien de secondes réessayer.");

    /// <summary>Tells of the one header an answer has.</summary>
    public static void AddHeader(this OpenApiResponse response, string name, string description) =>
        response.Headers = new Dictionary<string, IOpenApiHeader>
        {
            [name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
}

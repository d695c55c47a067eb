using Facturation.Api.Help;
using Namotion.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NSwag;
using NSwag.Generation.Processors.Contexts;

namespace Facturation.Api.OpenApi;

internal static class OperationExtensions
{
    private static readonly JsonSerializerSettings AsWritten = new() { DateParseHandling = DateParseHandling.None };

    /// <summary>Sets what every operation has.</summary>
    public static void Tell(this OpenApiOperation operation, Operation help, IReadOnlyList<string> schemes)
    {
        // NSwag names the client after the part before the underscore, and the method after the part behind it.
        operation.OperationId = $"{help.Action.ControllerName}_{help.Action.ActionName}";
        operation.Summary = help.Summary;
        operation.Description = $"Portée de la clé : {string.Join(", ", help.Scopes)}.";
        operation.Security = [.. schemes.Select(scheme => new OpenApiSecurityRequirement { [scheme] = [] })];
        // Without x-position, generators put the body after the parameters.
        foreach (var parameter in operation.Parameters)
            parameter.Position = null;
        if (operation.RequestBody is { } body)
            (body.Name, body.Position) = (null, null);
    }

    /// <summary>
    /// Describes the body of a request in every media type that is read. NSwag itself describes JSON only
    /// (RicoSuter/NSwag#1392).
    /// </summary>
    public static void DescribeBody(
        this OperationProcessorContext context, IEnumerable<string> mediaTypes, Type type, string? description, string? example)
    {
        var body = context.OperationDescription.Operation.RequestBody;
        (body.Description, body.IsRequired) = (description, true);
        body.Content.Clear();
        foreach (var mediaType in mediaTypes)
            body.Content[mediaType] = new OpenApiMediaType { Schema = context.SchemaOf(type), Example = example is null ? null : Parse(example) };
    }

    /// <summary>A reference to the schema of a model, or the schema itself of any other type.</summary>
    public static JsonSchema SchemaOf(this OperationProcessorContext context, Type type) =>
        context.SchemaGenerator.GenerateWithReference<JsonSchema>(type.ToContextualType(), context.SchemaResolver);

    /// <summary>Describes the Retry-After header.</summary>
    public static void AddRetryAfter(this OpenApiResponse response) =>
        response.AddHeader("Retry-After", "Dans combien de secondes réessayer.");

    /// <summary>Describes a header of an answer.</summary>
    public static void AddHeader(this OpenApiResponse response, string name, string description) =>
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = new JsonSchema { Type = JsonObjectType.String } };

    /// <summary>Parses an example; dates stay strings.</summary>
    public static JToken Parse(string json) => JsonConvert.DeserializeObject<JToken>(json, AsWritten)!;
}

using System.Text.Json.Nodes;
using Facturation.Api.Help;
using Facturation.WebApi2;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

/// <summary>
/// Tells of Web API 2 operations what their help pages tell: the examples and the outcomes are theirs. An example is an object in
/// every media type: tools write it as XML by its schema, and what checks documents takes an XML text for no object.
/// </summary>
internal sealed class LegacyOperations(Catalog catalog, WebApi2Samples samples, ConsommationOptions options)
    : IOpenApiOperationTransformer
{
    private const string ErrorSchema = nameof(HttpError);

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<WebApi2Attribute>().Any())
            return Task.CompletedTask;
        var help = new Operation(context.Description, catalog.Comments);
        operation.Tell(help, context.Document!, [Frame.ApiKey, Frame.Basic]);
        if (help.Body is { } body)
            DescribeBody((OpenApiRequestBody)operation.RequestBody!, body.Type, context.Document!);

        var mediaTypes = operation.Responses!["200"].Content!.Keys.ToArray();
        AddErrorSchema(context.Document!);
        foreach (var outcome in Outcome.Of(help).Where(outcome => outcome.Code != StatusCodes.Status405MethodNotAllowed))
        {
            var status = outcome.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (outcome.Code == StatusCodes.Status200OK)
            {
                ((OpenApiResponse)operation.Responses[status]).Description = "Les consommations ; un tableau vide quand rien ne correspond.";
                // Of a fixed date, so that the document is the same at every start; with the offset the service writes, if any.
                var date = DateTime.SpecifyKind(new DateTime(2026, 3, 2), options.DateDossierKind);
                Show(operation.Responses[status].Content!, samples.OfResponse(help.Answer!, SampleObject.Of(help.Answer!, date)));
                continue;
            }
            var content = mediaTypes.ToDictionary(
                mediaType => mediaType,
                _ => new OpenApiMediaType { Schema = new OpenApiSchemaReference(ErrorSchema, context.Document) });
            var response = new OpenApiResponse { Description = outcome.When, Content = content };
            if (outcome.Code is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
                response.AddRetryAfter();
            operation.Responses[status] = response;
            if (outcome.Body is not null)
                Show(content, samples.OfResponse(typeof(HttpError), ReadError(JsonNode.Parse(outcome.Body)!.AsObject())));
        }
        return Task.CompletedTask;
    }

    private void DescribeBody(OpenApiRequestBody body, Type type, OpenApiDocument document)
    {
        body.Description = catalog.Comments.SummaryOf(type);
        var example = catalog.ExampleOf(type);
        foreach (var content in body.Content!.Values)
        {
            content.Schema = new OpenApiSchemaReference(type.Name, document); // The action takes null, to answer it itself.
            content.Example = example is null ? null : JsonNode.Parse(example.Json);
        }
    }

    private static void Show(IDictionary<string, OpenApiMediaType> content, IEnumerable<WebApi2Sample> samples)
    {
        var json = samples.First(sample => sample.MediaTypes.Contains("application/json")).Text!;
        foreach (var mediaType in content.Values)
            mediaType.Example = JsonNode.Parse(json);
    }

    private static HttpError ReadError(JsonObject json)
    {
        var error = new HttpError();
        foreach (var (name, value) in json)
            error[name] = value switch
            {
                JsonObject nested => ReadError(nested),
                JsonArray texts => texts.Select(text => (string?)text).ToArray(),
                _ => (string?)value,
            };
        return error;
    }

    private static void AddErrorSchema(OpenApiDocument document) => document.AddComponent<IOpenApiSchema>(ErrorSchema, new OpenApiSchema
    {
        Type = JsonSchemaType.Object,
        Description = "Une erreur. En XML, ModelState a un élément par champ en faute, dont le texte réunit les messages.",
        Xml = new OpenApiXml { Name = "Error" },
        Required = new HashSet<string> { "Message" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["Message"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Ce qui est en faute." },
            ["ModelState"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Les messages, par champ en faute.",
                AdditionalProperties = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            },
        },
    });
}

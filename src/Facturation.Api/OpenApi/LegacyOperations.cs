using System.Globalization;
using System.Xml.Linq;
using Facturation.Api.Help;
using Facturation.Api.Legacy;
using Facturation.WebApi2;
using Facturation.WebApi2.Formats;
using NJsonSchema;
using NSwag;
using NSwag.Generation.AspNetCore;
using NSwag.Generation.Processors;
using NSwag.Generation.Processors.Contexts;

namespace Facturation.Api.OpenApi;

/// <summary>
/// Describes Web API 2 operations as their help pages do, with the same examples and answers. An example is an object for every
/// media type: tools convert it to XML by its schema, and linters refuse a string where the schema is an object.
/// </summary>
internal sealed class LegacyOperations(Catalog catalog, WebApi2Samples samples, ConsommationOptions options) : IOperationProcessor
{
    private const string ErrorSchema = nameof(HttpError);

    public bool Process(OperationProcessorContext context)
    {
        var api = ((AspNetCoreOperationProcessorContext)context).ApiDescription;
        if (!api.ActionDescriptor.EndpointMetadata.OfType<WebApi2Attribute>().Any())
            return true;
        var (operation, help) = (context.OperationDescription.Operation, new Operation(api));
        operation.Tell(help, [DocumentInfo.ApiKey, DocumentInfo.Basic]);
        if (help.Body is { } body)
            context.DescribeBody(api.SupportedRequestFormats.Select(format => format.MediaType), body.Type,
                XmlComments.SummaryOf(body.Type), catalog.ExampleOf(body.Type)?.Json);

        string[] mediaTypes = [.. api.SupportedResponseTypes.Single().ApiResponseFormats.Select(format => format.MediaType)];
        var error = ErrorSchemaOf(context.Document);
        operation.Responses.Clear();
        foreach (var outcome in DocumentedAnswer.Of(help).Where(outcome => outcome.Code != StatusCodes.Status405MethodNotAllowed))
        {
            var response = new OpenApiResponse { Description = outcome.When };
            operation.Responses[outcome.Code.ToString(CultureInfo.InvariantCulture)] = response;
            if (outcome.Code == StatusCodes.Status200OK)
            {
                response.Description = "Les consommations ; un tableau vide quand rien ne correspond.";
                // With a fixed date, the document is the same at every start. The date has the configured offset, if any.
                var date = DateTime.SpecifyKind(new DateTime(2026, 3, 2), options.DateDossierKind);
                var example = samples.OfResponse(help.Answer!, SampleObject.Of(help.Answer!, date))
                    .First(sample => sample.MediaTypes.Contains("application/json")).Text;
                Fill(response, mediaTypes, () => AnswerSchema(context, help.Answer!), example);
                continue;
            }
            Fill(response, mediaTypes, () => new JsonSchema { Reference = error }, outcome.Body);
            if (outcome.Code is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
                response.AddRetryAfter();
        }
        return true;
    }

    private static void Fill(OpenApiResponse response, string[] mediaTypes, Func<JsonSchema> schema, string? example)
    {
        foreach (var mediaType in mediaTypes)
            response.Content[mediaType] = new OpenApiMediaType
            {
                Schema = schema(),
                Example = example is null ? null : OperationExtensions.Parse(example),
            };
    }

    private static JsonSchema AnswerSchema(OperationProcessorContext context, Type type)
    {
        var schema = context.SchemaOf(type);
        Schemas.WriteXml(schema, XmlContract.Of(type).Root, isWrapped: true);
        return schema;
    }

    private static JsonSchema ErrorSchemaOf(OpenApiDocument document)
    {
        if (document.Components.Schemas.TryGetValue(ErrorSchema, out var known))
            return known;
        var schema = new JsonSchema
        {
            Type = JsonObjectType.Object,
            Description = "Une erreur. En XML, ModelState a un élément par champ en faute, dont le texte réunit les messages.",
            Properties =
            {
                ["Message"] = new JsonSchemaProperty { Type = JsonObjectType.String, Description = "Ce qui est en faute.", IsRequired = true },
                ["ModelState"] = new JsonSchemaProperty
                {
                    Type = JsonObjectType.Object,
                    Description = "Les messages, par champ en faute.",
                    AdditionalPropertiesSchema = new JsonSchema
                    {
                        Type = JsonObjectType.Array,
                        Item = new JsonSchema { Type = JsonObjectType.String },
                    },
                },
            },
        };
        Schemas.WriteXml(schema, XName.Get("Error"), isWrapped: false);
        return document.Components.Schemas[ErrorSchema] = schema;
    }
}

using System.Globalization;
using System.Text;
using Facturation.Api.Help;
using Facturation.Api.V1;
using NJsonSchema;
using NSwag;
using NSwag.Generation.AspNetCore;
using NSwag.Generation.Processors;
using NSwag.Generation.Processors.Contexts;
using Newtonsoft.Json.Linq;

namespace Facturation.Api.OpenApi;

/// <summary>Describes v1's operations from the attributes and comments of their actions (<see cref="V1Descriptions"/>).</summary>
internal sealed class V1Operations : IOperationProcessor
{
    private const string Json = "application/json";

    public bool Process(OperationProcessorContext context)
    {
        var api = ((AspNetCoreOperationProcessorContext)context).ApiDescription;
        var refusals = api.SupportedResponseTypes.OfType<V1Refusal>().ToArray();
        if (refusals.Length == 0)
            return true;
        var (operation, help) = (context.OperationDescription.Operation, new Operation(api));
        operation.Tell(help, [DocumentInfo.ApiKey]);
        if (help.Body is { } body)
            context.DescribeBody([Json], body.Type,
                XmlComments.ParameterOf(help.Action.MethodInfo, body.ParameterDescriptor.Name), Text(Examples.Of(body.Type)));
        foreach (var parameter in help.Parameters)
            Describe(operation.Parameters.Single(p => p.Name == parameter.Name), parameter.ParameterDescriptor.Name, help);

        operation.Responses.Clear();
        foreach (var success in api.SupportedResponseTypes.Except(refusals))
        {
            var response = Add(operation, success.StatusCode, XmlComments.ResponseOf(help.Action.MethodInfo, success.StatusCode));
            response.Content[Json] = new OpenApiMediaType { Schema = context.SchemaOf(success.Type!), Example = Write(Examples.Of(success.Type!)) };
            foreach (var format in success.ApiResponseFormats.Where(format => format.MediaType != Json))
                response.Content[format.MediaType] = new OpenApiMediaType { Schema = new JsonSchema { Type = JsonObjectType.String } };
            if (success.StatusCode == StatusCodes.Status201Created && api.HttpMethod == HttpMethods.Post)
                response.AddHeader("Location", "L'adresse de ce qui est créé.");
        }
        foreach (var refusal in refusals)
        {
            var response = Add(operation, refusal.StatusCode,
                $"{refusal.Title}\n\n{string.Join('\n', refusal.Errors.Select(error => $"- `{error.Code}` : {error.Meaning}"))}");
            var content = response.Content[Json] = new OpenApiMediaType { Schema = context.SchemaOf(refusal.Type!) };
            foreach (var error in refusal.Errors)
                content.Examples[error.Code] = new OpenApiExample { Value = Write(Examples.Of(error)) };
            if (refusal.Errors.Any(error => error == V1Error.TooManyRequests || error == V1Error.Unavailable))
                response.AddRetryAfter();
        }
        return true;
    }

    private static void Describe(OpenApiParameter parameter, string name, Operation help)
    {
        var schema = parameter.Schema;
        schema.IsNullableRaw = null; // A parameter is omitted, never null.
        parameter.Description = XmlComments.ParameterOf(help.Action.MethodInfo, name);
        var attributes = help.Action.MethodInfo.GetParameters().Single(p => p.Name == name).GetCustomAttributes(false);
        if (attributes.OfType<LimitAttribute>().Any())
            (schema.Minimum, schema.Maximum) = (1, LimitAttribute.Max);
        if (attributes.OfType<UuidAttribute>().Any())
            (schema.Format, schema.Pattern) = ("uuid", null); // The pattern comes from the route constraint, not from our rules.
        if (attributes.OfType<DayAttribute>().Any())
            // No format: NSwag's TypeScript client would send a date with its time.
            (schema.Format, schema.Pattern) = (null, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
        if (attributes.OfType<WordAttribute>().SingleOrDefault() is { } word)
            (schema.Type, schema.Pattern, schema.Default) = (JsonObjectType.String, word.Pattern, word.Default);
        if (attributes.OfType<IdempotencyKeyAttribute>().Any())
            (schema.MinLength, schema.MaxLength, schema.Pattern) = (1, IdempotencyKeyAttribute.MaxLength, "^[!-~]+$");
    }

    private static OpenApiResponse Add(OpenApiOperation operation, int status, string? description) =>
        operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse { Description = description };

    private static JToken Write(object example) => OperationExtensions.Parse(Text(example));

    private static string Text(object example) => Encoding.UTF8.GetString(V1Answer.Write(example));
}

using System.Globalization;
using System.Text.Json.Nodes;
using Facturation.Api.Help;
using Facturation.Api.V1;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

/// <summary>Tells of v1's operations what their actions' attributes and comments tell (<see cref="V1Descriptions"/>).</summary>
internal sealed class V1Operations(XmlComments comments) : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var api = context.Description;
        var refusals = api.SupportedResponseTypes.OfType<V1Refusal>().ToArray();
        if (refusals.Length == 0)
            return Task.CompletedTask;
        var help = new Operation(api, comments);
        operation.Tell(help, context.Document!, [Frame.ApiKey]);
        if (help.Body is { } body)
        {
            operation.RequestBody!.Description = comments.ParameterOf(help.Action.MethodInfo, body.ParameterDescriptor.Name);
            Show(operation.RequestBody, body.Type);
        }
        foreach (var parameter in help.Parameters)
            Describe(operation.Parameters!.Single(p => p.Name == parameter.Name), parameter.ParameterDescriptor.Name, help);

        foreach (var success in api.SupportedResponseTypes.Except(refusals))
        {
            var response = Find(operation, success.StatusCode);
            response.Description = comments.ReturnsOf(help.Action.MethodInfo);
            response.Content!["application/json"].Example = Json(Examples.Of(success.Type!));
            if (success.StatusCode == StatusCodes.Status201Created)
                response.AddHeader("Location", "L'adresse de ce qui est créé.");
        }
        foreach (var refusal in refusals)
        {
            var response = Find(operation, refusal.StatusCode);
            response.Description = string.Join('\n', refusal.Errors.Select(error => $"- `{error.Code}` : {error.Meaning}"));
            response.Content!["application/json"].Examples = refusal.Errors.ToDictionary(
                error => error.Code, error => (IOpenApiExample)new OpenApiExample { Value = Json(Examples.Of(error)) });
            if (refusal.Errors.Any(error => error == V1Error.TooManyRequests || error == V1Error.Unavailable))
                response.AddRetryAfter();
        }
        return Task.CompletedTask;
    }

    private void Describe(IOpenApiParameter parameter, string name, Operation help)
    {
        var schema = (OpenApiSchema)parameter.Schema!;
        parameter.Description = comments.ParameterOf(help.Action.MethodInfo, name);
        var attributes = help.Action.MethodInfo.GetParameters().Single(p => p.Name == name).GetCustomAttributes(false);
        if (attributes.OfType<LimitAttribute>().Any())
            (schema.Minimum, schema.Maximum) = ("1", LimitAttribute.Max.ToString(CultureInfo.InvariantCulture));
        if (attributes.OfType<UuidAttribute>().Any())
            (schema.Format, schema.Pattern) = ("uuid", null); // A constraint of the route is no rule of ours.
        if (attributes.OfType<IdempotencyKeyAttribute>().Any())
            (schema.MinLength, schema.MaxLength, schema.Pattern) = (1, IdempotencyKeyAttribute.MaxLength, "^[!-~]+$");
    }

    private static void Show(IOpenApiRequestBody body, Type type)
    {
        foreach (var content in body.Content!.Values)
            content.Example = Json(Examples.Of(type));
    }

    private static OpenApiResponse Find(OpenApiOperation operation, int status) =>
        (OpenApiResponse)operation.Responses![status.ToString(CultureInfo.InvariantCulture)];

    private static JsonNode Json(object example) => JsonNode.Parse(V1Answer.Write(example))!;
}

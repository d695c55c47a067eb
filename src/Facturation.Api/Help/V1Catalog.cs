using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Facturation.Api.OpenApi;
using Facturation.Api.V1;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NSwag;
using NSwag.Generation;

namespace Facturation.Api.Help;

/// <summary>One operation of v1, as described by MVC and by the OpenAPI document.</summary>
internal sealed record V1Operation(Operation Help, OpenApiOperation Api)
{
    private const string Json = "application/json";

    /// <summary>What it does, without the full stop at the end.</summary>
    public string Summary { get; } = (Help.Summary ?? "").TrimEnd('.');

    /// <summary>Its title: the first clause of the summary.</summary>
    public string Name => Summary.Split([", ", " : ", " ; "], StringSplitOptions.None)[0];

    public IEnumerable<OpenApiParameter> Parameters => Api.Parameters.Where(parameter => parameter.Kind != OpenApiParameterKind.Body);

    /// <summary>The schema of the body, or null.</summary>
    public JsonSchema? Body => Api.RequestBody?.Content[Json].Schema;

    /// <summary>An example of the body, or null.</summary>
    public JsonNode? BodyExample => V1Catalog.Read(Api.RequestBody?.Content[Json].Example);

    /// <summary>The media types of a success.</summary>
    public IReadOnlyList<string> Formats { get; } = [.. Api.Responses.First(response => response.Key[0] == '2').Value.Content.Keys];

    public IEnumerable<V1Response> Responses =>
        Api.Responses.Select(response => V1Response.Of(this, int.Parse(response.Key, null), response.Value));

    /// <summary>The value of a parameter in samples; null if it is omitted.</summary>
    public static string? ExampleOf(OpenApiParameter parameter) =>
        parameter.IsRequired ? Examples.OfParameter(parameter.Name) : null;

    /// <summary>The path and query of an example request.</summary>
    public string ExamplePath()
    {
        var (path, separator) = (Help.Path, '?');
        foreach (var parameter in Parameters)
        {
            if (ExampleOf(parameter) is not { } value)
                continue;
            if (parameter.Kind == OpenApiParameterKind.Path)
                path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(value));
            else if (parameter.Kind == OpenApiParameterKind.Query)
                (path, separator) = ($"{path}{separator}{parameter.Name}={Uri.EscapeDataString(value)}", '&');
        }
        return path;
    }
}

/// <summary>An error of a v1 operation, with an example of its body.</summary>
internal sealed record V1ErrorExample(V1Error Error, JsonNode Body)
{
    /// <summary>The message of the example.</summary>
    public string Message => (string)Body["message"]!;
}

/// <summary>A possible answer of a v1 operation.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Response">Its description in the OpenAPI document.</param>
/// <param name="Errors">Its errors; empty for a success.</param>
/// <param name="Example">An example of the body of a success.</param>
internal sealed record V1Response(int Status, OpenApiResponse Response, IReadOnlyList<V1ErrorExample> Errors, JsonNode? Example)
{
    /// <summary>The recorded error bodies, by operation and code. A test compares them with the service.</summary>
    private static readonly Dictionary<string, Dictionary<string, JsonObject>> Said = Read();

    public JsonSchema? Schema => Response.Content.Values.FirstOrDefault()?.Schema;

    /// <summary>The first line of its description.</summary>
    public string? Title => Response.Description?.Split('\n')[0];

    public static V1Response Of(V1Operation operation, int status, OpenApiResponse response)
    {
        var content = response.Content.Values.FirstOrDefault();
        var said = Said.GetValueOrDefault(operation.Help.Id) ?? [];
        V1ErrorExample[] errors = [.. (content?.Examples ?? new Dictionary<string, OpenApiExample>()).Select(example => ErrorOf(example.Key, example.Value, said))];
        return new(status, response, errors, errors.Length == 0 ? V1Catalog.Read(content?.Example) : null);
    }

    private static V1ErrorExample ErrorOf(string code, OpenApiExample example, Dictionary<string, JsonObject> said)
    {
        var body = V1Catalog.Read(example.Value)!;
        foreach (var (name, value) in said.GetValueOrDefault(code) ?? [])
            body[name] = value?.DeepClone();
        return new(V1Error.Of(code), body);
    }

    private static Dictionary<string, Dictionary<string, JsonObject>> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("refusals.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, JsonObject>>>(stream)!;
    }
}

/// <summary>The operations and models of v1.</summary>
internal sealed class V1Catalog
{
    private readonly SortedDictionary<string, JsonSchema> models = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<JsonSchema, string> names;

    private V1Catalog(IDictionary<string, JsonSchema> schemas, IEnumerable<V1Operation> operations)
    {
        names = schemas.ToDictionary(schema => schema.Value, schema => schema.Key);
        Operations = [.. operations];
        foreach (var model in Operations.SelectMany(ModelsOf))
            models.TryAdd(NameOf(model)!, model);
    }

    public IReadOnlyList<V1Operation> Operations { get; }

    public IEnumerable<string> ModelNames => models.Keys;

    /// <summary>Reads the catalog from the OpenAPI document; it is empty in a host without one.</summary>
    public static async Task<V1Catalog> ReadAsync(IServiceProvider services)
    {
        if (services.GetService<IOpenApiDocumentGenerator>() is not { } generator)
            return new V1Catalog(new Dictionary<string, JsonSchema>(), []);
        var document = await generator.GenerateAsync(SwaggerDocument.Name);
        var apis = services.GetRequiredService<IApiDescriptionGroupCollectionProvider>();
        return new V1Catalog(document.Components.Schemas, apis.ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Where(api => api.SupportedResponseTypes.OfType<V1Refusal>().Any())
            .Select(api => new Operation(api, namesQuery: false))
            .OrderBy(help => help.Action.ControllerName, StringComparer.Ordinal)
            .ThenBy(help => help.Path, StringComparer.Ordinal)
            .Select(help => new V1Operation(help, document.Paths["/" + help.Path][help.Method.ToLowerInvariant()])));
    }

    public V1Operation? FindOperation(string id) =>
        Operations.FirstOrDefault(operation => operation.Help.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds a model by its name, in any case.</summary>
    public (string Name, JsonSchema Schema)? FindModel(string name) =>
        models.TryGetValue(name, out var schema) ? (NameOf(schema)!, schema) : null;

    /// <summary>Whether an operation reads or answers a model, at any depth.</summary>
    public bool Uses(V1Operation operation, string model) => ModelsOf(operation).Any(used => NameOf(used) == model);

    /// <summary>The name of the model that a schema is, or refers to; null for any other.</summary>
    public string? NameOf(JsonSchema schema) => names.GetValueOrDefault(Target(schema));

    /// <summary>The model that a schema refers to, possibly as nullable; otherwise the schema itself.</summary>
    public static JsonSchema Target(JsonSchema schema) =>
        (schema.Reference ?? schema.OneOf.FirstOrDefault(one => one.Reference is not null)?.Reference)?.ActualSchema ?? schema;

    /// <summary>Converts an example of the document; null if there is none.</summary>
    public static JsonNode? Read(object? example) =>
        example is JToken token ? JsonNode.Parse(token.ToString(Newtonsoft.Json.Formatting.None)) : null;

    /// <summary>The models that an operation reads or answers, at any depth, without the envelopes of answers, which have no page.</summary>
    private HashSet<JsonSchema> ModelsOf(V1Operation operation)
    {
        var found = new HashSet<JsonSchema>();
        if (operation.Body is { } body)
            Add(body);
        foreach (var response in operation.Responses.Where(response => response.Schema is not null))
        {
            if (response.Errors.Count > 0)
                Add(response.Schema!);
            else
                AddParts(response.Schema!);
        }
        return found;

        void Add(JsonSchema schema)
        {
            if (NameOf(schema) is null || found.Add(Target(schema)))
                AddParts(schema);
        }

        void AddParts(JsonSchema schema)
        {
            var type = Target(schema);
            IEnumerable<JsonSchema> parts = type.Item is { } item ? [item] : type.Properties.Values;
            foreach (var part in parts)
                Add(part);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Facturation.Tests.OpenApi;

/// <summary>Takes a document at its word: checks values against its schemas, and writes them as its schemas say.</summary>
internal static class SchemaCheck
{
    /// <summary>What in a value is not as its schema says; members the schema does not know included.</summary>
    public static IEnumerable<string> ErrorsOf(JsonNode document, JsonNode schema, JsonNode? value, string path = "$")
    {
        schema = Resolve(document, schema);
        if (schema["oneOf"] is JsonArray choices)
            return choices.Count(choice => !ErrorsOf(document, choice!, value, path).Any()) == 1 ? [] : [$"{path}: not one of"];
        if (value is null)
            return (bool?)schema["nullable"] == true ? [] : [$"{path}: null"];
        return ((string?)schema["type"], value) switch
        {
            ("object", JsonObject members) => ErrorsOf(document, schema, members, path),
            ("array", JsonArray items) => items.SelectMany((item, i) => ErrorsOf(document, schema["items"]!, item, $"{path}[{i}]")),
            ("string", JsonValue text) when text.GetValueKind() == JsonValueKind.String => TextErrors(schema, (string)text!, path),
            ("integer", JsonValue number) when number.GetValueKind() == JsonValueKind.Number =>
                (string?)schema["format"] == "int32" && !int.TryParse(number.ToJsonString(), out _) ? [$"{path}: beyond 32 bits"]
                : long.TryParse(number.ToJsonString(), out _) ? [] : [$"{path}: no integer"],
            ("boolean", JsonValue flag) when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False => [],
            var (type, _) => [$"{path}: {value.GetValueKind()} where {type} is told"],
        };
    }

    /// <summary>The example of a media type, as a client that knows nothing but the document writes it.</summary>
    public static string Write(JsonNode document, JsonNode content, string mediaType) => mediaType switch
    {
        "application/xml" or "text/xml" => Element(document, content["schema"]!, content["example"], null).ToString(SaveOptions.DisableFormatting),
        "application/x-www-form-urlencoded" => string.Join('&', content["example"]!.AsObject().Select(pair => $"{pair.Key}={pair.Value}")),
        _ => content["example"]!.ToJsonString(),
    };

    private static IEnumerable<string> ErrorsOf(JsonNode document, JsonNode schema, JsonObject members, string path)
    {
        var properties = schema["properties"]?.AsObject() ?? [];
        var missing = (schema["required"]?.AsArray() ?? []).Select(name => (string)name!).Where(name => !members.ContainsKey(name));
        return missing.Select(name => $"{path}.{name}: missing").Concat(members.SelectMany(member =>
            (properties[member.Key] ?? schema["additionalProperties"]) is { } known
                ? ErrorsOf(document, known, member.Value, $"{path}.{member.Key}")
                : [$"{path}.{member.Key}: not told"]));
    }

    private static IEnumerable<string> TextErrors(JsonNode schema, string text, string path)
    {
        var isRight = (string?)schema["format"] switch
        {
            "date" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\d$"),
            "date-time" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"),
            "date-time-local" => Regex.IsMatch(text, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$"),
            "uuid" => Guid.TryParseExact(text, "D", out _),
            _ => true,
        };
        isRight &= (string?)schema["pattern"] is not { } pattern || Regex.IsMatch(text, pattern);
        isRight &= schema["enum"]?.AsArray().Select(word => (string?)word).Contains(text) ?? true;
        return isRight ? [] : [$"{path}: {text}"];
    }

    private static XElement Element(JsonNode document, JsonNode declared, JsonNode? value, string? name)
    {
        var schema = Resolve(document, declared);
        var xml = schema["xml"];
        XNamespace space = (string?)xml?["namespace"] ?? "";
        return new XElement(space + ((string?)xml?["name"] ?? name!), value switch
        {
            JsonObject members => schema["properties"]!.AsObject().Where(property => members.ContainsKey(property.Key))
                .Select(property => (object)Element(document, property.Value!, members[property.Key], property.Key)).ToArray(),
            JsonArray items when (bool?)xml?["wrapped"] == true =>
                items.Select(item => (object)Element(document, schema["items"]!, item, null)).ToArray(),
            null => null,
            _ => value.ToString(),
        });
    }

    private static JsonNode Resolve(JsonNode document, JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;
}

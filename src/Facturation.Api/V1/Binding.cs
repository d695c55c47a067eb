using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.V1;

/// <summary>A body that reads itself from JSON.</summary>
internal interface IBody<TSelf>
{
    /// <summary>The maximum length of the body in bytes.</summary>
    static virtual int MaxBytes => RequestBody.MaxBytes;

    /// <summary>Reads its members. Errors are collected in <paramref name="fields"/>; if there is any, the result is not used.</summary>
    static abstract TSelf Read(Fields fields);
}

/// <summary>Binds a parameter from a JSON body, strictly.</summary>
internal sealed class BodyAttribute<T>() : ModelBinderAttribute(typeof(BodyBinder<T>)), IRefuses where T : IBody<T>
{
    public override BindingSource BindingSource => BindingSource.Body;

    public IEnumerable<V1Error> Errors =>
        [V1Error.BadRequest, V1Error.InvalidBody, V1Error.RequestTimeout, V1Error.PayloadTooLarge, V1Error.UnsupportedMediaType];
}

internal sealed class BodyBinder<T> : IModelBinder where T : IBody<T>
{
    private const int MaxLevels = 32;

    private const string HalfName = "un nom de membre porte un demi-caractère (surrogate isolé)";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = MaxLevels };

    public async Task BindModelAsync(ModelBindingContext context)
    {
        var body = await RequestBody.ReadAsync(context.HttpContext, T.MaxBytes);
        var fields = new Fields(Parse(body));
        var model = T.Read(fields);
        if (fields.Errors.Count > 0)
            throw new V1Exception(V1Error.InvalidBody, $"Corps invalide : {string.Join(" ; ", fields.Errors)}.");
        context.Result = ModelBindingResult.Success(model);
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        if (body.IsEmpty)
            throw new V1Exception(V1Error.InvalidBody, "Corps invalide : il est vide, un objet JSON est attendu.");
        if (!Utf8.IsValid(body.Span))
            throw new V1Exception(V1Error.InvalidBody, "Corps invalide : ce n'est pas de l'UTF-8.");
        JsonElement json;
        try
        {
            json = JsonDocument.Parse(body, Strict).RootElement;
        }
        catch (JsonException e)
        {
            throw new V1Exception(V1Error.InvalidBody, $"Corps invalide : {Explain(e, body)}.");
        }
        catch (InvalidOperationException)
        {
            throw new V1Exception(V1Error.InvalidBody, $"Corps invalide : {HalfName}.");
        }
        return json.ValueKind == JsonValueKind.Object
            ? json
            : throw new V1Exception(V1Error.InvalidBody, "Corps invalide : un objet JSON est attendu.");
    }

    private static string Explain(JsonException e, ReadOnlyMemory<byte> body)
    {
        if (IsTooDeep(body.Span))
            return $"le JSON a plus de {MaxLevels} niveaux";
        if (e.LineNumber is { } line)
            return $"le JSON est mal formé, ligne {line + 1}, octet {e.BytePositionInLine + 1}";
        using var json = JsonDocument.Parse(body, Strict with { AllowDuplicateProperties = true });
        try
        {
            return $"{FindDuplicate(json.RootElement, "")} : le membre est deux fois";
        }
        catch (InvalidOperationException)
        {
            return HalfName; // A lone surrogate comes before the duplicate.
        }
    }

    /// <summary>Whether the JSON is nested too deep, and well-formed up to there.</summary>
    private static bool IsTooDeep(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxLevels + 1 });
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth == MaxLevels)
                    return true;
        }
        catch (JsonException)
        {
            // Malformed before it was too deep.
        }
        return false;
    }

    /// <summary>The path of the first duplicate member; null if there is none.</summary>
    private static string? FindDuplicate(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.Array)
            return json.EnumerateArray().Select((element, i) => FindDuplicate(element, $"{path}[{i}].")).FirstOrDefault(found => found is not null);
        if (json.ValueKind != JsonValueKind.Object)
            return null;
        var names = new HashSet<string>();
        foreach (var member in json.EnumerateObject())
        {
            if (!names.Add(member.Name))
                return path + member.Name;
            if (FindDuplicate(member.Value, member.Value.ValueKind == JsonValueKind.Array ? path + member.Name : $"{path}{member.Name}.") is { } found)
                return found;
        }
        return null;
    }
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.V1;

/// <summary>A body that knows how to read itself.</summary>
internal interface IBody<TSelf>
{
    /// <summary>Reads the members it knows; what is wrong is noted in <paramref name="fields"/>, and the result then not used.</summary>
    static abstract TSelf Read(Fields fields);
}

/// <summary>Takes a parameter from a JSON body, strictly.</summary>
internal sealed class BodyAttribute<T>() : ModelBinderAttribute(typeof(BodyBinder<T>)) where T : IBody<T>
{
    public override BindingSource BindingSource => BindingSource.Body;
}

/// <summary>Takes a parameter from the address, as a uuid of any version and case.</summary>
internal sealed class UuidAttribute() : ModelBinderAttribute(typeof(UuidBinder))
{
    public override BindingSource BindingSource => BindingSource.Path;
}

internal static class Uuid
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>Reads 8-4-4-4-12 hexadecimal digits; .NET's own parser also takes spaces, braces and signs.</summary>
    public static bool TryRead(string text, out Guid uuid)
    {
        uuid = default;
        return text.Length == 36
            && text.AsSpan().IndexOfAnyExcept(Characters) < 0
            && Guid.TryParseExact(text, "D", out uuid);
    }
}

internal sealed class UuidBinder : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext context)
    {
        var text = context.HttpContext.Request.RouteValues[context.FieldName] as string ?? "";
        if (!Uuid.TryRead(text, out var uuid))
            throw new V1Exception(V1Error.InvalidParameter, $"{context.FieldName} : l'adresse doit porter un uuid, par exemple 2489e9ad-2ee2-8e00-8ec9-32d5f69181c0.");
        context.Result = ModelBindingResult.Success(uuid);
        return Task.CompletedTask;
    }
}

internal sealed class BodyBinder<T> : IModelBinder where T : IBody<T>
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public async Task BindModelAsync(ModelBindingContext context)
    {
        var body = await RequestBody.ReadAsync(context.HttpContext);
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
            throw new V1Exception(V1Error.InvalidBody, $"Corps invalide : {Explain(e)}.");
        }
        catch (InvalidOperationException)
        {
            throw new V1Exception(V1Error.InvalidBody, "Corps invalide : un nom de membre porte un demi-caractère (surrogate isolé).");
        }
        return json.ValueKind == JsonValueKind.Object
            ? json
            : throw new V1Exception(V1Error.InvalidBody, "Corps invalide : un objet JSON est attendu.");
    }

    private static string Explain(JsonException e) => e.LineNumber is { } line
        ? $"le JSON est mal formé, ligne {line + 1}, octet {e.BytePositionInLine + 1}"
        : "un membre y est deux fois";
}

/// <summary>The bytes of a request, and what they hash to.</summary>
internal static class RequestBody
{
    /// <summary>The longest body, in bytes: a batch of 1000 readings with their proofs.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly object Key = new();

    /// <summary>Reads the body, once.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        CheckType(request);
        if (request.ContentLength > MaxBytes)
            throw new V1Exception(V1Error.PayloadTooLarge);
        using var bytes = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            if (bytes.Length + read > MaxBytes)
                throw new V1Exception(V1Error.PayloadTooLarge);
            bytes.Write(buffer, 0, read);
        }
        var body = bytes.ToArray();
        context.Items[Key] = body;
        return body;
    }

    /// <summary>SHA-256 of what makes two requests the same: verb, address, what the key sees, body.</summary>
    public static byte[] Hash(HttpContext context, Caller caller)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var request = context.Request;
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{caller.Identifiant}\n"));
        hash.AppendData((byte[]?)context.Items[Key] ?? []);
        return hash.GetHashAndReset();
    }

    private static void CheckType(HttpRequest request)
    {
        if (request.ContentType is null && request.ContentLength is null or 0 && !request.Headers.ContainsKey(HeaderNames.TransferEncoding))
            return; // No body: it is said to be empty rather than of the wrong type.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || !(StringSegment.IsNullOrEmpty(type.Charset) || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            || !(StringValues.IsNullOrEmpty(request.Headers.ContentEncoding) || request.Headers.ContentEncoding == "identity"))
            throw new V1Exception(V1Error.UnsupportedMediaType);
    }
}

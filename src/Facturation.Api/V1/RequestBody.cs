using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Facturation.Core;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.V1;

/// <summary>Reads the body of a request, and computes its hash.</summary>
internal static class RequestBody
{
    /// <summary>The maximum length of a body in bytes: enough for a batch of 1000 readings with their proofs.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The same for a batch of several meters: 10,000 readings, with proofs of moderate length.</summary>
    public const int MaxMetersBatch = 8 << 20;

    private static readonly object Key = new();

    /// <summary>Reads the body, once, up to a length in bytes.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int max)
    {
        var request = context.Request;
        CheckType(request);
        if (request.ContentLength > max)
            throw new V1Exception(V1Error.PayloadTooLarge);
        using var bytes = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            for (int read; (read = await ReadAsync(request, buffer, context.RequestAborted)) > 0;)
            {
                if (bytes.Length + read > max)
                    throw new V1Exception(V1Error.PayloadTooLarge);
                bytes.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        var body = bytes.ToArray();
        context.Items[Key] = body;
        return body;
    }

    private static async Task<int> ReadAsync(HttpRequest request, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, cancellation);
        }
        catch (IOException e) when (e is not BadHttpRequestException && !cancellation.IsCancellationRequested)
        {
            // For example a chunk size beyond 64 bits, for which the server throws IOException.
            throw new V1Exception(V1Error.BadRequest);
        }
    }

    /// <summary>The SHA-256 hash of what makes two requests equal: verb, address, identifiant of the key, and body.</summary>
    public static byte[] Hash(HttpContext context, Caller caller)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var request = context.Request;
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n{caller.Identifiant}\n"));
        hash.AppendData((byte[]?)context.Items[Key] ?? []);
        return hash.GetHashAndReset();
    }

    /// <summary>
    /// Scopes an Idempotency-Key to the caller's identifiant, so that the keys of two identifiants never collide. Keys that are sent
    /// contain no space, so a scoped key cannot collide with them.
    /// </summary>
    public static string Scope(string key, Caller caller) => caller.Identifiant is { } identifiant
        ? "hash " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{identifiant}\n{key}")))
        : key;

    private static void CheckType(HttpRequest request)
    {
        if (request.ContentType is null && request.ContentLength is null or 0 && !request.Headers.ContainsKey(HeaderNames.TransferEncoding))
            return; // Without a body, the error is that it is empty, not its type.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || !(StringSegment.IsNullOrEmpty(type.Charset)
                || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            || !(StringValues.IsNullOrEmpty(request.Headers.ContentEncoding) || string.Equals(request.Headers.ContentEncoding, "identity", StringComparison.OrdinalIgnoreCase)))
            throw new V1Exception(V1Error.UnsupportedMediaType);
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

/// <summary>
/// The document as it is sent: made at the first visit, once for each path base it is asked for at, since that is its only
/// server.
/// </summary>
internal sealed class SwaggerDocument([FromKeyedServices(SwaggerDocument.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private readonly ConcurrentDictionary<string, Lazy<Task<Written>>> written = new();

    private sealed record Written(byte[] Content)
    {
        public EntityTagHeaderValue Tag { get; } = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..20]}\"");
    }

    /// <summary>The document, or 304 to who has it.</summary>
    public async Task<FileContentHttpResult> AnswerAsync(HttpContext context)
    {
        var document = await written.GetOrAdd(context.Request.PathBase.ToUriComponent(), Make).Value;
        context.Response.Headers.CacheControl = "no-cache"; // Kept, but asked after each time: the ETag answers.
        return TypedResults.Bytes(document.Content, "application/json; charset=utf-8", entityTag: document.Tag);
    }

    private Lazy<Task<Written>> Make(string pathBase) => new(async () =>
    {
        var document = await provider.GetOpenApiDocumentAsync();
        document.Servers = [new OpenApiServer { Url = pathBase.Length == 0 ? "/" : pathBase }];
        using var content = new MemoryStream();
        await document.SerializeAsJsonAsync(content, OpenApiSpecVersion.OpenApi3_0);
        return new Written(content.ToArray());
    });
}

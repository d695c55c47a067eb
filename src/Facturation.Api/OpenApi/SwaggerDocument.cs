using System.Collections.Concurrent;
using Facturation.Api.Help;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Facturation.Api.OpenApi;

/// <summary>
/// The document as it is sent: made at the first visit and kept, for each path base it is asked for at, since that is its only
/// server. First visits at once each make it; one that fails leaves it to the next.
/// </summary>
internal sealed class SwaggerDocument([FromKeyedServices(SwaggerDocument.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private readonly ConcurrentDictionary<string, Page> written = new();

    /// <summary>The document, or 304 to who has it.</summary>
    public async Task<FileContentHttpResult> AnswerAsync(HttpContext context)
    {
        var pathBase = context.Request.PathBase.ToUriComponent();
        return (written.TryGetValue(pathBase, out var page) ? page : written[pathBase] = await MakeAsync(pathBase)).Answer();
    }

    private async Task<Page> MakeAsync(string pathBase)
    {
        var document = await provider.GetOpenApiDocumentAsync();
        document.Servers = [new OpenApiServer { Url = pathBase.Length == 0 ? "/" : pathBase }];
        using var content = new MemoryStream();
        await document.SerializeAsJsonAsync(content, OpenApiSpecVersion.OpenApi3_0);
        return new Page(content.ToArray(), "application/json; charset=utf-8");
    }
}

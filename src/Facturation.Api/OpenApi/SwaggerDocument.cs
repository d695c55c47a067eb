using System.Collections.Concurrent;
using System.Text;
using Facturation.Api.Help;
using Microsoft.AspNetCore.Http.HttpResults;
using NSwag;
using NSwag.Generation;

namespace Facturation.Api.OpenApi;

/// <summary>
/// The serialized document, generated on the first request and cached for each path base, which is its server URL. Concurrent first
/// requests each generate it, and a failure is not cached.
/// </summary>
internal sealed class SwaggerDocument(IOpenApiDocumentGenerator generator)
{
    public const string Name = "v1";

    private readonly ConcurrentDictionary<string, Page> written = new();

    /// <summary>The document, or 304 to a client that has it.</summary>
    public async Task<FileContentHttpResult> AnswerAsync(HttpContext context)
    {
        var pathBase = context.Request.PathBase.ToUriComponent();
        return (written.TryGetValue(pathBase, out var page) ? page : written[pathBase] = await MakeAsync(pathBase)).Answer();
    }

    private async Task<Page> MakeAsync(string pathBase)
    {
        var document = await generator.GenerateAsync(Name);
        document.Servers.Clear();
        document.Servers.Add(new OpenApiServer { Url = pathBase.Length == 0 ? "/" : pathBase });
        return new Page(Encoding.UTF8.GetBytes(document.ToJson()), "application/json; charset=utf-8");
    }
}

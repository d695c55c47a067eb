using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.Help;

/// <summary>The addresses of the help pages; everything is made once, when it is first asked for.</summary>
internal sealed class HelpEndpoints(
    IApiDescriptionGroupCollectionProvider apis, WebApi2Samples samples, TimeProvider clock, IHostEnvironment environment)
{
    private const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Verbs = [HttpMethods.Get, HttpMethods.Head];

    // A host name is the asker's to choose: past this many pages they are still made, but not kept.
    private const int MostPages = 500;

    private readonly Lazy<Catalog> catalog = new(() => new Catalog(apis, samples, clock));
    private readonly ConcurrentDictionary<(Site Site, string Page), Page> pages = new();

    private sealed record Page(byte[] Content, string ContentType)
    {
        public EntityTagHeaderValue Tag { get; } = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..20]}\"");
    }

    /// <summary>Adds the pages' addresses, all of which any case and anyone may use.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var help = app.ServiceProvider.GetRequiredService<HelpEndpoints>();
        var group = app.MapGroup("/Help").AllowAnonymous().ExcludeFromDescription();
        Get("", help.Index);
        Get("/Index", help.Index);
        Get("/Api/{apiId}", help.Operation);
        Get("/Api", help.Operation);
        Get("/ResourceModel", help.Model);
        Get("/Schema.xsd", help.Schema);
        Get("/Search.json", help.Search);
        Get("/{**asked}", help.FileOrNothing);

        void Get(string pattern, Func<HttpContext, IResult> answer) => group.MapMethods(pattern, Verbs, (HttpContext context) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers.CacheControl = "no-cache"; // Kept, but asked after each time: the ETag answers.
            return answer(context);
        });
    }

    private IResult Index(HttpContext context) => Html(context, "", pages => pages.Index());

    private IResult Operation(HttpContext context)
    {
        var id = (string?)context.GetRouteValue("apiId") ?? context.Request.Query["apiId"].ToString();
        return catalog.Value.FindOperation(id) is { } operation
            ? Html(context, $"Api/{operation.Id}", pages => pages.Operation(operation))
            : NotFound(context, id);
    }

    private IResult Model(HttpContext context)
    {
        var name = context.Request.Query["modelName"].ToString();
        return catalog.Value.FindModel(name) is { } model
            ? Html(context, $"Model/{catalog.Value.NameOf(model)}", pages => pages.Model(model))
            : NotFound(context, name);
    }

    private IResult Schema(HttpContext context) => Kept(context, "Schema.xsd", "application/xml; charset=utf-8", () =>
        ContractSchema.Of(catalog.Value.ContractTypes));

    /// <summary>What the search box looks through.</summary>
    private IResult Search(HttpContext context) => Kept(context, "Search.json", "application/json; charset=utf-8", () =>
    {
        var site = Site.Of(context.Request);
        var operations = catalog.Value.Operations.Select(operation => new
        {
            name = operation.Title,
            about = operation.Summary,
            href = site.Operation(operation),
        });
        var models = catalog.Value.ModelNames.Select(name => new
        {
            name,
            about = catalog.Value.Comments.SummaryOf(catalog.Value.FindModel(name)!),
            href = site.Model(name),
        });
        return JsonSerializer.SerializeToUtf8Bytes(operations.Concat(models));
    });

    private IResult FileOrNothing(HttpContext context)
    {
        var asked = (string?)context.GetRouteValue("asked") ?? "";
        if (!Asset.All.TryGetValue(asked, out var asset))
            return NotFound(context, asked);
        if (context.Request.Query["v"] == asset.Version)
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
    }

    private FileContentHttpResult Html(HttpContext context, string page, Func<Pages, Html> render) =>
        Kept(context, page, "text/html; charset=utf-8", () => Encoding.UTF8.GetBytes(render(PagesFor(context)).ToString()));

    private ContentHttpResult NotFound(HttpContext context, string asked) => TypedResults.Content(
        PagesFor(context).NotFound(asked).ToString(), "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);

    private Pages PagesFor(HttpContext context) =>
        new(catalog.Value, Site.Of(context.Request), environment.IsDevelopment() ? Demo.Key : null);

    private FileContentHttpResult Kept(HttpContext context, string name, string contentType, Func<byte[]> make)
    {
        var key = (Site.Of(context.Request), name);
        if (!pages.TryGetValue(key, out var page))
        {
            page = new Page(make(), contentType);
            if (pages.Count < MostPages)
                pages.TryAdd(key, page);
        }
        return TypedResults.Bytes(page.Content, page.ContentType, entityTag: page.Tag);
    }
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Facturation.Api.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.Help;

/// <summary>The endpoints of the help pages. Each page is rendered on its first request and cached.</summary>
internal sealed class HelpEndpoints(IServiceProvider services, IHostEnvironment environment)
{
    private const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Verbs = [HttpMethods.Get, HttpMethods.Head];

    // Clients choose the host name, so the cache is limited; more pages are rendered but not cached.
    private const int MostPages = 500;

    private readonly ConcurrentDictionary<(HelpLinks Site, string Page), Page> pages = new();

    // Null until it is read successfully.
    private V1Catalog? v1;

    /// <summary>Adds the services of the pages.</summary>
    public static void Add(IServiceCollection services) => services
        .AddSingleton<HelpEndpoints>()
        .AddSingleton<Catalog>();

    /// <summary>Maps the pages, for anonymous access.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var help = app.ServiceProvider.GetRequiredService<HelpEndpoints>();
        // The root address leads to the help pages.
        app.MapMethods("/", Verbs, () => TypedResults.LocalRedirect("~/Help")).AllowAnonymous().ExcludeFromDescription();
        var group = app.MapGroup("/Help").AllowAnonymous().ExcludeFromDescription();
        Get("", help.Index);
        Get("/Index", help.Index);
        Get("/Api/{apiId}", help.Operation);
        Get("/Api", help.Operation);
        Get("/ResourceModel", help.Model);
        Get("/Schema.xsd", help.Schema);
        Get("/Search.json", help.Search);
        Get("/{**asked}", help.FileOrNothing);

        void Get(string pattern, Func<HttpContext, Pages, IResult> answer) => group.MapMethods(pattern, Verbs, async (HttpContext context) =>
        {
            Page.Protect(context, ContentSecurityPolicy);
            return answer(context, await help.PagesForAsync(context));
        });
    }

    private IResult Index(HttpContext context, Pages pages) => Html(context, "", pages.Index);

    private IResult Operation(HttpContext context, Pages pages)
    {
        var id = (string?)context.GetRouteValue("apiId") ?? context.Request.Query["apiId"].ToString();
        if (pages.Catalog.FindOperation(id) is { } operation)
            return Html(context, $"Api/{operation.Id}", () => pages.Operation(operation));
        return pages.V1.FindOperation(id) is { } found
            ? Html(context, $"Api/{found.Help.Id}", () => pages.Operation(found))
            : NotFound(pages, id);
    }

    private IResult Model(HttpContext context, Pages pages)
    {
        var name = context.Request.Query["modelName"].ToString();
        if (pages.Catalog.FindModel(name) is { } model)
            return Html(context, $"Model/{pages.Catalog.NameOf(model)}", () => pages.Model(model));
        return pages.V1.FindModel(name) is var (exact, schema)
            ? Html(context, $"Model/{exact}", () => pages.Model(exact, schema))
            : NotFound(pages, name);
    }

    private IResult Schema(HttpContext context, Pages pages) => Kept(context, "Schema.xsd", "application/xml; charset=utf-8", () =>
        ContractSchema.Of(pages.Catalog.ContractTypes));

    /// <summary>The data of the search box.</summary>
    private IResult Search(HttpContext context, Pages pages) => Kept(context, "Search.json", "application/json; charset=utf-8", () =>
        JsonSerializer.SerializeToUtf8Bytes(pages.SearchIndex, JsonSerializerOptions.Web));

    private IResult FileOrNothing(HttpContext context, Pages pages)
    {
        var asked = (string?)context.GetRouteValue("asked") ?? "";
        if (!Asset.All.TryGetValue(asked, out var asset))
            return NotFound(pages, asked);
        if (context.Request.Query["v"] == asset.Version)
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
    }

    private FileContentHttpResult Html(HttpContext context, string page, Func<Html> render) =>
        Kept(context, page, "text/html; charset=utf-8", () => Encoding.UTF8.GetBytes(render().ToString()));

    private static ContentHttpResult NotFound(Pages pages, string asked) => TypedResults.Content(
        pages.NotFound(asked).ToString(), "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);

    private async Task<Pages> PagesForAsync(HttpContext context)
    {
        v1 ??= await V1Catalog.ReadAsync(services);
        return new(services.GetRequiredService<Catalog>(), v1, HelpLinks.Of(context.Request), environment.IsDevelopment() ? Demo.Key : null);
    }

    private FileContentHttpResult Kept(HttpContext context, string name, string contentType, Func<byte[]> make)
    {
        var key = (HelpLinks.Of(context.Request), name);
        if (!pages.TryGetValue(key, out var page))
        {
            page = new Page(make(), contentType);
            if (pages.Count < MostPages)
                pages.TryAdd(key, page);
        }
        return page.Answer();
    }
}

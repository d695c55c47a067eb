using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Lets routing see an address of a Web API 2 controller as Web API 2's did, by a <see cref="Uri"/>: <c>//api/ConsommationV2//</c>
/// and <c>/api\ConsommationV2#x</c> are <c>/api/ConsommationV2</c>, an escaped slash is a slash, an escaped backslash is not. A
/// start-up filter, since it must stand before routing.
/// </summary>
internal sealed class PathCleaning(AllowedVerbs addresses) : IStartupFilter
{
    /// <summary>What a Uri and the server take differently.</summary>
    private static readonly SearchValues<string> Unusual = SearchValues.Create(["//", @"\", "#", "%2F", "%5C"], StringComparison.OrdinalIgnoreCase);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, inner) =>
        {
            if (context.Features.Get<IHttpRequestFeature>()?.RawTarget is { } target && target.AsSpan().ContainsAny(Unusual)
                && Uri.TryCreate(target.StartsWith('/') ? "http://localhost" + target : target, UriKind.Absolute, out var address))
                Clean(context.Request, address);
            return inner(context);
        });
        next(app);
    };

    private void Clean(HttpRequest request, Uri address)
    {
        var slashed = address.GetComponents(UriComponents.Path, UriFormat.Unescaped).TrimEnd('/');
        var whole = new PathString(slashed.StartsWith('/') ? slashed : "/" + slashed); // A second slash is passed over, no third.
        if (!whole.StartsWithSegments(request.PathBase, out var path) || !(addresses.Knows(path) || addresses.Knows(request.Path)))
            return;
        request.Path = path;
        if (address.Fragment.Length > 0)
            request.QueryString = new QueryString(address.Query);
    }
}

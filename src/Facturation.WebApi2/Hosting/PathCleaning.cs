using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Normalizes the path of a Web API 2 address as Web API 2 did through <see cref="Uri"/>: <c>//api/ConsommationV2//</c> and
/// <c>/api\ConsommationV2#x</c> become <c>/api/ConsommationV2</c>, and an escaped slash is a slash, but an escaped backslash is not
/// one. It is a startup filter because it must run before routing.
/// </summary>
internal sealed class PathCleaning(AllowedVerbs addresses) : IStartupFilter
{
    /// <summary>Characters that a Uri and the server treat differently.</summary>
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
        var whole = new PathString(slashed.StartsWith('/') ? slashed : "/" + slashed); // A second slash is ignored, a third is not.
        if (!whole.StartsWithSegments(request.PathBase, out var path) || !(addresses.Knows(path) || addresses.Knows(request.Path)))
            return;
        request.Path = path;
        if (address.Fragment.Length > 0)
            request.QueryString = new QueryString(address.Query);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Lets routing see an address of a Web API 2 controller as Web API 2's did: <c>//api/ConsommationV2//</c> is
/// <c>/api/ConsommationV2</c>, an escaped slash and a backslash are slashes. A start-up filter, since it must stand before routing.
/// </summary>
internal sealed class PathCleaning(AllowedVerbs addresses) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, inner) =>
        {
            var path = context.Request.Path.Value ?? "";
            var cleaned = Unescape(context, path).Replace('\\', '/');
            if (cleaned.StartsWith("//", StringComparison.Ordinal) || cleaned.EndsWith("//", StringComparison.Ordinal))
                cleaned = "/" + cleaned.Trim('/');
            if (cleaned != path && (addresses.Knows(cleaned) || addresses.Knows(path)))
                context.Request.Path = cleaned;
            return inner(context);
        });
        next(app);
    };

    /// <summary>The server decodes everything but %2F, which it leaves, so that %252F looks the same: the raw target tells.</summary>
    private static string Unescape(HttpContext context, string path)
    {
        if (!path.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            return path;
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        return target.Contains("%252F", StringComparison.OrdinalIgnoreCase)
            ? path
            : path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Lets <c>//api/ConsommationV2//</c> be <c>/api/ConsommationV2</c>, as Web API 2's routing did. A start-up filter, since it must
/// stand before routing.
/// </summary>
internal sealed class SlashTrimming(IOptions<WebApi2Options> options) : IStartupFilter
{
    private readonly string prefix = options.Value.RoutePrefix.Trim('/') + "/";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, inner) =>
        {
            var path = context.Request.Path.Value ?? "";
            if (path.StartsWith("//", StringComparison.Ordinal) || path.EndsWith("//", StringComparison.Ordinal))
            {
                var trimmed = path.Trim('/');
                if (trimmed.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                    context.Request.Path = "/" + trimmed;
            }
            return inner(context);
        });
        next(app);
    };
}

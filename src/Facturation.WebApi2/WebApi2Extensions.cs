using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Hosting;
using Facturation.WebApi2.Negotiation;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
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
        services.Configure(configure ?? (_ => { }));
        services.AddOptions<WebApi2Options>().ValidateDataAnnotations().ValidateOnStart();
        // Added last, so that it sees the result of MVC's own providers.
        services.PostConfigure<MvcOptions>(mvc => mvc.ModelMetadataDetailsProviders.Add(new NullableParameters()));
        services.AddTransient<IApplicationModelProvider, WebApi2Convention>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new LegacyTimeZone(
            provider.GetRequiredService<IOptions<WebApi2Options>>().Value.TimeZone, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IReadOnlyList<MediaFormat>>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<WebApi2Options>>().Value;
            var zone = provider.GetRequiredService<LegacyTimeZone>();
            var json = new JsonFormat(zone, options);
            return options.Formatters.HasXml ? [json, new XmlFormat(zone, options), new FormFormat(zone)] : [json, new FormFormat(zone)];
        });
        services.AddSingleton<KnownHeaders>();
        services.AddSingleton<ContentNegotiator>();
        services.AddSingleton<AnswerWriter>();
        services.AddSingleton<AllowedVerbs>();
        services.AddSingleton(provider => new WebApi2Samples(provider.GetRequiredService<IReadOnlyList<MediaFormat>>()));
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, WebApi2Descriptions>());
        services.AddTransient<IStartupFilter, PathCleaning>();
        return builder;
    }

    /// <summary>
    /// Answers errors (401, 403, 404, 405, 500) in Web API 2's shape, for Web API 2 controllers and for unmapped addresses under
    /// the route prefix. Call it before authentication, and after middleware that handles errors for the rest of the application,
    /// such as exception handlers and status code pages, because the innermost handler wins.
    /// </summary>
    public static IApplicationBuilder UseWebApi2(this IApplicationBuilder app) => app.UseMiddleware<WebApi2Middleware>();
}

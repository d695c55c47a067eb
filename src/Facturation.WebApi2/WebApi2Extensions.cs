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
        if (services.Any(service => service.ServiceType == typeof(AnswerWriter)))
            return builder;
        services.AddOptions<WebApi2Options>().ValidateDataAnnotations().ValidateOnStart();
        // Last, so that it sees what MVC's own providers made of a parameter.
        services.PostConfigure<MvcOptions>(mvc => mvc.ModelMetadataDetailsProviders.Add(new NullableParameters()));
        services.AddTransient<IApplicationModelProvider, WebApi2Convention>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new LegacyTimeZone(
            provider.GetRequiredService<IOptions<WebApi2Options>>().Value.TimeZone, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IReadOnlyList<MediaFormat>>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<WebApi2Options>>().Value;
            var zone = provider.GetRequiredService<LegacyTimeZone>();
            return [new JsonFormat(zone, options), new XmlFormat(zone, options), new FormFormat(zone)];
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
    /// Answers errors of Web API 2 controllers, and of addresses under the route prefix that are no one's, in Web API 2's shape
    /// (401, 403, 404, 405, 500). It stands before authentication, and after whatever answers errors for the rest of the
    /// application, such as exception handlers and status code pages: of two, the one nearer the controllers answers.
    /// </summary>
    public static IApplicationBuilder UseWebApi2(this IApplicationBuilder app) => app.UseMiddleware<WebApi2Middleware>();
}

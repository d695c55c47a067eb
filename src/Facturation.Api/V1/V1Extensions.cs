using Facturation.Api.Operations;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Facturation.Api.V1;

/// <summary>Adds the v1 API, of meters, readings and bills, to the host.</summary>
internal static class V1Extensions
{
    /// <exception cref="RefusedException">A setting of section <c>Metering</c> or <c>Cors</c> is wrong; the message says which.</exception>
    public static IServiceCollection AddV1(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<MeteringOptions>(configuration, "Metering");
        services.AddSettings<CorsSettings>(configuration, "Cors");
        services.AddCors();
        // Parameters come from the address only; MVC would also look for them in a form body, and consume it.
        services.PostConfigure<MvcOptions>(mvc =>
        {
            mvc.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
            mvc.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
            mvc.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
            mvc.Conventions.Add(new HeadConvention());
        });
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, V1Descriptions>());
        return services.AddSingleton<Metering>().AddSingleton<Billing>();
    }

    public static void UseV1(this IApplicationBuilder app)
    {
        app.UseV1Cors(); // Outside, so that scripts can read errors too.
        app.UseMiddleware<V1Middleware>();
    }
}

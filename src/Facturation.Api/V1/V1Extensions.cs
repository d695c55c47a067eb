using System.Globalization;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Facturation.Api.V1;

/// <summary>Adds the v1 API, of meters and readings, to the host.</summary>
internal static class V1Extensions
{
    /// <exception cref="RefusedException">A setting of section <c>Metering</c> is wrong; the message says which.</exception>
    public static IServiceCollection AddV1(this IServiceCollection services, IConfiguration configuration)
    {
        var options = Read(configuration.GetSection("Metering"));
        if (options.Check() is { } error)
            throw new RefusedException(error);
        // MVC would read a body that calls itself a form in search of parameters, which come from the address only.
        services.PostConfigure<MvcOptions>(mvc =>
        {
            mvc.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
            mvc.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
            mvc.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
        });
        services.TryAddEnumerable(ServiceDescriptor.Transient<IApiDescriptionProvider, V1Descriptions>());
        return services.AddSingleton(options).AddSingleton<Metering>();
    }

    public static IApplicationBuilder UseV1(this IApplicationBuilder app) => app.UseMiddleware<V1Middleware>();

    private static MeteringOptions Read(IConfigurationSection section)
    {
        var options = new MeteringOptions();
        foreach (var setting in section.GetChildren())
        {
            switch (setting.Key)
            {
                case nameof(options.Skew) when TimeSpan.TryParse(setting.Value, CultureInfo.InvariantCulture, out var skew):
                    options.Skew = skew;
                    break;
                case nameof(options.SuspectFactor) when TryRead(setting, out var factor):
                    options.SuspectFactor = factor;
                    break;
                case nameof(options.SuspectHistory) when TryRead(setting, out var history):
                    options.SuspectHistory = history;
                    break;
                case nameof(options.IdempotencyDays) when TryRead(setting, out var days):
                    options.IdempotencyDays = days;
                    break;
                default:
                    throw new RefusedException($"{setting.Path} : « {setting.Value} » ne se lit pas, ou ce réglage n'existe pas.");
            }
        }
        return options;
    }

    private static bool TryRead(IConfigurationSection setting, out int value) =>
        int.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}

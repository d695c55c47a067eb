using Facturation.Core;

namespace Facturation.Api.Operations;

/// <summary>What an operator asks of the service, apart from what it serves.</summary>
internal static class OperationsExtensions
{
    /// <exception cref="RefusedException">A setting is wrong; the message says which.</exception>
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddTelemetry(configuration);
        services.AddHealth(configuration);
        services.AddSettings<RateLimitOptions>(configuration, "RateLimits");
        services.AddSingleton<RateLimits>();
        services.AddCompression(configuration);
        services.AddSettings<ProxyOptions>(configuration, "ForwardedHeaders");
        Shutdown.Add(services, configuration);
        PlatformSettings.Check(configuration);
        // A start that fails is told of in one line, by the command line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        var limits = services.AddSettings<ServerLimitOptions>(configuration, "ServerLimits");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            limits.Apply(kestrel.Limits);
        });
    }

    /// <summary>What stands before all that answers.</summary>
    public static void UseOperations(this WebApplication app)
    {
        app.UseProxies();
        app.UseMiddleware<RequestLog>();
        app.UseCompression();
    }

    /// <summary>Counts requests, once authentication has said whose they are.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.Use(limits.InvokeAsync);
    }
}

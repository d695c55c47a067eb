using Facturation.Core;
using Facturation.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Console;

namespace Facturation.Api.Operations;

/// <summary>Adds what operators need: telemetry, health, limits, logs.</summary>
internal static partial class OperationsExtensions
{
    /// <summary>ISO 8601 in UTC. Separators are quoted, because cultures may replace them.</summary>
    private const string InstantForm = "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fff'Z'";

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
        // The command line reports a failed start in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // If no formatter is named, the console overrides the settings of the simple one.
        services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName ??= ConsoleFormatterNames.Simple);
        services.PostConfigure<SimpleConsoleFormatterOptions>(form => AddTime(form, InstantForm + "' '"));
        services.PostConfigure<JsonConsoleFormatterOptions>(form => AddTime(form, InstantForm));
        var limits = services.AddSettings<ServerLimitOptions>(configuration, "ServerLimits");
        services.AddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, BoundedTransport>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            limits.Apply(kestrel.Limits);
        });
    }

    /// <summary>Adds the middleware that runs before all endpoints and APIs.</summary>
    public static void UseOperations(this WebApplication app)
    {
        app.UseProxies();
        app.UseMiddleware<RequestLog>();
        app.UsePlainErrors();
        app.UseCompression();
    }

    /// <summary>Prepares the database, and logs which one it is.</summary>
    public static async Task PrepareStorageAsync(this WebApplication app, CancellationToken cancellation)
    {
        var before = await app.Services.MigrateStorageAsync(cancellation);
        var upkeep = app.Services.GetRequiredService<DatabaseUpkeep>();
        LogStart(app.Logger, Telemetry.Version, upkeep.Location, before switch
        {
            { Applied.Count: 0 } => "new",
            { Pending.Count: 0 } => "up to date",
            { Pending.Count: var count } => $"migrations applied: {count}",
        });
        if (upkeep.Weakness is { } weakness)
            LogWeakness(app.Logger, weakness);
    }

    /// <summary>Adds rate limits; they need the authenticated key.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.Use(limits.InvokeAsync);
    }

    /// <summary>Adds a timestamp to log lines, unless the settings do. The systemd format needs none, because the journal adds it.</summary>
    private static void AddTime(ConsoleFormatterOptions form, string timestamp)
    {
        if (form.TimestampFormat is null)
            (form.TimestampFormat, form.UseUtcTimestamp) = (timestamp, true);
    }

    [LoggerMessage(1, LogLevel.Information, "Facturation {Version}, database {Database}, {State}")]
    private static partial void LogStart(ILogger logger, string? version, string database, string state);

    [LoggerMessage(2, LogLevel.Warning, "{Weakness}")]
    private static partial void LogWeakness(ILogger logger, string weakness);
}

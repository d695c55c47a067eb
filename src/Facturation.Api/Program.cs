using System.Globalization;
using Facturation.Api.Commands;
using Facturation.Api.Help;
using Facturation.Api.Legacy;
using Facturation.Api.OpenApi;
using Facturation.Api.Operations;
using Facturation.Api.Security;
using Facturation.Api.V1;
using Facturation.Core;
using Facturation.Storage;
using Facturation.WebApi2;

namespace Facturation.Api;

/// <summary>The service, and its command line.</summary>
public static class Program
{
    /// <summary>First path segments that the legacy prefix must not use.</summary>
    private static readonly string[] Taken = ["health", "Help", "metrics", "redoc", "swagger", "v1"];

    /// <summary>Runs a command, or the service if none is given.</summary>
    /// <returns>The exit code; 0 for success.</returns>
    public static Task<int> Main(string[] args)
    {
        // The console logger formats times in the culture, and calendar, of the process.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        return Cli.RunAsync(args);
    }

    /// <summary>Serves until stopped.</summary>
    internal static async Task<int> ServeAsync(string[] args, CancellationToken cancellation)
    {
        await using var app = Build(CreateBuilder(args));
        await StartAsync(app, cancellation);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>The configuration and services of the host; commands use them too.</summary>
    /// <exception cref="RefusedException">A setting is wrong; the message says which.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = PlatformSettings.CreateBuilder(new WebApplicationOptions
        {
            Args = [PlatformSettings.ReadOnce, .. args],
            ApplicationName = typeof(Program).Assembly.GetName().Name, // So that controllers are also found in tests.
            ContentRootPath = FindContentRoot(args),
        });
        var services = builder.Services;

        builder.AddStorage();
        services.AddSettings<ConsommationOptions>(builder.Configuration, "Consommation");

        ApiKeyHandler.Add(services);
        services.AddV1(builder.Configuration);
        var prefix = services.AddSettings<WebApi2Options>(builder.Configuration, "WebApi2").RoutePrefix.Trim('/').Split('/')[0];
        if (Array.Exists(Taken, taken => taken.Equals(prefix, StringComparison.OrdinalIgnoreCase)))
            throw new RefusedException($"WebApi2:RoutePrefix : « {prefix} » est pris ; {string.Join(", ", Taken)} ont leurs propres réponses.");
        services.AddSingleton(new Outages(StorageExtensions.IsStorageUnavailable, V1Middleware.RetryAfterSeconds));
        services.AddControllers().AddWebApi2(options => Settings.Apply(builder.Configuration, "WebApi2", options));
        HelpEndpoints.Add(services);
        services.AddSwagger();
        builder.AddOperations();
        SettingNames.Check(services, builder.Configuration);
        return builder;
    }

    /// <summary>The pipeline.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.UseOperations();
        app.UseWebApi2();
        app.UseV1();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseAuthorization();
        app.MapControllers();
        HelpEndpoints.Map(app);
        app.MapSwagger();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }

    /// <summary>Prepares the database, then listens.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellation = default)
    {
        await app.PrepareStorageAsync(cancellation);
        await Demo.SeedAsync(app, cancellation);
        await PlatformSettings.ListenAsync(app, cancellation);
        await Demo.AnnounceAsync(app, cancellation);
    }

    /// <summary>
    /// Returns the directory of settings and data, whatever the current directory: that of the project during development, that of the
    /// program once published. Null if an argument or environment variable sets it.
    /// </summary>
    private static string? FindContentRoot(string[] args)
    {
        if (Environment.GetEnvironmentVariable("ASPNETCORE_CONTENTROOT") is not null
            || Environment.GetEnvironmentVariable("DOTNET_CONTENTROOT") is not null
            || args.Any(arg => arg.TrimStart('-', '/').StartsWith("contentRoot", StringComparison.OrdinalIgnoreCase)))
            return null;
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "Facturation.Api.csproj")))
                return directory.FullName;
        return AppContext.BaseDirectory;
    }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Encodings.Web;
using System.Text.Json;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Facturation.Api.Operations;

/// <summary>The thresholds of the probes; section <c>Health</c> of the configuration.</summary>
internal sealed class HealthOptions
{
    /// <summary>The free space on the database's disk, in MB, below which the service is not ready; 100 by default.</summary>
    [Range(0, int.MaxValue)]
    public int MinFreeDiskMegabytes { get; set; } = 100;
}

/// <summary>
/// <c>/health/live</c> tells whether the process runs, <c>/health/ready</c> whether it can do its work; if not, it answers 503 with
/// reasons that contain no secret.
/// </summary>
internal static class Health
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="RefusedException">A setting of section <c>Health</c> is wrong; the message says which.</exception>
    public static void AddHealth(this IServiceCollection services, IConfiguration configuration)
    {
        var megabytes = services.AddSettings<HealthOptions>(configuration, "Health").MinFreeDiskMegabytes;
        services.AddHealthChecks()
            .Add(new("service", services => new Stopping(services.GetRequiredService<IHostApplicationLifetime>()), null, null))
            .Add(Check("database", async (upkeep, cancellation) =>
            {
                await upkeep.PingAsync(cancellation);
                return null;
            }))
            .Add(Check("schema", async (upkeep, cancellation) =>
            {
                var schema = await upkeep.ReadSchemaAsync(cancellation);
                if (schema.Applied.Count == 0)
                    await upkeep.PingAsync(cancellation); // Without a database, all migrations are pending: report that it does not answer.
                return schema switch
                {
                    { Unknown.Count: > 0 } => "the database is newer than the program",
                    { Pending.Count: > 0 and var count } => $"migrations pending: {count}",
                    _ => null,
                };
            }))
            .Add(Check("writes", async (upkeep, cancellation) =>
            {
                await upkeep.TryWriteAsync(cancellation);
                return null;
            }))
            .Add(Check("disk", (upkeep, _) => Task.FromResult(
                upkeep.ReadFreeSpace() is { } free && free < megabytes * 1024L * 1024 ? $"less than {megabytes} MB free" : null)));
    }

    /// <summary>Whether a request is a probe. Probes are not rate limited, and are logged at debug level.</summary>
    public static bool IsProbe(HttpRequest request) => request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase);

    /// <summary>Maps the probes, for anonymous access.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new()
        {
            ResponseWriter = WriteAsync,
            ResultStatusCodes =
            {
                [HealthStatus.Healthy] = StatusCodes.Status200OK,
                [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable,
                [HealthStatus.Unhealthy] = StatusCodes.Status503ServiceUnavailable,
            },
        }).AllowAnonymous();
    }

    private static HealthCheckRegistration Check(string name, Func<DatabaseUpkeep, CancellationToken, Task<string?>> findProblem) =>
        new(name, services => new DatabaseCheck(services.GetRequiredService<DatabaseUpkeep>(), findProblem), null, null);

    /// <summary>Writes the report without the messages of exceptions, which may contain paths and are only logged.</summary>
    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, Indented);
        json.WriteStartObject();
        json.WriteString("status", (report.Status == HealthStatus.Healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy).ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
            json.WriteString(name, entry switch
            {
                { Status: HealthStatus.Healthy } => "ok",
                { Exception: null, Description: { } problem } => problem,
                _ => "does not answer",
            });
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>
    /// Reports not ready as soon as the service is told to stop. It reports Degraded, because the platform logs Unhealthy as an error;
    /// it logs Degraded as a warning, which appsettings.json turns off.
    /// </summary>
    private sealed class Stopping(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
                ? HealthCheckResult.Degraded("stopping")
                : HealthCheckResult.Healthy());
    }

    private sealed class DatabaseCheck(DatabaseUpkeep upkeep, Func<DatabaseUpkeep, CancellationToken, Task<string?>> findProblem)
        : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await findProblem(upkeep, cancellationToken) is { } problem
                ? HealthCheckResult.Unhealthy(problem)
                : HealthCheckResult.Healthy();
    }
}

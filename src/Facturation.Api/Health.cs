using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Facturation.Api;

/// <summary>
/// <c>/health/live</c>: the process serves. <c>/health/ready</c>: it can do its work, or 503 and why, in words that are safe
/// to show anyone.
/// </summary>
internal static class Health
{
    private const string MinFreeDisk = "Health:MinFreeDiskMegabytes";

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="RefusedException">A setting of section <c>Health</c> is wrong; the message says which.</exception>
    public static void AddHealth(this IServiceCollection services, IConfiguration configuration)
    {
        var megabytes = ReadMegabytes(configuration[MinFreeDisk] ?? "100");
        services.AddHealthChecks()
            .Add(Check("database", async (upkeep, cancellation) =>
            {
                await upkeep.PingAsync(cancellation);
                return null;
            }))
            .Add(Check("schema", async (upkeep, cancellation) => await upkeep.ReadSchemaAsync(cancellation) switch
            {
                { Unknown.Count: > 0 } => "the database is newer than the program",
                { Pending.Count: > 0 and var count } => $"migrations pending: {count}",
                _ => null,
            }))
            .Add(Check("disk", (upkeep, _) => Task.FromResult(
                upkeep.ReadFreeSpace() is { } free && free < megabytes * 1024L * 1024 ? $"less than {megabytes} MB free" : null)));
    }

    /// <summary>Open to anyone: a probe has no key.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/health/ready", new() { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static int ReadMegabytes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes)
            ? megabytes
            : throw new RefusedException($"{MinFreeDisk} : « {text} » n'est pas un nombre entier de mégaoctets.");

    private static HealthCheckRegistration Check(string name, Func<DatabaseUpkeep, CancellationToken, Task<string?>> findProblem) =>
        new(name, services => new DatabaseCheck(services.GetRequiredService<DatabaseUpkeep>(), findProblem), null, null);

    /// <summary>A failure's message may hold a path: it goes to the log, the caller only learns of it.</summary>
    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, Indented);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
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

    private sealed class DatabaseCheck(DatabaseUpkeep upkeep, Func<DatabaseUpkeep, CancellationToken, Task<string?>> findProblem)
        : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await findProblem(upkeep, cancellationToken) is { } problem
                ? HealthCheckResult.Unhealthy(problem)
                : HealthCheckResult.Healthy();
    }
}

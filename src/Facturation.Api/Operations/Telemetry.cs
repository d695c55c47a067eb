using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Facturation.Core;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Meter = System.Diagnostics.Metrics.Meter;

namespace Facturation.Api.Operations;

/// <summary>
/// The metrics and spans of the service: one meter and one activity source, both named Facturation. They cost nothing until something
/// listens: an exporter, when the settings ask for one.
/// </summary>
internal static class Telemetry
{
    /// <summary>The name of the meter, of the source and of the exported service.</summary>
    public const string Name = "Facturation";

    /// <summary>The setting that turns the export on.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Settings whose invalid values the SDK ignores, or throws at: name, regular expression, and description.</summary>
    private static readonly (string Setting, string Form, string Expected)[] Standard =
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc|http/protobuf", "grpc ou http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "[0-9]{1,9}", "des millisecondes"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "[^=,]+=[^,]*(,[^=,]+=[^,]*)*", "nom=valeur,nom=valeur"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "[1-9][0-9]{0,8}", "des millisecondes"),
        ("OTEL_TRACES_SAMPLER", "(parentbased_)?(always_on|always_off|traceidratio)", "always_on, always_off, traceidratio, ou parentbased_ devant"),
    ];

    /// <summary>The program's version, with the commit it was built from.</summary>
    public static readonly string? Version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    private static readonly Meter Meter = new(Name, Version);

    /// <summary>Spans of ours, inside the one ASP.NET Core opens for each request.</summary>
    public static readonly ActivitySource Activities = new(Name, Version);

    /// <summary>Requests answered, by <c>operation</c>, <c>request.format</c>, <c>format</c> (of the answer) and <c>status</c>.</summary>
    public static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("facturation.requests", "{request}", "Requests answered");

    /// <summary>Time from the request's head to the end of its answer, in seconds, by <c>operation</c> and <c>status</c>.</summary>
    public static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("facturation.request.duration", "s", "Time to answer a request", advice: new()
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
        });

    /// <summary>Rows of consumption read for an answer, by <c>operation</c>.</summary>
    public static readonly Counter<long> Rows = Meter.CreateCounter<long>("facturation.rows", "{row}", "Rows of consumption streamed");

    /// <summary>Requests with a key that works, by its public prefix (<c>key</c>).</summary>
    public static readonly Counter<long> KeyUses = Meter.CreateCounter<long>("facturation.key.uses", "{request}", "Requests by key");

    /// <summary>Readings recorded, alone or in batches: each once, repeats not counted.</summary>
    public static readonly Counter<long> Recorded = Meter.CreateCounter<long>("facturation.readings.recorded", "{reading}", "Readings recorded");

    /// <summary>Readings refused, alone or in batches, by <c>code</c>; dry runs are not counted.</summary>
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("facturation.readings.refused", "{reading}", "Readings refused");

    /// <summary>
    /// Exports metrics and traces over OTLP when an endpoint is set, and metrics to Prometheus when it may scrape. The OTLP exporter's other
    /// settings are its standard ones.
    /// </summary>
    /// <exception cref="RefusedException">A setting is wrong; the message says which.</exception>
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var (sends, isScraped) = (HasEndpoint(configuration), Prometheus.Add(services, configuration));
        if (!sends && !isScraped)
            return;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(Name.ToLowerInvariant(), serviceVersion: Version)
                .AddEnvironmentVariableDetector()) // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override these.
            .WithMetrics(metrics =>
            {
                metrics.AddAspNetCoreInstrumentation().AddMeter(Name, "System.Runtime");
                if (sends)
                    metrics.AddOtlpExporter();
                if (isScraped)
                    metrics.AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false); // Its version would make new series of every release.
            });
        if (sends)
            telemetry.WithTracing(traces => traces
                .AddAspNetCoreInstrumentation()
                .AddSource(Name, "Microsoft.Data.SqlClient")
                .AddOtlpExporter());
    }

    private static bool HasEndpoint(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 } endpoint)
            return false;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new RefusedException($"{Endpoint} : « {endpoint} » n'est pas une adresse http ou https.");
        foreach (var (setting, form, expected) in Standard)
            if (configuration[setting] is { Length: > 0 } value && !Regex.IsMatch(value, $"^({form})$", RegexOptions.CultureInvariant))
                throw new RefusedException($"{setting} ne se lit pas ; attendu : {expected}."); // The value is not shown: headers may hold secrets.
        return true;
    }
}

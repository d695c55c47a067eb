using System.Diagnostics;
using System.Security.Claims;
using Facturation.Api.Security;
using Microsoft.AspNetCore.Http.Features;

namespace Facturation.Api.Operations;

/// <summary>
/// Writes a log line and the metrics of each request when it is answered. It runs before everything that answers.
/// Neither the address nor the body is logged: either may hold personal data or secrets.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, ILoggerFactory loggers)
{
    /// <summary>The category of the lines.</summary>
    public const string Category = "Facturation.Requests";

    // The client left before the answer; this status is never sent.
    private const int ClientClosedRequest = 499;

    private readonly ILogger logger = loggers.CreateLogger(Category);

    public async Task InvokeAsync(HttpContext context)
    {
        // ASP.NET Core starts the request's activity only if something listens or logs.
        using var activity = Activity.Current is null ? Start(context.Request) : null;
        var start = Stopwatch.GetTimestamp();
        var body = new CountedBody(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            if (e is not BadHttpRequestException)
                LogFailure(e, Activity.Current?.TraceId.ToHexString());
            RequestFacts.Of(context).HasFailed = true;
            if (context.Response.HasStarted)
                context.Abort(); // So that the client does not mistake a partial answer for a complete one.
            else
            {
                context.Response.Clear();
                context.Response.StatusCode = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
                await PlainErrors.WriteAsync(context); // The APIs answer their own failures before this.
            }
        }
        catch (Exception)
        {
            // The client left. Providers throw different exceptions then: SqlClient throws SqlException.
        }
        finally
        {
            context.Features.Set(body.Inner);
            Tell(context, Stopwatch.GetElapsedTime(start), HttpMethods.IsHead(context.Request.Method) ? 0 : body.Length);
        }
    }

    private void Tell(HttpContext context, TimeSpan duration, long bytes)
    {
        var facts = RequestFacts.Of(context);
        var operation = RequestFacts.OperationOf(context);
        var format = RequestFacts.FormatOf(context.Response.ContentType);
        var requestFormat = RequestFacts.FormatOf(context.Request.ContentType);
        var status = facts.HasFailed && context.Response.HasStarted ? StatusCodes.Status500InternalServerError // The client got part of it.
            : context.RequestAborted.IsCancellationRequested ? ClientClosedRequest
            : context.Response.StatusCode;
        var user = context.User;
        var key = user.Identity?.Name;
        var client = SafeText.Of(user.FindFirstValue(ApiKeyClaims.Client));
        var identifiant = SafeText.Of(user.FindFirstValue(ApiKeyClaims.Identifiant));
        var (milliseconds, traceId) = ((long)duration.TotalMilliseconds, Activity.Current?.TraceId.ToHexString());
        LogRequest(Health.IsProbe(context.Request) ? LogLevel.Debug : LogLevel.Information, operation, status, milliseconds, requestFormat,
            format, facts.Rows, bytes, facts.Code, key, client, identifiant, traceId);

        var byOperation = new KeyValuePair<string, object?>("operation", operation ?? "none");
        var byStatus = new KeyValuePair<string, object?>("status", status);
        Telemetry.Requests.Add(1, byOperation, new("request.format", requestFormat ?? "none"), new("format", format ?? "none"), byStatus);
        Telemetry.Duration.Record(duration.TotalSeconds, byOperation, byStatus);
        if (facts.Rows is { } rows)
            Telemetry.Rows.Add(rows, byOperation);
        if (key is not null)
            Telemetry.KeyUses.Add(1, new KeyValuePair<string, object?>("key", key));
        if (facts.Recorded > 0)
            Telemetry.Recorded.Add(facts.Recorded);
        foreach (var code in facts.Refused)
            Telemetry.Refused.Add(1, new KeyValuePair<string, object?>("code", code));
        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            activity.SetTag("facturation.operation", operation).SetTag("facturation.key", key).SetTag("facturation.client", client);
            if (status >= StatusCodes.Status500InternalServerError)
                activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Starts an activity that continues the caller's trace, as ASP.NET Core's does.</summary>
    private static Activity Start(HttpRequest request)
    {
        var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        string? parent = request.Headers.TraceParent;
        if (ActivityContext.TryParse(parent, null, isRemote: true, out _))
            activity.SetParentId(parent!);
        return activity.Start();
    }

    [LoggerMessage(EventId = 1, EventName = "Request", Message =
        "{Operation} {Status} in {DurationMs} ms: request {RequestFormat}, answer {Format}, rows {Rows}, bytes {Bytes}, code {Code}, "
        + "key {Key}, client {Client}, identifiant {Identifiant}, trace {TraceId}")]
    private partial void LogRequest(
        LogLevel level, string? operation, int status, long durationMs, string? requestFormat, string? format, long? rows, long bytes,
        string? code, string? key, string? client, string? identifiant, string? traceId);

    [LoggerMessage(2, LogLevel.Error, "A request failed, trace {TraceId}")]
    private partial void LogFailure(Exception e, string? traceId);
}

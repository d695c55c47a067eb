using System.Diagnostics;
using System.Globalization;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.Storage;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Facturation.Api.V1;

/// <summary>
/// Answers every error under <c>/v1</c> in the shape of the contract, with the trace id that is also logged. It runs before
/// authentication.
/// </summary>
internal sealed partial class V1Middleware(RequestDelegate next, ILogger<V1Middleware> logger)
{
    /// <summary>Retry-After while the database does not answer.</summary>
    public const int RetryAfterSeconds = 5;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!Serves(context.Request))
        {
            await next(context);
            return;
        }
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed } && HttpMethods.IsOptions(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.Headers.Allow = $"{context.Response.Headers.Allow}, {HttpMethods.Options}";
                return;
            }
            if (context.Response is { HasStarted: false, ContentType: null } && V1Error.OfStatus(context.Response.StatusCode) is { } error)
                await AnswerAsync(context, error, error.Meaning);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected, for which each provider has its own exception. Nobody reads an answer, and the work is rolled back.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (error, message) = Explain(e);
            if (e is RefusalException { Refusal.Code: var code } && IsRecording(context))
                RequestFacts.Of(context).Refused = [code];
            if (error == V1Error.Unavailable)
                LogOutage(Outages.ReasonOf(e), TraceId);
            else if (error.Status >= 500)
                LogFailure(e, error.Code, TraceId);
            await AnswerAsync(context, error, message);
        }
    }

    /// <summary>Whether a request is for v1.</summary>
    public static bool Serves(HttpRequest request) => request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase);

    /// <summary>The W3C trace id of the request.</summary>
    public static string TraceId => Activity.Current!.TraceId.ToHexString();

    private static (V1Error Error, string Message) Explain(Exception exception) => exception switch
    {
        V1Exception e => (e.Error, e.Message),
        RefusalException e => (V1Error.Of(e.Refusal.Code), e.Message),
        BadHttpRequestException e => Plain(V1Error.OfStatus(e.StatusCode) ?? V1Error.BadRequest),
        _ when exception.IsStorageUnavailable() => Plain(V1Error.Unavailable),
        _ => Plain(V1Error.Internal),
    };

    private static (V1Error, string) Plain(V1Error error) => (error, error.Meaning);

    private static bool IsRecording(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ControllerActionDescriptor>()
        is { ActionName: nameof(ReadingsController.Record) };

    private static async Task AnswerAsync(HttpContext context, V1Error error, string message)
    {
        if (error == V1Error.Unavailable)
            context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        await V1Answer.Error(error, message, TraceId).SendAsync(context);
    }

    [LoggerMessage(2, LogLevel.Error, "v1 failed: {Code}, trace {TraceId}")]
    private partial void LogFailure(Exception e, string code, string traceId);

    [LoggerMessage(3, LogLevel.Error, "v1 is unavailable: {Reason}, trace {TraceId}")]
    private partial void LogOutage(string reason, string traceId);
}

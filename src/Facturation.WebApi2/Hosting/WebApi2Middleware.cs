using System.Diagnostics;
using System.Globalization;
using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Writes error answers without a body (401, 403, 404, 405, 429) and failures (500, 503) in Web API 2's shape, and sends the caching
/// headers of the legacy host (WIRE.md E2 to E4, O5).
/// </summary>
internal sealed class WebApi2Middleware(
    RequestDelegate next,
    IOptions<WebApi2Options> options,
    AllowedVerbs allowedVerbs,
    ILogger<WebApi2Middleware> logger,
    Outages? outages = null)
{
    private const string Denied = "Authorization has been denied for this request.";
    private const string Unavailable = "The service is unavailable.";
    private const string Busy = "Too many requests: the Retry-After header says when to come back.";

    private static readonly string[] StandardMethods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"];

    private readonly PathString prefix = options.Value.PathPrefix();

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(SendCachingHeaders, context);
        try
        {
            await next(context);
            if (IsOurs(context))
                await AnswerWhatHasNoBodyAsync(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted && IsOurs(context))
        {
            logger.LogBadRequest(e.StatusCode, e.Message);
            await RestartAsync(context, new HttpErrorResult(e.StatusCode, e.Message));
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && IsOurs(context))
        {
            var isOutage = outages?.Includes(e) == true;
            if (isOutage)
                logger.LogOutage(Outages.ReasonOf(e), Activity.Current?.TraceId.ToHexString());
            else
                logger.LogFailure(e, Activity.Current?.TraceId.ToHexString());
            await RestartAsync(context, isOutage
                ? new HttpErrorResult(StatusCodes.Status503ServiceUnavailable, Unavailable)
                : new HttpErrorResult(StatusCodes.Status500InternalServerError, ReadErrors.ErrorOccurred));
        }
    }

    /// <summary>
    /// Whether a request belongs to Web API 2: it is for one of its controllers, or for an address under the prefix that no other
    /// endpoint has. This is evaluated late, because routing may run before or after this middleware.
    /// </summary>
    private bool IsOurs(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<WebApi2Attribute>() is not null)
            return true;
        return context.Request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase) && endpoint switch
        {
            null => true,
            RouteEndpoint => false,
            // The router's own endpoint, for a verb that the address does not support.
            _ => allowedVerbs.Knows(context.Request.Path),
        };
    }

    private async Task AnswerWhatHasNoBodyAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.ContentType is not null || WebApi2Exchange.Of(context).ActionReached)
            return;
        var error = response.StatusCode switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => new HttpErrorResult(response.StatusCode, Denied),
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed => NotFoundOrNotAllowed(context),
            StatusCodes.Status429TooManyRequests => new HttpErrorResult(response.StatusCode, Busy),
            _ => null,
        };
        if (error is not null)
            await error.ExecuteAsync(context);
    }

    /// <summary>Answers 405 with the supported verbs if another verb would have matched (E2), else 404 with the requested address (E3).</summary>
    private HttpErrorResult NotFoundOrNotAllowed(HttpContext context)
    {
        if (allowedVerbs.For(context.Request) is { Count: > 0 } verbs)
        {
            context.Response.Headers.Allow = string.Join(", ", verbs);
            return new(StatusCodes.Status405MethodNotAllowed, $"The requested resource does not support http method '{MethodOf(context.Request)}'.");
        }
        context.Response.Headers.Remove("Allow");
        return new(StatusCodes.Status404NotFound, $"No HTTP resource was found that matches the request URI '{AddressOf(context)}'.");
    }

    /// <summary>
    /// Returns the method as Web API 2's hosts passed it on: seven standard methods in capitals, any other, PATCH among them, as it
    /// was sent (E2).
    /// </summary>
    private static string MethodOf(HttpRequest request) =>
        StandardMethods.FirstOrDefault(method => method.Equals(request.Method, StringComparison.OrdinalIgnoreCase)) ?? request.Method;

    /// <summary>Returns the absolute address, unescaped. A server that keeps no raw target has only the decoded path.</summary>
    private static string AddressOf(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var address = string.IsNullOrEmpty(target) ? context.Request.GetEncodedUrl()
            : target.StartsWith('/') ? $"{context.Request.Scheme}://{context.Request.Host}{target}"
            : target;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            return address;
        // Without ICU, Uri leaves a punycode host unchanged.
        return uri.HostNameType == UriHostNameType.Dns && uri.Host.Contains("xn--", StringComparison.OrdinalIgnoreCase)
            ? uri.ToString().Replace(uri.Host, Unicode(uri.Host), StringComparison.OrdinalIgnoreCase)
            : uri.ToString();
    }

    private static string Unicode(string host)
    {
        try
        {
            return new IdnMapping().GetUnicode(host);
        }
        catch (ArgumentException)
        {
            return host;
        }
    }

    private Task RestartAsync(HttpContext context, HttpErrorResult error)
    {
        context.Response.Clear();
        if (error.StatusCode == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = outages!.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return error.ExecuteAsync(context);
    }

    private Task SendCachingHeaders(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        if (headers.CacheControl.Count == 0 && IsOurs(context))
        {
            headers.CacheControl = "no-cache";
            headers.Pragma = "no-cache";
            headers.Expires = "-1";
        }
        return Task.CompletedTask;
    }
}

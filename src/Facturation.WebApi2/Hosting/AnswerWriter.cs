using System.Diagnostics;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Negotiation;
using Facturation.WebApi2.Streaming;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Facturation.WebApi2.Hosting;

/// <summary>Writes a value in the negotiated format, buffered and with its Content-Length, as the legacy host did (WIRE.md O5).</summary>
internal sealed class AnswerWriter(ContentNegotiator negotiator, ILogger<AnswerWriter> logger)
{
    /// <summary>
    /// Answers with a value of a declared type; the caller may require JSON whatever the client accepts. A value that cannot be
    /// written, such as a lone surrogate, is answered 500 (WIRE.md O4).
    /// </summary>
    public async Task WriteAsync(HttpContext context, int statusCode, Type type, object? value, bool isJson = false)
    {
        var answer = isJson ? negotiator.Json : negotiator.Negotiate(context.Request, type);
        var body = new MemoryStream();
        try
        {
            answer.Format.Write(type, value, body, answer.Encoding);
        }
        catch (Exception e) when (value is not HttpError)
        {
            logger.LogUnwritable(e, type, Activity.Current?.TraceId.ToHexString());
            context.Response.Clear(); // Headers that the action set belong to its answer.
            await WriteAsync(context, StatusCodes.Status500InternalServerError, typeof(HttpError), new HttpError(ReadErrors.ErrorOccurred));
            return;
        }
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    /// <summary>The content of a message that answers a request with a value of a declared type.</summary>
    public HttpContent ContentOf(HttpRequest request, Type type, object? value) =>
        new AnswerContent(negotiator.Negotiate(request, type), type, value);

    /// <summary>Answers with a message and disposes it. Content that cannot be written is answered 500.</summary>
    public async Task WriteAsync(HttpContext context, HttpResponseMessage message)
    {
        using var sent = message;
        byte[] body;
        try
        {
            body = await message.Content.ReadAsByteArrayAsync(context.RequestAborted);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.LogUnwritable(e, message.Content.GetType(), Activity.Current?.TraceId.ToHexString());
            context.Response.Clear();
            await WriteAsync(context, StatusCodes.Status500InternalServerError, typeof(HttpError), new HttpError(ReadErrors.ErrorOccurred));
            return;
        }
        var response = context.Response;
        response.StatusCode = (int)message.StatusCode;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = message.ReasonPhrase;
        foreach (var (name, values) in message.Headers.Concat(message.Content.Headers))
        {
            if (name is not ("Content-Length" or "Transfer-Encoding"))
                response.Headers[name] = values.ToArray();
        }
        if (response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>
    /// Lets a result write itself. The caller answers a failure that occurs before anything is sent. After that the connection is
    /// aborted, the only way to tell the client that the answer is incomplete.
    /// </summary>
    public async Task StreamAsync(HttpContext context, StreamedResult result)
    {
        var answer = negotiator.Negotiate(context.Request, result.DeclaredType);
        var cancellation = context.RequestAborted;
        using var output = answer.Format.WriteTo(context.Response, answer.Encoding);
        context.Response.ContentType = answer.ContentType;
        try
        {
            await output.WriteAsync(result, cancellation);
            await output.EndAsync(cancellation);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested)
        {
            logger.LogLeft(e, result.DeclaredType);
            context.Abort();
        }
        catch (Exception e) when (context.Response.HasStarted)
        {
            logger.LogBroken(e, result.DeclaredType, Activity.Current?.TraceId.ToHexString());
            context.Abort();
        }
    }
}

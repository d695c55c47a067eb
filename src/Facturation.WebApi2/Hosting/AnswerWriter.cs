using System.Diagnostics;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Negotiation;
using Facturation.WebApi2.Streaming;
using Microsoft.AspNetCore.Http;
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
            await WriteAsync(context, StatusCodes.Status500InternalServerError, typeof(HttpError), new HttpError(ReadErrors.ErrorOccurred));
            return;
        }
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
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

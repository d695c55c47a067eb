using System.Diagnostics;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Negotiation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Facturation.WebApi2.Hosting;

/// <summary>Writes a value in the negotiated format, whole and with its length, as the legacy host did (WIRE.md O5).</summary>
internal sealed partial class AnswerWriter(ContentNegotiator negotiator, ILogger<AnswerWriter> logger)
{
    /// <summary>
    /// Answers a value of a declared type, in JSON when asked for whatever the client accepts. One that cannot be written, as a
    /// lone surrogate cannot, is answered 500 (WIRE.md O4).
    /// </summary>
    public async Task WriteAsync(HttpContext context, int statusCode, Type type, object? value, bool isJson = false)
    {
        var answer = isJson ? negotiator.Json : negotiator.Negotiate(RequestHeaders.Of(context), type);
        var body = new MemoryStream();
        try
        {
            answer.Format.Write(type, value, body, answer.Encoding);
        }
        catch (Exception e) when (value is not HttpError)
        {
            LogUnwritable(e, type, Activity.Current?.TraceId.ToHexString());
            await WriteAsync(context, StatusCodes.Status500InternalServerError, typeof(HttpError), new HttpError(ReadErrors.ErrorOccurred));
            return;
        }
        context.Response.StatusCode = statusCode;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    [LoggerMessage(1, LogLevel.Error, "A value of {Type} could not be written, trace {TraceId}")]
    private partial void LogUnwritable(Exception e, Type type, string? traceId);
}

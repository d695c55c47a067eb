using Microsoft.Extensions.Logging;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// All messages that are logged. They are in one class because the generator writes several classes in an order that varies between
/// builds, and the package must be the same whoever builds it.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The request failed, trace {TraceId}")]
    public static partial void LogFailure(this ILogger logger, Exception e, string? traceId);

    [LoggerMessage(2, LogLevel.Debug, "The request was refused with {StatusCode}: {Reason}")]
    public static partial void LogBadRequest(this ILogger logger, int statusCode, string reason);

    [LoggerMessage(3, LogLevel.Error, "The service is unavailable: {Reason}, trace {TraceId}")]
    public static partial void LogOutage(this ILogger logger, string reason, string? traceId);

    [LoggerMessage(4, LogLevel.Error, "A value of {Type} could not be written, trace {TraceId}")]
    public static partial void LogUnwritable(this ILogger logger, Exception e, Type type, string? traceId);

    [LoggerMessage(5, LogLevel.Error, "An answer of {Type} failed when part of it was sent; its connection is broken, trace {TraceId}")]
    public static partial void LogBroken(this ILogger logger, Exception e, Type type, string? traceId);

    [LoggerMessage(6, LogLevel.Debug, "The client left before its answer of {Type} was whole")]
    public static partial void LogLeft(this ILogger logger, Exception e, Type type);
}

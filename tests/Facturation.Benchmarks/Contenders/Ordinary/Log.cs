namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>The line of each request.</summary>
internal static partial class RequestLines
{
    [LoggerMessage(LogLevel.Information, "{Operation} {Status} in {DurationMs} ms, client {Client}")]
    public static partial void Answered(this ILogger logger, string operation, int status, long durationMs, string? client);
}

/// <summary>Writes each line of the log, as every contender does, and throws it away: what keeps a log is not compared.</summary>
[ProviderAlias("Sink")]
internal sealed class LogSink : ILoggerProvider, ILogger
{
    private static volatile string? last;

    /// <summary>Makes it the only log. What frameworks tell of each request is left out, as it usually is.</summary>
    public static void Use(ILoggingBuilder logging) =>
        logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddProvider(new LogSink());

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        last = formatter(state, exception);
        if (logLevel >= LogLevel.Error)
            Console.Error.WriteLine($"{last} {exception}"); // A contender that fails is not measured.
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }
}

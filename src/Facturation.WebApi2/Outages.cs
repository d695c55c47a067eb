namespace Facturation.WebApi2;

/// <summary>Transient failures, such as a database that restarts. They are answered 503 with Retry-After; other failures are 500.</summary>
/// <param name="Includes">Tells whether an exception is a transient failure.</param>
/// <param name="RetryAfterSeconds">How long the client should wait before it retries.</param>
/// <remarks>Optional: a host without transient failures does not register it.</remarks>
public sealed record Outages(Func<Exception, bool> Includes, int RetryAfterSeconds)
{
    /// <summary>Describes the failure in one line. An outage fails every request, and each stack trace would be the same.</summary>
    public static string ReasonOf(Exception failure)
    {
        var cause = failure.GetBaseException();
        return $"{cause.GetType().Name}, {cause.Message.ReplaceLineEndings(" ")}";
    }
}

namespace Facturation.WebApi2;

/// <summary>Failures that pass by themselves, as of a database that restarts: answered 503 with Retry-After, where others are 500.</summary>
/// <param name="Includes">Whether an exception is one of them.</param>
/// <param name="RetryAfterSeconds">When to come back.</param>
/// <remarks>A host that has none registers none.</remarks>
public sealed record Outages(Func<Exception, bool> Includes, int RetryAfterSeconds)
{
    /// <summary>What failed, in one line: an outage fails every request, and each stack trace would be the same.</summary>
    public static string ReasonOf(Exception failure)
    {
        var cause = failure.GetBaseException();
        return $"{cause.GetType().Name}, {cause.Message.ReplaceLineEndings(" ")}";
    }
}

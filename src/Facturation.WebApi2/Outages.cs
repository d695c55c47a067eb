namespace Facturation.WebApi2;

/// <summary>Failures that pass by themselves, as of a database that restarts: answered 503 with Retry-After, where others are 500.</summary>
/// <param name="Includes">Whether an exception is one of them.</param>
/// <param name="RetryAfterSeconds">When to come back.</param>
/// <remarks>A host that has none registers none.</remarks>
public sealed record Outages(Func<Exception, bool> Includes, int RetryAfterSeconds);

using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Facturation.Api.Operations;

/// <summary>
/// A fixed window that opens with the first request. Unlike the platform's limiter, each lease tells how many requests
/// are left and for how long, and it uses the service's clock.
/// </summary>
internal sealed class WindowLimiter(int limit, TimeSpan window, TimeProvider clock) : RateLimiter
{
    private readonly Lock gate = new();
    private long opened = clock.GetTimestamp();
    private int used;

    /// <summary>Not null once the window is over: the limiter can then be removed.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            var elapsed = clock.GetElapsedTime(Volatile.Read(ref opened));
            return elapsed < window ? null : elapsed - window;
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    /// <summary>Acquires requests of the window; 0 only checks whether one is left.</summary>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (gate)
        {
            var elapsed = clock.GetElapsedTime(opened);
            if (elapsed >= window)
            {
                Volatile.Write(ref opened, clock.GetTimestamp());
                (elapsed, used) = (TimeSpan.Zero, 0);
            }
            var isAcquired = permitCount == 0 ? used < limit : used + permitCount <= limit;
            if (isAcquired)
                used += permitCount;
            return new Lease(isAcquired, new RateLimitState(limit, limit - used, window - elapsed));
        }
    }

    /// <summary>There is no queue.</summary>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    private sealed class Lease(bool isAcquired, RateLimitState state) : RateLimitLease
    {
        public override bool IsAcquired => isAcquired;

        public override IEnumerable<string> MetadataNames => [RateLimitState.Metadata.Name];

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata = metadataName == RateLimitState.Metadata.Name ? state : null;
            return metadata is not null;
        }
    }
}

/// <summary>The state of a limit, for the RateLimit headers.</summary>
/// <param name="Limit">The number of requests in a window.</param>
/// <param name="Remaining">The number of requests left.</param>
/// <param name="Reset">Time until a new window may open.</param>
internal readonly record struct RateLimitState(int Limit, int Remaining, TimeSpan Reset)
{
    public static readonly MetadataName<RateLimitState> Metadata = new("STATE");
}

using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Facturation.Api.Operations;

/// <summary>The rate limits; section <c>RateLimits</c> of the configuration.</summary>
internal sealed class RateLimitOptions
{
    /// <summary>The maximum number of requests of a key in a window; 0 (default) for no limit.</summary>
    [Range(0, 1_000_000_000)]
    public int PerKey { get; set; }

    /// <summary>The maximum number of requests of an address without a valid key in a window; 0 (default) for no limit.</summary>
    [Range(0, 1_000_000_000)]
    public int PerAddress { get; set; }

    /// <summary>The length of a window, which opens with the first request; 1 minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>
/// Limits the requests of each valid key, and those of each address without a valid key. Invalid keys are
/// never stored, so guessing keys uses no memory.
/// </summary>
internal sealed class RateLimits(RateLimitOptions options, TimeProvider clock) : IDisposable
{
    // Only valid keys, so their number is bounded.
    private readonly ConcurrentDictionary<string, bool> known = new();

    private readonly PartitionedRateLimiter<string> keys = Create(options.PerKey, options.Window, clock);
    private readonly PartitionedRateLimiter<string> addresses = Create(options.PerAddress, options.Window, clock);

    /// <summary>
    /// Whether a key should be looked up. From an address that has used up its limit, only a key that was valid before is, so that
    /// guesses cost nothing and other users of that address are not blocked.
    /// </summary>
    public bool MayTry(HttpContext context, string prefix)
    {
        if (options.PerAddress == 0 || known.ContainsKey(prefix))
            return true;
        using var lease = addresses.AttemptAcquire(AddressOf(context), 0);
        return lease.IsAcquired;
    }

    /// <summary>Counts a request, and sets status 429 if there are too many; the API that was called writes the body.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Health.IsProbe(context.Request))
            return next(context);
        var key = context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : null;
        if (key is not null && options.PerAddress > 0)
            known.TryAdd(key, true);
        if ((key is null ? options.PerAddress : options.PerKey) == 0)
            return next(context);

        using var lease = key is null ? addresses.AttemptAcquire(AddressOf(context)) : keys.AttemptAcquire(key);
        if (lease.TryGetMetadata(RateLimitState.Metadata, out var state))
            context.Response.OnStarting(() => Tell(context.Response, state)); // Something may clear the headers in between.
        if (lease.IsAcquired)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Tell(context.Response, state); // Set now too, for the code that writes the body.
    }

    public void Dispose()
    {
        keys.Dispose();
        addresses.Dispose();
    }

    private static PartitionedRateLimiter<string> Create(int limit, TimeSpan window, TimeProvider clock) =>
        PartitionedRateLimiter.Create<string, string>(
            who => RateLimitPartition.Get(who, _ => new WindowLimiter(limit, window, clock)), StringComparer.Ordinal);

    /// <summary>The client address. Of IPv6, only the first 64 bits, since a subscriber has a whole /64.</summary>
    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } address => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } address => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        var address => address.ToString(),
    };

    private static Task Tell(HttpResponse response, RateLimitState state)
    {
        var reset = Write((long)Math.Ceiling(state.Reset.TotalSeconds));
        response.Headers["RateLimit-Limit"] = Write(state.Limit);
        response.Headers["RateLimit-Remaining"] = Write(state.Remaining);
        response.Headers["RateLimit-Reset"] = reset;
        if (response.StatusCode == StatusCodes.Status429TooManyRequests)
            response.Headers.RetryAfter = reset;
        return Task.CompletedTask;

        static string Write(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}

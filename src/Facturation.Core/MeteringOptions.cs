using System.ComponentModel.DataAnnotations;

namespace Facturation.Core;

/// <summary>The configurable limits of the metering rules; section <c>Metering</c> of the configuration.</summary>
public sealed class MeteringOptions
{
    /// <summary>How far in the future a reading may lie, to tolerate clock skew; 0 to 1 day, 5 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Skew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A reading is suspect if its interval counts more than this many times the meter's usual consumption in as many days; 2 to 1000,
    /// 10 by default.
    /// </summary>
    [Range(2, 1000)]
    public int SuspectFactor { get; set; } = 10;

    /// <summary>The number of previous intervals that define the usual consumption; 1 to 100, 12 by default.</summary>
    [Range(1, 100)]
    public int SuspectHistory { get; set; } = 12;

    /// <summary>How long the answer for an <c>Idempotency-Key</c> is kept, in days; 1 to 365, 7 by default.</summary>
    [Range(1, 365)]
    public int IdempotencyDays { get; set; } = 7;
}

using System.ComponentModel.DataAnnotations;

namespace Facturation.Core;

/// <summary>What the rules of meters leave to choose; section <c>Metering</c> of the configuration.</summary>
public sealed class MeteringOptions
{
    /// <summary>How far a reading may lie in the future, since clocks differ; 0 to 1 day, 5 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Skew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A reading is suspect when its interval counts more than this many times what the meter usually counts in as many days;
    /// 2 to 1000, 10 by default.
    /// </summary>
    [Range(2, 1000)]
    public int SuspectFactor { get; set; } = 10;

    /// <summary>How many intervals tell what is usual; 1 to 100, 12 by default.</summary>
    [Range(1, 100)]
    public int SuspectHistory { get; set; } = 12;

    /// <summary>How long the answer kept for an <c>Idempotency-Key</c> is replayed, in days; 1 to 365, 7 by default.</summary>
    [Range(1, 365)]
    public int IdempotencyDays { get; set; } = 7;
}

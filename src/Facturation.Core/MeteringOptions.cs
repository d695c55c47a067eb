namespace Facturation.Core;

/// <summary>What the rules of meters leave to choose; section <c>Metering</c> of the configuration.</summary>
public sealed class MeteringOptions
{
    /// <summary>How far a reading may lie in the future, since clocks differ; 0 to 1 day, 5 minutes by default.</summary>
    public TimeSpan Skew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A reading is suspect when its interval counts more than this many times what the meter usually counts in as many days;
    /// 2 to 1000, 10 by default.
    /// </summary>
    public int SuspectFactor { get; set; } = 10;

    /// <summary>How many intervals tell what is usual; 1 to 100, 12 by default.</summary>
    public int SuspectHistory { get; set; } = 12;

    /// <summary>How long the answer kept for an <c>Idempotency-Key</c> is replayed, in days; 1 to 365, 7 by default.</summary>
    public int IdempotencyDays { get; set; } = 7;

    /// <summary>The first setting out of its range, in French, or null.</summary>
    public string? Check() => this switch
    {
        { Skew: var skew } when skew < TimeSpan.Zero || skew > TimeSpan.FromDays(1) => "Metering:Skew : de 00:00:00 à 1.00:00:00.",
        { SuspectFactor: < 2 or > 1000 } => "Metering:SuspectFactor : de 2 à 1000.",
        { SuspectHistory: < 1 or > 100 } => "Metering:SuspectHistory : de 1 à 100.",
        { IdempotencyDays: < 1 or > 365 } => "Metering:IdempotencyDays : de 1 à 365.",
        _ => null,
    };
}

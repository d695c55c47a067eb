namespace Facturation.Core;

/// <summary>What a meter showed at an instant. A reading is never changed: it is voided, and another recorded.</summary>
public sealed record Reading
{
    /// <summary>The longest <see cref="ProofRef"/> and <see cref="Voiding.Reason"/>, in characters (Unicode code points).</summary>
    public const int MaxText = 500;

    /// <summary>Its id on the wire.</summary>
    public required Guid Id { get; init; }

    /// <summary>The index, in thousandths of a unit, from 0 to below <see cref="Meter.End"/>.</summary>
    public required long IndexMilli { get; init; }

    /// <summary>When the meter showed it, to the tick, in UTC. A meter has one reading that counts at an instant.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Who read it; may be null for the first reading of a meter.</summary>
    public required Guid? RecordedBy { get; init; }

    /// <summary>Where a proof lies, in the client's own words, or null.</summary>
    public string? ProofRef { get; init; }

    /// <summary>When it reached the service.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Whether the interval that ends here counts implausibly much (<see cref="MeteringOptions.SuspectFactor"/>).</summary>
    public bool IsSuspect { get; init; }

    /// <summary>Set once the reading does not count any more.</summary>
    public Voiding? Void { get; init; }

    /// <summary>The day its interval's units fall on, in Paris.</summary>
    public DateOnly Jour => Paris.Day(ReadAt.UtcDateTime);

    /// <summary>The reading as messages show it.</summary>
    public override string ToString() => $"{IndexMilli} le {Instants.Write(ReadAt)}";
}

/// <summary>Who voided a reading, when and why.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in the client's words: 1 to <see cref="Reading.MaxText"/> characters.</param>
public sealed record Voiding(DateTimeOffset At, Guid By, string Reason);

/// <summary>A reading as it is sent.</summary>
/// <param name="IndexMilli">The index, in thousandths of a unit, not negative.</param>
/// <param name="ReadAt">When the meter showed it.</param>
/// <param name="RecordedBy">Who read it.</param>
/// <param name="ProofRef">Where a proof lies, or null.</param>
public sealed record SentReading(long IndexMilli, DateTimeOffset ReadAt, Guid? RecordedBy, string? ProofRef)
{
    /// <summary>What the sender calls <see cref="ReadAt"/>, for messages.</summary>
    public string InstantName { get; init; } = "readAt";

    /// <summary>What the sender calls <see cref="IndexMilli"/>, for messages.</summary>
    public string IndexName { get; init; } = "indexValueMilli";
}

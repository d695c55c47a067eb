namespace Facturation.Core;

/// <summary>The index of a meter at an instant. A reading is never changed: it is voided, and another is recorded.</summary>
public sealed record Reading
{
    /// <summary>The maximum length of <see cref="ProofRef"/> and <see cref="Voiding.Reason"/>, in characters (Unicode code points).</summary>
    public const int MaxText = 500;

    /// <summary>Its id on the wire.</summary>
    public required Guid Id { get; init; }

    /// <summary>The index, in thousandths of a unit, from 0 to below <see cref="Register.End"/>.</summary>
    public required long IndexMilli { get; init; }

    /// <summary>How often the counter had started again at 0 since the meter was installed.</summary>
    public int Turns { get; init; }

    /// <summary>When the meter was read, to the tick, in UTC. A meter has at most one reading that counts at an instant.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Who read it; may be null for the first reading of a meter.</summary>
    public required Guid? RecordedBy { get; init; }

    /// <summary>A reference to a proof, in the client's own terms, or null.</summary>
    public string? ProofRef { get; init; }

    /// <summary>When the service recorded it.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>
    /// Whether the interval that ends here counts implausibly much (<see cref="MeteringOptions.SuspectFactor"/>), and nobody confirmed the
    /// reading.
    /// </summary>
    public bool IsSuspect { get; init; }

    /// <summary>Set once somebody confirmed the index, which was suspect.</summary>
    public Confirmation? Confirmed { get; init; }

    /// <summary>Set once the reading no longer counts.</summary>
    public Voiding? Void { get; init; }

    /// <summary>The day, in Paris, on which the units of its interval count.</summary>
    public DateOnly Jour => Paris.Day(ReadAt.UtcDateTime);

    /// <summary>Formats the reading for messages.</summary>
    public override string ToString() => $"{IndexMilli} le {Instants.Write(ReadAt)}";
}

/// <summary>Who voided a reading, when and why.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, in the client's words: 1 to <see cref="Reading.MaxText"/> characters.</param>
public sealed record Voiding(DateTimeOffset At, Guid By, string Reason);

/// <summary>Who confirmed a suspect reading, and when.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
public sealed record Confirmation(DateTimeOffset At, Guid By);

/// <summary>A reading as it is sent.</summary>
/// <param name="IndexMilli">The index, in thousandths of a unit, not negative.</param>
/// <param name="ReadAt">When the meter was read.</param>
/// <param name="RecordedBy">Who read it.</param>
/// <param name="ProofRef">A reference to a proof, or null.</param>
public sealed record SentReading(long IndexMilli, DateTimeOffset ReadAt, Guid? RecordedBy, string? ProofRef)
{
    /// <summary>The sender's name for <see cref="ReadAt"/>, for messages.</summary>
    public string InstantName { get; init; } = "readAt";

    /// <summary>The sender's name for <see cref="IndexMilli"/>, for messages.</summary>
    public string IndexName { get; init; } = "indexValueMilli";
}

namespace Facturation.Core;

/// <summary>How the index of a meter becomes units. It is fixed for the meter's life.</summary>
/// <param name="RolloverAt">
/// The index, in whole units of the index, at which the counter shows 0 again; from <see cref="MinRollover"/> to 10^digits.
/// </param>
/// <param name="MultiplierMicros">
/// The units that one unit of the index stands for, in millionths; at least 1. A transformer ratio of 40 is 40,000,000.
/// </param>
public readonly record struct Register(long RolloverAt, long MultiplierMicros)
{
    /// <summary>The multiplier of a meter that shows the units themselves.</summary>
    public const long NoMultiplier = 1_000_000;

    /// <summary>The lowest <see cref="RolloverAt"/>: a rollover goes from the top tenth of the range to the bottom tenth.</summary>
    public const long MinRollover = 10;

    /// <summary>The maximum number of units that one turn may count. Sums of a batch then fit in 64 bits.</summary>
    public const long MaxTurn = 1_000_000_000_000_000;

    /// <summary>The lowest index, in thousandths, that the counter does not show.</summary>
    public long End => RolloverAt * 1000;

    /// <summary>Whether one turn counts at most <see cref="MaxTurn"/> units.</summary>
    public bool HasRoom => (Int128)RolloverAt * MultiplierMicros <= (Int128)MaxTurn * NoMultiplier;

    /// <summary>Whether one turn counts a whole number of units. If so, units between readings do not depend on earlier turns.</summary>
    public bool IsTurnWhole => (Int128)RolloverAt * MultiplierMicros % NoMultiplier == 0;

    /// <summary>10^digits: where a counter starts again unless it is built to do so earlier.</summary>
    public static long RolloverOf(int digits)
    {
        var rollover = 1L;
        for (var digit = 0; digit < digits; digit++)
            rollover *= 10;
        return rollover;
    }

    /// <summary>
    /// The turns between two successive indexes, in thousandths, both below <see cref="End"/>: 0 if the index does not fall, 1 for a
    /// rollover, which falls from the top tenth of the range to the bottom tenth; null for any other fall.
    /// </summary>
    public int? TurnsBetween(long earlier, long later)
    {
        if (later >= earlier)
            return 0;
        return earlier >= End - End / 10 && later < End / 10 ? 1 : null;
    }

    /// <summary>
    /// The whole units counted from index 0 before any turn to an index, in thousandths, after some turns. They are rounded down here
    /// and nowhere else, so the units of the parts of a period always add up to the units of the period.
    /// </summary>
    public Int128 UnitsAt(long indexMilli, long turns) =>
        ((Int128)turns * End + indexMilli) * MultiplierMicros / (1000L * NoMultiplier);
}

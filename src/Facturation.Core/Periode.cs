namespace Facturation.Core;

/// <summary>A period of days in Europe/Paris, both ends included.</summary>
/// <param name="Debut">The first day; null for no lower bound.</param>
/// <param name="Fin">The last day; null for no upper bound.</param>
public readonly record struct Periode(DateOnly? Debut, DateOnly? Fin)
{
    /// <summary>Creates the period between the days of two dates (<see cref="Paris.Day"/>), ignoring the time.</summary>
    public static Periode Between(DateTime? debut, DateTime? fin) =>
        new(debut is { } d ? Paris.Day(d) : null, fin is { } f ? Paris.Day(f) : null);

    /// <summary>Whether the period contains no day, because the first day comes after the last.</summary>
    public bool IsReversed => Debut > Fin;

    /// <summary>The instant at which it begins; null where it is open.</summary>
    public DateTimeOffset? Start => Debut is { } debut ? Paris.StartOf(debut) : null;

    /// <summary>The instant at which it ends, which is of the next day; null where it is open, or ends with the calendar.</summary>
    public DateTimeOffset? End => Fin is { } fin && fin < DateOnly.MaxValue ? Paris.StartOf(fin.AddDays(1)) : null;
}

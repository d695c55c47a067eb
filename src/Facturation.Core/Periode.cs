namespace Facturation.Core;

/// <summary>A period of days in Europe/Paris, both ends included.</summary>
/// <param name="Debut">The first day; null: since ever.</param>
/// <param name="Fin">The last day; null: for ever.</param>
public readonly record struct Periode(DateOnly? Debut, DateOnly? Fin)
{
    /// <summary>The period between the days two dates lie in (<see cref="Paris.Day"/>); the hours do not count.</summary>
    public static Periode Between(DateTime? debut, DateTime? fin) =>
        new(debut is { } d ? Paris.Day(d) : null, fin is { } f ? Paris.Day(f) : null);

    /// <summary>Whether the first day comes after the last: no day lies in such a period.</summary>
    public bool IsReversed => Debut > Fin;
}

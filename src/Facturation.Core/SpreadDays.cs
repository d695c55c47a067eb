namespace Facturation.Core;

/// <summary>
/// Adds up what counts on each day of a period, where what a meter counted between two readings is spread over the days between them. No more is
/// held than the period has days, however many meters and readings are added.
/// </summary>
/// <param name="periode">The days; what is spread over others is left out.</param>
public sealed class SpreadDays(Periode periode)
{
    private readonly Dictionary<DateOnly, (Int128 Units, long Lines)> days = [];

    /// <summary>Adds what lines count on one day; a day that has lines is one of the sums, even if they count 0.</summary>
    /// <param name="jour">A day of the period.</param>
    /// <param name="units">Whole units.</param>
    /// <param name="lines">The number of lines; negative with negative units takes back what was added.</param>
    public void AddLines(DateOnly jour, long units, long lines)
    {
        var (sum, count) = days.GetValueOrDefault(jour);
        days[jour] = (sum + units, count + lines);
    }

    /// <summary>
    /// Adds what counts between two instants, spread over the days between them, in Paris, as evenly as whole units allow: each day has its part
    /// of the time. The units of all days together stay the same.
    /// </summary>
    public void AddInterval(DateTimeOffset start, DateTimeOffset end, long units)
    {
        var (first, last) = (Paris.Day(start.UtcDateTime), Paris.Day(end.UtcDateTime));
        var from = periode.Debut > first ? periode.Debut.Value : first;
        var to = periode.Fin < last ? periode.Fin.Value : last;
        if (units == 0 || from > to)
            return;
        var lasted = (end - start).Ticks;
        var counted = from > first ? UntilStartOf(from) : 0;
        for (var day = from.DayNumber; day <= to.DayNumber; day++)
        {
            var jour = DateOnly.FromDayNumber(day);
            var until = jour < last ? UntilStartOf(jour.AddDays(1)) : units;
            if (until != counted)
                AddLines(jour, until - counted, 0);
            counted = until;
        }

        long UntilStartOf(DateOnly jour) => (long)((Int128)units * (Paris.StartOf(jour) - start).Ticks / lasted);
    }

    /// <summary>The sums, in order of days; those without lines and units are left out.</summary>
    public List<(DateOnly Jour, Int128 Units)> ToList() =>
        [.. days.Where(day => day.Value.Units != 0 || day.Value.Lines != 0).Select(day => (day.Key, day.Value.Units)).OrderBy(day => day.Key)];
}

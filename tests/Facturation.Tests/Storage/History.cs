namespace Facturation.Tests.Storage;

/// <summary>
/// What a meter's readings should be and count, calculated from the start each time and by other means than the service: the
/// whole list, sorted and walked.
/// </summary>
internal sealed class History(int digits, DateTimeOffset installedAt, long first)
{
    private readonly long turn = (long)Math.Pow(10, digits);

    public SortedList<DateTimeOffset, long> Readings { get; } = new() { [installedAt] = first };

    /// <summary>Whether the rules accept a reading that is not there yet.</summary>
    public bool Accepts(DateTimeOffset at, long index)
    {
        if (at < installedAt || Readings.ContainsKey(at) || index >= turn * 1000)
            return false;
        var with = new SortedList<DateTimeOffset, long>(Readings) { [at] = index };
        return IsValid(with) && (at > Readings.Keys[^1] || Turns(with) == Turns(Readings));
    }

    /// <summary>Whether the rules let a reading go.</summary>
    public bool LetsGo(DateTimeOffset at)
    {
        var without = new SortedList<DateTimeOffset, long>(Readings);
        without.Remove(at);
        return at != installedAt && IsValid(without);
    }

    /// <summary>The whole units of each day of Paris; days without any are left out.</summary>
    public Dictionary<DateOnly, long> Days()
    {
        var days = new Dictionary<DateOnly, long>();
        foreach (var ((_, earlier), (at, later)) in Pairs(Readings))
        {
            var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime);
            days[day] = days.GetValueOrDefault(day) + later / 1000 - earlier / 1000 + (later < earlier ? turn : 0);
        }
        return days.Where(d => d.Value != 0).ToDictionary();
    }

    /// <summary>The difference of the last and the first whole index, turns added.</summary>
    public long Total() => Readings.Values[^1] / 1000 - Readings.Values[0] / 1000 + turn * Turns(Readings);

    private bool IsValid(SortedList<DateTimeOffset, long> readings) => Pairs(readings).All(pair =>
        pair.Later.Value >= pair.Earlier.Value || (pair.Earlier.Value >= turn * 900 && pair.Later.Value < turn * 100));

    private static int Turns(SortedList<DateTimeOffset, long> readings) => Pairs(readings).Count(pair => pair.Later.Value < pair.Earlier.Value);

    private static IEnumerable<(KeyValuePair<DateTimeOffset, long> Earlier, KeyValuePair<DateTimeOffset, long> Later)> Pairs(
        SortedList<DateTimeOffset, long> readings) => readings.Zip(readings.Skip(1));
}

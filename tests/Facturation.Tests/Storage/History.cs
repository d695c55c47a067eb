using System.Numerics;
using Facturation.Core;

namespace Facturation.Tests.Storage;

/// <summary>
/// What a meter's readings should be and count, calculated from the start each time and by other means than the service: the
/// whole list, sorted and walked, in numbers of any length.
/// </summary>
internal sealed class History(Register register, DateTimeOffset installedAt, long first)
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private readonly long turn = register.RolloverAt;

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

    /// <summary>Whether the rules let a reading have another index.</summary>
    public bool Corrects(DateTimeOffset at, long index)
    {
        var with = new SortedList<DateTimeOffset, long>(Readings) { [at] = index };
        return index == Readings[at]
            || (index < turn * 1000 && IsValid(with) && (at == Readings.Keys[^1] || Turns(with) <= Turns(Readings)));
    }

    /// <summary>The whole units of each day of Paris, up to the reading at an instant; days without any are left out.</summary>
    /// <param name="last">The instant; null for all readings.</param>
    /// <param name="held">The instants of readings whose intervals do not count; null for none.</param>
    public Dictionary<DateOnly, long> Days(DateTimeOffset? last = null, IEnumerable<DateTimeOffset>? held = null)
    {
        var days = new Dictionary<DateOnly, long>();
        foreach (var (_, at, units) in Intervals(last, held))
            days[Day(at)] = days.GetValueOrDefault(Day(at)) + (long)units;
        return days.Where(d => d.Value != 0).ToDictionary();
    }

    /// <summary>The same, each interval spread over its days: what it had counted by the end of each, had it counted evenly, rounded down.</summary>
    public Dictionary<DateOnly, long> Spread(IEnumerable<DateTimeOffset>? held = null)
    {
        var days = new Dictionary<DateOnly, long>();
        foreach (var (from, to, units) in Intervals(null, held))
        {
            for (var day = Day(from); day <= Day(to); day = day.AddDays(1))
                days[day] = days.GetValueOrDefault(day) + (long)(By(day.AddDays(1)) - By(day));

            BigInteger By(DateOnly day)
            {
                var midnight = day.ToDateTime(TimeOnly.MinValue);
                var begin = new DateTimeOffset(midnight, Paris.GetUtcOffset(midnight));
                return units * ((begin < from ? from : begin > to ? to : begin) - from).Ticks / (to - from).Ticks;
            }
        }
        return days.Where(d => d.Value != 0).ToDictionary();
    }

    private IEnumerable<(DateTimeOffset From, DateTimeOffset To, BigInteger Units)> Intervals(DateTimeOffset? last, IEnumerable<DateTimeOffset>? held)
    {
        var (skipped, turns) = (held?.ToHashSet() ?? [], 0);
        foreach (var ((from, earlier), (at, later)) in Pairs(Readings))
        {
            var before = Units(earlier, turns);
            turns += later < earlier ? 1 : 0;
            if (at > last)
                yield break;
            if (!skipped.Contains(at))
                yield return (from, at, Units(later, turns) - before);
        }
    }

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Paris).DateTime);

    /// <summary>The difference of the last and the first index, multiplied and rounded down, turns added.</summary>
    public long Total() => (long)(Units(Readings.Values[^1], Turns(Readings)) - Units(Readings.Values[0], 0));

    private BigInteger Units(long index, int turns) =>
        ((BigInteger)turns * turn * 1000 + index) * register.MultiplierMicros / BigInteger.Pow(10, 9);

    private bool IsValid(SortedList<DateTimeOffset, long> readings) => Pairs(readings).All(pair =>
        pair.Later.Value >= pair.Earlier.Value || (pair.Earlier.Value >= turn * 900 && pair.Later.Value < turn * 100));

    private static int Turns(SortedList<DateTimeOffset, long> readings) => Pairs(readings).Count(pair => pair.Later.Value < pair.Earlier.Value);

    private static IEnumerable<(KeyValuePair<DateTimeOffset, long> Earlier, KeyValuePair<DateTimeOffset, long> Later)> Pairs(
        SortedList<DateTimeOffset, long> readings) => readings.Zip(readings.Skip(1));
}

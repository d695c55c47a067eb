using System.Numerics;
using Facturation.Core;

namespace Facturation.Tests.Storage;

/// <summary>
/// What a meter's readings should be and count, calculated from the start each time and by other means than the service: the
/// whole list, sorted and walked, in numbers of any length.
/// </summary>
internal sealed class History(Register register, DateTimeOffset installedAt, long first)
{
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
        var skipped = held?.ToHashSet() ?? [];
        var (days, turns) = (new Dictionary<DateOnly, long>(), 0);
        foreach (var ((_, earlier), (at, later)) in Pairs(Readings))
        {
            var before = Units(earlier, turns);
            turns += later < earlier ? 1 : 0;
            if (at > last)
                break;
            if (skipped.Contains(at))
                continue;
            var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime);
            days[day] = days.GetValueOrDefault(day) + (long)(Units(later, turns) - before);
        }
        return days.Where(d => d.Value != 0).ToDictionary();
    }

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

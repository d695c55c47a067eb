using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class MeterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Meter Meter = SeriesTests.Meter with { Digits = 9, Register = new(1_000_000_000, Register.NoMultiplier) };

    /// <summary>Days of 23 and 25 hours get their part: 25 October 2026 is 25 hours long.</summary>
    [TestCase("2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z", 47, "2026-03-29 23|2026-03-30 24")]
    [TestCase("2026-10-24T22:00:00Z", "2026-10-26T23:00:00Z", 49, "2026-10-25 25|2026-10-26 24")]
    [TestCase("2026-03-31T21:00:00Z", "2026-03-31T22:00:00Z", 7, "2026-03-31 7", TestName = "Spread_ReadingAtMidnight_CountsNothingOnItsDay")]
    [TestCase("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 7, "2026-06-01 7")]
    [TestCase("2026-05-31T22:00:00Z", "2026-06-04T22:00:00Z", 2, "2026-06-02 1|2026-06-04 1")]
    public void Spread_AnInterval_GivesEachDayItsPartOfTheTime(string from, string to, int units, string expected) =>
        Assert.That(string.Join('|', Meter.Spread([At(from, 0), At(to, units)], default).Select(day => $"{day.Jour:yyyy-MM-dd} {day.Units}")), Is.EqualTo(expected));

    [Test]
    public void Spread_AnyReadings_KeepsTheirSumAndIsThatOfItsParts()
    {
        var random = new Random(20261130);
        for (var round = 0; round < 300; round++)
        {
            var (instant, index) = (Start, 0L);
            var readings = new List<Reading> { At(instant, 0) };
            for (var i = random.Next(1, 8); i > 0; i--)
                readings.Add(At(instant = instant.AddMinutes(random.Next(1, random.Next(2, 200_000))), index += random.Next(0, 5_000)));
            var meter = Meter with { HoldsSuspects = round % 2 == 0 };
            if (readings.Count > 2)
                readings[1] = readings[1] with { IsSuspect = true };

            var all = meter.Spread(readings, default);
            var (first, last) = (readings[0].Jour, readings[^1].Jour);
            var cut = first.AddDays(random.Next(0, last.DayNumber - first.DayNumber + 1));

            Assert.That(all.Sum(day => day.Units), Is.EqualTo(readings.Zip(readings.Skip(1), meter.CountBetween).Sum()));
            Assert.That(all, Is.Ordered.By("Item1").And.All.Matches<(DateOnly, long Units)>(day => day.Units > 0));
            Assert.That(meter.Spread(readings, new(null, cut)).Concat(meter.Spread(readings, new(cut.AddDays(1), null))), Is.EqualTo(all));
        }
    }

    private static Reading At(string instant, long units) => At(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), units);

    private static Reading At(DateTimeOffset instant, long units) =>
        new() { Id = Guid.NewGuid(), IndexMilli = units * 1000, ReadAt = instant, RecordedAt = instant, RecordedBy = Guid.Empty };
}

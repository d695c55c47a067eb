using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class ParisTests
{
    [TestCase("2026-03-21T22:59:59.9999999", "2026-03-21")]
    [TestCase("2026-03-21T23:00:00", "2026-03-22")]
    [TestCase("2026-07-14T21:59:59", "2026-07-14")]
    [TestCase("2026-07-14T22:00:00", "2026-07-15")]
    [TestCase("0001-01-01T00:00:00", "0001-01-01")]
    [TestCase("9999-12-31T23:59:59.9999999", "9999-12-31")]
    public void Day_OfAnInstant_IsTheDayInParis(string utc, string day) =>
        Assert.That(Paris.Day(DateTime.SpecifyKind(Date(utc), DateTimeKind.Utc)), Is.EqualTo(DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));

    [Test]
    public void Day_OfAnHourOfParis_IsKept([Values(DateTimeKind.Local, DateTimeKind.Unspecified)] DateTimeKind kind)
    {
        Assert.That(Paris.Day(DateTime.SpecifyKind(Date("2026-03-22T00:00:00"), kind)), Is.EqualTo(new DateOnly(2026, 3, 22)));
        Assert.That(Paris.Day(DateTime.SpecifyKind(Date("2026-03-22T23:59:59.9999999"), kind)), Is.EqualTo(new DateOnly(2026, 3, 22)));
    }

    [TestCase("2026-03-29T01:59:59", "2026-03-29T00:59:59", TestName = "Instant_LastWinterHour")]
    [TestCase("2026-03-29T02:30:00", "2026-03-29T01:30:00", TestName = "Instant_HourThatDoesNotExist_CountsAsWinter")]
    [TestCase("2026-03-29T03:00:00", "2026-03-29T01:00:00", TestName = "Instant_FirstSummerHour")]
    [TestCase("2026-10-25T02:30:00", "2026-10-25T01:30:00", TestName = "Instant_HourThatComesTwice_IsTheSecond")]
    [TestCase("0001-01-01T00:00:00", "0001-01-01T00:00:00", TestName = "Instant_BeforeTheCalendar_StopsAtItsEdge")]
    public void Instant_OfAnHourOfParis_IsUtc(string hour, string utc)
    {
        var instant = Paris.Instant(Date(hour));
        Assert.That(instant, Is.EqualTo(Date(utc)));
        Assert.That(instant.Kind, Is.EqualTo(DateTimeKind.Utc));
    }

    [Test]
    public void Hour_OfAnInstantAtTheEdges_StaysInTheCalendar()
    {
        Assert.That(Paris.Hour(DateTimeOffset.MinValue), Is.LessThan(new DateTime(1, 1, 2)));
        Assert.That(Paris.Hour(DateTimeOffset.MaxValue), Is.EqualTo(DateTime.MaxValue));
    }

    private static DateTime Date(string text) => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

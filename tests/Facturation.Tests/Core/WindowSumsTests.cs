using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class WindowSumsTests
{
    private static readonly ConsumptionGroup One = new(1, null, null, null, null, 0), Two = new(2, null, null, null, null, 0);

    [TestCase(Window.Period, "2026-01-15..2026-04-02 15")]
    [TestCase(Window.Day, "2026-01-15..2026-01-15 3", "2026-01-31..2026-01-31 2", "2026-04-02..2026-04-02 10")]
    [TestCase(Window.Month, "2026-01-01..2026-01-31 5", "2026-04-01..2026-04-30 10")]
    [TestCase(Window.Year, "2026-01-01..2026-12-31 15")]
    public void Add_NoPeriodAsked_CountsWholeWindows(Window window, params string[] expected) =>
        Assert.That(Rows(window, default, fillsGaps: false), Is.EqualTo(expected));

    [TestCase(Window.Period, "2026-01-10..2026-04-10 15")]
    [TestCase(Window.Month, "2026-01-10..2026-01-31 5", "2026-02-01..2026-02-28 0", "2026-03-01..2026-03-31 0", "2026-04-01..2026-04-10 10")]
    [TestCase(Window.Year, "2026-01-10..2026-04-10 15")]
    public void Add_PeriodAsked_CutsTheWindowsAtItsEnds(Window window, params string[] expected) =>
        Assert.That(Rows(window, new(new(2026, 1, 10), new(2026, 4, 10)), fillsGaps: true), Is.EqualTo(expected));

    [Test]
    public void Add_FilledYearOfMonths_HasTwelve() => Assert.That(
        Rows(Window.Month, new(new(2026, 1, 1), new(2026, 12, 31)), fillsGaps: true), Has.Count.EqualTo(12).And.Exactly(10).EndsWith(" 0"));

    [Test]
    public void Add_FilledDays_AreThoseOfTheCalendar([Values(2024, 2026)] int year)
    {
        var sums = new WindowSums(Window.Day, new(new(year, 1, 1), new(year, 12, 31)), default, fillsGaps: true);
        var rows = new List<ConsumptionRow>();
        sums.Add(new(One, null, default, new(year, 3, 1), 7), rows);
        sums.End(rows);

        Assert.That(rows.Select(row => row.First), Is.EqualTo(Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365).Select(i => new DateOnly(year, 1, 1).AddDays(i))));
        Assert.That(rows.Sum(row => row.Units), Is.EqualTo(7));
        Assert.That(sums.Count, Is.EqualTo(rows.Count));
    }

    /// <summary>Each group has all windows, from the first day of any group to the last.</summary>
    [Test]
    public void Add_FilledGroups_HaveTheSameWindows()
    {
        var (sums, rows) = (new WindowSums(Window.Month, default, new(new(2026, 1, 15), new(2026, 4, 2)), fillsGaps: true), new List<ConsumptionRow>());
        sums.Add(new(One, null, default, new(2026, 1, 15), 1), rows);
        sums.Add(new(Two, null, default, new(2026, 4, 2), 2), rows);
        sums.End(rows);

        Assert.That(rows.Select(row => (row.Group.ProduitId, row.First.Month, row.Units)), Is.EqualTo(new (int?, int, long)[]
        {
            (1, 1, 1), (1, 2, 0), (1, 3, 0), (1, 4, 0), (2, 1, 0), (2, 2, 0), (2, 3, 0), (2, 4, 2),
        }));
    }

    [Test]
    public void AddEmpty_PeriodAsked_HasItsWindows([Values] bool fillsGaps)
    {
        var (sums, rows) = (new WindowSums(Window.Year, new(new(2025, 5, 5), new(2027, 1, 1)), default, fillsGaps), new List<ConsumptionRow>());
        sums.AddEmpty(One, rows);
        Assert.That(rows, Has.Count.EqualTo(fillsGaps ? 3 : 0));
    }

    [Test]
    public void Add_ToTheEndsOfTheCalendar_Ends([Values] Window window)
    {
        var whole = new Periode(DateOnly.MinValue, DateOnly.MaxValue);
        var (sums, rows) = (new WindowSums(window, whole, whole, fillsGaps: true), new List<ConsumptionRow>());
        sums.Add(new(One, null, default, DateOnly.MaxValue, 1), rows);
        sums.End(rows);

        Assert.That(rows, Has.Count.EqualTo(sums.Count));
        Assert.That(sums.Count, Is.EqualTo(window switch { Window.Day => 3_652_059, Window.Month => 119_988, Window.Year => 9_999, _ => 1 }));
        Assert.That((rows[0].First, rows[^1].Last, rows[^1].Units), Is.EqualTo((DateOnly.MinValue, DateOnly.MaxValue, 1)));
    }

    private static List<string> Rows(Window window, Periode asked, bool fillsGaps)
    {
        var (sums, rows) = (new WindowSums(window, asked, new(new(2026, 1, 15), new(2026, 4, 2)), fillsGaps), new List<ConsumptionRow>());
        foreach (var (day, units) in new[] { ("2026-01-15", 3), ("2026-01-31", 4), ("2026-01-31", -2), ("2026-04-02", 10) })
            sums.Add(new(One, null, default, DateOnly.ParseExact(day, "O"), units), rows);
        sums.End(rows);
        return [.. rows.Select(row => $"{row.First:O}..{row.Last:O} {row.Units}")];
    }
}

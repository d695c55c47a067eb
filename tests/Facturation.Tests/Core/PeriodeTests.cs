using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class PeriodeTests
{
    private static readonly DateOnly Mars = new(2026, 3, 1), Avril = new(2026, 4, 1);

    [Test]
    public void Contains_BothBounds_AreIncluded()
    {
        var periode = new Periode(Mars, Avril);
        Assert.That(periode.Contains(Mars) && periode.Contains(Avril));
        Assert.That(periode.Contains(Mars.AddDays(-1)) || periode.Contains(Avril.AddDays(1)), Is.False);
    }

    [Test]
    public void Contains_AbsentBound_IsOpen()
    {
        Assert.That(new Periode(null, Avril).Contains(DateOnly.MinValue));
        Assert.That(new Periode(Mars, null).Contains(DateOnly.MaxValue));
        Assert.That(default(Periode).Contains(Mars));
    }

    [Test]
    public void IsReversed_CountsDaysNotHours()
    {
        var noon = new DateTime(2026, 3, 22, 12, 0, 0);
        Assert.That(Periode.Between(noon, noon.AddHours(-3)).IsReversed, Is.False);
        Assert.That(Periode.Between(noon, noon.AddDays(-1)).IsReversed);
        Assert.That(Periode.Between(null, noon).IsReversed || Periode.Between(noon, null).IsReversed, Is.False);
    }

    [Test]
    public void Between_AnInstant_IsTakenToParis()
    {
        var late = new DateTime(2026, 3, 21, 23, 30, 0, DateTimeKind.Utc);
        Assert.That(Periode.Between(late, null).Debut, Is.EqualTo(new DateOnly(2026, 3, 22)));
    }
}

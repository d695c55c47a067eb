using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class PeriodeTests
{
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

using System.Globalization;
using Facturation.WebApi2;
using Facturation.WebApi2.Time;

namespace Facturation.Tests.WebApi2;

/// <summary>Dates, on a machine whose people count years otherwise.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LegacyDatesTests
{
    private static readonly LegacyTimeZone Zone = new(new WebApi2Options().TimeZone, TimeProvider.System);

    [Test]
    public void Read_TimeAlone_IsOfTodayInAnyCalendar([Values("", "th-TH", "ar-SA", "fa-IR")] string culture)
    {
        var current = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.That(LegacyDates.FromForm("10:00", Zone), Is.EqualTo(Zone.Today.AddHours(10)));
            Assert.That(LegacyDates.FromXml("10:00:00", Zone), Is.EqualTo(Zone.Today.AddHours(10)));
            Assert.That(LegacyDates.WithLegacyOffset("10:00", DateTimeOffset.MinValue, Zone).DateTime, Is.EqualTo(Zone.Today.AddHours(10)));
        }
        finally
        {
            CultureInfo.CurrentCulture = current;
        }
    }
}

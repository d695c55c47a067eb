using System.Globalization;
using Facturation.Api.Legacy;
using Facturation.Api.Models;

namespace Facturation.Tests.Api.Legacy;

/// <summary>What a question is refused for.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class DemandesTests
{
    [Test]
    public void Check_ReversedPeriod_TellsItsDaysInAnyCalendar([Values("", "th-TH", "ar-SA")] string culture)
    {
        var current = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            var param = new ParamModel { Debut = new DateTime(2026, 3, 23), Fin = new DateTime(2026, 3, 22) };
            Assert.That(param.Check(), Is.EqualTo("La période est inversée : Debut (2026-03-23) vient après Fin (2026-03-22)."));
        }
        finally
        {
            CultureInfo.CurrentCulture = current;
        }
    }
}

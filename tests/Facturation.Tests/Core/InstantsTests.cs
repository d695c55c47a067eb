using Facturation.Core;

namespace Facturation.Tests.Core;

[Parallelizable(ParallelScope.All)]
public sealed class InstantsTests
{
    [TestCase("2026-04-15T12:00:00Z", "2026-04-15T12:00:00Z")]
    [TestCase("2026-04-15T12:00:00+02:00", "2026-04-15T10:00:00Z")]
    [TestCase("2026-04-15T12:00:00-23:59", "2026-04-16T11:59:00Z")]
    [TestCase("2026-04-15T12:00:00-00:00", "2026-04-15T12:00:00Z")]
    [TestCase("2026-04-15T12:00:00.5Z", "2026-04-15T12:00:00.5Z")]
    [TestCase("2026-04-15T12:00:00.123456789012Z", "2026-04-15T12:00:00.1234567Z")]
    [TestCase("2024-02-29T23:59:59.9999999Z", "2024-02-29T23:59:59.9999999Z")]
    [TestCase("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [TestCase("2026-04-15t12:00:00z", "2026-04-15T12:00:00Z")]
    public void TryRead_DateTimeOfTheRfc_IsThatInstant(string text, string utc)
    {
        Assert.That(Instants.TryRead(text, out var instant), Is.True);
        Assert.That(Instants.Write(instant), Is.EqualTo(utc));
        Assert.That(instant.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase("2026-04-15T12:00:00", true)]
    [TestCase("2026-04-15T12:00:00.5", true)]
    [TestCase("2026-04-15T12:00:00Z", false)]
    [TestCase("2026-04-15", false)]
    public void LacksOffset_Text_IsThatOfAnInstantButForItsOffset(string text, bool expected) =>
        Assert.That(Instants.LacksOffset(text), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("2026-04-15")]
    [TestCase("2026-04-15T12:00:00", TestName = "TryRead_NoOffset_IsRefused")]
    [TestCase("2026-04-15T12:00Z")]
    [TestCase("2026-04-15 12:00:00Z")]
    [TestCase(" 2026-04-15T12:00:00Z")]
    [TestCase("2026-04-15T12:00:00Z ")]
    [TestCase("2026-04-15T12:00:00.Z")]
    [TestCase("2026-04-15T12:00:00,5Z")]
    [TestCase("2026-04-15T12:00:00+0200")]
    [TestCase("2026-04-15T12:00:00+24:00")]
    [TestCase("2026-04-15T12:00:00+02:60")]
    [TestCase("2026-04-15T24:00:00Z")]
    [TestCase("2026-04-15T12:00:60Z")]
    [TestCase("2026-02-29T12:00:00Z")]
    [TestCase("2026-13-01T12:00:00Z")]
    [TestCase("٢٠٢٦-04-15T12:00:00Z")]
    [TestCase("2026-04-15T12:00:00.٥Z")]
    [TestCase("+026-04-15T12:00:00Z")]
    [TestCase("0001-01-01T00:00:00+00:01", TestName = "TryRead_BeforeTheCalendar_IsRefused")]
    [TestCase("9999-12-31T23:59:59-00:01", TestName = "TryRead_AfterTheCalendar_IsRefused")]
    public void TryRead_AnythingElse_IsRefused(string text) => Assert.That(Instants.TryRead(text, out _), Is.False);

    [TestCase("0001-01-01T00:00:00Z")]
    [TestCase("1969-12-31T23:59:59Z")]
    [TestCase("2026-04-15T12:00:00Z")]
    [TestCase("9999-12-31T23:59:59Z")]
    public void NewUid_AnyClock_IsAUuidOfVersion7(string now)
    {
        var uid = Instants.NewUid(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        Assert.That((uid.Version, uid == Instants.NewUid(DateTimeOffset.UtcNow)), Is.EqualTo((7, false)));
    }
}

namespace Facturation.Core;

/// <summary>The days and hours of the service: those of Europe/Paris, wherever it runs.</summary>
/// <remarks>
/// A date that leaves the calendar while it is converted (1 January 0001, 31 December 9999) stops at its edge: no input is
/// an error here.
/// </remarks>
public static class Paris
{
    /// <summary>The zone Europe/Paris.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>
    /// The day a date lies in. A date of Kind Utc is an instant and is taken to Paris; Local and Unspecified already are the
    /// hour of Paris, as requests are read (WIRE.md, Time zones), and keep their day.
    /// </summary>
    public static DateOnly Day(DateTime date) =>
        DateOnly.FromDateTime(date.Kind == DateTimeKind.Utc ? Hour(new DateTimeOffset(date)) : date);

    /// <summary>The hour of Paris at an instant, Kind Unspecified.</summary>
    public static DateTime Hour(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return Shift(utc, Zone.GetUtcOffset(utc), DateTimeKind.Unspecified);
    }

    /// <summary>
    /// The instant of an hour of Paris, Kind Utc. The hour that does not exist in March counts as winter time, and the one
    /// that comes twice in October as its second passage.
    /// </summary>
    public static DateTime Instant(DateTime hour)
    {
        var paris = DateTime.SpecifyKind(hour, DateTimeKind.Unspecified);
        return Shift(paris, -Zone.GetUtcOffset(paris), DateTimeKind.Utc);
    }

    private static DateTime Shift(DateTime date, TimeSpan offset, DateTimeKind kind) =>
        new(Math.Clamp(date.Ticks + offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), kind);
}

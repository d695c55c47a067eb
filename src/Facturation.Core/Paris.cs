namespace Facturation.Core;

/// <summary>The days and times of the service: those of Europe/Paris, wherever it runs.</summary>
/// <remarks>
/// A conversion that would leave the calendar (1 January 0001, 31 December 9999) is clamped, so no input is an error.
/// </remarks>
public static class Paris
{
    /// <summary>The zone Europe/Paris.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>
    /// Returns the day of a date. A date of Kind Utc is an instant and is converted to Paris. Local and Unspecified dates already are
    /// times in Paris, as requests are read (WIRE.md, Time zones), and keep their day.
    /// </summary>
    public static DateOnly Day(DateTime date) =>
        DateOnly.FromDateTime(date.Kind == DateTimeKind.Utc ? Hour(new DateTimeOffset(date)) : date);

    /// <summary>Returns the time in Paris at an instant, Kind Unspecified.</summary>
    public static DateTime Hour(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return Shift(utc, Zone.GetUtcOffset(utc), DateTimeKind.Unspecified);
    }

    /// <summary>
    /// Returns the instant of a time in Paris, Kind Utc. The missing hour in March counts as winter time, and the repeated hour in
    /// October as its second pass.
    /// </summary>
    public static DateTime Instant(DateTime hour)
    {
        var paris = DateTime.SpecifyKind(hour, DateTimeKind.Unspecified);
        return Shift(paris, -Zone.GetUtcOffset(paris), DateTimeKind.Utc);
    }

    /// <summary>Returns the instant at which a day begins in Paris.</summary>
    public static DateTimeOffset StartOf(DateOnly day) => new(Instant(day.ToDateTime(TimeOnly.MinValue)));

    private static DateTime Shift(DateTime date, TimeSpan offset, DateTimeKind kind) =>
        new(Math.Clamp(date.Ticks + offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), kind);
}

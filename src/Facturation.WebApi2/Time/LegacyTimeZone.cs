using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using System.Xml;

namespace Facturation.WebApi2.Time;

/// <summary>
/// The legacy server's local time, wherever this process runs (WIRE.md, Time zones). A <see cref="DateTime"/> of Kind Local
/// stands for that server's wall clock, so that <c>.Date</c> is the day the legacy service saw.
/// </summary>
internal sealed class LegacyTimeZone(TimeZoneInfo zone, TimeProvider clock)
{
    // The two high bits of a DateTime are its kind; the fourth value means "local, the first pass of a repeated hour".
    // .NET sets it when it converts to the machine's zone, and offers no API to set it for another zone, so it is set here.
    private const ulong AmbiguousDaylightBits = 0xC000_0000_0000_0000;

    /// <summary>Today's date at the legacy server, at midnight.</summary>
    public DateTime Today => TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).Date;

    /// <summary>Whether the first moment of the calendar, in local time, lies before the calendar in UTC.</summary>
    public bool IsAheadAtFirst => zone.GetUtcOffset(DateTime.MinValue) > TimeSpan.Zero;

    /// <summary>Today's date at the legacy server as <c>2026-03-22</c>, whatever the machine's calendar.</summary>
    public string TodayText => Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Converts an instant to the legacy server's local time, of Kind Local, clamped to the calendar.</summary>
    public DateTime FromUtc(DateTime utc)
    {
        var instant = DateTime.SpecifyKind(utc, DateTimeKind.Utc);
        var offset = zone.GetUtcOffset(instant);
        var ticks = instant.Ticks + offset.Ticks;
        if (!IsDate(ticks))
            return Held(ticks);
        // By default, a repeated wall-clock time means the second pass.
        return offset > zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Unspecified))
            ? Unsafe.BitCast<ulong, DateTime>((ulong)ticks | AmbiguousDaylightBits)
            : new DateTime(ticks, DateTimeKind.Local);
    }

    /// <summary>
    /// Converts a wall-clock time with an offset to the legacy server's local time. If the instant lies outside the calendar, the
    /// server's offset is still added and the sum is clamped, as Newtonsoft and XmlConvert do.
    /// </summary>
    public DateTime FromOffset((DateTime Wall, TimeSpan Offset) date)
    {
        var ticks = date.Wall.Ticks - date.Offset.Ticks;
        return IsDate(ticks) ? FromUtc(new DateTime(ticks, DateTimeKind.Utc)) : Held(ticks + OffsetOf(date.Wall).Ticks);
    }

    /// <summary>The same for DateTime.Parse, which refuses times outside the calendar, but wraps within the first day.</summary>
    /// <exception cref="FormatException">The local time lies outside the calendar.</exception>
    public DateTime FromParsed((DateTime Wall, TimeSpan Offset) date)
    {
        var ticks = date.Wall.Ticks - date.Offset.Ticks;
        if (date.Wall.Ticks < TimeSpan.TicksPerDay)
        {
            ticks += OffsetOf(date.Wall).Ticks;
            return new DateTime(ticks < 0 ? ticks + TimeSpan.TicksPerDay : ticks, DateTimeKind.Local);
        }
        var local = ticks + (IsDate(ticks) ? zone.GetUtcOffset(new DateTime(ticks, DateTimeKind.Utc)) : OffsetOf(date.Wall)).Ticks;
        if (!IsDate(local))
            throw new FormatException("The date lies outside the calendar.");
        return IsDate(ticks) ? FromUtc(new DateTime(ticks, DateTimeKind.Utc)) : new DateTime(local, DateTimeKind.Local);
    }

    /// <summary>Returns the legacy server's offset at a wall-clock time. Kind matters only in a repeated hour.</summary>
    public TimeSpan OffsetOf(DateTime local)
    {
        var offset = zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
        if ((Unsafe.BitCast<DateTime, ulong>(local) & AmbiguousDaylightBits) != AmbiguousDaylightBits)
            return offset;
        // The first pass has the offset of a few hours before.
        var before = new DateTime(Math.Max(local.Ticks - offset.Ticks - 6 * TimeSpan.TicksPerHour, 0), DateTimeKind.Utc);
        return zone.GetUtcOffset(before);
    }

    /// <summary>Formats a date as both formats write it, with the legacy server's offset if its Kind is Local.</summary>
    public string Format(DateTime value)
    {
        if (value.Kind != DateTimeKind.Local)
            return XmlConvert.ToString(value, XmlDateTimeSerializationMode.RoundtripKind);
        var wall = XmlConvert.ToString(DateTime.SpecifyKind(value, DateTimeKind.Unspecified), XmlDateTimeSerializationMode.RoundtripKind);
        Span<byte> offset = stackalloc byte[6];
        FormatOffset(value, offset);
        return wall + Encoding.ASCII.GetString(offset);
    }

    /// <summary>Writes the legacy server's offset at a wall-clock time, as <c>+01:00</c>.</summary>
    /// <returns>The number of bytes written: 6.</returns>
    public int FormatOffset(DateTime local, Span<byte> utf8)
    {
        var offset = OffsetOf(local);
        Utf8.TryWrite(utf8, CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}", out var written);
        return written;
    }

    private static bool IsDate(long ticks) => ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;

    private static DateTime Held(long ticks) =>
        new(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Local);
}

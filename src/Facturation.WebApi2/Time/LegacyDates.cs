using System.Globalization;
using System.Xml;

namespace Facturation.WebApi2.Time;

/// <summary>
/// Puts right what .NET's date parsers take from the machine: its zone, for a text with an offset, and its day, for a time alone.
/// Each method is given a text that the parser in question has accepted.
/// </summary>
internal static class LegacyDates
{
    /// <summary>A date of a JSON body: <paramref name="read"/> is what Newtonsoft made of the text (WIRE.md J7).</summary>
    public static DateTime FromJson(string text, DateTime read, LegacyTimeZone zone)
    {
        if (IsTimeOnly(text))
            return FromClock(text, zone);
        if (read.Kind != DateTimeKind.Local)
            return read;
        using var reader = new Newtonsoft.Json.JsonTextReader(new StringReader(Newtonsoft.Json.JsonConvert.ToString(text)));
        return WithOffset(text, () => reader.ReadAsDateTimeOffset()!.Value, zone);
    }

    /// <summary>A date of an XML body (WIRE.md X4).</summary>
    /// <exception cref="FormatException">The text is no date.</exception>
    public static DateTime FromXml(string text, LegacyTimeZone zone)
    {
        var read = XmlConvert.ToDateTime(text, XmlDateTimeSerializationMode.RoundtripKind);
        var trimmed = text.Trim();
        if (trimmed.Length > 2 && trimmed[2] == ':')
            return FromXml($"{zone.Today:yyyy-MM-dd}T{trimmed}", zone);
        return read.Kind == DateTimeKind.Local ? WithOffset(trimmed, () => XmlConvert.ToDateTimeOffset(trimmed), zone) : read;
    }

    /// <summary>A date of a form (WIRE.md F2): a zone in the text, Z included, gives the legacy server's local time.</summary>
    /// <exception cref="FormatException">The text is no date.</exception>
    public static DateTime FromForm(string text, LegacyTimeZone zone)
    {
        var read = DateTime.Parse(text, CultureInfo.InvariantCulture);
        if (IsTimeOnly(text))
            return FromClock(text, zone);
        return read.Kind == DateTimeKind.Local
            ? WithOffset(text, () => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture), zone)
            : read;
    }

    /// <summary>A date with offset; without one in the text, the legacy server's.</summary>
    public static DateTimeOffset WithLegacyOffset(string text, DateTimeOffset read, LegacyTimeZone zone)
    {
        if (IsTimeOnly(text))
            text = $"{zone.Today:yyyy-MM-dd} {text}";
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var wall)
            && wall.Kind == DateTimeKind.Unspecified
                ? new DateTimeOffset(wall, zone.OffsetOf(wall))
                : read;
    }

    private static bool IsTimeOnly(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.NoCurrentDateDefault, out var time)
        && time.Date == DateTime.MinValue
        && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var today)
        && today.Date != DateTime.MinValue;

    private static DateTime FromClock(string text, LegacyTimeZone zone)
    {
        var dated = $"{zone.Today:yyyy-MM-dd} {text}";
        var read = DateTime.Parse(dated, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        return read.Kind == DateTimeKind.Local
            ? WithOffset(dated, () => DateTimeOffset.Parse(dated, CultureInfo.InvariantCulture), zone)
            : read;
    }

    private static DateTime WithOffset(string text, Func<DateTimeOffset> parse, LegacyTimeZone zone)
    {
        try
        {
            return zone.FromUtc(parse().UtcDateTime);
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException or Newtonsoft.Json.JsonException)
        {
            // The instant lies outside the calendar: only "…±hh:mm" gets here, which every parser read as wall clock and offset.
            var sign = text.LastIndexOfAny(['+', '-']);
            var wall = DateTime.Parse(text.AsSpan(0, sign), CultureInfo.InvariantCulture);
            var digits = text[(sign + 1)..].Replace(":", "", StringComparison.Ordinal).PadRight(4, '0');
            var offset = new TimeSpan(int.Parse(digits.AsSpan(0, 2), CultureInfo.InvariantCulture), int.Parse(digits.AsSpan(2, 2), CultureInfo.InvariantCulture), 0);
            return zone.FromOffset(wall, text[sign] == '-' ? -offset : offset);
        }
    }
}

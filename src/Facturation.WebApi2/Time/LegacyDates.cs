using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Newtonsoft.Json;

namespace Facturation.WebApi2.Time;

/// <summary>
/// Reads dates as the parsers of .NET and Newtonsoft did on the legacy server. They take two things from the machine: its zone for a
/// text with an offset, and its date for a time without one. Both must be the legacy server's.
/// </summary>
internal static partial class LegacyDates
{
    private const string NewtonsoftFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";

    /// <summary>The length of <c>2026-03-22T00:00:00</c>.</summary>
    private const int TimeEnd = 19;

    /// <summary>The maximum that .NET's parser accepts.</summary>
    private static readonly TimeSpan MaxOffset = TimeSpan.FromHours(14);

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>Reads a date of a JSON body; <paramref name="read"/> is Newtonsoft's value on this machine (WIRE.md J7).</summary>
    /// <exception cref="FormatException">The legacy server's clock cannot show the date.</exception>
    public static DateTime FromJson(string text, DateTime read, LegacyTimeZone zone)
    {
        if (text.StartsWith("/Date(", StringComparison.Ordinal))
            return read.Kind == DateTimeKind.Local ? zone.FromUtc(ReadMilliseconds(text)) : read;
        if (!HasIsoShape(text))
            return Parse(text, keepUtc: true, zone);
        if (read.Kind != DateTimeKind.Local)
            return read;
        return (TryReadIso(text) ?? TrySplitOffset(text, isIso: true)) is { } date ? zone.FromOffset(date) : Parse(text, keepUtc: true, zone);
    }

    /// <summary>Reads a date of an XML body (WIRE.md X4).</summary>
    /// <exception cref="FormatException">The text is not a date.</exception>
    public static DateTime FromXml(string text, LegacyTimeZone zone)
    {
        var trimmed = text.Trim();
        DateTime read;
        try
        {
            read = XmlConvert.ToDateTime(text, XmlDateTimeSerializationMode.RoundtripKind);
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{(trimmed.Length > 40 ? trimmed[..40] + "…" : trimmed)}' is not a date of XML, such as 2026-03-31.", e);
        }
        if (trimmed.Length > 2 && trimmed[2] == ':')
            return FromXml($"{zone.TodayText}T{trimmed}", zone);
        return read.Kind == DateTimeKind.Local ? zone.FromOffset(SplitXmlOffset(trimmed)) : read;
    }

    /// <summary>Reads a date of a form (WIRE.md F2). Text with a zone, including Z, becomes the legacy server's local time.</summary>
    /// <exception cref="FormatException">The text is not a date, or the legacy server's clock cannot show it.</exception>
    public static DateTime FromForm(string text, LegacyTimeZone zone) => Parse(text, keepUtc: false, zone);

    /// <summary>Reads a date with an offset of a JSON body; text without one gets the legacy server's.</summary>
    /// <exception cref="FormatException">With that offset, the date lies outside the calendar.</exception>
    public static DateTimeOffset FromJson(string text, DateTimeOffset read, LegacyTimeZone zone)
    {
        if (!HasIsoShape(text))
            return WithLegacyOffset(text, read, zone);
        if (text.AsSpan(TimeEnd).ContainsAny("Zz+-"))
            return read;
        using var reader = ReaderOf(text);
        return WithOffset(reader.ReadAsDateTime()!.Value, zone);
    }

    /// <summary>The same for the text of a form, or of JSON that only .NET's parser reads.</summary>
    /// <exception cref="FormatException">With that offset, the date lies outside the calendar.</exception>
    public static DateTimeOffset WithLegacyOffset(string text, DateTimeOffset read, LegacyTimeZone zone)
    {
        if (IsTimeOnly(text))
            text = $"{zone.TodayText} {text}";
        return DateTime.TryParse(text, Invariant, DateTimeStyles.AdjustToUniversal, out var wall) && wall.Kind == DateTimeKind.Unspecified
            ? WithOffset(wall, zone)
            : read;
    }

    private static DateTimeOffset WithOffset(DateTime wall, LegacyTimeZone zone)
    {
        try
        {
            return new DateTimeOffset(wall, zone.OffsetOf(wall));
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException("The date lies outside the calendar.", e);
        }
    }

    /// <summary>Works like DateTime.Parse on the legacy server; <paramref name="keepUtc"/> means RoundtripKind.</summary>
    private static DateTime Parse(string text, bool keepUtc, LegacyTimeZone zone)
    {
        if (IsTimeOnly(text))
            text = $"{zone.TodayText} {text}";
        if (keepUtc && DateTime.TryParse(text, Invariant, DateTimeStyles.RoundtripKind, out var utc) && utc.Kind == DateTimeKind.Utc)
            return utc;
        var styles = DateTimeStyles.AdjustToUniversal;
        var hasInstant = (keepUtc && DateTime.TryParseExact(text, NewtonsoftFormat, Invariant, styles, out var date))
            || DateTime.TryParse(text, Invariant, styles, out date);
        if (hasInstant && date.Kind == DateTimeKind.Unspecified)
            return date;
        if (hasInstant && date.Date == DateTime.MinValue)
        {
            // DateTime wraps what lies before the first day into it, after it has added its own offset. DateTimeOffset refuses it.
            var isBefore = !DateTimeOffset.TryParse(text, Invariant, out _);
            return zone.FromParsed((DateTime.MinValue, (isBefore ? TimeSpan.FromDays(1) : TimeSpan.Zero) - date.TimeOfDay));
        }
        // A server west of Greenwich shows what lies after the last day in UTC.
        if (!hasInstant && NetOffset().IsMatch(text) && TrySplitOffset(text) is { } split
            && split.Offset.Duration() <= MaxOffset && split.Wall.Date == DateTime.MaxValue.Date)
            return zone.FromParsed(split);
        return hasInstant ? zone.FromParsed((date, TimeSpan.Zero)) : throw new FormatException($"'{text}' is no date.");
    }

    private static bool IsTimeOnly(string text) =>
        DateTime.TryParse(text, Invariant, DateTimeStyles.RoundtripKind | DateTimeStyles.NoCurrentDateDefault, out var time)
        && time < DateTime.MinValue.AddDays(2)
        && DateTime.TryParse(text, Invariant, DateTimeStyles.RoundtripKind, out var today)
        && today > DateTime.MinValue.AddDays(2);

    /// <summary>
    /// Whether Newtonsoft's own parser handles the text. It clamps dates at the ends of the calendar, which .NET's refuses, and reads the minutes of
    /// an offset without its hours and sign, and then ignores them: the last two of nine decimals, for one.
    /// </summary>
    private static bool HasIsoShape(string text) => text.Length <= 40 && Iso().IsMatch(text);

    private static (DateTime Wall, TimeSpan Offset)? TryReadIso(string text)
    {
        try
        {
            using var reader = ReaderOf(text);
            var read = reader.ReadAsDateTimeOffset()!.Value;
            return (read.DateTime, read.Offset);
        }
        catch (Exception e) when (e is JsonException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static JsonTextReader ReaderOf(string text) => new(new StringReader(JsonConvert.ToString(text)));

    private static (DateTime Wall, TimeSpan Offset) SplitXmlOffset(string text)
    {
        try
        {
            var date = XmlConvert.ToDateTimeOffset(text);
            return (date.DateTime, date.Offset);
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            return TrySplitOffset(text) ?? throw new FormatException($"'{text}' is no date.", e);
        }
    }

    /// <summary>Reads the instant of <c>/Date(milliseconds±hhmm)/</c>; the offset only means that the result is local.</summary>
    private static DateTime ReadMilliseconds(string text)
    {
        var digits = text.AsSpan("/Date(".Length);
        var end = digits[1..].IndexOfAny("+-)") + 1;
        return DateTime.UnixEpoch.AddMilliseconds(long.Parse(digits[..end], Invariant));
    }

    /// <summary>
    /// Splits <c>±hh:mm</c>, <c>±hhmm</c>, <c>±hh:</c> or <c>±hh</c> from a date that DateTimeOffset cannot represent, because it is outside the
    /// calendar or the offset exceeds 14 hours.
    /// </summary>
    /// <param name="text">The date.</param>
    /// <param name="isIso">Whether Newtonsoft's own parser handles it, for which 24:00 is 00:00 of the next day.</param>
    private static (DateTime Wall, TimeSpan Offset)? TrySplitOffset(string text, bool isIso = false)
    {
        if (TrailingOffset().Match(text) is not { Success: true } match)
            return null;
        var time = text[..match.Index];
        if (!DateTime.TryParse(time, Invariant, DateTimeStyles.RoundtripKind, out var wall) || wall.Kind != DateTimeKind.Unspecified)
        {
            if (!isIso || TryReadIso(time + "Z") is not { } next)
                return null;
            wall = next.Wall;
        }
        var hours = int.Parse(match.Groups["hours"].ValueSpan, Invariant);
        var minutes = match.Groups["minutes"] is { Success: true } group ? int.Parse(group.ValueSpan, Invariant) : 0;
        var offset = new TimeSpan(hours, minutes, 0);
        return (wall, match.ValueSpan[0] == '-' ? -offset : offset);
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?([Zz]|([+-][0-9]{2})?(:?[0-9]{2}|:)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    [GeneratedRegex(@"[+-](?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TrailingOffset();

    /// <summary>The offsets that .NET's parser reads. Those of Newtonsoft and XML may have 99 minutes.</summary>
    [GeneratedRegex(@"[+-][0-9]{2}(:?[0-5][0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NetOffset();
}

using System.Globalization;

namespace Facturation.Core;

/// <summary>Instants as RFC 3339 writes them.</summary>
public static class Instants
{
    private const string Shape = "0000-00-00T00:00:00";

    /// <summary>Writes an instant in UTC, with Z, and only the decimals it has.</summary>
    public static string Write(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads <c>AAAA-MM-JJTHH:MM:SS[.fraction](Z|±HH:MM)</c>, and nothing else: an instant without offset would be another one
    /// on another machine. Decimals beyond the seventh (100 ns) are dropped; a leap second is refused.
    /// </summary>
    public static bool TryRead(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length is < 20 or > 64)
            return false;
        text = text.ToUpperInvariant(); // The RFC lets t and z be lower case.
        if (!HasShape(text))
            return false;
        var at = Shape.Length;
        long ticks = 0;
        if (text[at] == '.')
        {
            var start = ++at;
            for (var unit = TimeSpan.TicksPerSecond / 10; at < text.Length && char.IsAsciiDigit(text[at]); at++, unit /= 10)
                ticks += (text[at] - '0') * unit;
            if (at == start)
                return false;
        }
        // .NET's own parser bounds offsets at 14 hours; the RFC at 23:59.
        if (!TryReadOffset(text.AsSpan(at), out var offset)
            || !DateTime.TryParseExact(
                text.AsSpan(0, Shape.Length), "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour))
            return false;
        var utc = hour.Ticks + ticks - offset;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
            return false;
        instant = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    /// <summary>Whether an instant lacks nothing but its offset, as what .NET writes by "s" does.</summary>
    public static bool LacksOffset(string text) => TryRead(text + "Z", out _);

    private static bool HasShape(string text)
    {
        for (var i = 0; i < Shape.Length; i++)
            if (Shape[i] == '0' ? !char.IsAsciiDigit(text[i]) : text[i] != Shape[i])
                return false;
        return true;
    }

    private static bool TryReadOffset(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text is "Z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > 23
            || !int.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || minutes > 59)
            return false;
        ticks = (hours * 60 + minutes) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }
}

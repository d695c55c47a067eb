using System.Globalization;
using System.Text.RegularExpressions;

namespace Facturation.Core;

/// <summary>Instants as RFC 3339 writes them.</summary>
public static partial class Instants
{
    private const int MaxLength = 64, Decimals = 7;

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
        // The RFC lets t and z be lower case.
        if (text.Length > MaxLength || Rfc3339().Match(text.ToUpperInvariant()) is not { Success: true } match
            || !DateTime.TryParseExact(
                match.Groups["time"].ValueSpan, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || !TryReadOffset(match.Groups["offset"].ValueSpan, out var offset))
            return false;
        var fraction = match.Groups["fraction"].Value.PadRight(Decimals, '0')[..Decimals];
        var utc = time.Ticks + long.Parse(fraction, CultureInfo.InvariantCulture) - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
            return false;
        instant = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    /// <summary>Whether an instant lacks only its offset, like what .NET's format "s" writes.</summary>
    public static bool LacksOffset(string text) => TryRead(text + "Z", out _);

    /// <summary>Reads up to 23:59, as the RFC says; .NET's own parser of instants stops at 14 hours.</summary>
    private static bool TryReadOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        return text is "Z" || TimeSpan.TryParseExact(
            text[1..], @"hh\:mm", CultureInfo.InvariantCulture, text[0] == '-' ? TimeSpanStyles.AssumeNegative : TimeSpanStyles.None, out offset);
    }

    [GeneratedRegex(@"^(?<time>[-0-9T:]{19})([.](?<fraction>[0-9]+))?(?<offset>Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Rfc3339();

    /// <summary>A new id, in order of the instants of others. A clock that is wrong by decades must not stop the service: it is held at 1970.</summary>
    public static Guid NewUid(DateTimeOffset now) => Guid.CreateVersion7(now < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now);
}

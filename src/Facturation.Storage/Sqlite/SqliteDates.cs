using System.Buffers;
using System.Globalization;
using System.Text;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// Reads dates as SQLite stores them: yyyy-MM-dd HH:mm:ss, with decimals if any. Microsoft.Data.Sqlite's parser, which accepts any
/// form, cost more than the rest of a row.
/// </summary>
internal static class SqliteDates
{
    private static readonly SearchValues<byte> Decimals = SearchValues.Create(".0123456789"u8);

    /// <summary>Parses a day, or a date with up to seven decimals.</summary>
    internal static DateTime Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length is not (10 or >= 19 and <= 27) || (text.Length > 19 && text[19..].ContainsAnyExcept(Decimals)))
            return DateTime.Parse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var (year, month, day) = (100 * Pair(text, 0) + Pair(text, 2), Pair(text, 5), Pair(text, 8));
        if (text.Length == 10)
            return new(year, month, day);
        var date = new DateTime(year, month, day, Pair(text, 11), Pair(text, 14), Pair(text, 17));
        var ticks = 0L;
        var unit = TimeSpan.TicksPerSecond / 10;
        for (var at = 20; at < text.Length; at++, unit /= 10)
            ticks += (text[at] - '0') * unit;
        return date.AddTicks(ticks);

        static int Pair(ReadOnlySpan<byte> text, int at) => 10 * (text[at] - '0') + text[at + 1] - '0';
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    internal static DateTime Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));
}

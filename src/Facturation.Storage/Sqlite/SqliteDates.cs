using System.Buffers;
using System.Data.Common;
using System.Globalization;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// Reads dates as SQLite stores them: yyyy-MM-dd HH:mm:ss, with decimals if any. Microsoft.Data.Sqlite's parser, which accepts any
/// form, cost more than the rest of a row.
/// </summary>
internal struct SqliteDates
{
    private static readonly SearchValues<char> Decimals = SearchValues.Create(".0123456789");

    private string? text;
    private DateTime date;

    /// <summary>Reads a date, which in ordered rows is often that of the previous row.</summary>
    public DateTime Read(DbDataReader reader, int column)
    {
        var now = reader.GetString(column);
        if (now != text)
            (text, date) = (now, Parse(now));
        return date;
    }

    /// <summary>Parses a date with up to seven decimals.</summary>
    internal static DateTime Parse(string text)
    {
        if (text.Length is < 19 or > 27 || text.AsSpan(19).ContainsAnyExcept(Decimals))
            return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var date = new DateTime(
            100 * Pair(text, 0) + Pair(text, 2), Pair(text, 5), Pair(text, 8), Pair(text, 11), Pair(text, 14), Pair(text, 17));
        var ticks = 0L;
        var unit = TimeSpan.TicksPerSecond / 10;
        for (var at = 20; at < text.Length; at++, unit /= 10)
            ticks += (text[at] - '0') * unit;
        return date.AddTicks(ticks);

        static int Pair(string text, int at) => 10 * (text[at] - '0') + text[at + 1] - '0';
    }
}

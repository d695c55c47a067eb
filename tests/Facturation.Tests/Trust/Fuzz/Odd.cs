using System.Globalization;
using Facturation.Tests.Wire.Generator;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>Texts that break careless programs: of SQL, markup, logs, numbers, dates, paths.</summary>
internal static class Odd
{
    /// <summary>What no page may ever show as markup.</summary>
    public const string Markup = "<fuzzed'\"&>";

    public static readonly string[] Texts =
    [
        "", " ", "'", "\"", "\\", "--", "'; DROP TABLE Meters;--", "' OR '1'='1", "x' UNION SELECT Hash FROM Cles--", "%' ESCAPE '", "_%",
        Markup, "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}}", "${jndi:ldap://localhost/a}",
        "a\r\ninfo: Facturation.Requests[1] forged", "\u001b[31m", "a\u2028b\u2029c", "\u202eabc", "\u0000", "a\u0000b", "\ufeff", "\uffff",
        "é", "e\u0301", "😀", "\ud800", "\udc00x", "İ", "ß", "null", "undefined", "true", "NaN", "Infinity", "-Infinity", "0", "-0", "-1",
        "1.0", "1e3", "1e400", "0x10", "007", "٣", "2147483647", "2147483648", "9223372036854775807", "9223372036854775808",
        "99999999999999999999999999999999", "999999999999999999", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-02-29T00:00:00Z", "2026-06-30T23:59:60Z", "2026-03-29T02:30:00",
        "2026-13-01", "2026-04-15", "00000000-0000-0000-0000-000000000000", "{2489e9ad-2ee2-8e00-8ec9-32d5f69181c0}", "../../etc/passwd",
        "..\\..\\x", "/dev/null", "C:\\x", "file:x", "CON", "%00", "%2e%2e%2f", "%", "%zz", "a/b", ";", "#", "?", "&a=b", "=", "[0]", "a[b][c]",
        "manual", "batch", "allowed", "fct_demo0000_demodemodemodemodemodemodemodemo",
    ];

    public static string Text(Random random) => random.Next(12) switch
    {
        0 => new string(random.Of('a', '0', '9', '<', 'é', '[', ' '), random.Of(100, 255, 256, 500, 501, 5000)),
        1 => random.NextInt64().ToString(CultureInfo.InvariantCulture),
        2 => Instant(random),
        3 => Uuid(random),
        _ => random.Of(Texts),
    };

    /// <summary>Nobody's, and the same in every run of a seed.</summary>
    public static string Uuid(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    /// <summary>Within the life of the meters, mostly.</summary>
    public static string Instant(Random random) =>
        new DateTime(2026, 3, 25, 0, 0, 0, DateTimeKind.Utc).AddMinutes(random.Next(60 * 24 * 110)).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
        + random.Of("Z", "Z", "+02:00", "-05:00", ".1234567Z");

    /// <summary>Fit for a line of a head: what ends a line is taken out.</summary>
    public static string Line(Random random) => string.Concat(Text(random).Where(c => c is not ('\r' or '\n')));

    /// <summary>Fit for a request's target.</summary>
    public static string Segment(Random random) => random.Percent(80)
        ? string.Concat(System.Text.Encoding.UTF8.GetBytes(Text(random)).Select(value =>
            value is > 32 and < 127 && value is not ((byte)'/' or (byte)'?' or (byte)'%') ? ((char)value).ToString() : $"%{value:X2}"))
        : string.Concat(Text(random).Where(c => c is > ' ' and < (char)127));
}

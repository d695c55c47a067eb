using System.Globalization;

namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, Time zones: the zone is the legacy server's, wherever the process runs.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class TimeZoneTests
{
    private static IEnumerable<WireCase> Cases() =>
    [
        .. Reads("no zone", "2026-03-22T00:33:00", "2026-03-22T00:33:00"),
        .. Reads("Z", "2026-03-22T00:33:00Z", "2026-03-22T00:33:00Z"),
        .. Reads("an offset, Paris's own", "2026-03-22T00:33:00+01:00", "2026-03-22T00:33:00+01:00"),
        .. Reads("an offset, another day", "2026-03-21T18:33:00-05:00", "2026-03-22T00:33:00+01:00"),
        .. Reads("an offset, summer", "2026-07-14T00:00:00+00:00", "2026-07-14T02:00:00+02:00"),
        .. Reads("the hour that is twice, first", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00"),
        .. Reads("the hour that is twice, second", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"),
        .. Reads("the hour that is not", "2026-03-29T02:30:00+01:00", "2026-03-29T03:30:00+02:00"),
        .. Transitions(),
        .. Today(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static IEnumerable<WireCase> Reads(string name, string date, string read) =>
        InEveryFormat(name, date).Take(2).Select(wire => wire.Reads(read + " - -"));

    /// <summary>JSON, XML, then a form, each answered as it came and in the other format.</summary>
    private static IEnumerable<WireCase> InEveryFormat(string name, string date) =>
    [
        new($"T {name}, json", RawRequest.Post().Json($"{{\"Debut\":\"{date}\"}}")),
        new($"T {name}, xml", RawRequest.Post().Xml(Bodies.Param($"<Debut>{date}</Debut>"))),
        new($"T {name}, form", RawRequest.Post().Form("Debut=" + Uri.EscapeDataString(date)).With("Accept", "text/xml")),
        new($"T {name}, json to xml", RawRequest.Post().Json($"{{\"Debut\":\"{date}\"}}").With("Accept", "text/xml")),
    ];

    /// <summary>Both sides of every change of the hour, over years with every kind of rule.</summary>
    private static IEnumerable<WireCase> Transitions()
    {
        foreach (var change in (string[])["2026-03-29T01:00:00", "2026-10-25T01:00:00", "1996-10-27T01:00:00", "1995-09-24T01:00:00",
            "1976-03-28T00:00:00", "1976-09-25T23:00:00", "1977-04-03T01:00:00", "1945-04-02T01:00:00",
            "1945-09-16T01:00:00", "1940-06-14T22:00:00", "1942-11-02T01:00:00", "1916-06-14T23:00:00", "1911-03-10T23:50:39",
            "1891-03-15T23:50:39", "2037-10-25T01:00:00", "2099-03-29T01:00:00"])
        {
            var instant = DateTime.ParseExact(change, "s", CultureInfo.InvariantCulture);
            foreach (var minutes in (int[])[-121, -61, -60, -1, 0, 1, 59, 60, 61, 121])
            {
                var utc = instant.AddMinutes(minutes).ToString("s", CultureInfo.InvariantCulture);
                foreach (var wire in InEveryFormat($"{change} {minutes} min", utc + "+00:00"))
                    yield return wire;
                yield return new($"T {change} {minutes} min, Z in a form", RawRequest.Post().Form("Debut=" + utc + "Z"));
                yield return new($"T {change} {minutes} min, local",
                    RawRequest.Post("/api/echoriche").Json($"{{\"Instant\":\"{utc}\",\"Date\":\"{utc}\",\"Quelconque\":\"{utc}+00:00\"}}"));
            }
        }
    }

    /// <summary>A time alone is today in Paris: read by both sides on the same day, so never frozen.</summary>
    private static IEnumerable<WireCase> Today() =>
        ((string[])["10:11", "10:11:12", "10:11:12Z", "10:11:12+09:00", "23:59:59", "00:00:00", "00:30:00Z", "23:30:00Z", "00:00:00+14:00"])
            .SelectMany(time => InEveryFormat("time alone " + time, time))
            // A date of today is read again, as a time alone would be.
            .Concat(((string[])["T10:11:12.123456789", "T10:11:1213", "T10:11:12:", "T24:00:00", "T10:11:12+09:00"])
                .SelectMany(time => InEveryFormat("today at " + time[1..], DateTime.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + time)));
}

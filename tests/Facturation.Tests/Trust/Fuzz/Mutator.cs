using Facturation.Tests.Wire;
using Facturation.Tests.Wire.Generator;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>Changes a request at one place: its body, a header, its key, its path, its query, its method.</summary>
internal sealed class Mutator(Random random, Known known)
{
    private static readonly string[] Verbs = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "Ω"];

    private static readonly string[] Headers =
    [
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Content-Encoding", "Content-Type", "Expect",
        "Host", "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "Origin", "Range", "Referer", "TE", "traceparent", "tracestate",
        "Upgrade", "User-Agent", "X-API-Key", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override", "X-Original-URL",
        "X-Requested-With", "baggage",
    ];

    private static readonly string[] Values =
    [
        "*/*", "application/json", "application/xml", "text/xml", "text/html", "application/json; charset=utf-16", "application/json;q=0.5",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "gzip", "br", "gzip, deflate, br;q=0", "identity", "utf-16", "*;q=0",
        "bytes=0-10", "bytes=-1", "bytes=5-1,9-", "W/\"x\"", "\"x\"", "*", "100-continue", "Sat, 01 Jan 2000 00:00:00 GMT", "Basic Og==", "Basic dTp4",
        "Bearer x", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-00000000000000000000000000000000-0000000000000000-00", "x",
        "localhost", "localhost:99999", "[::1]:80", "exemple.fr/<b>", "a=b; c", "h2c", "trailers", "127.0.0.1",
    ];

    private readonly BodyMutator bodies = new(random, known);

    public RawRequest Mutate(RawRequest request) => random.Next(20) switch
    {
        < 9 when request.Body is not null => bodies.Mutate(request),
        < 11 => Header(request),
        < 13 => request.Without("X-API-Key").With("X-API-Key", known.AnyKey(random)),
        < 16 => Path(request),
        < 19 => Query(request),
        _ => request with { Method = random.Of(Verbs) },
    };

    private RawRequest Header(RawRequest request)
    {
        var name = random.Of(Headers);
        var value = random.Percent(70) ? random.Of(Values) : Odd.Line(random);
        var plain = random.Percent(75) ? request.Without(name) : request;
        return random.Percent(10) ? plain
            : random.Percent(1) ? Enumerable.Range(0, 120).Aggregate(plain, (many, i) => many.With($"X-{i}", "x"))
            : plain.With(name, value);
    }

    private RawRequest Path(RawRequest request)
    {
        var (path, query) = Split(request.Target);
        var segments = path.Split('/').ToList();
        var at = random.Next(1, Math.Max(2, segments.Count));
        if (at >= segments.Count)
            return request.To("/" + Odd.Segment(random));
        switch (random.Next(9))
        {
            case 0:
                segments.Insert(at, random.Of("", ".", "..", "%2e%2e", "%2F", "x"));
                break;
            case 1:
                segments.RemoveAt(at);
                break;
            case 2:
                segments[at] = random.Percent(50) ? segments[at].ToUpperInvariant() : segments[at] + random.Of("/", ";a=b", "%20", ".", "%00", "%C3%A9", "~1");
                break;
            case 3:
                segments[at] = Odd.Segment(random);
                break;
            case 4:
                return request.To("http://autre.exemple.fr" + request.Target);
            default:
                segments = [.. segments.Select(segment => Guid.TryParse(segment, out _) ? known.AnyId(random) : segment)];
                break;
        }
        return request.To(string.Join('/', segments) is ['/', ..] target ? target + query : "/" + query);
    }

    private RawRequest Query(RawRequest request)
    {
        var (path, query) = Split(request.Target);
        var pairs = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).ToList();
        string Pair()
        {
            var name = pairs.Count > 0 && random.Percent(60)
                ? random.Of(pairs).Split('=')[0]
                : random.Of("cursor", "limit", "from", "to", "readAt", "serial", "apiId", "modelName", "v", "id", Odd.Segment(random));
            return name + "=" + random.Next(4) switch
            {
                0 => known.AnyCursor(random),
                1 => Uri.EscapeDataString(Odd.Instant(random)),
                2 => random.Of("0", "1", "2", "1000", "1001", "-1"),
                _ => Odd.Segment(random),
            };
        }
        if (pairs.Count == 0)
            pairs.Add(Pair());
        else
            random.Mutate(pairs, 1, Pair);
        return request.To(path + "?" + string.Join('&', pairs));
    }

    private static (string Path, string Query) Split(string target) =>
        target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? (target[..at], target[at..]) : (target, "");
}

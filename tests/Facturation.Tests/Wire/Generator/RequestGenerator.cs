using System.Text;

namespace Facturation.Tests.Wire.Generator;

/// <summary>Composes requests from pieces; the same seed and index always give the same request.</summary>
internal sealed class RequestGenerator(int seed)
{
    private static readonly string[] Readers = ["/api/ConsommationV2", "/api/Consommation", "/api/Rapport", "/api/Rapport", "/api/Echo",
        "/api/EchoRiche", "/api/EchoRiche"];

    private static readonly string[] Types = ["application/json", "text/json", "application/xml", "text/xml", Bodies.FormType];

    private static readonly string[] OddTypes =
        [.. Types, "text/plain", "*/*", "application/*", "text/*", "application/hal+json", "text/html", "APPLICATION/JSON", "json",
            "application/", "", "application/json;", "multipart/form-data; boundary=x", "application/soap+xml", "application/octet-stream",
            "é"];

    private static readonly string[] Qualities = ["", "", "", ";q=0.9", ";q=0.5", "; q=.2", ";q=0", ";q=1", ";q=0.001", ";q=2", ";q=-1",
        ";q=x", ";q=\"0.5\"", ";q", ";q=0,5", ";level=1", ";charset=utf-16", ";", ";;q=0.5", ";q=0.1;q=0.9", ";Q=0.3"];

    private static readonly string[] Verbs = ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE", "POST"];

    public (RawRequest Request, bool Refuse) Make(int index)
    {
        var random = new Random(unchecked((seed * 1_000_003) + index));
        var reader = random.Of(Readers);
        var (type, body) = Body(random, reader == "/api/EchoRiche");
        var request = RawRequest.Post(Target(random, reader)) with { Method = random.Percent(94) ? "POST" : Cased(random, random.Of(Verbs)) };
        var (charset, bytes) = Encoded(random, body);
        if (random.Percent(8))
            bytes = random.Damage(bytes);
        request = request.Typed(ContentType(random, type, charset), bytes);
        if (random.Percent(2))
            request = request with { Body = random.Percent(50) ? null : [] };
        if (random.Percent(10))
            request = request.AsChunked();
        return (Headers(random, request), random.Percent(50));
    }

    /// <summary>The verb, sometimes with letters in lower case.</summary>
    private static string Cased(Random random, string verb) => random.Next(4) switch
    {
        0 => verb.ToLowerInvariant(),
        1 => string.Concat(verb.Select(letter => random.Percent(50) ? char.ToLowerInvariant(letter) : letter)),
        _ => verb,
    };

    private static (string Type, string Body) Body(Random random, bool rich)
    {
        var values = new Values(random) { Rich = rich };
        return random.Next(10) switch
        {
            < 4 => (random.Of("application/json", "text/json"), new JsonBodies(random, values).Make()),
            < 8 => (random.Of("application/xml", "text/xml"), new XmlBodies(random, values).Make()),
            _ => (Bodies.FormType, new FormBodies(random, values).Make()),
        };
    }

    private static string Target(Random random, string reader)
    {
        if (random.Percent(3))
            return random.Of("/api/Inconnu", "/api", "/api/", "/api/verbes", "/api/verbes/5", "/api/echoadresse/5", "/api/liste/textes",
                "/api/objet/imbrique", "/api/protege", "/api/panne", "/api/rien", "/api/statut/mauvais-texte", "/api/attributs")
                + random.Of("", "", "/", "?a=b", "?id=7");
        var target = random.Next(20) switch
        {
            0 => reader.ToLowerInvariant(),
            1 => reader.ToUpperInvariant(),
            2 => reader.Replace("o", "%6F", StringComparison.Ordinal),
            3 => reader.Insert(random.Next(5, reader.Length), random.Of("/", "%20", "%2F", ".", "é", "%C3%A9", "%", "/./")),
            _ => reader,
        };
        return target + (random.Percent(80) ? ""
            : random.Of("/", "/5", "/5/", "/x", "/5/6", "?", "?ProduitId=9", "?a=%20<b>&é", "?%zz", "/5?id=6", "//", "/%00", "/a%2Fb",
            "/;x"));
    }

    private static string? ContentType(Random random, string own, string charset)
    {
        if (random.Percent(3))
            return null;
        var type = random.Percent(88) ? own : random.Of(OddTypes);
        return type + random.Next(30) switch
        {
            < 3 => "; charset=utf-8",
            3 => ";charset=utf-16",
            4 => "; charset=\"utf-8\"",
            5 => "; charset=" + random.Of("iso-8859-1", "UTF-16", "utf-16be", "\"utf-16\"", "x", "", "windows-1252", "utf-32"),
            6 => "; " + random.Of("a=b", "a", "=", "boundary=\"x;y\"", "charset=utf-8; charset=utf-16"),
            < 14 when charset.Length > 0 => "; charset=" + charset,
            _ => "",
        };
    }

    private static (string Charset, byte[] Bytes) Encoded(Random random, string body) => random.Next(40) switch
    {
        0 => ("utf-8", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(body)]),
        1 => ("utf-16", Encoding.Unicode.GetBytes(body)),
        2 => ("utf-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(body)]),
        3 => ("utf-16be", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(body)]),
        4 => ("iso-8859-1", Encoding.Latin1.GetBytes(body)),
        _ => ("", Encoding.UTF8.GetBytes(body)),
    };

    private static RawRequest Headers(Random random, RawRequest request)
    {
        while (random.Percent(50))
            request = request.With("Accept", string.Join(random.Of(", ", ",", " , ", ",,"),
                random.Times(1, 4, () => random.Of(OddTypes) + random.Of(Qualities))));
        if (random.Percent(8))
            request = request.With("Accept", random.Of("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", "text/xml"));
        if (random.Percent(10))
            request = request.With("Accept-Charset",
                string.Join(", ", random.Times(1, 3, () =>
                random.Of("utf-8", "utf-16", "UTF-16", "*", "iso-8859-1", "\"utf-16\"", "x", "") + random.Of(Qualities))));
        if (random.Percent(6))
            request = request.With("X-Requested-With", random.Of("XMLHttpRequest", "xmlhttprequest", "fetch", "a, XMLHttpRequest"));
        if (random.Percent(4))
            request = request.With(random.Of("X-HTTP-Method-Override", "Prefer", "If-None-Match", "Range", "Accept-Language", "SOAPAction",
                "Content-Encoding", "Accept-Encoding"), random.Of("GET", "*", "gzip", "x", "bytes=0-1"));
        return request;
    }
}

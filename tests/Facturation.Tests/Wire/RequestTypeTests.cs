using System.IO.Compression;
using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, R: which types are read, and what an empty body is.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RequestTypeTests
{
    private const string NoType = """{"Message":"The request contains an entity body but no Content-Type header. The inferred media type 'application/octet-stream' is not supported for this resource."}""";

    private static IEnumerable<WireCase> Cases() =>
    [
        .. Read("application/json", "2026-03-01T00:00:00 2026-03-31T00:00:00 5", Bodies.Json, "application/json", "Application/JSON",
            "text/json", "TEXT/json", "application/json; odata=verbose",
            "application/json;charset=utf-8", "*/*", "application/*", "text/*", " application/json ", "application/json ; a=\"b;c\"",
            "*/*;q=0.5"),
        .. Read("application/xml", "2026-03-01T00:00:00 2026-03-31T00:00:00 5", Bodies.Xml, "application/xml", "Application/XML",
            "text/xml", "TEXT/XML", "text/xml; charset=utf-8; action=x"),
        .. Read("form", "2026-03-01T00:00:00 2026-03-31T00:00:00 5", Bodies.Form, Bodies.FormType, "Application/X-WWW-Form-Urlencoded",
            Bodies.FormType + "; charset=UTF-8"),
        new WireCase("R1 text/* is answered as text/json", RawRequest.Post().Typed("text/*", Bodies.Json)).Says(200, "text/json"),
        new WireCase("R1 */* is answered as application/json", RawRequest.Post().Typed("*/*", Bodies.Json)).Says(200, "application/json"),
        .. Unread("application/hal+json", "application/vnd.api+json", "application/soap+xml", "application/atom+xml", "text/plain",
            "text/html", "image/png",
            "application/octet-stream", "multipart/form-data", "multipart/form-data; boundary=x", "application/x-json",
            "application/jsonp", "text/x-json", "application/javascript", "*/json", "Text/Plain; charset=utf-8"),
        .. Untyped(null, "", "json", "application/", "/json", "application/json;", "application/json;;charset=utf-8", "application json",
            "application/json, text/xml",
            "application/json; charset", "application/json; =utf-8", "application/json junk", ";", "é/é", "application/json/xml", "*"),
        .. Empty(),
        .. Ignored(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static IEnumerable<WireCase> Read(string format, string read, string body, params string[] types) =>
        types.Select(type => new WireCase($"R1 {format} as '{type}'", RawRequest.Post().Typed(type, body)).Says(200).Reads(read));

    private static IEnumerable<WireCase> Unread(params string[] types)
    {
        foreach (var type in types)
        {
            var bare = type.Split(';')[0];
            foreach (var chunked in new[] { false, true })
            {
                var request = RawRequest.Post().Typed(type, Bodies.Json);
                yield return new WireCase($"R2 {type}{(chunked ? " chunked" : "")}", chunked ? request.AsChunked() : request)
                    .Says(415, "application/json", $$"""{"Message":"The request entity's media type '{{bare}}' is not supported for this resource."}""");
            }
        }
    }

    private static IEnumerable<WireCase> Untyped(params string?[] types)
    {
        foreach (var type in types)
        {
            var wire = new WireCase($"R2 unparsable type '{type ?? "none"}'", RawRequest.Post().Typed(type, Bodies.Json));
            // The document speaks of a type that is missing or cannot be parsed; which cannot be is the oracle's to say.
            yield return type is null or "json" or "application/" or "application/json;;charset=utf-8"
                ? wire.Says(415, "application/json", NoType) : wire;
        }
        yield return new("R2 two types", RawRequest.Post().Typed("application/json", Bodies.Json).With("Content-Type", "text/xml"));
        yield return new("R2 two types, same",
            RawRequest.Post().Typed("application/json", Bodies.Json).With("Content-Type", "application/json"));
    }

    private static IEnumerable<WireCase> Empty()
    {
        foreach (var type in (string?[])[null, "application/json", "text/xml", Bodies.FormType, "text/plain", "*/*", "json",
            "application/xml;charset=utf-16"])
        {
            yield return new WireCase($"R3 length 0, {type ?? "no type"}", RawRequest.Post().Typed(type, "")).Says(200).Reads("null");
            yield return new WireCase($"R3 no length, {type ?? "no type"}", RawRequest.Post().Typed(type, "") with { Body = null })
                .Says(200).Reads("null");
            foreach (var (name, body) in new[] { ("chunked and empty", ""), ("a space", " "), ("white space", " \r\n\t "),
                ("a no-break space", "\u00a0") })
            {
                var request = RawRequest.Post().Typed(type, body);
                var wire = new WireCase($"R3 {name}, {type ?? "no type"}", body.Length == 0 ? request.AsChunked() : request);
                yield return (type, body) switch
                {
                    (null or "text/plain" or "json", _) => wire.Says(415),
                    (_, "\u00a0") => wire,
                    ("application/json" or "*/*", _) or (Bodies.FormType, "") => wire.Says(200).Reads("null"),
                    (Bodies.FormType, _) => wire.Says(200).Reads("- - -"),
                    _ => wire.Says(400).Reads("null ! param"),
                };
                yield return new($"R3 {name} chunked, {type ?? "no type"}", request.AsChunked());
            }
        }
    }

    private static IEnumerable<WireCase> Ignored()
    {
        var headers = new (string Name, string Value)[]
        {
            ("X-HTTP-Method-Override", "GET"), ("X-HTTP-Method", "DELETE"), ("Prefer", "return=minimal"), ("If-Match", "\"x\""),
                ("If-None-Match", "*"),
            ("If-Modified-Since", "Sun, 22 Mar 2026 00:00:00 GMT"), ("If-Modified-Since", "demain"),
                ("If-Unmodified-Since", "Sun, 22 Mar 2020 00:00:00 GMT"), ("If-Range", "x"),
            ("Range", "bytes=0-9"), ("Accept-Language", "fr-FR, fr;q=0.9"), ("Accept-Encoding", "gzip, br"), ("SOAPAction", "\"urn:x\""),
                ("Expect", "100-continue"),
            ("Content-Encoding", "gzip"), ("Content-Language", "fr"), ("Content-Disposition", "attachment"), ("Content-MD5", "x"),
                ("Content-Range", "bytes 0-1/2"),
            ("Content-Location", "/x"), ("Cookie", "a=b"), ("Authorization", "Basic !!"), ("Origin", "http://ailleurs"),
                ("TE", "trailers"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "ailleurs"), ("Cache-Control", "max-age=x"), ("Pragma", ""), ("From", "é"), ("Via", ";;"),
                ("Date", "hier"), ("Referer", "::"),
        };
        yield return new WireCase("R4 a compressed body",
            RawRequest.Post().Typed("application/json", Gzip(Bodies.Json)).With("Content-Encoding", "gzip")).Says(400);
        yield return new WireCase("R4 a compressed body, xml",
            RawRequest.Post().Typed("text/xml", Gzip(Bodies.Xml)).With("Content-Encoding", "gzip")).Says(400);
        foreach (var (name, value) in headers)
        {
            foreach (var typed in new[] { Bodies.Typed[0], Bodies.Typed[3] })
                yield return new WireCase($"R4 {typed.Type}, {name}: {value}", Bodies.Post(typed).With(name, value)).Says(200)
                    .Reads("2026-03-01T00:00:00 2026-03-31T00:00:00 5");
        }
    }

    private static byte[] Gzip(string text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return compressed.ToArray();
    }
}

using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, C: which encoding is answered and read.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class CharsetTests
{
    private static readonly (string Name, Func<string, byte[]> Bytes)[] Encodings =
    [
        ("utf-8", Encoding.UTF8.GetBytes),
        ("utf-8 BOM", text => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)]),
        ("utf-16LE", Encoding.Unicode.GetBytes),
        ("utf-16LE BOM", text => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]),
        ("utf-16BE", Encoding.BigEndianUnicode.GetBytes),
        ("utf-16BE BOM", text => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]),
        ("utf-32LE BOM", text => [0xFF, 0xFE, 0, 0, .. Encoding.UTF32.GetBytes(text)]),
        ("utf-32BE BOM", text => [0, 0, 0xFE, 0xFF, .. new UTF32Encoding(true, false).GetBytes(text)]),
        ("latin-1", Encoding.Latin1.GetBytes),
    ];

    private static IEnumerable<WireCase> Cases() =>
    [
        .. Answered("utf-8", "utf-8", "UTF-8", "*", "utf-8, utf-16", "utf-16;q=0.4, utf-8;q=0.5", "utf-16;q=0", "iso-8859-1"),
        .. Answered("utf-16", "utf-16", "UTF-16", "*, utf-16", "utf-16, utf-8", "utf-8;q=0.4, utf-16;q=0.5", "iso-8859-1, utf-16;q=0.1",
            "utf-8;q=0, utf-16", "utf-16;q=0.9, *;q=0.5"),
        .. Answered("utf-8", "utf-16le", "unicode", "utf-16;;", "utf-16,é", "", ",", "utf-16 utf-8", "utf-16;q=0,5"),
        .. Answered(null, "\"utf-16\"", "utf-16;q=x", "utf-16;q=2, utf-8", "utf-16;q=-1", "utf-16;Q=0", "utf-16;q=\"0\"", "*;q=0",
            "*;q=0, utf-16;q=0", "utf-16;a=b", "'utf-16'", "utf-16;q=0.5;q=0", "utf-8;q=0.5, utf-16;q=0.5", "utf-16;q=0.5, utf-8;q=0.5"),
        new WireCase("C1 lines, first void", Xml().With("Accept-Charset", ";;").With("Accept-Charset", "utf-16"))
            .Says(200, "application/xml; charset=utf-16"),
        .. Requested(),
        .. Bytes(),
        .. Invalid(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static RawRequest Xml() => RawRequest.Post().Xml(Bodies.Xml);

    /// <summary>C1 and C2, for JSON and XML; null where the document is silent.</summary>
    private static IEnumerable<WireCase> Answered(string? charset, params string[] accepted)
    {
        foreach (var accept in accepted)
        {
            foreach (var type in (string[])["application/json", "text/xml"])
            {
                var wire = new WireCase($"C1 {type}, Accept-Charset {accept}",
                    RawRequest.Post().Json(Bodies.Json).With("Accept", type).With("Accept-Charset", accept));
                if (charset != null)
                    wire.Says(200, $"{type}; charset={charset}")
                        .Says(answer => Assert.That(answer.Body is [0xFF, 0xFE, ..], Is.EqualTo(charset == "utf-16"), "C2: BOM"));
                yield return wire;
            }
        }
    }

    /// <summary>C1 and C3: the request's charset, unquoted utf-8 or utf-16 only, is the answer's without Accept-Charset.</summary>
    private static IEnumerable<WireCase> Requested()
    {
        foreach (var charset in (string[])["utf-8", "UTF-8", "\"utf-8\"", "utf-16", "UTF-16", "\"utf-16\"", "utf-16le", "utf-16be",
            "unicode", "utf-7", "iso-8859-1", "windows-1252",
            "us-ascii", "inconnu", "", "\"\"", "'utf-16'", "utf-16;charset=utf-8", "utf-8;charset=utf-16"])
        {
            foreach (var (type, body) in Bodies.Typed.Where((_, index) => index is 0 or 2 or 4))
            {
                foreach (var accept in (string?[])[null, "utf-8", "utf-16"])
                {
                    var request = RawRequest.Post().With("Accept-Charset", accept);
                    yield return new WireCase($"C3 {type};charset={charset} as utf-8, Accept-Charset {accept}",
                        request.Typed($"{type};charset={charset}", body));
                    yield return new WireCase($"C3 {type};charset={charset} as utf-16, Accept-Charset {accept}",
                        request.Typed($"{type};charset={charset}", Encoding.Unicode.GetBytes(body)));
                }
            }
        }
        var utf16 = RawRequest.Post().Typed("application/xml; charset=utf-16", Encoding.Unicode.GetBytes(Bodies.Xml));
        yield return new WireCase("C1 the request's utf-16", utf16).Says(200, "application/xml; charset=utf-16");
        yield return new WireCase("C1 Accept-Charset before the request's", utf16.With("Accept-Charset", "utf-8"))
            .Says(200, "application/xml; charset=utf-8");
        yield return new WireCase("C1 Accept-Charset nothing known, the request's", utf16.With("Accept-Charset", "latin1"))
            .Says(200, "application/xml; charset=utf-16");
        yield return new WireCase("C3 quoted utf-16 is UTF-8", RawRequest.Post().Typed("application/json; charset=\"utf-16\"", Bodies.Json))
            .Says(200, "application/json; charset=utf-8");
        yield return new WireCase("C3 iso-8859-1 is UTF-8", RawRequest.Post().Typed("application/json; charset=iso-8859-1", Bodies.Json))
            .Says(200, "application/json; charset=utf-8");
    }

    /// <summary>C4: every encoding under every charset, with and without a declaration.</summary>
    private static IEnumerable<WireCase> Bytes()
    {
        const string Accent = """{"Debut":"2026-03-01","é\u0085":"😀","ProduitId":5}""";
        IEnumerable<(string Name, string Type, string Body)> bodies =
        [
            ("json", "application/json", Accent),
            ("form", Bodies.FormType, Bodies.Form + "&é=😀"),
            ("xml", "text/xml", Bodies.Xml),
            ("xml accents", "text/xml", Bodies.Param("<Debut>2026-03-01</Debut><é>😀</é>")),
            .. new[] { "utf-8", "UTF-8", "utf-16", "Utf-16", "utf-16le", "utf-16be", "iso-8859-1", "us-ascii", "inconnu", "" }
                .Select(declared => ($"xml declared {declared}", "text/xml",
                    $"<?xml version=\"1.0\" encoding=\"{declared}\"?>{Bodies.Xml}")),
        ];
        foreach (var (name, type, body) in bodies)
        {
            foreach (var (encoding, bytes) in Encodings)
            {
                foreach (var charset in (string[])["", "; charset=utf-8", "; charset=utf-16"])
                {
                    var wire = new WireCase($"C4 {name} in {encoding}{charset}", RawRequest.Post().Typed(type + charset, bytes(body)));
                    yield return (name, encoding, charset) switch
                    {
                        ("json", "utf-8 BOM" or "utf-16LE BOM" or "utf-16BE BOM", _) => wire.Reads("2026-03-01T00:00:00 - 5"),
                        ("xml", "utf-8 BOM", "") => wire.Reads("2026-03-01T00:00:00 2026-03-31T00:00:00 5"),
                        ("xml", "utf-16LE" or "utf-16LE BOM", "") => wire.Reads("null ! param"),
                        ("xml", "utf-16LE BOM", "; charset=utf-16") => wire.Reads("2026-03-01T00:00:00 2026-03-31T00:00:00 5"),
                        ("xml", "utf-16BE" or "utf-16BE BOM", _) => wire.Reads("null ! param"),
                        ("xml declared utf-16", "utf-8", "") => wire.Reads("null ! param"),
                        _ => wire,
                    };
                }
            }
        }
    }

    private static IEnumerable<WireCase> Invalid()
    {
        byte[][] broken = [[0xC3, 0x28], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0xEF, 0xBF, 0xBE]];
        foreach (var bytes in broken)
        {
            var name = Convert.ToHexString(bytes);
            byte[] Around(string before, string after) => [.. Encoding.UTF8.GetBytes(before), .. bytes, .. Encoding.UTF8.GetBytes(after)];
            var json = new WireCase($"C4 json with {name}",
                RawRequest.Post().Typed("text/json", Around("{\"ProduitId\":5,\"X\":\"", "\"}")));
            yield return bytes is [0xEF, ..] ? json : json.Says(400);
            yield return new($"C4 json, {name} in a name",
                RawRequest.Post().Typed("text/json", Around("{\"ProduitId\":5,\"", "\":1,\"Debut\":null}")));
            yield return new($"C4 json, {name} after the value", RawRequest.Post().Typed("text/json", Around("{\"ProduitId\":5}", "")));
            yield return new($"C4 json, {name} after a date with an offset",
                RawRequest.Post().Typed("text/json", Around("{\"Debut\":\"2026-03-01T00:30:00+00:00\",\"Fin\":\"0:0:0\"}", "")));
            yield return new($"C4 json, {name} far behind dates with an offset", RawRequest.Post().Typed("text/json",
                Around("{\"Debut\":\"2026-03-01T00:30:00+00:00\",\"Fin\":\"/Date(0+0100)/\",\"X\":\"" + new string('x', 5000), "\"}")));
            yield return new($"C4 xml with {name}",
                RawRequest.Post().Typed("text/xml", Around(Bodies.Param("<X>")[..^13], "</X></ParamModel>")));
            yield return new($"C4 xml, {name} in the namespace of a member that nobody knows",
                RawRequest.Post().Typed("text/xml", Around(Bodies.Param("<b:X xmlns:b='")[..^13], "'>1</b:X></ParamModel>")));
            yield return new($"C4 xml, {name} in a namespace declared beside those that are read",
                RawRequest.Post().Typed("text/xml", Around("<ParamModel xmlns:b='", "' " + Bodies.Xml["<ParamModel ".Length..])));
            yield return new($"C4 xml, {name} at the end", RawRequest.Post().Typed("text/xml", Around(Bodies.Xml, "")));
            yield return new($"C4 form with {name}", RawRequest.Post().Typed(Bodies.FormType, Around("Debut=2026-03-01&ProduitId=", "")));
            yield return new($"C4 form, {name} in a name", RawRequest.Post().Typed(Bodies.FormType, Around("X", "=1&ProduitId=5")));
            yield return new($"C4 form, {name} escaped",
                RawRequest.Post().Form("ProduitId=%"
                + string.Join('%', bytes.Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))));
        }
        yield return new("C4 json, odd number of utf-16 bytes",
            RawRequest.Post().Typed("text/json; charset=utf-16", [.. Encoding.Unicode.GetBytes(Bodies.Json), 0x41]));
        yield return new("C4 json, utf-16 lone surrogate",
            RawRequest.Post().Typed("text/json; charset=utf-16",
            Encoding.Unicode.GetBytes("{\"X\":\"").Concat(new byte[] { 0, 0xD8 }).Concat(Encoding.Unicode.GetBytes("\"}")).ToArray()));
        yield return new("C4 only a BOM, json", RawRequest.Post().Typed("text/json", [0xEF, 0xBB, 0xBF]));
        yield return new("C4 only a BOM, xml", RawRequest.Post().Typed("text/xml", [0xEF, 0xBB, 0xBF]));
        yield return new("C4 only a BOM, form", RawRequest.Post().Typed(Bodies.FormType, [0xEF, 0xBB, 0xBF]));
        yield return new("C4 two BOMs, json",
            RawRequest.Post().Typed("text/json", [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']));
        yield return new("C4 two BOMs, xml",
            RawRequest.Post().Typed("text/xml", [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Bodies.Xml)]));
    }
}

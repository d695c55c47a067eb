namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, N: which formatter answers.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class NegotiationTests
{
    /// <summary>The request's own type, in the order of <see cref="Bodies.Typed"/>: a form has no formatter to answer.</summary>
    private static readonly string[] OwnType = ["application/json", "text/json", "application/xml", "text/xml", "application/json"];

    private static IEnumerable<WireCase> Cases() =>
    [
        .. Accept("N1", "application/json", "application/json"),
        .. Accept("N1", "text/json", "text/json"),
        .. Accept("N1", "application/xml", "application/xml"),
        .. Accept("N1", "text/xml", "text/xml"),
        .. Accept("N1", "text/xml", "application/json;q=0.5, application/xml;q=0.6, text/xml;q=0.7"),
        .. Accept("N1", "application/json", "application/xml;q=0.5, application/json;q=0.5"),
        .. Accept("N1", "application/xml", "text/plain, application/xml;q=0.1"),
        .. Accept("N1", "application/xml", "*/*;q=0.9, application/xml;q=0.9"),
        .. Accept("N1", "application/json", "*/*;q=0.9, application/*;q=0.9, text/*;q=0.5"),
        .. Accept("N1", null, "image/png"),
        .. Accept("N1", null, "application/hal+json, application/atom+xml"),
        .. Accept("N2", null, null),
        .. Accept("N2", null, ""),
        .. Accept("N2", null, "application/unknown"),
        .. Accept("N2", null, "n'importe quoi"),
        .. Accept("N2", null, "application/"),
        .. Accept("N2", null, "xml"),
        .. Accept("N2", null, ","),
        .. Accept("N3", "application/json", "*/*"),
        .. Accept("N3", "application/json", "application/*"),
        .. Accept("N3", "text/json", "text/*"),
        .. Accept("N3", "application/xml", "application/xml;charset=utf-16"),
        .. Accept("N3", "text/xml", "text/xml; level=1; q=0.3"),
        .. Accept("N3", "application/xml", "APPLICATION/Xml"),
        .. Accept("N3", null, "*/json"),
        .. Accept("N4", "application/xml", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
        .. Accept("N4", "application/xml", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"),
        .. Accept("N5", "application/json", "application/xml, application/json"),
        .. Accept("N5", "application/xml", "*/*, application/xml"),
        .. Accept("N5", "text/xml", "application/*, text/xml"),
        .. Accept("N5", "application/json", "text/*;q=0.9, application/json;q=0.9"),
        .. Accept("N6", "application/json", "application/json;q=abc, application/xml;q=0.9"),
        .. Accept("N6", "application/json", "application/json;q=-1, application/xml;q=0.9"),
        .. Accept("N6", "application/json", "application/json;q=\"0.1\", application/xml;q=0.9"),
        .. Accept("N6", "application/json", "application/json;q, application/xml;q=0.9"),
        .. Accept("N6", "application/xml", "application/xml;q=2, application/json"),
        .. Accept("N6", "application/xml", "application/json;q=0.1;q=0.9, application/xml;q=0.5"),
        .. Accept("N6", null, "application/json;q=0"),
        .. Accept("N6", null, "application/json;q=0, application/xml;q=0.0"),
        .. Accept("N6", null, "*/*;q=0"),
        .. Unsaid("N6", "application/xml;Q=0.1, application/json;q=0.05", "application/xml;q=.5, application/json;q=.4",
            "*/*, application/json;q=0",
            "application/xml;q=0.001, application/json;q=0.0001", "application/xml;q=1., application/json;q=0.9",
            "application/json ; q = 0.2 , application/xml",
            "application/xml;q=1e0, application/json;q=5e-1", "application/xml;q=+0.9, application/json;q=0.5",
            "application/xml;q=NaN, application/json",
            "application/xml;q=Infinity, application/json", "application/json;q=0x1, text/xml;q=0.99",
            "application/json;q=0.5;a=1, text/xml;a=\"q=0\";q=0.6"),
        .. Accept("N7", null, "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"),
        .. Accept("N7", null, "text/xml;"),
        .. Accept("N7", null, "text/xml;;q=0.5"),
        .. Accept("N7", null, "text/xml;q=0,5"),
        .. Accept("N7", "text/xml", ", text/xml"),
        .. Accept("N7", "text/xml", "text/xml,, text/html,"),
        .. Unsaid("N7", "text/xml junk", "text xml", "text/xml, é", "text/xml, \"", "text/xml;a=\"b", "text/xml;=1", "text/xml, a/b/c",
            "text/xml;a=b c", "(text/xml)", "*/xml", "text/xml\t,\ttext/html", "text/xml;a=\"\\\"\"", "text/xml, ;q=1"),
        .. Lines("N7", "text/xml", "*; q=.2", "text/xml"),
        .. Lines("N7", "text/xml", "text/html", "text/xml"),
        .. Ajax("XMLHttpRequest", null, true),
        .. Ajax("xmlhttpREQUEST", "*/*", true),
        .. Ajax("un XMLHttpRequest, deux", "*; q=.2", true),
        .. Ajax("XMLHttpRequest", "", true),
        .. Ajax("XMLHttpRequest", "text/xml", false),
        .. Ajax("XMLHttpReques", null, false),
        .. Unsaid("N8", ["*/*;q=0.1", "*/*;q=0", "*/*, */*", "*/*, text/html", "text/html", "application/xml, */*", "*/*;a=b"],
            "XMLHttpRequest"),
        .. Errors(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    /// <summary>The type expected for every request type; null for the request's own.</summary>
    private static IEnumerable<WireCase> Accept(string number, string? expected, string? accept) => Bodies.Typed.Select((typed, index) =>
        new WireCase($"{number} {typed.Type}, Accept {accept ?? "none"}", Bodies.Post(typed).With("Accept", accept))
            .Says(200, expected ?? OwnType[index]));

    private static IEnumerable<WireCase> Unsaid(string number, params string[] accepts) => Unsaid(number, accepts, null);

    private static IEnumerable<WireCase> Unsaid(string number, string[] accepts, string? with) =>
        from typed in new[] { Bodies.Typed[1], Bodies.Typed[2] }
        from accept in accepts
        select new WireCase($"{number} {typed.Type}, Accept {accept} {with}",
            Bodies.Post(typed).With("Accept", accept).With("X-Requested-With", with));

    private static IEnumerable<WireCase> Lines(string number, string expected, params string[] accepts) => Bodies.Typed.Select(typed =>
        new WireCase($"{number} {typed.Type}, Accept lines {string.Join(" + ", accepts)}",
            accepts.Aggregate(Bodies.Post(typed), (request, accept) => request.With("Accept", accept))).Says(200, expected));

    private static IEnumerable<WireCase> Ajax(string requestedWith, string? accept, bool json) => Bodies.Typed.Select((typed, index) =>
        new WireCase($"N8 {typed.Type}, {requestedWith}, Accept {accept ?? "none"}",
            Bodies.Post(typed).With("X-Requested-With", requestedWith).With("Accept", accept))
            .Says(200, json ? "application/json" : accept ?? OwnType[index]));

    private static IEnumerable<WireCase> Errors()
    {
        var errors = new (string Name, int Status, RawRequest Request)[]
        {
            ("400", 400, RawRequest.Post().Json("{")),
            ("400 xml", 400, RawRequest.Post().Typed("text/xml", "<")),
            ("401", 401, RawRequest.Post("/api/protege").Json("{}")),
            ("404", 404, RawRequest.Post("/api/Inconnu").Xml(Bodies.Xml)),
            ("405", 405, new RawRequest("PUT", "/api/ConsommationV2").Xml(Bodies.Xml)),
            ("415", 415, RawRequest.Post().Typed("text/plain", "bonjour")),
            ("415 +xml", 415, RawRequest.Post().Typed("application/soap+xml", Bodies.Xml)),
            ("500", 500, RawRequest.Post("/api/panne").Typed("text/json", "{}")),
            ("500 while writing", 500, RawRequest.Get("/api/liste/demi-haut")),
        };
        foreach (var (name, status, request) in errors)
        {
            foreach (var accept in (string?[])[null, "*/*", "text/*", "text/xml", "application/xml;q=0.5, text/json", "text/html",
                "*; q=.2", "text/html,application/xml;q=0.9,*/*;q=0.8"])
                yield return new WireCase($"N9 {name}, Accept {accept ?? "none"}", request.With("Accept", accept)).Says(status);
            yield return new WireCase($"N9 {name}, XMLHttpRequest", request.With("X-Requested-With", "XMLHttpRequest"))
                .Says(status, "application/json");
            yield return new WireCase($"N9 {name}, utf-16", request.With("Accept", "text/xml").With("Accept-Charset", "utf-16"))
                .Says(status, "text/xml; charset=utf-16");
        }
    }
}

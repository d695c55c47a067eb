using Facturation.Wire;

namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, O: what is written.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WritingTests
{
    private static readonly string[] Accepts = ["application/json", "text/xml"];

    private static IEnumerable<WireCase> Cases() =>
    [
        new WireCase("O1 nulls and case", RawRequest.Post("/api/echo").Json("{\"produitid\":5}"))
            .Says(200, "application/json", "{\"Debut\":null,\"Fin\":null,\"ProduitId\":5}"),
        new WireCase("O1 escapes", RawRequest.Get("/api/texte/separateurs"))
            .Says(200, "application/json", "\"nel\\u0085ls\\u2028ps\\u2029fin\""),
        new WireCase("O1 control characters", RawRequest.Get("/api/texte/controles"))
            .Says(answer => Assert.That(answer.Text,
            Does.StartWith("\"\\u0001\\u0002").And.Contains("\\b\\t\\n\\u000b\\f\\r").And.Contains("\\u001f"))),
        new WireCase("O1 no other escape", RawRequest.Get("/api/texte/accents"))
            .Says(200, "application/json", "\"éèêëàùçœŒ€ÿ Île-de-France\""),
        new WireCase("O2 json", RawRequest.Get("/api/liste/rien").With("Accept", "application/json")).Says(200, "application/json", "null"),
        new WireCase("O2 xml", RawRequest.Get("/api/liste/rien").With("Accept", "application/xml"))
            .Says(200, "application/xml", $"<ArrayOfDelicateModel i:nil=\"true\" xmlns:i=\"{Bodies.Instance}\" xmlns=\"http://schemas.datacontract.org/2004/07/Facturation.Wire\" />"),
        new WireCase("O2 an object", RawRequest.Post("/api/echo").Xml("").With("Accept", "application/xml"))
            .Says(200, "application/xml", $"<ParamModel i:nil=\"true\" xmlns:i=\"{Bodies.Instance}\" xmlns=\"{Bodies.ModelsNamespace}\" />"),
        new WireCase("O3 order and namespaces", RawRequest.Post("/api/echo").Xml(Bodies.Xml)).Says(200, "application/xml",
            $"<ParamModel xmlns:i=\"{Bodies.Instance}\" xmlns=\"{Bodies.ModelsNamespace}\"><Debut>2026-03-01T00:00:00</Debut><Fin>2026-03-31T00:00:00</Fin><ProduitId>5</ProduitId></ParamModel>"),
        .. from name in new[] { "lf", "crlf" }
           select new WireCase($"O3 {name} becomes CRLF", RawRequest.Get("/api/texte/" + name).With("Accept", "text/xml"))
               .Says(200, "text/xml", "<string xmlns=\"http://schemas.microsoft.com/2003/10/Serialization/\">a\r\nb</string>"),
        .. from name in DelicateText.ByName.Keys.Where(name => name.StartsWith("demi", StringComparison.Ordinal))
           from accept in Accepts
           from controller in new[] { "liste", "texte", "objet" }
           where controller != "objet" || name != "demi-objet"
           select new WireCase($"O4 {accept} {controller}/{name}", RawRequest.Get($"/api/{controller}/{name}").With("Accept", accept))
               .Says(500, accept),
        .. Everything(),
        .. Contract(),
        .. Void(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    [Test]
    public async Task Answer_OfOurs_IsBuffered()
    {
        foreach (var request in (RawRequest[])[RawRequest.Post().Json(Bodies.Json), RawRequest.Post().Json("{"),
            RawRequest.Get("/api/inconnu"), RawRequest.Get("/api/panne"), RawRequest.Get("/api/protege"),
            RawRequest.Get("/api/liste/nombreux")])
        {
            var answer = await WireServers.Host(WireSetting.Legacy).SendAsync(request, refuse: true);
            var headers = new[] { "Content-Length", "Cache-Control", "Pragma", "Expires" }.Select(answer.Header);
            Assert.That(headers, Is.EqualTo(new[] { $"{answer.Body.Length}", "no-cache", "no-cache", "-1" }), $"O5 {request.Target}");
        }
    }

    private static IEnumerable<WireCase> Everything() =>
        from name in Delicate.Names
        from controller in new[] { "liste", "tableau", "suite", "modele", "objet" }
        from accept in Accepts
        from charset in new[] { null, "utf-16" }
        where charset == null || controller == "liste"
        select new WireCase($"O3 {controller}/{name} {accept} {charset}",
            RawRequest.Get($"/api/{controller}/{name}").With("Accept", accept).With("Accept-Charset", charset));

    private static IEnumerable<WireCase> Contract()
    {
        var targets = new List<string> { "/api/objet/inconnu", "/api/texte", "/api/texte/inconnu", "/api/entier/5",
            "/api/entier/-2147483648", "/api/liste" };
        targets.AddRange(new[] { "texte", "entier", "long", "vrai", "date", "entiers", "dictionnaire", "anonyme", "modele" }.Select(name =>
            "/api/objet/" + name));
        targets.AddRange(DelicateText.ByName.Keys.Select(name => "/api/texte/" + name));
        foreach (var target in targets)
        {
            foreach (var accept in Accepts)
                yield return new($"O3 {target} {accept}", RawRequest.Get(target).With("Accept", accept));
        }
        foreach (var accept in Accepts)
        {
            yield return new($"O3 the contract's answer, {accept}", RawRequest.Post().Json(Bodies.Json).With("Accept", accept));
            yield return new($"O3 the contract's answer without a body, {accept}", RawRequest.Post().With("Accept", accept));
            foreach (var (method, target) in new[] { ("POST", "suite/imbrique"), ("PUT", "suite/imbrique"), ("PUT", "suite/rien"),
                ("POST", "suite/element-nul"), ("POST", "modele/imbrique"), ("POST", "modele/rien"), ("POST", "liste/textes"),
                ("POST", "entier/5"), ("POST", "entier"),
                ("PUT", "entier/true"), ("PUT", "entier/5"), ("PATCH", "entier/date-max-utc"), ("PATCH", "entier/date-tick"),
                    ("PATCH", "entier/inconnue"), ("HEAD", "attributs"), ("HEAD", "liste/imbrique") })
                yield return new($"O3 {method} {target} {accept}", new RawRequest(method, "/api/" + target).With("Accept", accept));
        }
    }

    private static IEnumerable<WireCase> Void() =>
        from method in new[] { "GET", "POST", "PUT" }
        from accept in Accepts
        select new WireCase($"O2 {method} rien {accept}", new RawRequest(method, "/api/rien").With("Accept", accept))
            .Says(method == "PUT" ? 200 : 204);
}

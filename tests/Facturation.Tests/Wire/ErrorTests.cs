namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, E: errors, verbs and addresses.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class ErrorTests
{
    private static readonly string[] OtherVerbs = ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "MERGE",
        "post", "Post", "QUERY", "X-VERBE"];

    private static IEnumerable<WireCase> Cases() =>
    [
        new WireCase("E1 json", RawRequest.Post().Json("""{"Debut":"demain"}"""))
            .Says(400, "application/json", """{"Message":"The request is invalid.","ModelState":{"param.Debut":["An error has occurred."]}}"""),
        new WireCase("E1 xml", RawRequest.Post().Json("""{"Debut":"demain"}""").With("Accept", "application/xml"))
            .Says(400, "application/xml", "<Error><Message>The request is invalid.</Message><ModelState><param.Debut>An error has occurred.</param.Debut></ModelState></Error>"),
        new WireCase("E1 xml, two messages", RawRequest.Post().Json("""{"ProduitId":true}""").With("Accept", "application/xml"))
            .Says(400, "application/xml", "<Error><Message>The request is invalid.</Message><ModelState><param.ProduitId>An error has occurred. An error has occurred.</param.ProduitId></ModelState></Error>"),
        .. Keys(),
        .. Verbs(),
        .. VerbCasing(),
        .. NotFound(),
        new WireCase("E4 500", RawRequest.Get("/api/panne")).Says(500, "application/json", """{"Message":"An error has occurred."}"""),
        new WireCase("E4 500 xml", RawRequest.Get("/api/panne").With("Accept", "text/xml"))
            .Says(500, "text/xml", "<Error><Message>An error has occurred.</Message></Error>"),
        new WireCase("E4 500 with a body", RawRequest.Post("/api/panne").Xml(Bodies.Xml)).Says(500, "application/xml"),
        new WireCase("E4 500 while enumerating", new RawRequest("PUT", "/api/panne") { Body = [] }).Says(500),
        new WireCase("E4 500 in a property", new RawRequest("DELETE", "/api/panne").With("Accept", "text/xml")).Says(500, "text/xml"),
        new WireCase("E4 500 in a property, json", new RawRequest("DELETE", "/api/panne")).Says(500, "application/json"),
        new WireCase("E4 401", RawRequest.Get("/api/protege"))
            .Says(401, "application/json", """{"Message":"Authorization has been denied for this request."}"""),
        new WireCase("E4 401 xml", RawRequest.Post("/api/protege").Xml("<"))
            .Says(401, "application/xml", "<Error><Message>Authorization has been denied for this request.</Message></Error>"),
        new("E4 401 before 415", RawRequest.Post("/api/protege").Typed("text/plain", "x")),
        new("E4 405 before 401", new RawRequest("DELETE", "/api/protege")),
        .. Addresses(),
        .. Statuses(),
        .. Parameters(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    /// <summary>E1: keys become element names through XmlConvert.EncodeLocalName.</summary>
    private static IEnumerable<WireCase> Keys() =>
        from body in new[]
        {
            "{\"debut\":\"x\",\"DEBUT\":\"y\",\"Fin\":\"z\"}", "{\"X\":[{\"a b\":[1,tru]}]}", "{\"é\":]}", "{\"a:b\":]}", "{\"<&>\":]}",
            "{\"😀\":]}", "{\"a'b\":]}", "{\"_x0041_\":]}", "{\"\\u0001\":]}", "[1,", "{\"\":]}", "{\"a\tb\":]}",
            "{\"ProduitId\":[5]}", "{\"Fin\":\"x\",\"ProduitId\":true,\"Debut\":\"y\"}", "{\"a\":{\"0\":{\"-\":]}}}", "{\"\\ud800\":]}",
        }
        from accept in new[] { "application/json", "application/xml" }
        select new WireCase($"E1 {accept} {Visible.Text(body)}", RawRequest.Post().Json(body).With("Accept", accept)).Says(400);

    private static IEnumerable<WireCase> Verbs()
    {
        foreach (var verb in OtherVerbs)
        {
            foreach (var operation in (string[])["ConsommationV2", "Consommation", "consommationV2/5", "Consommation/"])
            {
                var wire = new WireCase($"E2 {verb} {operation}", new RawRequest(verb, "/api/" + operation));
                yield return verb is "post" or "Post" or "X-VERBE" ? wire
                    : wire.Says(405, "application/json",
                    verb == "HEAD" ? "" : $$"""{"Message":"The requested resource does not support http method '{{verb}}'."}""")
                    .Says(answer => Assert.That(answer.Header("Allow"), Is.EqualTo("POST")));
                yield return new($"E2 {verb} {operation}, xml", new RawRequest(verb, "/api/" + operation).Xml(Bodies.Xml));
            }
            foreach (var target in (string[])["verbes", "verbes/5", "verbes/x", "attributs", "attributs/5", "entier", "entier/5",
                "entier/x", "verbes?id[]=5", "verbes?i%64%5B%5D=5", "verbes?id[0]=5", "verbes?id&id[]=6", "verbes#x", "verbes/#5", "verbes/5#?id=6",
                "verbes?id=5#x", "verbes\\5", "verbes%5C5", "verbes/5%5C", "verbes/a%5Cb", "verbes/5%2F", "echo", "echoadresse", "echoadresse/5", "statut", "liste"])
                yield return new($"E2 {verb} {target}", new RawRequest(verb, "/api/" + target));
            yield return new($"E2 {verb} verbes/5 with a body", new RawRequest(verb, "/api/verbes/5").Json(Bodies.Json));
        }
    }

    /// <summary>The legacy hosts write seven verbs in capitals and leave the others, PATCH among them, as they were sent.</summary>
    private static IEnumerable<WireCase> VerbCasing()
    {
        foreach (var (verb, told) in ((string, string)[])[("get", "GET"), ("Get", "GET"), ("pUT", "PUT"), ("delete", "DELETE"),
            ("Options", "OPTIONS"), ("trace", "TRACE"), ("head", "HEAD"), ("patch", "patch"), ("Patch", "Patch"), ("propfind", "propfind"),
            ("connect", "connect"), ("query", "query")])
        {
            yield return new WireCase($"E2 {verb}", new RawRequest(verb, "/api/ConsommationV2"))
                .Says(405, "application/json", $$"""{"Message":"The requested resource does not support http method '{{told}}'."}""");
            yield return new WireCase($"E2 {verb}, xml", new RawRequest(verb, "/api/Consommation/5").With("Accept", "text/xml"))
                .Says(405, "text/xml", $"<Error><Message>The requested resource does not support http method '{told}'.</Message></Error>");
            foreach (var target in (string[])["verbes", "verbes/5", "attributs", "protege", "statut/ok", "Inconnu"])
                yield return new($"E2 {verb} {target}", new RawRequest(verb, "/api/" + target));
        }
    }

    private static IEnumerable<WireCase> NotFound()
    {
        yield return new WireCase("E3 unknown", RawRequest.Post("/api/Inconnu"))
            .Says(404, "application/json", """{"Message":"No HTTP resource was found that matches the request URI 'http://localhost/api/Inconnu'."}""");
        foreach (var target in (string[])["/api", "/api/", "/api/Inconnu/5", "/api/Inconnu?a=b&c=%20d", "/api/Inconnu?a=<b>",
            "/api/Inconnu?é", "/api/%49nconnu", "/api/Inconnu%20x", "/api/Inconnu%2Fx", "/api/Inconnu%252F", "/api/Inconnu%3Cb%3E",
            "/api/Inconnu%C3%A9", "/api/Inconnu%E9", "/api/Inconnué", "/api/Inconnu%22%27", "/api/Inconnu+x", "/api/Inconnu;x=1",
            "/api/ConsommationV2/5/6", "/api/ConsommationV2//", "/api//ConsommationV2", "//api/ConsommationV2", "/%2Fapi/ConsommationV2", "/api/ConsommationV2/5/",
            "/api/ConsommationV3", "/api/ConsommationV", "/api/ConsommationV2Controller", "/api/Wire", "/api/Plain",
            "/api/./ConsommationV2", "/api/x/../ConsommationV2", "/api/x/%2e%2e/ConsommationV2", "/api/Inconnu\\x", "/api/Inconnu#x",
            "/api/Inconnu?",
            "/api/Inconnu?a=%0A", "/api/Inconnu%0A", "/api/Inconnu%00", "/api/Inconnu?%", "/api/Inconnu%", "/api/Inconnu%zz",
            "/api/Inconnu?a=%E9%C3%A9", "/api/Inconnu?%D8%00", "/api/Inconnu%F0%9F%98%80", "/api/{controller}", "/api/Inconnu/{id}",
            "/api/Inconnu|x^`", "/api/a&b", "/api/*"])
        {
            yield return new($"E3 POST {target}", RawRequest.Post(target));
            yield return new($"E3 GET {target}, xml", RawRequest.Get(target).With("Accept", "application/xml"));
        }
        foreach (var host in (string[])["exemple.fr", "EXEMPLE.fr:8080", "localhost:80", "localhost:443", "127.0.0.1", "[::1]", "[::1]:81",
            "xn--caf-dma.fr"])
            yield return new($"E3 Host {host}", RawRequest.Get("/api/Inconnu").With("Host", host));
        yield return new("E3 absolute address", RawRequest.Get("http://localhost/api/Inconnu?x"));
    }

    private static IEnumerable<WireCase> Addresses()
    {
        foreach (var suffix in (string[])["/5", "/", "?", "?x=y", "/x", "/5?id=6", "/%20", "?ProduitId=9&Debut=2020-01-01",
            "?param.ProduitId=9", "/5/?param=x", "?%zz", "?é", "/a%2Fb", "/a.b", "/-1", "/é",
            "#x", "?a#b", "/x%5Cy", "/x%5C..", "/x\\y", "/x\\..", "\\..\\Consommation", "/..%5CConsommation", "%5C5"])
            yield return new($"E6 {suffix}", RawRequest.Post("/api/ConsommationV2" + suffix).Json(Bodies.Json));
        yield return new WireCase("E6 says", RawRequest.Post("/api/ConsommationV2/5?ProduitId=9").Json(Bodies.Json)).Says(200)
            .Reads("2026-03-01T00:00:00 2026-03-31T00:00:00 5");
        foreach (var target in (string[])["/API/CONSOMMATIONV2", "/Api/consommationv2/", "/api/%43onsommationV2", "/%61pi/Consommation",
            "/api/consommationv2/?a", "/api/Consommation/5"])
            yield return new WireCase($"E6 {target}", RawRequest.Post(target).Json(Bodies.Json)).Says(200);
    }

    private static IEnumerable<WireCase> Statuses() =>
        from id in new[] { "ok", "ok-modele", "ok-liste", "absent", "mauvais", "mauvais-texte", "mauvais-etat", "conflit", "cree",
            "teapot", "vide", "accepte", "erreur", "interdit", "redirige", "inconnu" }
        from accept in new[] { null, "text/xml" }
        from request in new[] { RawRequest.Get("/api/statut/" + id), RawRequest.Post("/api/statut/" + id).Json(Bodies.Json) }
        select new WireCase($"E4 {request.Method} statut/{id}, Accept {accept ?? "none"}", request.With("Accept", accept));

    /// <summary>Simple parameters come from the address only, whatever the body says.</summary>
    private static IEnumerable<WireCase> Parameters() =>
        from method in new[] { "POST", "PUT" }
        from address in new[] { "", "/", "/5", "/x", "/5?nom=é", "/5?nom=%C3%A9&nom=b", "?id=6", "/5?id=6", "/99999999999", "/5.0",
            "/0x10", "/%205", "/-5", "/5?nom=", "/5?nom", "/5?NOM=x", "?ID=7", "/5?param.ProduitId=9", "?nom=x", "/5?id=x",
            "/5?nom=a#b", "?id[]=6", "/5?nom=a%23b", "?=6", "/5?=nom", "/x?=7", "/x?=y", "/x?=",
            "/5?nom=a&=b", "?id=x&=7&=8" }
        from typed in new[] { Bodies.Typed[0], Bodies.Typed[2], Bodies.Typed[4],
            ("application/json", "{\"ProduitId\":\"x\",\"id\":8,\"nom\":\"corps\"}"), (Bodies.FormType, "id=8&nom=corps&ProduitId=x") }
        select new WireCase($"E6 {method} echoadresse{address} {typed.Item1} {Visible.Text(typed.Item2, 20)}",
            new RawRequest(method, "/api/echoadresse" + address).Typed(typed.Item1, typed.Item2));
}

namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, F: what is read from a form post.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FormReadingTests
{
    private static IEnumerable<WireCase> Cases() =>
    [
        .. Reads("F1", "2026-03-01T00:00:00 - 5", "Debut=2026-03-01&ProduitId=5", "debut=2026-03-01&PRODUITID=5",
            "Debut[]=2026-03-01&ProduitId=5", "Debut=2026-03-01&Debut=2020-01-01&ProduitId=5", "&Debut=2026-03-01&&ProduitId=5&",
            "Debut=2026%2D03-01&ProduitId=5", "%44ebut=2026-03-01&ProduitId=5", "Debut=+2026-03-01+&ProduitId=+5+",
            "ProduitId=5&Debut=2026-03-01", "Inconnu=1&Debut=2026-03-01&ProduitId=5&a[b][c]=2"),
        .. Reads("F1", "- - 5", "param.Debut=2026-03-01&ProduitId=5", "[Debut]=2026-03-01&ProduitId=5", "Debut[0]=2026-03-01&ProduitId=5",
            "Debut=&ProduitId=5", "Debut=+&ProduitId=5", "Debut&ProduitId=5", "param.ProduitId=6&ProduitId=5"),
        .. Reads("F1", "- - -", "x", "&", "=", "x=1", "=&="),
        .. Unsaid("F1", "Debut[=1", "Debut]=1&ProduitId=5", "Debut[[]=1", "Debut[a=1&ProduitId=5", "[=1", "]=1", "[]=1",
            "[]=1&ProduitId=5", "[[]]=1", "Debut[][]=2026-03-01&ProduitId=5", "Debut[a]=1&ProduitId=5", "ProduitId[]=5&ProduitId[]=6",
            "ProduitId=5&ProduitId[]=6",
            "ProduitId[]=6&ProduitId=5", "ProduitId=5&ProduitId[a]=6", "ProduitId[a]=6&ProduitId=5", "ProduitId=5&ProduitId.a=6",
            "ProduitId=5;Debut=2026-03-01", "ProduitId=5;6", "Debut=2026-03-01;ProduitId=5", "ProduitId=%35", "ProduitId=%",
            "ProduitId=%3", "ProduitId=%zz", "ProduitId=5%",
            "%=1&ProduitId=5", "ProduitId=%C3%A9", "ProduitId=%E9", "ProduitId=%u0035", "ProduitId=%00", "ProduitId=5%00", "ProduitId=5\0",
            "ProduitId=5\r\n", "ProduitId=5\r\nDebut=2026-03-01", "Produit+Id=5", "ProduitId+=5", "+ProduitId=5", "ProduitId =5",
            " ProduitId=5",
            "ProduitId%20=5", "ProduitId==5", "ProduitId=5=6", "ProduitId=5&=6", "=5", "ProduitId.=5", ".ProduitId=5", "ProduitId..a=5",
            "Debut.Year=2026&ProduitId=5", "Debut.Date=2026-03-01", "param=1&ProduitId=5", "param[Debut]=2026-03-01&ProduitId=5",
            "param[ProduitId]=5",
            "param.ProduitId=x&ProduitId=5", "PARAM.ProduitId=6", "param[0]=x", "param[]=x", "param=&ProduitId=5", "modele.ProduitId=5",
            "value.ProduitId=5", "produitid=5&ProduitId=6", "ProduitId=6&produitid=5", "PRODUITID=x&ProduitId=5",
            "Debut=x&Debut=2026-03-01", "Debut=2026-03-01&Debut=x",
            "Debut[]=x&Debut[]=2026-03-01", "debut=2026-03-01&Debut=2020-01-01", "Debut[0]=2026-03-01&Debut[1]=2020-01-01", "Debut[0]=x",
            "ProduitId[0]=5", "ProduitId[0]=x&ProduitId=5", "ProduitId=5&ProduitId[0]=6", "a=1&a[b]=2&ProduitId=5",
            "a[b]=1&a=2&ProduitId=5", "a[]=1&a[b]=2", "a[0]=1&a[]=2",
            "a[b]c=1&ProduitId=5", "a[b]=1&a[b]=2&ProduitId=5", "a]b[=1&ProduitId=5", "%5B=1", "a%5Bb%5D=1&ProduitId=5",
            "Debut%5B%5D=2026-03-01", Bodies.Json, Bodies.Xml, "\ufeffProduitId=5", "ProduitId=5#x", "?ProduitId=5", "ProduitId=5/",
            "é=1&ProduitId=5", "ProduitId=５", "Produit\u0130d=5", "ProduitId\u200b=5", "ProduitID=5", "PRODU\u0131TID=5"),
        .. Reads("F2", "2026-03-01T00:00:00Z - -", []),
        .. Reads("F2", "- - 16", "ProduitId=0x10", "ProduitId=%26h10", "ProduitId=%2310", "ProduitId=0X10", "ProduitId=%26H10"),
        .. Reads("F2", "- - -1", "ProduitId=0xFFFFFFFF"),
        .. Values(),
        new WireCase("F3 not a number", RawRequest.Post().Form("Debut=2026-03-01&ProduitId=x"))
            .Reads("2026-03-01T00:00:00 - - ! param.ProduitId")
            .Says(400, "application/json", """{"Message":"The request is invalid.","ModelState":{"param.ProduitId":["The value 'x' is not valid for ProduitId."]}}"""),
        new WireCase("F3 overflow", RawRequest.Post().Form("Debut=2026-03-01&ProduitId=99999999999"))
            .Reads("2026-03-01T00:00:00 - - ! param.ProduitId")
            .Says(400, "application/json", """{"Message":"The request is invalid.","ModelState":{"param.ProduitId":["An error has occurred."]}}"""),
        new WireCase("F3 NUL, in XML", RawRequest.Post().Form("ProduitId=%00&ProduitId=2").With("Accept", "application/xml"))
            .Says(400, "application/xml", "<Error><Message>The request is invalid.</Message><ModelState><param.ProduitId>The value '&#x0;,2' is not valid for ProduitId.</param.ProduitId></ModelState></Error>"),
        .. Unsaid("F3", "Debut=x&Fin=y&ProduitId=z", "ProduitId=<&>\"'", "ProduitId=a%0Ab", "produitid=x", "Debut=x&ProduitId=5",
            "ProduitId[]=x", "ProduitId[]=5&ProduitId[]=x", "ProduitId=%01", "ProduitId=😀", "ProduitId=" + new string('x', 3000),
            "Fin=31/03/2026&Debut=01/03/2026", "Debut=22/03/2026&ProduitId=x"),
        .. Many(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static IEnumerable<WireCase> Reads(string number, string read, params string[] bodies) =>
        Unsaid(number, bodies).Select(wire => wire.Reads(read));

    private static IEnumerable<WireCase> Unsaid(string number, params string[] bodies) =>
        bodies.Select(body => new WireCase($"{number} {Visible.Text(body, 200)}", RawRequest.Post().Form(body)));

    private static IEnumerable<WireCase> Values()
    {
        foreach (var date in OddDates.All)
        {
            var wire = new WireCase($"F2 {Visible.Text(date)}", RawRequest.Post().Form($"ProduitId=5&Debut={Uri.EscapeDataString(date)}"));
            yield return date switch
            {
                // Kind Local, unlike JSON and XML: Paris is an hour ahead of Z in winter.
                "2026-03-22T00:33Z" => wire.Reads("2026-03-22T01:33:00+01:00 - 5"),
                "2026-03-22T00:33+01:00" => wire.Reads("2026-03-22T00:33:00+01:00 - 5"),
                "2026-03-22T24:00:00" or "/Date(0)/" or "22/03/2026" => wire.Reads("- - 5 ! param.Debut"), "" or " " => wire.Reads("- - 5"),
                "03/22/2026" => wire.Reads("2026-03-22T00:00:00 - 5"),
                _ => wire,
            };
        }
        foreach (var number in OddNumbers.All)
            yield return new($"F2 {Visible.Text(number)}",
                RawRequest.Post().Form($"Debut=2026-03-01&ProduitId={Uri.EscapeDataString(number)}"));
    }

    /// <summary>Long and deep forms: the legacy stack has limits of its own.</summary>
    private static IEnumerable<WireCase> Many()
    {
        foreach (var count in (int[])[100, 999, 1000, 1001, 1024, 1025, 5000])
        {
            var names = string.Join('&', Enumerable.Range(0, count).Select(index => $"a{index}=1"));
            yield return new($"F1 {count} names", RawRequest.Post().Form(names + "&ProduitId=5"));
            yield return new($"F1 {count} times the same name",
                RawRequest.Post().Form(string.Join('&', Enumerable.Repeat("ProduitId=5", count))));
        }
        foreach (var depth in (int[])[10, 31, 32, 64, 128, 254, 255, 256, 257, 258, 1000])
            yield return new($"F1 {depth} levels",
                RawRequest.Post().Form("a" + string.Concat(Enumerable.Repeat("[b]", depth)) + "=1&ProduitId=5"));
    }
}

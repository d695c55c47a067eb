using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, J: what is read from JSON, and what of it is kept after an error.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class JsonReadingTests
{
    private static IEnumerable<WireCase> Cases() =>
    [
        .. Reads("J1", "- - 5", "{\"ProduitId\":5/**/}", "/*a*/{ProduitId:5}//b", "{'ProduitId':5}", "{ProduitId:'5'}",
            "{\"ProduitId\":5,}", "{\"ProduitId\":5} n'importe {{{", "{\"ProduitId\":5}]",
            "{\"produitid\":5}", "{\"PRODUITID\":5}", "{\"ProduitId\":1,\"produitId\":2,\"ProduitId\":5}",
            "{\"$type\":\"System.IO.FileInfo, mscorlib\",\"ProduitId\":5}", "{\"Inconnu\":{\"a\":[1,{}]},\"ProduitId\":5}",
            "{\"\\u0050roduitId\":5}", "\t{ \"ProduitId\"\r\n:\u00a05 }", "{\"$id\":\"1\",\"ProduitId\":5}"),
        .. Reads("J1", "- - 8", "{\"ProduitId\":010}"),
        .. Reads("J1", "- - 16", "{\"ProduitId\":0x10}"),
        .. Reads("J2", "- - 5 ! param.Debut", "{\"Debut\":\"demain\",\"ProduitId\":5}", "{\"Debut\":5,\"ProduitId\":5}",
            "{\"Debut\":1.5,\"ProduitId\":5}"),
        .. Reads("J2", "- 2026-03-31T00:00:00 - ! param.ProduitId", "{\"ProduitId\":\"x\",\"Fin\":\"2026-03-31\"}",
            "{\"ProduitId\":2147483648,\"Fin\":\"2026-03-31\"}", "{\"Fin\":\"2026-03-31\",\"ProduitId\":5.5}"),
        .. Reads("J2", "null ! param.ProduitId, param.ProduitId", "{\"Fin\":\"2026-03-31\",\"ProduitId\":true}",
            "{\"ProduitId\":{},\"Fin\":\"2026-03-31\"}"),
        .. Reads("J2", "null ! param, param.ProduitId", "{\"ProduitId\":[5]}"),
        .. Reads("J3", "null", "null", "\"\"", "undefined", "/* rien */", "// rien", "{\"$ref\":\"1\"}", " null "),
        .. Reads("J3", "null ! param", "[]", "[{}]", "5", "true", "\"x\"", "1.5"),
        .. Reads("J5", "- - 5", "{\"ProduitId\":\"5\"}", "{\"ProduitId\":\" 5 \"}", "{\"ProduitId\":\"+5\"}"),
        .. Reads("J5", "- - -", "{\"ProduitId\":\"\"}", "{\"ProduitId\":null}"),
        .. Reads("J5", "- - - ! param.ProduitId", "{\"ProduitId\":\"5.0\"}", "{\"ProduitId\":5.0}", "{\"ProduitId\":1e2}",
            "{\"ProduitId\":99999999999}"),
        .. Reads("J7", "2026-05-03T00:00:00 - -", "{\"Debut\":\"5/3/2026\"}", "{\"Debut\":\"2026-5-3\"}", "{\"Debut\":\"2026/05/03\"}",
            "{\"Debut\":\"May 3, 2026\"}", "{\"Debut\":\"2026-05-03T00:00\"}"),
        .. Reads("J7", "2026-03-22T00:33:10.1234568 - -", "{\"Debut\":\"2026-03-22T00:33:10.12345678\"}"),
        .. Unsaid("J1", "{\"ProduitId\":5}{\"ProduitId\":6}", "{\"ProduitId\":5}//", "{\"ProduitId\"/**/:/**/5/**/,/**/}",
            "{\"ProduitId\":5,,}", "{,\"ProduitId\":5}", "{\"ProduitId\":5 \"Fin\":null}", "{\"$type\":\"3506-04-10T18:30:30\",\"T\":",
            "{\"$type\":\"1883-07-03T17:42:53\",\"\":\"", "{\"$id\":'9999-12-30T24:00:00-1500'}", "{ProduitId=5}",
            "{\"ProduitId\" 5}", "{5:5}", "{:5}", "{\"\":5}", "{a.b:5,ProduitId:6}", "{Produit-Id:5}", "{$x:1,_y:2,ProduitId:5}",
            "{é:1,ProduitId:5}", "{\"ProduitId\":5", "{\"ProduitId\":", "{\"ProduitId\"", "{\"", "{",
            "}", "]", ":", ",", "(", "<", "'", "\"", "/", "/*", "//", "#", "nul", "nulll", "tru", "NaN", "Infinity", "-Infinity", "-",
            "+1", "{\"ProduitId\":NaN}", "{\"ProduitId\":Infinity}", "{\"ProduitId\":-Infinity}",
            "{\"ProduitId\":+5}", "{\"ProduitId\":.5}", "{\"ProduitId\":5.}", "{\"ProduitId\":--5}", "{\"ProduitId\":08}",
            "{\"ProduitId\":0o10}", "{\"ProduitId\":0xFFFFFFFF}", "{\"ProduitId\":0xG}", "{\"ProduitId\":-0}",
            "{\"ProduitId\":-0x10}", "{\"ProduitId\":1e400}", "{\"ProduitId\":new Date(5)}", "{\"Debut\":new Date(1774137600000)}",
            "{\"Debut\":new Date(2026,3,22)}", "{\"Debut\":new Date()}", "{\"Debut\":new Truc(5)}", "new Date(5)",
            "{\"ProduitId\":\"5\\u0000\"}", "{\"ProduitId\":'5\\'}", "{\"ProduitId\":\"\\x35\"}", "{\"ProduitId\":\"\\u003\"}",
            "{\"ProduitId\":\"\\u00zz\"}", "{\"ProduitId\":\"\\ud800\"}", "{\"X\":\"\\ud800\\u0041\",\"ProduitId\":5}",
            "{\"X\":\"a\nb\",\"ProduitId\":5}", "{\"X\":\"\0\",\"ProduitId\":5}", "\0{}", "{}\0", "{\0}", "\u00a0{}", "\ufeff{}", "\v{}",
            "\f{}", "\u0085{}", "\u2028{}"),
        .. Unsaid("J2", "{\"Debut\":true,\"ProduitId\":5}", "{\"Debut\":{},\"ProduitId\":5}", "{\"Debut\":[],\"ProduitId\":5}",
            "{\"Debut\":[\"2026-03-01\"],\"ProduitId\":5}", "{\"Debut\":null,\"Fin\":undefined}", "{\"Debut\":{\"a\":",
            "{\"Debut\":\"x\",\"Fin\":\"y\",\"ProduitId\":\"z\"}", "{\"Debut\":\"x\",\"Debut\":\"2026-03-01\"}",
            "{\"Debut\":\"2026-03-01\",\"Debut\":\"x\"}", "{\"ProduitId\":\"x\",\"ProduitId\":5", "{\"Debut\":\"x\",\"Fin\":",
            "{\"Debut\":\"x\"}}",
            "{\"Debut\":\"x\",\"ProduitId\":true,\"Fin\":\"y\"}", "{\"ProduitId\":5,\"Debut\":\"x\\q\",\"Fin\":\"2026-03-01\"}",
            "{\"ProduitId\":5,\"Fin\":tru}", "{\"ProduitId\":5,\"X\":[1,2}", "{\"ProduitId\":5,\"X\":{]}"),
        .. Unsaid("J3", "{\"$values\":[],\"ProduitId\":5}", "{\"ProduitId\":undefined}", "{\"$ref\":\"1\",\"ProduitId\":5}",
            "{\"$ref\":1}", "{\"$ref\":null}", "{\"$ref\":{}}", "{\"ProduitId\":5,\"$ref\":\"1\"}", "{\"$ref\":\"1\"} x",
            "{\"$ref\":\"1\"", "{\"$REF\":\"1\"}", "{\"$id\":1}", "{\"$id\":\"1\",\"$ref\":\"1\"}", "\" \"",
            "\"null\"", "''", "' '", "[null]", "[", "[[]]", "undefined x", "null null", "1 2", "'x", "{\"$type\":5}",
            "{\"$type\":null,\"ProduitId\":5}", "{\"$type\":\"x\"}", "{\"$values\":[1]}", "{\"$type\":\"a\",\"$values\":[]}", "-5",
            "0x5", "1e5", "NaN"),
        .. Unsaid("J4", "{\"debut\":\"x\"}", "{\"DEBUT\":\"x\",\"debut\":\"y\"}", "{\"debut\":\"x\",\"DEBUT\":true,\"Fin\":\"z\"}",
            "{\"Fin\":\"x\",\"Debut\":\"y\",\"fin\":\"z\"}", "{\"X\":[{\"a b\":[1,tru]}]}", "{\"X\":[{\"a.b\":{\"c'd\":]}]}",
            "{\"a b\":tru}", "{\"X\":{\"\":{\"y\":]}}", "{\"Debut\":{{'':", "{\"Debut\":{\"\":]}", "{\"X[0]\":]}", "{\"é\":]}", "{\"a\\u0001b\":]}", "{\"a\nb\":]}",
            "{\"Debut\":\"x\",\"ProduitId\":99999999999,\"Fin\":{}}", "{\"X\":1,\"ProduitId\":tru", "{\"Debut\":\"x\" \"Fin\":1}",
            "[1,", "{\"Debut\":\"x\",\"Debut\":true}",
            "{\"ProduitId\":\"x\",\"produitid\":\"y\",\"PRODUITID\":true}", "{\"X\":[[[{}]],[tru]]}", "{\"a\":{\"b\":[0,1,{\"c\":nul}]}}",
            "{\"<&>\\\"'\":]}", "{\"😀\":]}", "{\"a:b\":]}", "{\"1a\":]}", "{\"_x0041_\":]}", "{\"xml\":]}"),
        Errors("J4 the path, as spelt", "{\"X\":[{\"a b\":[1,2 3]}]}",
            """{"param.X[0]['a b'][1]":["An error has occurred.","An error has occurred."]}"""),
        Errors("J4 first spelling kept, two messages", "{\"debut\":\"x\",\"DEBUT\":\"y\"}",
            """{"param.debut":["An error has occurred.","An error has occurred."]}"""),
        Errors("J4 insertion order", "{\"ProduitId\":\"x\",\"Fin\":\"y\",\"Debut\":\"z\"}",
            """{"param.ProduitId":["An error has occurred."],"param.Fin":["An error has occurred."],"param.Debut":["An error has occurred."]}"""),
        Errors("J4 an element, then the whole", "{\"ProduitId\":[5]}",
            """{"param.ProduitId":["An error has occurred."],"param":["An error has occurred."]}"""),
        .. Values(),
        .. Depth(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static IEnumerable<WireCase> Reads(string number, string read, params string[] bodies) =>
        Unsaid(number, bodies).Select(wire => wire.Reads(read));

    private static IEnumerable<WireCase> Unsaid(string number, params string[] bodies) =>
        bodies.Select(body => new WireCase($"{number} {Visible.Text(body)}", RawRequest.Post().Json(body)));

    private static WireCase Errors(string name, string body, string state) => new WireCase(name, RawRequest.Post().Json(body))
        .Says(400, "application/json", $$"""{"Message":"The request is invalid.","ModelState":{{state}}}""");

    private static IEnumerable<WireCase> Values()
    {
        foreach (var number in OddNumbers.All)
        {
            yield return new($"J5 text {Visible.Text(number)}",
                RawRequest.Post().Json($"{{\"ProduitId\":{Bodies.Quoted(number)},\"Fin\":\"2026-03-31\"}}"));
            yield return new($"J5 bare {Visible.Text(number)}",
                RawRequest.Post().Json($"{{\"ProduitId\":{number},\"Fin\":\"2026-03-31\"}}"));
        }
        foreach (var date in OddDates.All)
        {
            var wire = new WireCase($"J7 {Visible.Text(date)}",
                RawRequest.Post().Json($"{{\"Debut\":{Bodies.Quoted(date)},\"ProduitId\":5}}"));
            yield return date switch
            {
                "2026-03-22T00:33+01:00" => wire.Reads("2026-03-22T00:33:00+01:00 - 5"),
                "2026-03-22T00:33Z" => wire.Reads("2026-03-22T00:33:00Z - 5"),
                "2026-03-22T24:00:00" => wire.Reads("2026-03-23T00:00:00 - 5"), "" => wire.Reads("- - 5"),
                "22/03/2026" or "22-03-2026" or "22.03.2026" or "20260322" or "2026" or "22 mars 2026" => wire.Reads("- - 5 ! param.Debut"),
                "2026-03-22t00:33:10" or "2026-03-22 00:33:10" => wire.Reads("2026-03-22T00:33:10 - 5"),
                _ => wire,
            };
        }
    }

    /// <summary>J6: levels below the object itself.</summary>
    private static IEnumerable<WireCase> Depth()
    {
        foreach (var levels in (int[])[2, 32, 33, 64, 65, 100, 128, 129, 254, 255, 256, 257, 300, 5000])
        {
            foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
            {
                var nested = new StringBuilder().Insert(0, open, levels).Append('1').Append(close[0], levels);
                var wire = new WireCase($"J6 {levels} levels of {open}", RawRequest.Post().Json($"{{\"ProduitId\":5,\"X\":{nested}}}"));
                yield return levels is 254 or 255 ? wire.Reads("- - 5") : levels is 256 ? wire.Says(400) : wire;
            }
        }
    }
}

using System.Security;
using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>WIRE.md, X: what is read from XML, and what is silently dropped.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class XmlReadingTests
{
    private const string Debut = "<Debut>2026-03-01</Debut>", Fin = "<Fin>2026-03-31</Fin>", Produit = "<ProduitId>5</ProduitId>";
    private const string Namespace = Bodies.ModelsNamespace;
    private const string Prefixed = $"<a:ParamModel xmlns:a='{Namespace}'>"
        + "<a:Debut>2026-03-01</a:Debut><a:Fin>2026-03-31</a:Fin><a:ProduitId>5</a:ProduitId></a:ParamModel>";
    private const string AllRead = "2026-03-01T00:00:00 2026-03-31T00:00:00 5";
    private const string Refused = "null ! param";

    private static IEnumerable<WireCase> Cases() =>
    [
        .. Content("X1", AllRead, Debut + Fin + Produit, " \r\n" + Debut + "\t" + Fin + "<!-- x -->" + Produit + "\n",
            Debut + "<Debut>2020-01-01</Debut>" + Fin + Produit, "<Inconnu>1</Inconnu>" + Debut + Fin + Produit,
            "<debut>x</debut>" + Debut + Fin + Produit, $"<Debut xmlns=\"urn:autre\">x</Debut>{Debut}{Fin}{Produit}",
                Debut + Fin + "<ProduitId><![CDATA[5]]></ProduitId>", Debut + Fin + "<ProduitId>&#53;</ProduitId>",
            Debut + Fin + "<ProduitId a='b'>5</ProduitId>", Debut + "<A><B/><C>x</C></A>" + Fin + Produit,
                Debut + Fin + "<ProduitId> 5 </ProduitId>", Debut + Fin + Produit + "<Zut/>"),
        .. Content("X1", "- - 5", Produit + Debut + Fin, Produit + Debut, Produit),
        .. Content("X1", "- 2026-03-31T00:00:00 5", Fin + Debut + Produit),
        .. Content("X1", "2026-03-01T00:00:00 - 5", Debut + Produit + Fin),
        .. Content("X1", "- - -", "", " ", "<!---->", "<Debut i:nil='true'/><Fin i:nil='1'/><ProduitId i:nil='true'></ProduitId>", "<x/>"),
        .. Content("X1", Refused, "<Debut/>", "<Debut></Debut>", "<ProduitId/>", "<ProduitId> </ProduitId>", "<Debut i:nil='false'/>",
            "texte" + Debut, Debut + "texte" + Fin, "<?pi x?>" + Debut, "<Debut>2026-03-01<?pi?></Debut>",
            "<ProduitId>5<x/></ProduitId>", "<ProduitId>x</ProduitId>", "<Debut>demain</Debut>", Debut + "&inconnu;"),
        .. Content("X1", null, "<Debut i:nil='TRUE'/>", "<Debut i:nil=' true '/>", "<Debut i:nil='0'>2026-03-01</Debut>",
            "<Debut i:nil=''>2026-03-01</Debut>", "<Debut i:nil='false'>2026-03-01</Debut>", "<Debut i:nil='true'>2026-03-01</Debut>",
            "<Debut i:nil='true'><x/></Debut>", "<Debut nil='true'/>", "<Debut i:type='x'>2026-03-01</Debut>",
            "<ProduitId i:type='a:int' xmlns:a='http://www.w3.org/2001/XMLSchema'>5</ProduitId>",
            "<ProduitId i:type='a:string' xmlns:a='http://www.w3.org/2001/XMLSchema'>5</ProduitId>", "<Inconnu i:type='q:x'/>" + Produit,
            "<Inconnu i:nil='peut-être'/>" + Produit, "<i:Debut>2026-03-01</i:Debut>" + Produit,
            "<ProduitId>5</ProduitId><ProduitId>6</ProduitId>", "<ProduitId>5</ProduitId><ProduitId>x</ProduitId>",
            "<ProduitId>5<!-- c --></ProduitId>", "<ProduitId><!-- c -->5</ProduitId>", "<ProduitId>1<!-- c -->5</ProduitId>",
            "<ProduitId><![CDATA[]]>5</ProduitId>", "<ProduitId>5</ProduitId><![CDATA[ ]]>", "<![CDATA[]]>" + Produit, "&#32;" + Produit,
            "&#x20;&#10;" + Produit, "&lt;" + Produit, "<ProduitId>&#x5;</ProduitId>", "<Inconnu>&#x1;</Inconnu>" + Produit,
            "<Inconnu>&#xD800;</Inconnu>" + Produit, "<Inconnu>\u0001</Inconnu>" + Produit, "<Inconnu>\uffff</Inconnu>" + Produit,
            "<Inconnu>]]></Inconnu>" + Produit, "<Inconnu>texte<y/>mêlé</Inconnu>" + Produit,
            "<Inconnu a='1' a='2'/>" + Produit, "<Inconnu a=1/>" + Produit, "<Inconnu a/>" + Produit, "<a:Inconnu/>" + Produit,
            "<Inconnu a:b='1'/>" + Produit, "<Inconnu xmlns:a=''/>" + Produit, "<Inconnu></inconnu>" + Produit, "<-/>" + Produit, "<1/>",
            "<!-- a -- b -->" + Produit, "<!-- --->" + Produit, "<Inconnu><?pi?></Inconnu>" + Produit, "<?xml version='1.0'?>" + Produit,
            "<!DOCTYPE x>" + Produit, "<Inconnu>&nbsp;</Inconnu>", "<ProduitId>5</ProduitId", "<ProduitId>5",
            "\u00a0" + Produit, "\ufeff" + Produit, Produit + "\0", "<ProduitId>5\u00a0</ProduitId>", "<é>x</é>" + Produit,
            "<Inconnu xml:space='preserve'> </Inconnu>" + Produit, "<Inconnu xml:lang='zz'/>" + Produit,
            "<Inconnu xml:space='x'/>" + Produit),
        .. Documents("X1", AllRead, Prefixed,
            "<?xml version=\"1.0\"?>" + Bodies.Xml, "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n" + Bodies.Xml,
            "<!-- x -->" + Bodies.Xml, Bodies.Xml + "<!-- x -->", "\n " + Bodies.Xml),
        .. Documents("X1", Refused, "<ParamModel/>", "<ParamModel xmlns='urn:autre'/>", $"<paramModel xmlns='{Namespace}'/>",
            $"<Autre xmlns='{Namespace}'/>", "<!DOCTYPE ParamModel>" + Bodies.Xml,
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>" + Bodies.Param("<Inconnu>&e;</Inconnu>"), "<?pi?>" + Bodies.Xml,
            "<?xml version='1.1'?>" + Bodies.Xml, " <?xml version='1.0'?>" + Bodies.Xml),
        .. Documents("X1", "null", Root("i:nil='true'")),
        .. Documents("X2", null, Bodies.Xml + Bodies.Xml, Bodies.Xml + "x", Bodies.Xml + "<x/>", Bodies.Xml + "<", Bodies.Xml + "<?pi?>",
            Bodies.Xml + "\0", Bodies.Xml + "</x>", Bodies.Xml + "&#32;", "x" + Bodies.Xml, "<", "<x", "<x>", "<x/", "x", "&", "<!",
            "<!--", "<?", "<?xml", "<?xml?>",
            "<?xml version='1.0'", "<?xml version='1.0'?>", "<?xml version='2.0'?>" + Bodies.Xml, "<?xml encoding='utf-8'?>" + Bodies.Xml,
            "<?xml version='1.0' standalone='peut-être'?>" + Bodies.Xml, "<?xml version='1.0' encoding='utf-8' truc='x'?>" + Bodies.Xml,
            "<?XML version='1.0'?>" + Bodies.Xml, "<?xml version='1.0'?><?xml version='1.0'?>" + Bodies.Xml, "<![CDATA[x]]>" + Bodies.Xml,
            "]]>", Bodies.Json, "null", "{}"),
        .. Documents("X2", null, Root("i:nil='false'"), Root("i:nil='true'", Debut), Root("i:type='ParamModel'", Produit),
            Root("i:type='Autre'", Produit), Root("z:Id='i1'", Produit), Root("z:Ref='i1'"), Root("i:nil='x'"), Root("i:nil='1'", "x"),
            Root("a='b'", Produit), Root("xml:lang='fr'", Produit), Root("xmlns:i='urn:x' i:nil='true'", Produit)),
        .. Documents("X2", null, $"<ParamModel xmlns='{Namespace} '>{Produit}</ParamModel>",
            $"<ParamModel xmlns='{Namespace.ToUpperInvariant()}'>{Produit}</ParamModel>",
            $"<a:ParamModel xmlns:a='{Namespace}'>{Produit}</a:ParamModel>",
            $"<ParamModel xmlns='&#104;{Namespace[1..]}'>{Produit}</ParamModel>", $"<ArrayOfParamModel xmlns='{Namespace}'/>",
            $"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{Bodies.Xml}</s:Body></s:Envelope>"),
        .. Values(),
        .. Depth(),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Legacy_Case_SaysWhatTheDocumentSays(WireCase wire) => wire.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static IEnumerable<WireCase> Content(string number, string? read, params string[] contents) =>
        contents.Select(content => Case($"{number} {Visible.Text(content)}", Bodies.Param(content), read));

    private static IEnumerable<WireCase> Documents(string number, string? read, params string[] documents) =>
        documents.Select(document => Case($"{number} {Visible.Text(document)}", document, read));

    private static string Root(string attributes, string content = "") => $"""
        <ParamModel xmlns="{Namespace}" xmlns:i="{Bodies.Instance}"
          xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/" {attributes}>{content}</ParamModel>
        """;

    private static WireCase Case(string name, string document, string? read)
    {
        var wire = new WireCase(name, RawRequest.Post().Xml(document));
        return read == null ? wire : wire.Reads(read);
    }

    private static IEnumerable<WireCase> Values()
    {
        foreach (var date in OddDates.All)
        {
            var read = date switch
            {
                "2026-03-22" or " 2026-03-22" or "2026-03-22 " or "\t2026-03-22\n" => "2026-03-22T00:00:00 - 5",
                "2026-03" => "2026-03-01T00:00:00 - 5", "2026" => "2026-01-01T00:00:00 - 5", "2026-03-22Z" => "2026-03-22T00:00:00Z - 5",
                "2026-03-22+01:00" or "2026-03-22T00:33+01:00" => null, "22/03/2026" or "2026/03/22" or "/Date(0)/" or "" => Refused,
                _ => null,
            };
            yield return Case($"X4 {Visible.Text(date)}", Bodies.Param($"<Debut>{SecurityElement.Escape(date)}</Debut>{Produit}"), read);
        }
        foreach (var number in OddNumbers.All)
            yield return new($"X2 number {Visible.Text(number)}",
                RawRequest.Post().Xml(Bodies.Param($"{Debut}<ProduitId>{SecurityElement.Escape(number)}</ProduitId>")));
    }

    /// <summary>X3: levels below an unknown element.</summary>
    private static IEnumerable<WireCase> Depth()
    {
        foreach (var levels in (int[])[1, 29, 30, 31, 32, 33, 64, 128, 250, 252, 253, 254, 255, 256, 257, 300, 3000])
        {
            var nested = new StringBuilder().Insert(0, "<a>", levels).Insert(levels * 3, "</a>", levels);
            yield return Case($"X3 {levels} levels", Bodies.Param($"{Debut}{Fin}<Inconnu>{nested}</Inconnu>{Produit}"),
                levels switch { 254 => AllRead, 255 => Refused, _ => null });
        }
    }
}

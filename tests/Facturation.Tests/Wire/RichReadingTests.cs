using System.Security;

namespace Facturation.Tests.Wire;

/// <summary>Beyond the contract: every other kind of member a legacy service may have had, read and written back.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class RichReadingTests
{
    private const string Target = "/api/echoriche";

    private static readonly string[] Scalars =
    [
        "Booleen", "BooleenNul", "Caractere", "Court", "Date", "DateNulle", "Duree", "DureeNulle", "Energie", "EnergieNulle", "Entier",
        "EntierNul", "EntierPositif", "Exact", "ExactNul", "Flottant", "GrandEntier", "GrandEntierNul",
        "Instant", "InstantNul", "Jeton", "JetonNul", "Octet", "Octets", "Quelconque", "Simple", "Texte", "TexteObligatoire", "Adresse",
    ];

    private static readonly string[] Collections =
        ["Objet", "Liste", "Tableau", "Textes", "Entiers", "Dates", "Dictionnaire", "Enfant"];

    private static readonly string[] Texts =
    [
        "", " ", "5", "-5", " 5 ", "300", "70000", "5.5", "5,5", "1e2", "0x10", "99999999999", "99999999999999999999999999999999", "true",
        "True", "FALSE", "0", "1", "yes", "x", "é", "😀", "NaN", "INF", "Infinity", "-0", "1.50", ".5", "0.1234567890123456789012345678901",
        "Eau", "eau", "EAU", "5,Eau", "Electricite, Eau", "Inconnue", "d7c3b1f0-0001-4002-8003-000000000004",
        "{d7c3b1f0-0001-4002-8003-000000000004}", "D7C3B1F0000140028003000000000004", "2026-03-22", "2026-03-22T00:33:00+01:00",
        "2026-03-22T00:33:00Z", "03/22/2026",
        "01:02:03", "1.02:03:04.5", "25:00:00", "PT1H", "P1DT2H", "AAEC", "AAEC=", "!!", "http://localhost/é?x", "/relatif", "://", "null",
    ];

    private static readonly string[] Raws = ["null", "undefined", "true", "false", "5", "-5", "5.5", "1e2", "1e400", "300", "-1", "70000",
        "99999999999", "99999999999999999999", "NaN", "{}", "{\"a\":1}", "[]", "[1]", "[1,2]", "\"\"", "'a\\u0001b'", "new Date(0)", "010",
        "0x10"];

    private static readonly string[] JsonShapes =
    [
        """{"Objet":{"Numero":"x","Nom":"n"}}""", """{"Liste":[{"Numero":1},null,{"Numero":"x"},{"Jour":"2026-03-22"}]}""",
        """{"Tableau":[{"Numero":true}]}""", """{"Entiers":[1,"x",3]}""", """{"Entiers":[1,2.5]}""",
        """{"Dates":["2026-03-22T00:00+01:00","x"]}""", """{"Dictionnaire":{"a":"1","A":2,"a":null,"$type":"x"}}""",
        """{"Dictionnaire":{"a":{}}}""", """{"Enfant":{"Enfant":{"Entier":"x"}}}""",
        """{"Enfant":{"Enfant":{"Liste":[{"Jour":"x"}]}}}""", """{"Quelconque":{"a":[1,"2026-03-22",null,1.0]}}""",
        """{"Textes":[1,1.0,true,null,"2026-03-22T00:00:00Z","/Date(0)/"]}""", """{"Texte":2026,"Entier":5,"Texte":1.10}""",
        """{"Texte":"2026-03-22T00:00:00.000+01:00"}""", """{"Octets":[1,2]}""", """{"Octets":"AAEC"}""", """{"Energie":2}""",
        """{"Energie":"2"}""", """{"TexteObligatoire":null}""", """{"Liste":{"0":{}}}""", """{"$id":"1","Enfant":{"$ref":"1"}}""",
        """{"Objet":{"$id":"2","Numero":1},"Liste":[{"$ref":"2"}]}""", """{"Objet":{"$type":"System.String"}}""", """{"instant":"/Date(e)/","":2""",
        """{"Instant":'/Date( )/','':"","":"""+"\"", """{"InstantNul":"/Date(x)/","Entier":5}""", """{"Entier":5,"InstantNul":'/Date(x)/'}""", """{"Instant":"2026-03-22T24:00:00"}""", """{"InstantNul":"2026-07-22T24:00:00.0","Entier":5}""",
        """{"Date":"0001-01-01T00\t:00:00+01"}""", """{"Date":"0001-01-01T00:00:00 +01"}""", """{"Date":"0001-01-01T00:00:00.1234567+01:00"}""",
        """{"Date":"0001-01-01T00:00:00.12345678+01:00"}""", """{"Date":"0001-01-01T00:00:00.+01:00"}""", """{"Date":"0001-01-01T00:00:00+01:"}""",
        """{"Date":"0001-01-01T00:00:00+01:0"}""", """{"Date":"9999-12-31T23:59:59.12345678-01:00"}""", """{"Instant":"0001-01-01"}""",
        """{"Instant":"2026-03-22T23:59:59.999999959"}""", """{"InstantNul":"2026-03-22T00:33:1059"}""", """{"Instant":"2026-03-22T00:33:10:"}""",
        """{"Instant":"2026-03-22T00:33:10.123456789+01:00"}""", """{"Instant":"2026-03-22T24:00:00:30"}""", "[]", "null", "5",
    ];

    private static readonly string[] XmlShapes =
    [
        "<Objet><Jour>2026-03-22</Jour><Nom>n</Nom><Numero>1</Numero></Objet>", "<Objet><Numero>1</Numero><Nom>n</Nom></Objet>",
        "<Objet i:nil='true'/>", "<Liste><NestedModel><Numero>1</Numero></NestedModel><NestedModel/></Liste>", "<Liste><Autre/></Liste>",
        "<Liste>texte</Liste>", "<Enfant><Entier>5</Entier></Enfant>", "<Enfant><Enfant><Entier>x</Entier></Enfant></Enfant>",
        "<Entiers><a:int>1</a:int><a:int>2</a:int></Entiers>", "<Textes><a:string>x</a:string><a:string i:nil='true'/></Textes>",
        "<Dictionnaire><a:KeyValueOfstringstring><a:Key>k</a:Key><a:Value>v</a:Value></a:KeyValueOfstringstring></Dictionnaire>",
        "<Quelconque i:type='x:int'>5</Quelconque>", "<Quelconque i:type='x:dateTime'>2026-03-22T00:00:00+01:00</Quelconque>",
        "<Quelconque i:type='NestedModel'><Numero>1</Numero></Quelconque>", "<Quelconque><a>1</a></Quelconque>",
        "<Quelconque i:type='Inconnu'/>", "<Quelconque i:type='RichModel'><Entier>5</Entier></Quelconque>",
        "<Quelconque i:type='x:QName'>nom</Quelconque>", "<Quelconque i:type='x:QName'>x:nom</Quelconque>",
        "<Quelconque i:type='x:QName'>5</Quelconque>",
        "<Instant><s:DateTime>2026-03-22T00:00:00Z</s:DateTime><s:OffsetMinutes>60</s:OffsetMinutes></Instant>",
        "<Instant><s:DateTime>2026-03-22T00:00:00+02:00</s:DateTime><s:OffsetMinutes>60</s:OffsetMinutes></Instant>",
        "<Instant><s:DateTime>2026-10-25T02:30:00+01:00</s:DateTime><s:OffsetMinutes>-300</s:OffsetMinutes></Instant>",
    ];

    private static readonly string[] FormShapes =
    [
        "Objet[Nom]=n&Objet[Numero]=1", "Objet.Nom=n&Objet.Numero=x", "Liste[0][Numero]=1&Liste[1][Numero]=x",
        "Liste[0].Numero=1&Liste[2].Numero=3", "Liste[][Numero]=1", "Textes=a&Textes=b", "Textes[]=a&Textes[]=b",
        "Textes[0]=a&Textes[1]=b", "Entiers=1&Entiers=x", "Entiers[]=1", "Dictionnaire[a]=1&Dictionnaire[b]=2",
        "Dictionnaire[0].Key=a&Dictionnaire[0].Value=b", "Enfant[Entier]=5&Enfant[Enfant][Entier]=x",
        "Enfant.Enfant.Liste[0].Jour=2026-03-22T00:00:00Z", "Energie=Eau&Energie=Gaz", "Booleen=true,false", "Booleen=on",
        "Quelconque[a]=1", "Octets=AAEC", "Octets[0]=1", "modele.Entier=5", "Dates=2026-03-22&Dates=x",
        "Tableau[0][Nom]=a&Tableau[0][Jour]=x", "Objet=x", "Liste=x", "Enfant=", "Texte=++", "TexteObligatoire=", "InstantNul=001-1",
        "Instant=0001-01-01", "Instant=2026-03-22T23:59:59.999999959", "InstantNul=2026-03-22T00:33:1059", "Instant=2026-03-22T24:00:00",
    ];

    private static IEnumerable<WireCase> Cases() =>
    [
        .. from member in Scalars
           from text in Texts
           from wire in new[]
           {
               Json($"{{\"{member}\":{Bodies.Quoted(text)},\"Textes\":[\"suite\"]}}"),
               Xml($"<{member}>{SecurityElement.Escape(text)}</{member}>"),
               Form($"{member}={Uri.EscapeDataString(text)}&Entier=1"),
           }
           select wire,
        .. from member in Scalars.Concat(Collections)
           from raw in Raws
           select Json($"{{\"{member}\":{raw},\"TexteObligatoire\":\"suite\"}}"),
        .. JsonShapes.Select(Json),
        .. XmlShapes.Select(Xml),
        .. FormShapes.Select(Form),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static WireCase Json(string body) => new("M " + Visible.Text(body), RawRequest.Post(Target).Json(body));

    private static WireCase Xml(string content) => new("M " + Visible.Text(content), RawRequest.Post(Target).Xml($"""
        <RichModel xmlns="http://schemas.datacontract.org/2004/07/Facturation.Wire" xmlns:i="{Bodies.Instance}"
          xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays" xmlns:x="http://www.w3.org/2001/XMLSchema"
          xmlns:s="http://schemas.datacontract.org/2004/07/System">{content}</RichModel>
        """));

    private static WireCase Form(string body) => new("M form " + body, RawRequest.Post(Target).Form(body));
}

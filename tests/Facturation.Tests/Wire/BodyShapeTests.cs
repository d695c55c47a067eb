namespace Facturation.Tests.Wire;

/// <summary>Beyond the contract: bodies that are a list or a simple value, and another C# name for the parameter.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BodyShapeTests
{
    private const string Primitives = "http://schemas.microsoft.com/2003/10/Serialization/";
    private const string Schema = "http://www.w3.org/2001/XMLSchema";

    private static readonly string[] JsonLists =
    [
        "[]", """[{"Numero":1},null]""", """[{"Numero":"x"},{"Numero":2}]""", """[{"Numero":1},{"Numero":tru}]""", "{}", "null", "\"\"", "5",
    ];

    private static readonly string[] XmlLists =
    [
        """
        <ArrayOfNestedModel xmlns="http://schemas.datacontract.org/2004/07/Facturation.Wire">
          <NestedModel><Numero>1</Numero></NestedModel>
        </ArrayOfNestedModel>
        """,
        "<NestedModel/>", "<ArrayOfNestedModel/>",
    ];

    private static readonly string[] FormLists = ["[0][Numero]=1&[1][Numero]=2", "[0].Numero=1", "[][Numero]=1", "Numero=1", "=1", "=&=&Numero="];

    private static readonly (string Type, string Body)[] Simple =
    [
        ("application/json", "\"texte\""), ("application/json", "5"), ("application/json", "null"), ("application/json", "{}"),
        ("application/json", "\"2026-03-22T00:00:00+01:00\""), ("application/json", ""), (Bodies.FormType, "=texte"),
        (Bodies.FormType, "=5"), (Bodies.FormType, "texte"), (Bodies.FormType, "="), (Bodies.FormType, "=+&=5"),
        ("text/xml", $"<string xmlns='{Primitives}'>texte</string>"),
        ("text/xml", $"<int xmlns='{Primitives}'>5</int>"), ("text/plain", "texte"),
    ];

    private static readonly (string Type, string Body)[] OtherName =
    [
        ("text/json", Bodies.Json), ("text/json", """{"Debut":"x","ProduitId":true}"""), ("text/json", "["), ("text/json", ""),
        (Bodies.FormType, Bodies.Form), (Bodies.FormType, "ProduitId=x"), (Bodies.FormType, "modele.ProduitId=5"),
        (Bodies.FormType, "a[b=1"), ("text/xml", "<"), ("text/xml", Bodies.Xml), ("text/xml", OfType("anyType", "")), ("text/xml", OfType("int", "5")),
    ];

    private static string OfType(string type, string content) =>
        $"<ParamModel xmlns='{Bodies.ModelsNamespace}' xmlns:i='{Bodies.Instance}' xmlns:x='{Schema}' i:type='x:{type}'>{content}</ParamModel>";

    private static IEnumerable<WireCase> Cases() =>
    [
        .. Sent("/api/echoliste", ["POST", "PUT"], [.. JsonLists.Select(body => ("text/json", body))]),
        .. Sent("/api/echoliste", ["POST", "PUT"], [.. XmlLists.Select(body => ("text/xml", body))]),
        .. Sent("/api/echoliste", ["POST", "PUT"], [.. FormLists.Select(body => (Bodies.FormType, body))]),
        .. Sent("/api/echotexte", ["POST", "PUT", "PATCH"], Simple),
        .. Sent("/api/echo", ["PUT"], OtherName),
    ];

    [TestCaseSource(nameof(Cases))]
    public Task Answer_Case_IsTheLegacyOne(WireCase wire) => wire.AnswersAreEqual();

    private static IEnumerable<WireCase> Sent(string target, string[] methods, (string Type, string Body)[] bodies) =>
        from method in methods
        from typed in bodies
        let name = $"B {method} {target} {typed.Type} {Visible.Text(typed.Body)}"
        select new WireCase(name, new RawRequest(method, target).Typed(typed.Type, typed.Body));
}

using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>What users of ASP.NET Core reported as lost from Web API 2 is here as the genuine pipeline has it.</summary>
[Parallelizable(ParallelScope.All)]
public class ReportedTests
{
    private const string Namespace = "http://schemas.datacontract.org/2004/07/Facturation.Wire";

    public static IEnumerable<WireCase> Cases =>
    [
        // dotnet/aspnetcore#6665: "null" for a nullable parameter.
        new WireCase("6665 null", RawRequest.Get("/api/nullable?x=null")).Says(400),
        new WireCase("6665 blank", RawRequest.Get("/api/nullable?x=")),
        new WireCase("6665 another word", RawRequest.Get("/api/nullable?x=nul")).Says(400),

        // aspnet/Mvc#7841: a Task of a collection in XML.
        new WireCase("7841 sequence", RawRequest.Get("/api/task").With("Accept", "application/xml")).Says(200, "application/xml",
            """<ArrayOfstring xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><string>value1</string><string>value2</string></ArrayOfstring>"""),
        new WireCase("7841 list", RawRequest.Post("/api/task").With("Accept", "application/xml")).Says(200, "application/xml"),

        // dotnet/aspnetcore#1787: anonymous types, for a client that wants XML.
        new WireCase("1787 result", RawRequest.Get("/api/anonymous").With("Accept", "application/xml")).Says(200, "application/json", """{"A":1,"B":"deux"}"""),
        new WireCase("1787 object", RawRequest.Post("/api/anonymous").With("Accept", "application/xml")),
        new WireCase("1787 object in JSON", RawRequest.Post("/api/anonymous").With("Accept", "application/json")).Says(200, "application/json", """[{"A":1}]"""),

        // aspnet/Mvc#8300: default values of members that a body lacks.
        new WireCase("8300 absent", RawRequest.Post("/api/defaults").Json("{}")).Says(200, "application/json", """{"Populated":7,"Declared":0}"""),
        new WireCase("8300 present", RawRequest.Post("/api/defaults").Json("""{"Populated":1,"Declared":8,"Both":9}""")),
        new WireCase("8300 null", RawRequest.Post("/api/defaults").Json("""{"Populated":null,"Both":null}""")),
        new WireCase("8300 form", RawRequest.Post("/api/defaults").Form("Declared=&Both=")),
        new WireCase("8300 XML", RawRequest.Post("/api/defaults").Xml($"<DefaultsModel xmlns='{Namespace}'/>")),

        // dotnet/corefx#28219: elements out of order.
        new WireCase("28219 out of order", RawRequest.Post("/api/order").Xml($"<OrderedModel xmlns='{Namespace}'><Beta>b</Beta><Alpha>a</Alpha></OrderedModel>"))
            .Says(answer => Assert.That(answer.Text, Does.Contain("""<Alpha i:nil="true" /><Beta>b</Beta>"""))),
        new WireCase("28219 in order", RawRequest.Post("/api/order").Xml($"<OrderedModel xmlns='{Namespace}'><Alpha>a</Alpha><Beta>b</Beta><Last>c</Last></OrderedModel>"))
            .Says(answer => Assert.That(answer.Text, Does.Contain("<Alpha>a</Alpha><Beta>b</Beta><Last>c</Last>"))),
        new WireCase("28219 by Order", RawRequest.Post("/api/order").Xml($"<OrderedModel xmlns='{Namespace}'><Last>c</Last><Alpha>a</Alpha></OrderedModel>")),

        // dotnet/aspnetcore#48286: JSON in UTF-16, by the request's own charset or by Accept-Charset.
        new WireCase("48286 request", RawRequest.Get("/api/modele/imbrique").With("Content-Type", "application/json;charset=utf-16"))
            .Says(200, "application/json; charset=utf-16"),
        new WireCase("48286 accepted", RawRequest.Get("/api/modele/imbrique").With("Accept-Charset", "utf-16")).Says(200, "application/json; charset=utf-16"),
        new WireCase("48286 body", RawRequest.Post("/api/defaults").Typed(
            "application/json; charset=utf-16", Encoding.Unicode.GetBytes("""{"Declared":5}""")))
            .Says(answer => Assert.That(answer.Text, Does.EndWith("""{"Populated":7,"Declared":5}"""))),
    ];

    /// <summary>The reporter's service did not look at its model state: the value is an error there, and null for the action.</summary>
    [Test]
    public async Task Parameter_NullInTheAddress_IsNullForAnActionThatRunsAllTheSame()
    {
        var request = RawRequest.Get("/api/nullable?x=null");

        var legacy = await WireServers.Oracle.SendAsync(request, refuse: false);
        var ours = await WireServers.Hosts.First().SendAsync(request, refuse: false);

        Assert.That(legacy.Text, Is.EqualTo("\"null\""));
        Assert.That(WireDifference.Between(legacy, ours), Is.Empty);
    }

    [TestCaseSource(nameof(Cases))]
    public Task Oracle_ForTheReport_AnswersAsItSays(WireCase reported) => reported.ClaimsHold();

    [TestCaseSource(nameof(Cases))]
    public Task Library_ForTheReport_AnswersAsTheOracle(WireCase reported) => reported.AnswersAreEqual();
}

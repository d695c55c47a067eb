using System.Text;
using System.Text.Json.Nodes;
using Facturation.Tests.Wire;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>A fuzzer that finds nothing proves nothing unless its rules can be broken.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class AnswerRulesTests
{
    private const string Refusal =
        """{"code":"METER_NOT_FOUND","message":"m","origin":{"boundedContext":"metering","module":"meters"},"status":404,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}""";

    private static readonly AnswerRules Rules = new(
        JsonNode.Parse(Clone.Read("tests/Facturation.Tests/OpenApi/SwaggerTests.Document_AsJson.verified.json"))!.AsObject(), ["a secret"]);

    [TestCase("v1 Meters_Get", 404, Refusal, null)]
    [TestCase("v1 Meters_List", 404, Refusal, "Meters_List is not told to answer 404")]
    [TestCase("v1 Meters_Get", 400, Refusal, "Meters_Get is not told to answer METER_NOT_FOUND")]
    [TestCase("v1 Meters_Get", 404, "{}", "Meters_Get is not told to answer ")]
    [TestCase("v1 Meters_Get", 404, "", "no JSON")]
    [TestCase("v1 Meters_Get", 200, """{"data":{}}""", "$.data.id: missing")]
    [TestCase("v1", 404, Refusal, "no error of v1")]
    [TestCase("v1 Meters_Get", 500, Refusal, "5xx")]
    [TestCase("api ConsommationV2_Post", 400, """{"Message":"m"}""", null)]
    [TestCase("api ConsommationV2_Post", 400, """{"code":"m"}""", "$.Message: missing")]
    [TestCase("api ConsommationV2_Post", 400, """{"Message":"a secret"}""", "tells a secret")]
    [TestCase("api", 404, "{}", "no HttpError")]
    [TestCase("help", 404, "<p>&lt;fuzzed", null)]
    [TestCase("help", 404, "<p><fuzzed", "markup of the asker's")]
    [TestCase("help", 404, "<script>x", "markup of the asker's")]
    public void Judge_Answer_TellsTheRuleItBreaks(string by, int status, string body, string? fault) =>
        Assert.That(Judge(by, status, body, Headers(by)), Is.EqualTo(fault));

    [TestCase("v1 Meters_Get", "Cache-Control", "may be cached or sniffed")]
    [TestCase("api ConsommationV2_Post", "Pragma", "may be cached")]
    [TestCase("help", "Content-Security-Policy", "a page without policy")]
    [TestCase("v1 Meters_Get", FuzzScene.Answered, "the server's own answer")]
    public void Judge_AnswerWithoutAHeader_TellsTheRuleItBreaks(string by, string header, string fault) =>
        Assert.That(Judge(by, 404, Refusal, [.. Headers(by).Where(told => told.Item1 != header)]), Is.EqualTo(fault));

    [TestCase("ETag", "\"a\"")]
    [TestCase("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT")]
    public void Judge_LegacyAnswerWithAValidator_TellsTheRuleItBreaks(string header, string value)
    {
        const string by = "api ConsommationV2_Post";
        Assert.That(Judge(by, 400, """{"Message":"m"}""", [.. Headers(by), (header, value)]), Is.EqualTo("may be kept and asked after"));
    }

    [TestCase("<Error><Message>&#x0;</Message></Error>", null)]
    [TestCase("<Error><Massage /></Error>", "no HttpError")]
    [TestCase("<Error>", "no HttpError: application/xml")]
    public void Judge_LegacyXml_TellsTheRuleItBreaks(string body, string? fault) =>
        Assert.That(
            Judge("api", 404, body, [("Content-Type", "application/xml; charset=utf-8"), .. Headers("api").Where(h => h.Item1 != "Content-Type")]),
            Is.EqualTo(fault));

    private static (string, string)[] Headers(string by) => by.Split(' ')[0] switch
    {
        "v1" => [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Content-Type", "application/json; charset=utf-8"), (FuzzScene.Answered, by)],
        "api" => [("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Content-Type", "application/json; charset=utf-8"), (FuzzScene.Answered, by)],
        _ => [("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff"), ("Content-Type", "text/html"), (FuzzScene.Answered, by)],
    };

    private static string? Judge(string by, int status, string body, (string, string)[] headers) =>
        Rules.Judge(RawRequest.Get("/"), new RawAnswer(status, headers, Encoding.UTF8.GetBytes(body))).Fault;
}

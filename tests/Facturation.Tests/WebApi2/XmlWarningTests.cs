using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Facturation.Tests.Wire;
using Facturation.Tests.Wire.Generator;

namespace Facturation.Tests.WebApi2;

/// <summary>An XML body that cannot be read keeps Web API 2's answer, and a Warning header says where and why.</summary>
[Parallelizable(ParallelScope.All)]
public partial class XmlWarningTests
{
    private const string Namespace = "http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2";
    private const string Unread = "The XML was not read: ";

    private static IEnumerable<TestCaseData> Bodies()
    {
        yield return Case("a French date", Body("<Debut>01/03/2026</Debut>"), "element 'Debut': '01/03/2026' is not a date of XML, such as 2026-03-31.");
        yield return Case("a long text for a date", Body($"<Fin>{new string('é', 500)}</Fin>"),
            $"element 'Fin': '{Repeat("%C3%A9", 40)}%E2%80%A6' is not a date of XML, such as 2026-03-31.");
        yield return Case("an empty date", Body("<Debut/>"), "element 'Debut': '' is not a date of XML, such as 2026-03-31.");
        yield return Case("a word for a number", Body("<Debut>2026-03-01</Debut><ProduitId>eau</ProduitId>"),
            "element 'ProduitId': The value 'eau' cannot be parsed as the type 'Int32'.");
        yield return Case("a number too large", Body("<ProduitId>99999999999</ProduitId>"),
            "element 'ProduitId': The value '99999999999' cannot be parsed as the type 'Int32'.");
        yield return Case("a quoted value with a line", Body("<ProduitId>100%\r\n\"\\5\"</ProduitId>"),
            "element 'ProduitId': The value '100%25%0A%22%5C5%22' cannot be parsed as the type 'Int32'.");
        yield return Case("no namespace", "<Periode><Debut>2026-03-01</Debut></Periode>",
            $"the root element must be 'Periode' in the namespace '{Namespace}'. It is 'Periode' without a namespace.");
        yield return Case("another namespace", "<Periode xmlns='urn:autre'/>",
            $"the root element must be 'Periode' in the namespace '{Namespace}'. It is 'Periode' in the namespace 'urn:autre'.");
        yield return Case("another root", $"<Période xmlns='{Namespace}'/>",
            $"the root element must be 'Periode' in the namespace '{Namespace}'. It is 'P%C3%A9riode' in the namespace '{Namespace}'.");
        yield return Case("StringWriter's declaration", "<?xml version='1.0' encoding='utf-16'?>" + Body(""),
            "The encoding in the declaration 'utf-16' does not match the encoding of the document 'utf-8'.");
        yield return Case("a Latin-1 declaration", "<?xml version='1.0' encoding='iso-8859-1'?>" + Body(""),
            "The encoding in the declaration 'iso-8859-1' does not match the encoding of the document 'utf-8'.");
        yield return Case("an end tag that is wrong", Body("\n<Debut>2026-03-01</Fin>"), "Start element 'Debut' does not match end element 'Fin'. Line 2, position 23.");
        yield return Case("text after the end", Body("\n\n") + "x", "The data at the root level is invalid. Line 3, position 11.");
        yield return Case("text between elements", Body("<Debut>2026-03-01</Debut>\ntexte"),
            "Error in line 2 position 6. Expecting state 'Element'.. Encountered 'Text'  with name '', namespace ''.");
        yield return Case("a DTD", "<!DOCTYPE Periode []>" + Body(""), "CData elements not valid at top level of an XML document. Line 1, position 3.");
        yield return Case("JSON", "{}", "Unexpected end of file.");
    }

    /// <summary>The reader decodes the name of the root when it is asked for, which may fail too.</summary>
    [TestCase("<\u00F0")]
    [TestCase("<Periode xmlns='urn:\u00F0'/>")]
    [TestCase("<\u00F0\u0028 xmlns='urn:x'/>")]
    [TestCase("<Periode xmlns='" + Namespace + "'><Debut>\u00E9</Debut></Periode>")]
    public async Task Post_BytesThatAreNoText_IsAnErrorOnTheParameterAndSaid(string latin1)
    {
        await using var server = await EchoServer.StartAsync();
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(latin1)) { Headers = { ContentType = new("application/xml") } };

        var answer = await server.Client.PostAsync("/api/Relais", content);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(WarningOf(answer), Does.StartWith($"299 - \"{Unread}"));
    }

    [TestCaseSource(nameof(Bodies))]
    public async Task Post_XmlThatCannotBeRead_SaysWhereAndWhy(string body, string reason)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync(body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(WarningOf(answer), Is.EqualTo($"299 - \"{Unread}{reason}\""));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(
            "<Error><Message>The request is invalid.</Message><ModelState><param>An error has occurred.</param></ModelState></Error>"));
    }

    [Test]
    public async Task Post_Latin1Bytes_NamesTheElement()
    {
        await using var server = await EchoServer.StartAsync();
        using var body = new ByteArrayContent(Encoding.Latin1.GetBytes(Body("<Lignes><Ligne><Nom>été</Nom></Ligne></Lignes>")));
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("application/xml");

        var answer = await server.Client.PostAsync("/api/Relais", body);

        Assert.That(WarningOf(answer), Does.StartWith($"299 - \"{Unread}element 'Nom': '").And.EndsWith("contains invalid UTF-8 bytes.\""));
    }

    [TestCase("\n", 4)]
    [TestCase("\r\n", 4)]
    [TestCase("\r", 4)]
    [TestCase("\n\n", 7)]
    [TestCase("\r\n\r\n", 7)]
    [TestCase("\n\n\n", 10)]
    public async Task Post_TagsThatDoNotMatch_CountsLines(string newLine, int line)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync(Body($"{newLine}<Debut>2026-03-01</Debut>{newLine}<!-- x -->{newLine}<Fin>x</Debut>"));

        Assert.That(WarningOf(answer), Does.EndWith($"Line {line}, position 14.\""));
    }

    [Test]
    public async Task Post_AValueOfMegabytes_IsCutInTheWarning()
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync(Body($"<ProduitId>{new string('x', 1_000_000)}</ProduitId>"));

        Assert.That(WarningOf(answer), Has.Length.InRange(400, 410).And.StartsWith($"299 - \"{Unread}element 'ProduitId': The value 'xxx").And.EndsWith("x...\""));
    }

    [Test]
    public async Task Post_XmlThatCannotBeReadWhenLenient_SaysWhereAndWhy()
    {
        await using var server = await EchoServer.StartAsync(options => options.LenientXml = true);

        var date = await server.PostAsync(Body("<ProduitId>1</ProduitId><Debut>01/03/2026</Debut>"));
        var root = await server.PostAsync("<Periode/>");

        Assert.That(WarningOf(date), Is.EqualTo($"299 - \"The XML, once sorted, was not read: element 'Debut': '01/03/2026' is not a date of XML, such as 2026-03-31.\""));
        Assert.That(WarningOf(root), Is.EqualTo($"299 - \"{Unread}The element 'Periode' is in the namespace ''; it belongs to '{Namespace}'.\""));
    }

    [TestCase("application/json", "{\"Debut\":\"31/12/2026\"}")]
    [TestCase("application/x-www-form-urlencoded", "ProduitId=eau")]
    [TestCase("text/plain", "<Periode/>")]
    public async Task Post_AnotherFormat_HasNoWarning(string type, string body)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync(body, type);

        Assert.That((int)answer.StatusCode, Is.AnyOf(400, 415));
        Assert.That(WarningOf(answer), Is.Null);
    }

    /// <summary>Bodies of the wire comparison, which differ from good ones by a few tokens or bytes.</summary>
    [Test]
    public async Task Post_GeneratedXml_WarnsExactlyWhenItIsRefused()
    {
        const int count = 3000;
        var host = WireServers.Host(WireSetting.Legacy);
        var refused = 0;
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            var random = new Random(seed);
            var body = Encoding.UTF8.GetBytes(new XmlBodies(random, new Values(random)).Make());
            if (random.Percent(20))
                body = random.Damage(body);
            var answer = await host.SendAsync(RawRequest.Post("/api/Rapport").Typed("text/xml", body), refuse: true);

            var warnings = answer.Headers.Where(header => header.Name == "Warning").Select(header => header.Value).ToList();
            if (answer.Status == 400)
                Interlocked.Increment(ref refused);
            Assert.That(warnings, Has.Count.LessThanOrEqualTo(1));
            Assert.That(
                warnings.Any(warning => warning.Contains(Unread, StringComparison.Ordinal)), Is.EqualTo(answer.Status == 400), Encoding.UTF8.GetString(body));
            Assert.That(warnings, Has.All.Match(WellFormed()).And.All.Length.LessThan(420), Encoding.UTF8.GetString(body));
        });
        Assert.That(refused, Is.InRange(count / 4, count * 9 / 10));
    }

    private static TestCaseData Case(string name, string body, string reason) => new TestCaseData(body, reason).SetArgDisplayNames(name);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string? WarningOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Warning", out var values) ? string.Join('|', values) : null;

    private static string Body(string elements) => $"""<Periode xmlns="{Namespace}">{elements}</Periode>""";

    [GeneratedRegex("""^299 - "[ !#-\[\]-~]+"$""")]
    private static partial Regex WellFormed();
}

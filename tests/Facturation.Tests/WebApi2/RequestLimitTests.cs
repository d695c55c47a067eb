using System.Globalization;
using System.Net;
using System.Text;

namespace Facturation.Tests.WebApi2;

/// <summary>What an application sets, and what no body may cost.</summary>
[Parallelizable]
[Category("Slow")]
public class RequestLimitTests
{
    [Test]
    public async Task Post_BodyAtTheLimit_IsRead()
    {
        await using var server = await EchoServer.StartAsync(options => options.MaxRequestBodyBytes = 100);

        var answer = await server.PostAsync("{}".PadRight(100), "application/json");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("application/json", false)]
    [TestCase("application/json", true)]
    [TestCase("application/xml", false)]
    [TestCase("application/x-www-form-urlencoded", true)]
    public async Task Post_BodyAboveTheLimit_Is413InTheErrorShape(string contentType, bool chunked)
    {
        await using var server = await EchoServer.StartAsync(options => options.MaxRequestBodyBytes = 100);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/Relais");
        request.Content = chunked ? new StreamContent(new Unsized(new byte[101])) : new ByteArrayContent(new byte[101]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.Accept.ParseAdd("application/json");

        var answer = await server.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(
            await answer.Content.ReadAsStringAsync(),
            Is.EqualTo("""{"Message":"The request body is too large: at most 100 bytes are read."}"""));
    }

    /// <summary>The member would otherwise be left out, as if it had not been asked for.</summary>
    [TestCase(256, HttpStatusCode.OK)]
    [TestCase(257, HttpStatusCode.BadRequest)]
    public async Task Post_FormWithAMemberTooDeep_IsAnErrorOnTheParameter(int levels, HttpStatusCode status)
    {
        await using var server = await EchoServer.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("[a]", levels));

        var answer = await server.PostAsync($"Debut{deep}=2026-03-01", "application/x-www-form-urlencoded");
        var unrelated = await server.PostAsync($"Autre{deep}=2026-03-01", "application/x-www-form-urlencoded");

        Assert.That(answer.StatusCode, Is.EqualTo(status));
        Assert.That(unrelated.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>In the 100 seconds the client waits: a busy machine takes some of them, the square of a length far more.</summary>
    [TestCaseSource(nameof(HostileCases))]
    public async Task Post_FourMegabytesOfHostileBody_IsAnsweredInSeconds(string type, string body)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync(body, type);

        Assert.That((int)answer.StatusCode, Is.AnyOf(200, 400));
    }

    [Test]
    public async Task Post_QuotesInCommentsAndSections_AreNoAttributes()
    {
        await using var server = await EchoServer.StartAsync();
        var quotes = new string('\'', 5001);

        var answer = await server.PostAsync(
            $"<Periode xmlns='http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2'><!-- {quotes} --><X><![CDATA[{quotes}]]></X></Periode>");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>What looks like a quote or a tag inside a comment must not hide the attributes behind it.</summary>
    [Test]
    public async Task Post_TooManyAttributesBehindAComment_Is400(
        [Values("utf-8", "utf-16")] string charset, [Values("<!-- \" -->", "<!--> <a \" -->", "<!---> <a \" -->")] string comment)
    {
        await using var server = await EchoServer.StartAsync();
        var body = comment + Attributes(60_000, "<Periode xmlns='http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2'");
        using var content = new ByteArrayContent((charset == "utf-8" ? Encoding.UTF8 : Encoding.Unicode).GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/xml; charset={charset}");

        var answer = await server.Client.PostAsync("/api/Relais", content);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Route_OfAnotherPrefix_IsAnsweredThere()
    {
        await using var server = await EchoServer.StartAsync(options => options.RoutePrefix = "ancien/service");

        var answer = await server.PostAsync("{}", "application/json", "/Ancien/Service/relais/");
        var elsewhere = await server.PostAsync("{}", "application/json");
        var unknown = await server.PostAsync("{}", "application/json", "/ancien/service/inconnu");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(elsewhere.Content.Headers.ContentLength, Is.Zero, "outside the prefix nothing is answered in its name");
        Assert.That(await unknown.Content.ReadAsStringAsync(), Does.StartWith("""{"Message":"No HTTP resource was found"""));
    }

    [Test]
    public async Task TimeZone_OfAnotherServer_IsTheZoneOfLocalDates()
    {
        await using var server = await EchoServer.StartAsync(
            options => options.TimeZone = TimeZoneInfo.FindSystemTimeZoneById("America/Martinique"));

        var answer = await server.PostAsync("""{"Debut":"2026-03-22T00:33:00+01:00"}""", "application/json");

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.StartWith("""{"Debut":"2026-03-21T19:33:00-04:00","""));
    }

    /// <summary>Named by their number: the whole body would be in every report.</summary>
    private static IEnumerable<TestCaseData> HostileCases() =>
        HostileBodies().Select((hostile, i) => new TestCaseData(hostile.Type, hostile.Body).SetArgDisplayNames(hostile.Type, $"{i}"));

    /// <summary>Bodies that cost the square of their length where a reader is careless.</summary>
    private static IEnumerable<(string Type, string Body)> HostileBodies()
    {
        const int size = 3_900_000;
        yield return ("application/json", Repeat("\"Debut\":\"2026-03-22T00:33:00+01:00\",\n", size, "{", "}"));
        yield return ("application/json", Repeat("\"Debut\":1,", size, "{", "}"));
        yield return ("application/json", Repeat("[", size, "{\"x\":", ""));
        yield return ("application/json", Repeat("{\"Nom\":[],\"Numero\":\"x\"},", size, "{\"Lignes\":[", "]}"));
        yield return ("application/x-www-form-urlencoded", Repeat(".", size, "", "=1"));
        yield return ("application/x-www-form-urlencoded", Repeat("[0]", size, "a", "=1"));
        yield return ("application/x-www-form-urlencoded", Repeat("Debut=1&", size, "", ""));
        yield return ("application/x-www-form-urlencoded", Repeat("%C3%A9+", size, "ProduitId=", ""));
        yield return ("application/xml", Repeat("<a/>", size, "<Periode xmlns='http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2'>", "</Periode>"));
        yield return ("application/xml", Repeat("<ProduitId>1</ProduitId>", size, "<Periode xmlns='http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2'>", "</Periode>"));
        yield return ("application/xml", Repeat(" x='1'", size, "<Periode", "/>"));
        yield return ("application/xml", Namespaces(size, "<Periode xmlns='http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2'"));
        yield return ("application/xml", Attributes(size, "<Periode xmlns='http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2'"));
    }

    /// <summary>Namespaces on the levels above elements, whose prefix is looked for in all of them.</summary>
    private static string Namespaces(int size, string before)
    {
        var body = new StringBuilder(before, size + 200).Append(" xmlns:first='u'>");
        for (var i = 0; body.Length < size / 2; i++)
            body.Append(CultureInfo.InvariantCulture, $"{(i % 1500 == 0 ? "<a" : "")} xmlns:b{i}='u'{(i % 1500 == 1499 ? ">" : "")}");
        body.Append('>');
        while (body.Length < size)
            body.Append("<first:a/>");
        return body.ToString();
    }

    /// <summary>Attributes in a namespace, which the reader compares each with each.</summary>
    private static string Attributes(int size, string before)
    {
        var body = new StringBuilder(before, size + 200);
        for (var i = 0; body.Length < size; i++)
            body.Append(CultureInfo.InvariantCulture, $" xmlns:b{i}='u' b{i}:x{i}=''");
        return body.Append("/>").ToString();
    }

    private static string Repeat(string part, int size, string before, string after)
    {
        var body = new StringBuilder(before, size + 200);
        while (body.Length < size)
            body.Append(part);
        return body.Append(after).ToString();
    }

    /// <summary>A stream that does not tell its length, so that it is sent chunked.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

using System.Net;

namespace Facturation.Tests.Api.V1;

/// <summary>What HTTP asks of any address, HEAD and OPTIONS, and what browsers ask before a script may call another site.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BrowserAccessTests
{
    private const string Origin = "https://app.example.com";

    private MeterScene scene = null!;
    private Guid meter;

    [OneTimeSetUp]
    public async Task Start()
    {
        scene = await MeterScene.StartAsync(settings: $"--Cors:Origins={Origin},http://localhost:3000");
        meter = await scene.CreateMeterAsync();
    }

    [OneTimeTearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [TestCase("v1/meters", HttpStatusCode.OK)]
    [TestCase("v1/meters/{0}", HttpStatusCode.OK)]
    [TestCase("v1/meters/{0}/readings", HttpStatusCode.OK)]
    [TestCase("v1/meters/00000000-0000-4000-8000-000000000000", HttpStatusCode.NotFound)]
    [TestCase("v1/nowhere", HttpStatusCode.NotFound)]
    public async Task Head_OfAnAddress_IsItsGetWithoutTheBody(string path, HttpStatusCode status)
    {
        path = string.Format(null, path, meter);
        using var get = await SendAsync(HttpMethod.Get, path);
        using var head = await SendAsync(HttpMethod.Head, path);

        Assert.That((head.StatusCode, get.StatusCode), Is.EqualTo((status, status)));
        Assert.That(await head.Content.ReadAsByteArrayAsync(), Is.Empty);
        Assert.That(head.Content.Headers.ContentType, Is.EqualTo(get.Content.Headers.ContentType));
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo((await get.Content.ReadAsByteArrayAsync()).Length));
    }

    [TestCase("v1/meters", "GET, HEAD, OPTIONS, POST")]
    [TestCase("v1/meters/{0}/readings/manual", "OPTIONS, POST")]
    [TestCase("v1/produits/7/compteurs/1/prices/2026-01-01", "DELETE, OPTIONS, PUT")]
    public async Task Options_OfAnAddress_TellsItsVerbsWithoutAKey(string path, string verbs)
    {
        using var answer = await SendAsync(HttpMethod.Options, string.Format(null, path, meter), key: "");

        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.NoContent, "")));
        Assert.That(string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)), Is.EqualTo(verbs));
    }

    [Test]
    public async Task Options_OfNoAddress_Is404()
    {
        using var answer = await SendAsync(HttpMethod.Options, "v1/nowhere");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase(Origin, true)]
    [TestCase("http://localhost:3000", true)]
    [TestCase("https://evil.example.com", false)]
    [TestCase("null", false)]
    public async Task Preflight_OfAnOrigin_IsAllowedIfConfigured(string origin, bool isAllowed)
    {
        using var answer = await SendAsync(HttpMethod.Options, $"v1/meters/{meter}/readings/manual", "", ("Origin", origin),
            ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,idempotency-key,x-api-key"));

        Assert.That(Header(answer, "Access-Control-Allow-Origin"), Is.EqualTo(isAllowed ? origin : null));
        Assert.That(Header(answer, "Access-Control-Allow-Headers")?.ToLowerInvariant(), isAllowed ? Does.Contain("x-api-key").And.Contain("idempotency-key") : Is.Null);
        Assert.That(Header(answer, "Access-Control-Allow-Credentials"), Is.Null);
    }

    [TestCase("v1/meters", HttpStatusCode.OK)]
    [TestCase("v1/meters/x", HttpStatusCode.BadRequest)]
    public async Task Get_OfAnAllowedOrigin_LetsItsScriptReadAnswersAndErrors(string path, HttpStatusCode status)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, ("Origin", Origin));

        Assert.That((answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")), Is.EqualTo((status, Origin)));
        Assert.That(Header(answer, "Access-Control-Expose-Headers"), Does.Contain("Location"));
    }

    [Test]
    public async Task Legacy_OfAnAllowedOrigin_IsAsItWas()
    {
        using var answer = await SendAsync(HttpMethod.Get, "api/Consommation", null, ("Origin", Origin));

        Assert.That(answer.Headers.Select(header => header.Key), Has.None.StartsWith("Access-Control"));
    }

    [Test]
    public async Task Get_WithoutTheSetting_AllowsNoOrigin()
    {
        await using var closed = await MeterScene.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/meters") { Headers = { { "Origin", Origin }, { "X-API-Key", closed.Key } } };
        using var answer = await closed.Service.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers.Select(header => header.Key), Has.None.StartsWith("Access-Control"));
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key != "")
            request.Headers.Add("X-API-Key", key ?? scene.Key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await scene.Service.Client.SendAsync(request);
    }
}

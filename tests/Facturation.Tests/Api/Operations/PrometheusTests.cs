using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Facturation.Core;

namespace Facturation.Tests.Api.Operations;

/// <summary>What Prometheus scrapes from the service, run as an operator runs it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class PrometheusTests
{
    private const string Token = "0123456789abcdefABCDEF";

    [Test]
    public async Task Scrape_AfterRequests_HoldsWhatHappenedAndNoSecret()
    {
        using var database = Scratch.WithDatabase();
        string key;
        await using (var service = await Service.StartAsync(database: database))
        {
            await service.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nUsager;1;Eau;Contrat;2026-03-22;1;Froide;5\n", "CLIENT");
            key = await service.CreateKeyAsync("CLIENT", k => k with { Identifiant = "Usager" });
        }
        await using var process = await ServiceProcess.StartAsync(database, ("Prometheus__Token", Token));
        Assert.That(await AskAsync(process, "POST", "api/ConsommationV2", key, "{}"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await AskAsync(process, "POST", "api/ConsommationV2", key, "{"), Is.EqualTo(HttpStatusCode.BadRequest));
        await AskAsync(process, "GET", "none", null);
        await AskAsync(process, "GET", "v1/none", key);

        using (await ScrapeAsync(process, Token)) // A scrape is a request, which the next one tells of.
        {
        }
        using var answer = await ScrapeAsync(process, Token);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(answer.Headers.CacheControl!.NoStore, Is.True);
        Assert.That(text.Split('\n'), Has.One.EqualTo("# TYPE facturation_requests_total counter")
            .And.One.EqualTo("# HELP facturation_requests_total Requests answered")
            .And.One.EqualTo("# TYPE facturation_request_duration_seconds histogram")
            .And.One.EqualTo("# TYPE facturation_rows_total counter")
            .And.One.EqualTo("# TYPE http_server_request_duration_seconds histogram")
            .And.One.EqualTo("# TYPE dotnet_process_memory_working_set_bytes gauge"));
        Assert.That(text.Split('\n'), Has.One.Match(
            """^facturation_requests_total\{.*format="json",operation="ConsommationV2",request_format="json",status="200"\} 1$"""));
        Assert.That(text.Split('\n'), Has.One.Match("""^facturation_request_duration_seconds_bucket\{.*operation="ConsommationV2",status="200",le="\+Inf"\} 1$"""));
        Assert.That(text.Split('\n'), Has.One.Match($$"""^facturation_key_uses_total\{.*key="{{ApiKey.PrefixOf(key)}}"\} 3$"""));
        Assert.That(text.Split('\n').Where(line => line.Length > 0), Has.All.Match(Line()));
        Assert.That(text, Does.Not.Contain(key[13..]).And.Not.Contain("CLIENT").And.Not.Contain("Usager").And.Not.Contain(Token));

        // Whatever is asked makes no series of its own.
        var before = SeriesOf(text);
        for (var i = 0; i < 20; i++)
        {
            await AskAsync(process, "GET", $"none{i}", null);
            await AskAsync(process, "GET", $"v1/none{i}", key);
            await AskAsync(process, "GET", "none", $"fct_{i:D8}_{new string('x', 32)}");
        }
        using var later = await ScrapeAsync(process, Token);
        Assert.That(SeriesOf(await later.Content.ReadAsStringAsync()).Except(before).Where(name => name.StartsWith("facturation", StringComparison.Ordinal) || name.StartsWith("http", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Scrape_WithoutTheToken_Is401()
    {
        using var database = Scratch.WithDatabase();
        await using var process = await ServiceProcess.StartAsync(database, ("Prometheus__Token", Token));

        foreach (var token in new[] { null, "", Token[..^1], Token + "x", Token.ToUpperInvariant() })
        {
            using var answer = await ScrapeAsync(process, token);
            Assert.That((answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()), Is.EqualTo((HttpStatusCode.Unauthorized, "Bearer")), token);
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("facturation_"));
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "metrics") { Headers = { Authorization = new("Bearer", Token) } };
        using var posted = await process.Client.SendAsync(request);
        Assert.That((posted.StatusCode, posted.Content.Headers.Allow.Single()), Is.EqualTo((HttpStatusCode.MethodNotAllowed, "GET")));
    }

    [Test]
    public async Task Scrape_TokenThatIsNotSet_FindsNothing()
    {
        await using var service = await Service.StartAsync();

        foreach (var token in new[] { "", Token })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "metrics") { Headers = { Authorization = new("Bearer", token) } };
            using var answer = await service.Client.SendAsync(request);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }

    [Test]
    public async Task Scrape_DatabaseThatIsAway_IsAnswered()
    {
        using var database = Scratch.WithDatabase();
        await using var process = await ServiceProcess.StartAsync(database, ("Prometheus__Token", Token));
        File.Move(database.Database, database.Database + ".away");

        using var answer = await ScrapeAsync(process, Token);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>The names and labels of a scrape, without their values.</summary>
    private static HashSet<string> SeriesOf(string text) =>
        [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line[..line.LastIndexOf(' ')])];

    private static async Task<HttpResponseMessage> ScrapeAsync(ServiceProcess process, string? token)
    {
        await Task.Delay(500); // An answer is kept for 300 ms.
        using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await process.Client.SendAsync(request);
    }

    private static async Task<HttpStatusCode> AskAsync(ServiceProcess process, string method, string path, string? key, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await process.Client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A line of the text format: a comment, or a name, its labels and a number.</summary>
    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_:][a-z0-9_:]* .+|[a-z_:][a-z0-9_:]*(\{([a-z0-9_]+="([^"\\]|\\.)*",?)*\})? [-+.0-9eE]+(Inf)?)$""")]
    private static partial Regex Line();
}

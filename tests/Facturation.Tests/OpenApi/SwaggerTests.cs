using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Facturation.Api.Operations;
using Facturation.Tests.Api;
using Facturation.Tests.Help;
using Facturation.Tests.Snapshots;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using NSwag.Generation.Processors;
using NSwag.Generation.Processors.Contexts;

namespace Facturation.Tests.OpenApi;

/// <summary>The OpenAPI document tells of every operation, and what it tells is what the service does.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SwaggerTests
{
    private const string Path = "swagger/v1/swagger.json";

    private static readonly string[] LegacyTypes =
        ["application/json", "text/json", "application/xml", "text/xml", "application/x-www-form-urlencoded"];

    private Service service = null!;
    private byte[] bytes = null!;
    private JsonObject document = null!;

    private IEnumerable<(string Path, string Method, JsonObject Operation)> Operations =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!.AsObject());

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync("Development", configure: services => services.AddSingleton<TimeProvider>(new HelpClock()));
        bytes = await service.Client.GetByteArrayAsync(Path);
        document = JsonNode.Parse(bytes)!.AsObject();
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public void Document_AsJson() => Snapshot.Match(bytes, "json");

    [Test]
    public void Document_Version_Is30() => Assert.That((string?)document["openapi"], Does.StartWith("3.0."));

    /// <summary>Whatever made the document fail once: the next visit makes it, and the help pages that read it.</summary>
    [TestCase(Path)]
    [TestCase("Help")]
    public async Task Get_AfterAFailure_IsMadeAgain(string path)
    {
        var once = new FailingOnce();
        await using var failing = await Service.StartAsync(
            configure: services => services.AddSingleton<IDocumentProcessor>(once),
            settings: "--Logging:LogLevel:Default=None");

        foreach (var expected in new[] { HttpStatusCode.InternalServerError, HttpStatusCode.OK, HttpStatusCode.OK })
        {
            using var answer = await failing.Client.GetAsync(path);
            Assert.That(answer.StatusCode, Is.EqualTo(expected));
        }
        Assert.That(once.Asked, Is.EqualTo(2), "what was made is kept");
    }

    [Test]
    public async Task Get_WithItsETag_Is304()
    {
        using var first = await service.Client.GetAsync(Path);
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await service.Client.SendAsync(request);

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(first.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json; charset=utf-8"));
    }

    [Test]
    public void Operations_EveryAction_IsOne()
    {
        var actions = service.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items
            .Cast<ControllerActionDescriptor>().Select(action => $"{action.ControllerName}_{action.ActionName}");

        Assert.That(Operations.Select(o => (string?)o.Operation["operationId"]), Is.EquivalentTo(actions).And.Unique);
    }

    [Test]
    public void Operations_EachOfThem_IsTold()
    {
        var tags = document["tags"]!.AsArray().Select(tag => (string?)tag!["name"]).ToArray();
        foreach (var (path, method, operation) in Operations)
        {
            var name = $"{method} {path}";
            Assert.That((string?)operation["summary"], Is.Not.Empty, name);
            Assert.That(operation["security"]!.AsArray(), Is.Not.Empty, name);
            Assert.That(operation["tags"]!.AsArray().Select(tag => (string?)tag), Is.SubsetOf(tags), name);
            Assert.That(operation["parameters"]?.AsArray().Select(p => (string?)p!["description"]) ?? [], Is.All.Not.Empty, name);
            var responses = operation["responses"]!.AsObject();
            Assert.That(responses.Select(r => r.Key), Is.SupersetOf(new[] { "401", "403", "429", "500", "503" }), name);
            foreach (var status in new[] { "429", "503" })
                Assert.That(responses[status]!["headers"]?["Retry-After"], Is.Not.Null, $"{name} {status}");
            foreach (var (status, response) in responses)
            {
                Assert.That((string?)response!["description"], Is.Not.Empty, $"{name} {status}");
                Assert.That(response["content"]!.AsObject().Select(content => content.Value!["schema"]), Is.All.Not.Null, $"{name} {status}");
            }
        }
    }

    [Test]
    public void Examples_AllOfThem_AreWhatTheirSchemasSay()
    {
        var count = 0;
        foreach (var (path, method, operation) in Operations)
        {
            var contents = operation["responses"]!.AsObject().Select(response => response.Value!["content"]!)
                .Append(operation["requestBody"]?["content"]).OfType<JsonObject>().SelectMany(content => content.Select(c => c.Value!));
            foreach (var content in contents)
                foreach (var example in (content["examples"]?.AsObject().Select(e => e.Value!["value"]) ?? []).Append(content["example"]).OfType<JsonNode>())
                {
                    count++;
                    Assert.That(SchemaCheck.ErrorsOf(document, content["schema"]!, example), Is.Empty, $"{method} {path} {example}");
                }
        }
        Assert.That(count, Is.GreaterThan(100));
    }

    [Test]
    public async Task Legacy_ExampleOfTheRequest_IsAnsweredAlikeInEveryMediaType(
        [Values("/api/Consommation", "/api/ConsommationV2")] string path, [ValueSource(nameof(LegacyTypes))] string mediaType)
    {
        var operation = document["paths"]![path]!["post"]!.AsObject();
        var content = operation["requestBody"]!["content"]![mediaType]!;

        var answer = await service.PostAsync(path, Demo.Key, SchemaCheck.Write(document, content, mediaType), mediaType, ("Accept", "application/json"));
        var expected = await service.PostAsync(path, Demo.Key, """{"Debut":"2026-03-01","Fin":"2026-03-31","ProduitId":2}""");

        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, expected.Text)));
        Assert.That(answer.Text.Length, Is.GreaterThan(100), "an empty answer shows nothing");
        var schema = operation["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        Assert.That(SchemaCheck.ErrorsOf(document, schema, JsonNode.Parse(answer.Text)), Is.Empty);
    }

    [Test]
    public async Task Legacy_AnswerInXml_IsWhatItsSchemaWrites([Values("/api/Consommation", "/api/ConsommationV2")] string path)
    {
        const string body = """{"Debut":"2026-10-05","Fin":"2026-10-05","ProduitId":2}""";
        var json = await service.PostAsync(path, Demo.Key, body);
        var xml = await service.PostAsync(path, Demo.Key, body, "application/json", ("Accept", "application/xml"));
        var content = new JsonObject
        {
            ["schema"] = document["paths"]![path]!["post"]!["responses"]!["200"]!["content"]!["application/xml"]!["schema"]!.DeepClone(),
            ["example"] = JsonNode.Parse(json.Text),
        };

        var written = XElement.Parse(SchemaCheck.Write(document, content, "application/xml"));

        var answered = XElement.Parse(xml.Text);
        answered.DescendantsAndSelf().Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Remove();
        written.DescendantsAndSelf().Attributes().Where(attribute => attribute.IsNamespaceDeclaration).Remove();
        Assert.That(written.ToString(), Is.EqualTo(answered.ToString()));
    }

    [Test]
    public async Task V1_ExamplesInOrder_AreAnsweredAsTold()
    {
        var meter = await SendAsync("post", "/v1/meters", "");
        var id = (string)meter["data"]!["id"]!;
        var reading = (string)(await SendAsync("post", "/v1/meters/{id}/readings/manual", "", id))["data"]!["readingId"]!;
        await SendAsync("get", "/v1/meters", "?limit=5");
        await SendAsync("get", "/v1/meters/{id}", "", id);
        await SendAsync("get", "/v1/meters/{id}/readings", "?from=2026-04-01T00:00:00Z", id);
        await SendAsync("get", "/v1/meters/{id}/readings/{readingId}", "", id, reading);
        await SendAsync("get", "/v1/meters/{id}/readings/allowed", "?readAt=2026-04-10T12:00:00Z", id);
        await SendAsync("post", "/v1/meters/{id}/readings/batch", "", id);
        reading = (string)(await SendAsync("post", "/v1/meters/{id}/readings/{readingId}/correction", "", id, reading))["data"]!["id"]!;
        await SendAsync("post", "/v1/meters/{id}/readings/{readingId}/void", "", id, reading);
        bodies = body => (body["indexValueMilli"], body["readAt"]) = ("9990000", "2026-05-02T12:00:00Z");
        var leap = (string)(await SendAsync("post", "/v1/meters/{id}/readings/manual", "", id))["data"]!["readingId"]!;
        Assert.That((await SendAsync("get", "/v1/readings/suspects", ""))["data"]!.AsArray(), Is.Not.Empty);
        bodies = _ => { };
        await SendAsync("post", "/v1/meters/{id}/readings/{readingId}/confirmation", "", id, leap);
        await SendAsync("post", "/v1/meters/{id}/readings/{readingId}/void", "", id, leap);
        bodies = body => body["readings"]![0]!["meterId"] = id;
        Assert.That((int)(await SendAsync("post", "/v1/readings/batch", ""))["data"]!["recorded"]!, Is.EqualTo(1));
        bodies = _ => { };
        await SendAsync("get", "/v1/readings", "?limit=1");
        var newer = (string)(await SendAsync("post", "/v1/meters/{id}/replacement", "", id))["data"]!["id"]!;
        await SendAsync("post", "/v1/meters/{id}/removal", "", newer);

        const string price = "/v1/produits/{produitId}/compteurs/{sequence}/prices/{validFrom}";
        await SendAsync("put", price, "", "2", "1", "2026-01-01");
        await SendAsync("put", price, "", "2", "1", "2027-01-01");
        await SendAsync("delete", price, "", "2", "1", "2027-01-01");
        await SendAsync("get", "/v1/produits/{produitId}/compteurs/{sequence}/prices", "", "2", "1");
        var last = (string)(await SendAsync("get", "/v1/meters/{id}/readings", "?limit=1", id))["data"]![0]!["id"]!;
        bodies = body => body["endReadingId"] = last;
        var bill = (string)(await SendAsync("post", "/v1/meters/{id}/bill-consumption", "", id))["data"]!["folioEntryId"]!;
        Assert.That((bool)(await SendAsync("post", "/v1/meters/{id}/bill-consumption", "", id))["data"]!["alreadyBilled"]!, Is.True);
        await SendAsync("get", "/v1/meters/{id}/bills", "", id);
        var folio = (string)(await SendAsync("get", "/v1/bills/{billId}", "", bill))["data"]!["folioId"]!;
        Assert.That((string)(await SendAsync("get", "/v1/folios/{folioId}/entries", "", folio))["data"]![0]!["folioEntryId"]!, Is.EqualTo(bill));
        await SendAsync("get", "/v1/meters/{id}/consumption", "?window=month&fill=zero&from=2026-04-01&to=2026-12-31", id);
        await SendAsync("get", "/v1/meters/{id}/consumption", "?window=month&spread=days", id);
        foreach (var grouping in new[] { "", "&groupBy=identifiant", "&groupBy=dossier,identifiant,produit,compteur", "&spread=days" })
            await SendAsync("get", "/v1/consumption", "?window=day" + grouping);
        Assert.That(Operations.Count(o => o.Path.StartsWith("/v1/", StringComparison.Ordinal)), Is.EqualTo(25), "each is sent above");
    }

    [TestCase("swagger", "swagger-ui-bundle.js")]
    [TestCase("redoc", "redoc.standalone.js")]
    public async Task Viewer_Page_HasNoScriptOfItsOwnAndAsksNobodyElse(string viewer, string bundle)
    {
        using var page = await service.Client.GetAsync(viewer); // Follows the redirect to index.html.
        var html = await page.Content.ReadAsStringAsync();

        Assert.That(html, Does.Contain(bundle).And.Not.Match("<script(?![^>]*src=)").And.Not.Match("(src|href)=\"(https?:)?//"));
        Assert.That(html, Does.Match("<head>[^§]*<meta name=\"viewport\" content=\"width=device-width[^§]*</head>"), "it is read on phones");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain("default-src 'none'").And.Contain("script-src 'self';").And.Contain("connect-src 'self';"));
    }

    [TestCase("swagger/swagger-ui-bundle.js", "text/javascript")]
    [TestCase("swagger/swagger-ui.css", "text/css")]
    [TestCase("redoc/redoc.standalone.js", "text/javascript")]
    public async Task Viewer_Asset_IsServedByUs(string path, string mediaType)
    {
        using var asset = await service.Client.GetAsync(path);

        Assert.That((asset.StatusCode, asset.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.OK, mediaType)));
        Assert.That((await asset.Content.ReadAsByteArrayAsync()).Length, Is.GreaterThan(100_000));
    }

    /// <summary>What is changed in the example of a body before it is sent.</summary>
    private Action<JsonNode> bodies = _ => { };

    /// <summary>Sends an operation's example, and holds status and answer to what the document tells.</summary>
    private async Task<JsonNode> SendAsync(string method, string path, string query, params string[] ids)
    {
        var operation = document["paths"]![path]![method]!;
        var address = ids.Aggregate(path, (address, id) => address.Remove(address.IndexOf('{'), address.IndexOf('}') - address.IndexOf('{') + 1).Insert(address.IndexOf('{'), id));
        using var request = new HttpRequestMessage(new HttpMethod(method), address + query);
        request.Headers.Add("X-API-Key", Demo.Key);
        if (operation["requestBody"]?["content"]?["application/json"]?["example"]?.DeepClone() is { } example)
        {
            bodies(example);
            request.Content = new StringContent(example.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        }
        using var response = await service.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        var successes = operation["responses"]!.AsObject().Where(r => r.Key.StartsWith('2')).ToDictionary();
        Assert.That(successes.Keys, Does.Contain($"{(int)response.StatusCode}"), $"{address} {text}");
        var answer = JsonNode.Parse(text)!;
        Assert.That(SchemaCheck.ErrorsOf(document, successes[$"{(int)response.StatusCode}"]!["content"]!["application/json"]!["schema"]!, answer), Is.Empty, text);
        return answer;
    }

    private sealed class FailingOnce : IDocumentProcessor
    {
        public int Asked { get; private set; }

        public void Process(DocumentProcessorContext context)
        {
            if (++Asked == 1)
                throw new InvalidOperationException("once");
        }
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Facturation.Api.Operations;
using Facturation.Api.V1;
using Facturation.Core;
using Facturation.Tests.Api;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Help;

/// <summary>The pages of v1 tell what the service does, in the words of the contract's manual.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class V1HelpTests
{
    private const string Meter = "v1/meters/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0", Nobody = "v1/meters/00000000-0000-4000-8000-000000000000";
    private const string Reading = "readings/018f2f5e-7c00-7a3b-9d15-6f2b8c4d1e90";
    private const string By = "\"recordedBy\":\"2489e9ad-2ee2-8e00-8ec9-32d5f69181c0\"";
    private const string Low = $$"""{"indexValueMilli":"1200000","readAt":"2026-04-15T12:00:00Z",{{By}}}""";
    private const string Swap = $$"""
        {"replacedAt":"2026-06-01T09:00:00Z","lastIndexValueMilli":"1200000","serial":"EAU-0043","firstIndexValueMilli":"0",{{By}}}
        """;

    private const string Known = """
        {"serial":"EAU-0042","digits":6,"unit":"m³","dossier":{"identifiant":"mairie.tréville","reference":"HDV-EAU","date":"2026-04-01"},
         "produit":{"id":2},"sequence":1,"installedAt":"2026-04-01T06:00:00Z","indexValueMilli":"0"}
        """;

    private const string Bill = """
        {"endReadingId":"018f2f5e-7c00-7a3b-9d15-6f2b8c4d1e90","folioId":"018f2f5e-7c00-7a3b-9d15-6f2b8c4d1f00","folioKind":"contract","businessDate":"2026-04-15"}
        """;

    private const string First = """
        {"endReadingId":"(first)","folioId":"018f2f5e-7c00-7a3b-9d15-6f2b8c4d1f00","folioKind":"contract","businessDate":"2026-04-15"}
        """;

    private const string Prices = "v1/produits/2/compteurs/1/prices", Dollars = """{"unitPriceMicros":"1","currency":"USD"}""";

    private const string Manual = "POST-v1-meters-id-readings-manual";

    private Service service = null!;
    private ApiDescription[] operations = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync("Development", configure: services => services.AddSingleton<TimeProvider>(new HelpClock()));
        operations = [.. service.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items
            .SelectMany(group => group.Items).Where(api => api.RelativePath!.StartsWith("v1/", StringComparison.Ordinal))];
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public async Task Index_BelowTheOldGroups_ListsEveryOperation()
    {
        var page = await HelpPage.GetAsync(service.Client, "/Help");
        Assert.That(operations, Has.Length.EqualTo(25));
        foreach (var api in operations)
            Assert.That(page.Html.Replace("<wbr>", ""), Does.Contain($"<td class=\"api-name\"><a href=\"/Help/Api/{IdOf(api)}\">{api.HttpMethod} {api.RelativePath}</a></td>"));
        Assert.That(page.Article, Does.Not.Contain("v1"));
    }

    [Test]
    public async Task Operation_Any_TellsEveryParameterStatusAndCode()
    {
        foreach (var api in operations)
        {
            var html = await GetAsync(IdOf(api));
            foreach (var parameter in api.ParameterDescriptions.Where(parameter => parameter.Name != "body"))
                Assert.That(html, Does.Contain($"<td class=\"parameter-name\">{parameter.Name}</td>"), IdOf(api));
            foreach (var response in api.SupportedResponseTypes)
            {
                if (response is not V1Refusal refusal)
                    Assert.That(html, Does.Contain($"<h3 id=\"code-{response.StatusCode}\">"), IdOf(api));
                else
                    foreach (var error in refusal.Errors)
                    {
                        var (status, title, text) = Row(html, error.Code);
                        Assert.That((status, title), Is.EqualTo((refusal.StatusCode, refusal.Title)), IdOf(api));
                        Assert.That(text, Does.StartWith($"{error.Code} {error.Meaning}"), IdOf(api));
                    }
            }
            Assert.That(
                HelpGuideTests.Statuses(html[..html.IndexOf("id=\"erreurs\"", StringComparison.Ordinal)]).Keys,
                Is.EquivalentTo(api.SupportedResponseTypes.Where(response => response is not V1Refusal).Select(r => r.StatusCode)), "an example each");
        }
    }

    [Test]
    public async Task Manual_ItsSections_AreThoseOfTheContract()
    {
        var text = HelpPage.Text(await GetAsync(Manual));
        foreach (var said in new[]
        {
            "Enregistrer un relevé manuel de compteur POST /v1/meters/{id}/readings/manual ", " JavaScript fetch(", " curl curl -X POST ",
            " Autorisations L’en-tête X-API-Key porte une clé qui permet readings:write.", " id L'uuid du compteur. chaîne, uuid Requis ",
            " Idempotency-Key Garde la réponse", " indexValueMilli Index en milli-unités (bigint string). chaîne Requis ", " Exemple : 1234567 ",
            " chaîne, date-time Requis ", " recordedBy L'uuid de qui l'a relevé. chaîne, uuid Requis ", "500 caractères au plus Exemple",
            " 201 Relevé enregistré En-tête Location ", " data.readingId ", " INDEX_BELOW_PREVIOUS",
        })
            Assert.That(text, Does.Contain(said));
    }

    [TestCase("POST-v1-meters", "v1/meters", "{}")]
    [TestCase("POST-v1-meters", "v1/meters", Known)]
    [TestCase("GET-v1-meters", "v1/meters?limit=0")]
    [TestCase("GET-v1-meters-id", "v1/meters/17")]
    [TestCase("GET-v1-meters-id", Nobody)]
    [TestCase("POST-v1-meters-id-replacement", Meter + "/replacement", "{}")]
    [TestCase("POST-v1-meters-id-replacement", Nobody + "/replacement", Swap)]
    [TestCase("POST-v1-meters-id-replacement", Meter + "/replacement", Swap)]
    [TestCase(Manual, Meter + "/readings/manual", "{}")]
    [TestCase(Manual, Nobody + "/readings/manual", Low)]
    [TestCase(Manual, Meter + "/readings/manual", Low)]
    [TestCase("POST-v1-meters-id-readings-batch", Meter + "/readings/batch", "{}")]
    [TestCase("POST-v1-meters-id-readings-batch", Nobody + "/readings/batch", $$"""{"readings":[{{Low}}]}""")]
    [TestCase("POST-v1-meters-id-readings-batch", Meter + "/readings/batch", $$"""{"readings":[{{Low}},{}]}""")]
    [TestCase("POST-v1-meters-id-readings-readingId-void", Meter + "/" + Reading + "/void", "{}")]
    [TestCase("POST-v1-meters-id-readings-readingId-void", Meter + "/" + Reading + "/void", $$"""{{{By}},"reason":"x"}""")]
    [TestCase("POST-v1-meters-id-readings-readingId-void", Meter + "/readings/(first)/void", $$"""{{{By}},"reason":"x"}""")]
    [TestCase("GET-v1-meters-id-readings", Meter + "/readings?from=2026-04-15T00:00:00Z&to=2026-04-01T00:00:00Z")]
    [TestCase("GET-v1-meters-id-readings", Nobody + "/readings")]
    [TestCase("GET-v1-meters-id-readings-readingId", Meter + "/readings/17")]
    [TestCase("GET-v1-meters-id-readings-readingId", Meter + "/" + Reading)]
    [TestCase("GET-v1-meters-id-readings-allowed", Meter + "/readings/allowed")]
    [TestCase("GET-v1-meters-id-readings-allowed", Nobody + "/readings/allowed?readAt=2026-04-15T12:00:00Z")]
    [TestCase("GET-v1-readings-suspects", "v1/readings/suspects?cursor=abc")]
    [TestCase("GET-v1-consumption", "v1/consumption?groupBy=compteur")]
    [TestCase("GET-v1-meters-id-consumption", Meter + "/consumption?fill=zero")]
    [TestCase("GET-v1-meters-id-consumption", Nobody + "/consumption")]
    [TestCase("POST-v1-meters-id-bill-consumption", Meter + "/bill-consumption", "{}")]
    [TestCase("POST-v1-meters-id-bill-consumption", Nobody + "/bill-consumption", Bill)]
    [TestCase("POST-v1-meters-id-bill-consumption", Meter + "/bill-consumption", First)]
    [TestCase("GET-v1-meters-id-bills", Meter + "/bills?limit=0")]
    [TestCase("GET-v1-meters-id-bills", Nobody + "/bills")]
    [TestCase("GET-v1-bills-billId", "v1/bills/17")]
    [TestCase("GET-v1-bills-billId", "v1/bills/018f2f5e-7c00-7a3b-9d15-6f2b8c4d1f01")]
    [TestCase("GET-v1-folios-folioId-entries", "v1/folios/17/entries")]
    [TestCase("PUT-v1-produits-produitId-compteurs-sequence-prices-validFrom", Prices + "/2026-01-01", "{}")]
    [TestCase("PUT-v1-produits-produitId-compteurs-sequence-prices-validFrom", "v1/produits/99/compteurs/1/prices/2026-01-01", Dollars)]
    [TestCase("PUT-v1-produits-produitId-compteurs-sequence-prices-validFrom", Prices + "/2026-01-01", Dollars)]
    [TestCase("GET-v1-produits-produitId-compteurs-sequence-prices", "v1/produits/x/compteurs/1/prices")]
    [TestCase("GET-v1-produits-produitId-compteurs-sequence-prices", "v1/produits/99/compteurs/1/prices")]
    [TestCase("DELETE-v1-produits-produitId-compteurs-sequence-prices-validFrom", Prices + "/hier")]
    [TestCase("DELETE-v1-produits-produitId-compteurs-sequence-prices-validFrom", "v1/produits/99/compteurs/1/prices/2026-01-01")]
    public async Task Error_OnThePage_IsThatOfTheService(string id, string path, string? body = null)
    {
        var html = await GetAsync(id);
        var first = (path + body).Contains("(first)") ? await FirstReadingAsync() : "";
        var answer = await AskAsync(path.Replace("(first)", first), id.Split('-')[0], body?.Replace("(first)", first));

        AssertShown(html, answer);
    }

    [Test]
    public async Task ErrorsOfAnyRequest_OnThePage_AreThoseOfTheService()
    {
        var (html, path) = (await GetAsync(Manual), Meter + "/readings/manual");
        var weak = await service.CreateKeyAsync("DEMO", key => key with { Scopes = [Scopes.ReadingsRead] });
        foreach (var answer in new[]
        {
            await service.PostAsync(path, null, Low), await service.PostAsync(path, weak, Low),
            await service.PostAsync(path, Demo.Key, Low, "text/plain"), await service.PostAsync(path, Demo.Key, new string(' ', (1 << 20) + 1)),
        })
            AssertShown(html, answer);
    }

    [TestCase("JavaScript", "node", "-e")]
    [TestCase("curl", "sh", "-c")]
    [TestCase("Python", "python3", "-c")]
    public async Task Program_OnThePage_RunsAsItStands(string name, string command, string option)
    {
        await using var own = await Service.StartAsync("Development"); // What is recorded here changes what others are answered.
        var (post, get) = (await own.Client.GetStringAsync($"/Help/Api/{Manual}"), await own.Client.GetStringAsync("/Help/Api/GET-v1-meters-id-readings-allowed"));
        Assert.That(
            await HelpGuideTests.RunAsync(command, option, HelpGuideTests.Program(post, name)),
            Does.Match("""^(201 )?\{"data":\{"readingId":"[0-9a-f-]{36}"\}\}$"""));
        Assert.That(
            await HelpGuideTests.RunAsync(command, option, HelpGuideTests.Program(get, name)),
            Does.Match("""^(200 )?\{"data":\{"readAt":"""));
    }

    [TestCase("readingmodel", "ReadingModel")]
    [TestCase("ManualReadingRequest", "ManualReadingRequest")]
    [TestCase("ErrorModelOfBatchModel", "ErrorModelOfBatchModel")]
    public async Task Model_InAnyCase_HasItsPage(string asked, string name)
    {
        var page = await HelpPage.GetAsync(service.Client, $"/Help/ResourceModel?modelName={asked}");
        Assert.That(page.Status, Is.EqualTo(200));
        Assert.That(page.Article, Does.Contain($"<h1>{name}</h1>").And.Contain("<td class=\"parameter-name\">").And.Contain("/Help/Api/POST-v1-"));
    }

    [Test]
    public async Task Search_Index_LeadsToWhatItNames()
    {
        var entries = JsonNode.Parse(await service.Client.GetStringAsync("/Help/Search.json"))!.AsArray();
        var names = entries.Select(entry => (string)entry!["name"]!).ToArray();
        Assert.That(names, Is.SupersetOf(operations.Select(api => $"{api.HttpMethod} {api.RelativePath}")));
        Assert.That(names, Is.SupersetOf(operations.SelectMany(api => api.SupportedResponseTypes).OfType<V1Refusal>().SelectMany(r => r.Errors).Select(e => e.Code).Distinct()));
        Assert.That(names, Is.SupersetOf(new[]
        {
            "MeterModel", "ErrorModel", "ParamModel", "proofRef", "indexValueMilli", "Quantite", "Idempotency-Key", "Retry-After", "X-API-Key", "limit",
        }));

        var pages = new Dictionary<string, string>();
        foreach (var href in entries.Select(entry => (string)entry!["href"]!))
        {
            var (path, id) = href.Split('#') is [var before, var after] ? (before, after) : (href, null);
            if (!pages.TryGetValue(path, out var page))
                pages.Add(path, page = await service.Client.GetStringAsync(path));
            if (id is not null)
                Assert.That(page, Does.Contain($"id=\"{id}\""), href);
        }
    }

    [Test]
    public async Task Id_OnAPage_IsUnique()
    {
        foreach (var api in operations)
        {
            var ids = Regex.Matches(await GetAsync(IdOf(api)), " id=\"(?<id>[^\"]*)\"").Select(match => match.Groups["id"].Value);
            Assert.That(ids, Is.Unique, IdOf(api));
        }
    }

    [Test]
    public async Task Operations_OnEachPage_AreListedAndLinkedInOneOrder()
    {
        var all = Regex.Matches(Side(await service.Client.GetStringAsync("/Help")), "href=\"/Help/Api/(?<id>[^\"]*)\"").Select(m => m.Groups["id"].Value).ToArray();
        Assert.That(all, Is.SupersetOf(operations.Select(IdOf)).And.SupersetOf(new[] { "POST-api-Consommation", "POST-api-ConsommationV2" }).And.Unique);
        for (var i = 0; i < all.Length; i++)
        {
            var html = await GetAsync(all[i]);
            Assert.That(
                Regex.Matches(Side(html), "<a href=\"(?<href>[^\"]*)\" aria-current=\"page\">").Single().Groups["href"].Value, Is.EqualTo($"/Help/Api/{all[i]}"));
            Assert.That(Neighbour(html, "prev"), Is.EqualTo(i == 0 ? "" : all[i - 1]));
            Assert.That(Neighbour(html, "next"), Is.EqualTo(i == all.Length - 1 ? "" : all[i + 1]));
        }

        static string Side(string html) => html[html.IndexOf("<nav id=\"sommaire\"", StringComparison.Ordinal)..];

        static string Neighbour(string html, string direction) =>
            Regex.Match(html, $"<a rel=\"{direction}\" href=\"/Help/Api/(?<id>[^\"]*)\">").Groups["id"].Value;
    }

    private static string IdOf(ApiDescription api) => $"{api.HttpMethod}-{api.RelativePath!.Replace('/', '-').Replace("{", "").Replace("}", "")}";

    private async Task<string> GetAsync(string id) => (await HelpPage.GetAsync(service.Client, $"/Help/Api/{id}")) switch
    {
        { Status: 200 } page => page.Html,
        var page => throw new AssertionException($"{id}: {page.Status}"),
    };

    private async Task<Answer> AskAsync(string path, string verb = "GET", string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path) { Headers = { { "X-API-Key", Demo.Key } } };
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await service.Client.SendAsync(request);
        return new((int)response.StatusCode, null, "", await response.Content.ReadAsByteArrayAsync());
    }

    private async Task<string> FirstReadingAsync() =>
        (string)JsonNode.Parse((await AskAsync(Meter + "/readings")).Text)!["data"]!.AsArray()[^1]!["id"]!;

    /// <summary>The page has the status, code and message of an answer in its table, and its body below: as it is, or as one like it.</summary>
    private static void AssertShown(string html, Answer answer)
    {
        var body = JsonNode.Parse(answer.Text)!;
        var (code, message) = ((string)body["code"]!, (string)body["message"]!);
        var error = V1Error.Of(code);
        var row = Row(html, code);
        Assert.That(
            (row.Status, row.Text),
            Is.EqualTo((answer.Status, $"{code} {error.Meaning}{(message == error.Meaning ? "" : $" « {message} »")}")),
            "src/Facturation.Api/Help/Assets/refusals.json keeps what is said");

        var bodies = Bodies().Matches(html[html.IndexOf("id=\"erreur-corps\"", StringComparison.Ordinal)..])
            .Select(match => JsonNode.Parse(HelpPage.Code(match.Groups["body"].Value))!).ToArray();
        var shown = bodies.FirstOrDefault(shown => (string?)shown["code"] == code) ?? bodies[0];
        (shown["code"], shown["message"], shown["status"], shown["origin"]!["module"]) = (code, message, answer.Status, error.Module);
        Assert.That(WithoutTrace(shown), Is.EqualTo(WithoutTrace(body)));
    }

    /// <summary>The status and the title above the row of an error, and its text.</summary>
    private static (int Status, string Title, string Text) Row(string html, string code)
    {
        var at = html.IndexOf($"<tr id=\"{code}\">", StringComparison.Ordinal);
        Assert.That(at, Is.Positive, code);
        var above = Titles().Matches(html[..at])[^1];
        return (
            int.Parse(above.Groups["status"].Value, System.Globalization.CultureInfo.InvariantCulture),
            HelpPage.Text(above.Groups["title"].Value),
            HelpPage.Text(html[at..html.IndexOf("</tr>", at, StringComparison.Ordinal)]));
    }

    [GeneratedRegex("scope=\"rowgroup\">(?<status>[0-9]+) <span>(?<title>[^<]+)</span>")]
    private static partial Regex Titles();

    private static string WithoutTrace(JsonNode body)
    {
        Assert.That((string?)body["traceId"], Does.Match("^[0-9a-f]{32}$"));
        body.AsObject().Remove("traceId");
        return body.ToJsonString();
    }

    [GeneratedRegex("<pre[^>]*>(?<body>.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Bodies();
}

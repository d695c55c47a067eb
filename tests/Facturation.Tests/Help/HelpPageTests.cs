using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Facturation.Tests.Api;
using Facturation.Tests.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Help;

/// <summary>The pages of the service, at the addresses and with the words the old ones had.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class HelpPageTests
{
    private const string V1 = "/Help/Api/POST-api-Consommation", V2 = "/Help/Api/POST-api-ConsommationV2";

    private Service service = null!;

    [OneTimeSetUp]
    public async Task Start() =>
        service = await Service.StartAsync(configure: services => services.AddSingleton<TimeProvider>(new HelpClock()));

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public async Task Get_ConsommationV2_HasTheTextOfTheOldPage()
    {
        var page = await GetAsync(V2);

        Assert.That(
            Moment().Replace(HelpPage.Text(page.Article), "(moment)"),
            Is.EqualTo(Moment().Replace(HelpPage.Fold(OldText()), "(moment)")));
    }

    [Test]
    public async Task Get_ConsommationV2_NothingOfOursStandsWithinTheOldText()
    {
        var page = await GetAsync(V2);

        Assert.That(
            Moment().Replace(HelpPage.Text(page.Html), "(moment)"),
            Does.StartWith("POST api/ConsommationV2 Aller au contenu Facturation Sommaire Help Page Home " + Moment().Replace(HelpPage.Fold(OldText()), "(moment)")));
    }

    [Test]
    public async Task Get_Samples_HaveOneInstantWithTheOffsetOfParis()
    {
        var moments = Moment().Matches((await GetAsync(V2)).Article).Select(match => match.Value).Distinct();
        Assert.That(moments, Is.EqualTo(new[] { "2026-07-01T00:33:32.049+02:00" }));
    }

    [Test]
    public async Task Get_Consommation_DiffersByItsModelsOnly()
    {
        var text = HelpPage.Text((await GetAsync(V1)).Article);
        Assert.That(text, Does.StartWith("POST api/Consommation Permet d'obtenir les consommations. Request Information URI Parameters None. "
            + "Body Parameters ParamModel NameDescriptionTypeAdditional information Debut Date de début de période (AAAA-MM-JJ) date None. "));
        Assert.That(text, Does.Contain("Resource Description Collection of ReponseModel").And.Contain("Collection of ConsoModel")
            .And.Contain("<ArrayOfReponseModel xmlns:i=").And.Not.Contain("V2"));
    }

    [TestCase("/Help/")]
    [TestCase("/Help/Index")]
    [TestCase("/help/index/")]
    [TestCase("/HELP")]
    public async Task Get_IndexAddresses_AreTheSamePage(string path) =>
        Assert.That(await GetAsync(path), Is.EqualTo(await GetAsync("/Help")));

    [TestCase(V2 + "/")]
    [TestCase("/Help/Api?apiId=POST-api-ConsommationV2")]
    [TestCase("/Help/Api/?APIID=POST-api-ConsommationV2")]
    [TestCase("/help/api/post-api-consommationv2")]
    public async Task Get_OperationAddresses_AreTheSamePage(string path) =>
        Assert.That(await GetAsync(path), Is.EqualTo(await GetAsync(V2)));

    [TestCase("CompteurModel")]
    [TestCase("consov2model")]
    [TestCase("REPONSEMODEL")]
    public async Task Get_Model_NeedsNoVisitToAnOperationFirst(string name)
    {
        await using var fresh = await Service.StartAsync();
        var page = await HelpPage.GetAsync(fresh.Client, $"/help/resourcemodel?ModelName={name}");
        Assert.That(page.Status, Is.EqualTo(200));
        Assert.That(page.Article, Does.Contain($"<h1>{name}</h1>").IgnoreCase.And.Contain("<td class=\"parameter-name\">"));
    }

    [Test]
    public async Task Get_Index_IsReadByOldScrapers()
    {
        var page = await GetAsync("/Help");
        Assert.That(page.Html, Does.Contain("<title>ASP.NET Web API Help Page</title>"));
        Assert.That(page.Article, Does.Contain("<h1>ASP.NET Web API Help Page</h1>").And.Contain("<h2>Introduction</h2>")
            .And.Contain("<h2 id=\"Consommation\">Consommation</h2>").And.Contain("<h2 id=\"ConsommationV2\">ConsommationV2</h2>")
            .And.Contain("<td class=\"api-name\"><a href=\"/Help/Api/POST-api-ConsommationV2\">POST api/ConsommationV2</a></td>"));
    }

    [Test]
    public async Task Get_BareAddress_LeadsToTheIndex()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = service.Client.BaseAddress };
        using var answer = await client.GetAsync("/");
        Assert.That((answer.StatusCode, answer.Headers.Location?.OriginalString), Is.EqualTo((HttpStatusCode.Found, "/Help")));
    }

    [TestCase("/Help/Api/POST-api-ConsomationV2", "POST-api-ConsommationV2")]
    [TestCase("/Help/Api?apiId=ConsommationV2", "POST-api-ConsommationV2")]
    [TestCase("/Help/ResourceModel?modelName=ReponceV2", "modelName=ReponseV2Model")]
    [TestCase("/Help/ParamModele", "modelName=ParamModel")]
    [TestCase("/Help/Api/POST-v1-meters-id-reading-manual", "POST-v1-meters-id-readings-manual")]
    [TestCase("/Help/ResourceModel?modelName=MetreModel", "modelName=MeterModel")]
    public async Task Get_UnknownName_Is404AndSuggests(string path, string suggestion)
    {
        var page = await GetAsync(path);
        Assert.That(page.Status, Is.EqualTo(404));
        Assert.That(page.Article, Does.Contain(suggestion).And.Contain("Vous cherchiez peut-être"));
    }

    [TestCase("/Help/Api")]
    [TestCase("/Help/ResourceModel")]
    [TestCase("/Help/a/b/c")]
    [TestCase("/Help/Api/a/b")]
    public async Task Get_NothingNear_Is404AndListsTheOperations(string path)
    {
        var page = await GetAsync(path);
        Assert.That(page.Status, Is.EqualTo(404));
        Assert.That(page.Article, Does.Contain("<h2>Les opérations</h2>").And.Contain("POST api/ConsommationV2").And.Contain("GET v1/meters"));
    }

    [Test]
    public async Task Get_NameWithMarkup_IsEscaped()
    {
        var page = await GetAsync("/Help/ResourceModel?modelName=%3Cscript%3Ealert(1)%3C/script%3E%22%27%26");
        Assert.That(page.Status, Is.EqualTo(404));
        Assert.That(page.Html, Does.Contain("<q>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</q>").And.Not.Contain("<script>"));
    }

    [Test]
    public async Task Get_StrangeHost_DoesNotReachTheSamples()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, V2);
        request.Headers.TryAddWithoutValidation("Host", "x'$(id)'");
        using var response = await service.Client.SendAsync(request);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("$(id)"));
    }

    [Test]
    public async Task Get_UnderAPathBase_LinksStayUnderIt()
    {
        await using var below = await Service.StartAsync(configure: services => services.AddSingleton<IStartupFilter>(new PathBase()));
        foreach (var path in new[] { "/Help", V2, "/Help/ResourceModel?modelName=ReponseV2Model", "/Help/Api/POST-v1-meters", "/Help/ResourceModel?modelName=MeterModel", "/Help/rien" })
        {
            var page = await HelpPage.GetAsync(below.Client, "/facturation" + path);
            var links = Link().Matches(page.Html).Select(match => match.Groups["address"].Value).ToArray();
            Assert.That(links, Is.Not.Empty.And.All.Match("^(/facturation/(Help|swagger)|#)"), path);
            foreach (var link in links.Where(link => link[0] == '/'))
                Assert.That((await below.Client.GetAsync(WebUtility.HtmlDecode(link))).IsSuccessStatusCode, link);
        }
        Assert.That(
            (await HelpPage.GetAsync(below.Client, "/facturation" + V2)).Html,
            Does.Contain("http://facturation.example/facturation/api/ConsommationV2"));
    }

    [Test]
    public async Task Get_Again_Is304(
        [Values("/Help", V2, "/Help/Schema.xsd", "/Help/Search.json", "/Help/help.css", "/Help/ResourceModel?modelName=ParamModel")] string path)
    {
        using var first = await service.Client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await service.Client.SendAsync(request);

        Assert.That((second.StatusCode, second.Headers.ETag), Is.EqualTo((HttpStatusCode.NotModified, first.Headers.ETag)));
        Assert.That(await second.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Get_File_IsKeptForeverUnderItsVersionOnly()
    {
        var links = Link().Matches((await GetAsync("/Help")).Html).Select(match => match.Groups["address"].Value);
        var versioned = links.First(link => link.Contains(".css?v="));
        Assert.That((await service.Client.GetAsync(versioned)).Headers.CacheControl!.ToString(), Does.Contain("immutable"));
        Assert.That((await service.Client.GetAsync("/Help/help.css?v=old")).Headers.CacheControl!.NoCache);
    }

    [Test]
    public async Task Head_Page_HasHeadersAndNoBody()
    {
        using var response = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, V2));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task Get_AnyPage_AllowsNothingInlineAndNothingForeign(
        [Values("/Help", V2, "/Help/ResourceModel?modelName=ParamModel", "/Help/rien")] string path)
    {
        using var response = await service.Client.GetAsync(path);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        var html = await response.Content.ReadAsStringAsync();

        Assert.That(policy, Does.StartWith("default-src 'none';").And.Not.Contain("unsafe").And.Not.Contain("http"));
        Assert.That(html, Does.Not.Contain("<style").And.Not.Match(@"<script>|\sstyle=|\son[a-z]+="));
        Assert.That(Link().Matches(html).Select(match => match.Groups["address"].Value), Is.All.Match("^[/#]"));
        Assert.That(html, Does.Match("<title>[^<]+</title>").And.Contain("class=\"skip\"").And.Contain("<html lang=\"en\">"));
    }

    [Test]
    public Task Index_AsHtml() => MatchAsync("/Help");

    [Test]
    public Task ConsommationV2_AsHtml() => MatchAsync(V2);

    [Test]
    public Task ReponseV2Model_AsHtml() => MatchAsync("/Help/ResourceModel?modelName=ReponseV2Model");

    [Test]
    public Task ManualReading_AsHtml() => MatchAsync("/Help/Api/POST-v1-meters-id-readings-manual");

    [Test]
    public Task UnknownName_AsHtml() => MatchAsync("/Help/Api/POST-api-ConsommationV3");

    private Task<HelpPage> GetAsync(string path) => HelpPage.GetAsync(service.Client, path);

    /// <summary>Without the versions of the files, which change with every rule of the style sheet, and the lists of operations.</summary>
    private async Task MatchAsync(string path, [CallerFilePath] string testFile = "") =>
        Snapshot.Match(Encoding.UTF8.GetBytes(Navigation().Replace(Version().Replace((await GetAsync(path)).Html, "?v="), "$1$2")), "html", testFile);

    private static string OldText([CallerFilePath] string testFile = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(testFile)!, "consommation-v2-help.txt"));

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")]
    private static partial Regex Moment();

    [GeneratedRegex("""(?:href|src|data-search)="(?<address>[^"]*)["]""")]
    private static partial Regex Link();

    [GeneratedRegex("(<nav[^>]*>).*?(</nav>)", RegexOptions.Singleline)]
    private static partial Regex Navigation();

    [GeneratedRegex(@"\?v=\w+")]
    private static partial Regex Version();

    private sealed class PathBase : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UsePathBase("/facturation");
            next(app);
        };
    }
}

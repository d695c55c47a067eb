using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.Tests.Api;

namespace Facturation.Tests.Help;

/// <summary>What the pages say beyond the old ones is what the service does.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class HelpGuideTests
{
    private const string Path = "/api/ConsommationV2", Denied = """{"Message":"Authorization has been denied for this request."}""";

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Service service = null!;
    private string guide = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync("Development");
        guide = await service.Client.GetStringAsync("/Help/Api/POST-api-ConsommationV2");
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public async Task Errors_OnThePage_AreThoseOfTheService()
    {
        var weak = await service.CreateKeyAsync("DEMO", key => key with { Scopes = [Scopes.ReadingsWrite] });
        using var get = await service.Client.GetAsync(Path);
        var answers = new[]
        {
            await service.PostAsync(Path, Demo.Key, """{"ProduitId":"x"}"""),
            await service.PostAsync(Path, null),
            await service.PostAsync(Path, weak),
            new Answer((int)get.StatusCode, null, "", await get.Content.ReadAsByteArrayAsync()),
            await service.PostAsync(Path, Demo.Key, "x", "text/plain"),
        };

        var shown = Statuses(guide);
        foreach (var answer in answers)
            Assert.That(shown.GetValueOrDefault(answer.Status), Is.EqualTo(answer.Text), $"{answer.Status}");
        Assert.That(shown[401], Is.EqualTo(Denied));
    }

    [Test]
    public async Task Statuses_OfALimitAndAnOutage_AreWhatIsAnswered()
    {
        using var scratch = new Scratch();
        await using var limited = await Service.StartAsync(database: scratch, settings: "--RateLimits:PerAddress=1");
        await limited.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5\n");
        var key = await limited.CreateKeyAsync();
        await limited.PostAsync(Path, key); // A key that has served is known where guesses have used up their tries.
        await limited.PostAsync(Path, null);
        var busy = await limited.PostAsync(Path, null);
        File.Move(scratch.Database, scratch.Database + ".away");
        var away = await limited.PostAsync(Path, key);

        var shown = Statuses(guide);
        foreach (var (status, answer) in new[] { (429, busy), (503, away) })
            Assert.That((answer.Status, answer.Text), Is.EqualTo((status, shown.GetValueOrDefault(status))));
    }

    [Test]
    public async Task Form_OnThePage_IsAnswered()
    {
        var form = HelpPage.Code(Form().Match(guide).Groups["body"].Value);
        var answer = await service.PostAsync(Path, Demo.Key, form, "application/x-www-form-urlencoded");
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, await ExpectedAsync())));
    }

    [TestCase("curl, JSON", "sh", "-c")]
    [TestCase("curl, formulaire", "sh", "-c")]
    [TestCase("JavaScript", "node", "-e")]
    [TestCase("Python", "python3", "-c")]
    public async Task Program_OnThePage_RunsAsItStands(string name, string command, string option) =>
        Assert.That(await RunAsync(command, option, Program(name)), Does.EndWith(await ExpectedAsync()));

    [Test]
    public async Task CurlInXml_OnThePage_RunsAsItStands() => Assert.That(
        await RunAsync("sh", "-c", Program("curl, XML")),
        Does.StartWith("<ArrayOfReponseV2Model").And.Contain("<ProduitId>2</ProduitId>"));

    [Test]
    public async Task Programs_InProduction_NameNoKey()
    {
        await using var production = await Service.StartAsync();
        var page = await production.Client.GetStringAsync("/Help/Api/POST-api-ConsommationV2");
        Assert.That(page, Does.Contain("X-API-Key: VOTRE_CLE").And.Not.Contain(Demo.Key));
    }

    private async Task<string> ExpectedAsync() =>
        (await service.PostAsync(Path, Demo.Key, """{"Debut":"2026-03-01","Fin":"2026-03-31","ProduitId":2}""")).Text;

    private string Program(string name) => Program(guide, name);

    /// <summary>The program of this name on a page.</summary>
    internal static string Program(string page, string name) =>
        HelpPage.Code(Regex.Match(
            page, $"<summary>{Regex.Escape(name)}</summary>\\s*<pre[^>]*>(?<code>.*?)</pre>", RegexOptions.Singleline).Groups["code"].Value);

    /// <summary>What a program writes; the test is passed over where there is nothing to run it.</summary>
    internal static async Task<string> RunAsync(string command, string option, string code)
    {
        Assert.That(code, Is.Not.Empty);
        await Command.NeedAsync(command == "sh" ? ["sh", "curl"] : [command]);
        var (_, text, _) = await Command.RunAsync(command, [option, code], null, ("PYTHONIOENCODING", "utf-8"), ("NO_PROXY", "*"));
        return text.TrimEnd();
    }

    /// <summary>The bodies a page shows indented, on one line as they are sent, by status.</summary>
    internal static Dictionary<int, string> Statuses(string page) => Status().Matches(page).ToDictionary(
        match => int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture),
        match => JsonNode.Parse(HelpPage.Code(match.Groups["body"].Value))!.ToJsonString(Unescaped));

    [GeneratedRegex("""<h3 id="code-(?<code>\d+)">((?!<h3).)*?<pre[^>]*>(?<body>.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Status();

    [GeneratedRegex("""<section id="formulaire">.*?<pre[^>]*>(?<body>.*?)</pre>""", RegexOptions.Singleline)]
    private static partial Regex Form();
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Tests.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Trust;

/// <summary>What an attacker sends by name; what nobody thought of is the fuzzer's.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HostileRequestTests
{
    private const string Namespace = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models";

    private const string Script = "<script>alert(1)</script>", Sql = "x'); DROP TABLE Meters;-- \" %_";

    /// <summary>Of the texts of a request, each as an attacker writes it.</summary>
    private static readonly string[] Texts = [Script, Sql, "' OR '1'='1", "a\"b\\c", "é\t😀"];

    private Service service = null!;
    private string key = "", scriptKey = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync();
        // A client each: among what the other tests write is a NUL, which no reader of XML takes.
        foreach (var client in new[] { "C", "Script" })
            await service.ImportAsync(
                $"identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n{Script};1;{Script};{Script};2026-03-22;1;{Script};5", client);
        key = await service.CreateKeyAsync(change: k => k with { Scopes = Scopes.All });
        scriptKey = await service.CreateKeyAsync("Script");
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [TestCase("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>")]
    [TestCase("<!DOCTYPE x [<!ENTITY c SYSTEM \"file:///etc/passwd\">]>")]
    [TestCase("<!DOCTYPE x [<!ENTITY c SYSTEM \"{listener}\">]>")]
    [TestCase("<!DOCTYPE x SYSTEM \"{listener}\">")]
    [TestCase("<!DOCTYPE x [<!ENTITY % p SYSTEM \"{listener}\">%p;]>")]
    public async Task Post_XmlWithEntities_IsRefusedAndFetchesNothing(string doctype)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var body = doctype.Replace("{listener}", $"http://{listener.LocalEndpoint}/x") + $"<ParamModel xmlns=\"{Namespace}\"><Debut>&c;</Debut></ParamModel>";

        var answer = await service.PostAsync("api/ConsommationV2", key, body, "application/xml");

        Assert.That(answer.Status, Is.EqualTo(400), answer.Text);
        Assert.That(answer.Text, Does.Not.Contain("root:").And.Not.Contain("aaaa"));
        Assert.That(listener.Pending(), Is.False, "nothing is fetched");
    }

    [TestCase("/Help/../appsettings.json")]
    [TestCase("/Help/%2e%2e/appsettings.json")]
    [TestCase("/Help/..%2fappsettings.json")]
    [TestCase("/Help/..%5cappsettings.json")]
    [TestCase("/swagger/../appsettings.json")]
    [TestCase("/swagger/..%2f..%2fappsettings.json")]
    [TestCase("/swagger/%2e%2e%2f%2e%2e%2fdata%2ffacturation.db")]
    [TestCase("/swagger//etc/passwd")]
    [TestCase("/api/../v1/../appsettings.json")]
    public async Task Get_PathThatClimbs_FindsNoFile(string target)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);

        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(answer, Does.Match(@"^HTTP/1\.1 40[04] ").And.Not.Contain("ConnectionStrings").And.Not.Contain("root:"));
    }

    /// <summary>A browser sends these from any page, with the name and password it remembers; it would ask first before JSON.</summary>
    [Test]
    public async Task Post_AsAFormOfAnotherSiteSends_WritesNothing(
        [Values("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")] string type)
    {
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($":{key}"));

        var answer = await service.PostAsync("v1/meters", null, Meter("CSRF", "R"), type, ("Authorization", basic), ("Origin", "http://ailleurs"));

        Assert.That(answer.Status, Is.EqualTo(415), answer.Text);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/meters?serial=CSRF") { Headers = { { "X-API-Key", key } } };
        using var found = await service.Client.SendAsync(request);
        Assert.That(await found.Content.ReadAsStringAsync(), Is.EqualTo("""{"data":[],"nextCursor":null}"""));
    }

    [TestCase("api/ConsommationV2")]
    [TestCase("v1/meters")]
    public async Task Options_OfAnotherSite_AreAllowedNothing(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "http://ailleurs");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,x-api-key");

        using var answer = await service.Client.SendAsync(request);

        Assert.That((int)answer.StatusCode, Is.AnyOf(204, 401, 404, 405));
        Assert.That(answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key),
            Has.None.StartsWith("Access-Control").And.None.EqualTo("Set-Cookie"));
    }

    [TestCase("application/json")]
    [TestCase("application/xml")]
    [TestCase("text/html")]
    public async Task Dossier_NamedAsAScript_IsNowhereMarkup(string accept)
    {
        var answer = await service.PostAsync("api/ConsommationV2", scriptKey, headers: ("Accept", accept));

        Assert.That(answer.ContentType, Does.StartWith("application/"));
        if (accept.EndsWith("xml", StringComparison.Ordinal))
            Assert.That(XDocument.Parse(answer.Text).Descendants().Select(element => element.Name.LocalName), Has.None.EqualTo("script"));
        foreach (var page in new[] { "Help", "Help/Api/POST-api-ConsommationV2", "swagger/index.html", "Help/Search.json", $"Help/{Uri.EscapeDataString(Script)}" })
        {
            using var help = await service.Client.GetAsync(page);
            Assert.That(await help.Content.ReadAsStringAsync(), Does.Not.Contain(Script), page);
        }
    }

    [TestCaseSource(nameof(Texts))]
    public async Task Texts_InEveryField_ComeBackAsTheyAreAndNothingElseHappens(string text)
    {
        var serial = text + Guid.NewGuid();
        var created = await service.PostAsync("v1/meters", key, Meter(serial, text));
        Assert.That(created.Status, Is.EqualTo(201), created.Text);
        var meter = Data(created.Text);
        var path = $"v1/meters/{meter.GetProperty("id")}/readings";
        var reading = Data((await service.PostAsync($"{path}/manual", key, $$"""
            {"indexValueMilli":"5000","readAt":"2026-04-02T00:00:00Z","recordedBy":"{{Guid.NewGuid()}}","proofRef":{{Quote(text)}}}
            """)).Text).GetProperty("readingId");
        var voided = await service.PostAsync($"{path}/{reading}/void", key, $$"""{"recordedBy":"{{Guid.NewGuid()}}","reason":{{Quote(text)}}}""");

        Assert.That(Data(voided.Text).GetProperty("proofRef").GetString(), Is.EqualTo(text));
        Assert.That(Data(voided.Text).GetProperty("void").GetProperty("reason").GetString(), Is.EqualTo(text));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/meters?serial={Uri.EscapeDataString(serial)}") { Headers = { { "X-API-Key", key } } };
        using var list = await service.Client.SendAsync(request);
        var found = Data(await list.Content.ReadAsStringAsync());
        Assert.That(found.GetArrayLength(), Is.EqualTo(1));
        Assert.That(found[0].ToString(), Is.EqualTo(meter.ToString()));
        Assert.That(found[0].GetProperty("unit").GetString(), Is.EqualTo(Short(text)));
        Assert.That(new[] { found[0].GetProperty("libelle"), found[0].GetProperty("dossier").GetProperty("reference") }
            .Select(field => field.GetString()), Is.All.EqualTo(text));
        Assert.That(await service.Services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
    }

    [Test]
    public async Task Texts_LongerThanTheyMayBe_AreEachNamed()
    {
        var text = new string('x', 4001);
        var body = JsonNode.Parse(Meter(text, text))!.AsObject();
        body["unit"] = text;
        body["proofRef"] = text;

        var answer = await service.PostAsync("v1/meters", key, body.ToJsonString());

        Assert.That(answer.Status, Is.EqualTo(400), answer.Text);
        foreach (var (name, most) in new[]
        {
            ("serial", 100), ("unit", 20), ("dossier.identifiant", 800), ("dossier.reference", 800), ("produit.nom", 4000), ("libelle", 4000), ("proofRef", 500),
        })
            Assert.That(answer.Text, Does.Contain($" {name} : 4001 caractères, {most} au plus"));
    }

    [Test]
    public async Task Database_HoldsNoKey()
    {
        using var database = Scratch.WithDatabase();
        await using var other = await Service.StartAsync(database: database);
        await other.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5");
        var secret = await other.CreateKeyAsync();
        Assert.That((await other.PostAsync("api/ConsommationV2", secret)).Status, Is.EqualTo(200));

        var files = Directory.GetFiles(database.Root, "facturation.db*");
        Assert.That(files, Is.Not.Empty);
        foreach (var file in files)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            Assert.That(await reader.ReadToEndAsync(), Does.Not.Contain(secret[13..]), Path.GetFileName(file));
        }
    }

    /// <summary>The last produit asked for: two texts must not name the same one, and the first name given stays.</summary>
    private static int produits = 10;

    private static string Meter(string serial, string text) => $$"""
        {"serial":{{Quote(serial)}},"digits":6,"unit":{{Quote(Short(text))}},"dossier":{"identifiant":{{Quote(text)}},"reference":{{Quote(text)}},"date":"2026-04-01"},
         "produit":{"id":{{Interlocked.Increment(ref produits)}},"nom":{{Quote(text)}}},"sequence":1,"libelle":{{Quote(text)}},"installedAt":"2026-04-01T00:00:00Z","indexValueMilli":"0"}
        """;

    /// <summary>A unit has 20 characters at most.</summary>
    private static string Short(string text) => text[..Math.Min(20, text.Length)];

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static JsonElement Data(string text) => JsonDocument.Parse(text).RootElement.GetProperty("data");
}

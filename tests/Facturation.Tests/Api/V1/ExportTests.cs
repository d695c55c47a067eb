using System.Text;
using System.Text.Json;
using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.V1;

/// <summary>The formats of a report, how they are chosen, and that an import reads them again.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ExportTests
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite", All = "v1/consumption?groupBy=produit,compteur,identifiant,dossier&window=day";

    private Service service = null!;
    private string key = "";

    [SetUp]
    public async Task Start()
    {
        service = await Service.StartAsync();
        key = ApiKey.Generate();
        await service.Services.GetRequiredService<IApiKeyStore>().AddAsync(
            new(ApiKey.PrefixOf(key)!, ApiKey.HashOf(key), "C", null, Scopes.All, DateTimeOffset.UtcNow), isNewClient: true);
    }

    [TearDown]
    public async Task Stop() => await service.DisposeAsync();

    [TestCase("", null, "application/json")]
    [TestCase("", "*/*", "application/json")]
    [TestCase("", "text/html, application/xhtml+xml", "application/json")]
    [TestCase("", "no type", "application/json")]
    [TestCase("", "text/csv", "text/csv")]
    [TestCase("", "TEXT/CSV; charset=utf-8", "text/csv")]
    [TestCase("", "application/x-ndjson", "application/x-ndjson")]
    [TestCase("", "application/json;q=0.5, application/x-ndjson;q=0.9", "application/x-ndjson")]
    [TestCase("", "text/csv;q=0, */*;q=0.1", "application/json")]
    [TestCase("&format=csv", "application/json", "text/csv")]
    [TestCase("&format=excel", null, "text/csv")]
    [TestCase("&format=jsonl", "text/csv", "application/x-ndjson")]
    [TestCase("&format=json", "text/csv", "application/json")]
    public async Task Get_FormatOrAccept_ChoosesTheFormat(string query, string? accept, string expected)
    {
        await service.ImportAsync($"{Header}\nU;1;Eau;D;2026-03-22;1;Froide;5");
        var (text, type, _) = await GetAsync("v1/consumption?groupBy=produit" + query, accept);

        Assert.That(type?.Split(';')[0], Is.EqualTo(expected));
        Assert.That(text, Is.EqualTo((expected, query) switch
        {
            ("application/json", _) => """{"data":[{"from":"2026-03-22","to":"2026-03-22","produitId":1,"nomProduit":"Eau","units":"5"}]}""",
            ("text/csv", "&format=excel") => "\uFEFFfrom;to;produitId;nomProduit;units\r\n2026-03-22;2026-03-22;1;Eau;5\r\n",
            ("text/csv", _) => "from,to,produitId,nomProduit,units\r\n2026-03-22,2026-03-22,1,Eau,5\r\n",
            _ => """{"from":"2026-03-22","to":"2026-03-22","produitId":1,"nomProduit":"Eau","units":"5"}""" + "\n",
        }));
    }

    [TestCase("json", "{\"data\":[]}")]
    [TestCase("jsonl", "")]
    [TestCase("csv", "from,to,identifiant,units\r\n")]
    public async Task Get_NoConsumption_IsAnEmptyReport(string format, string expected) =>
        Assert.That((await GetAsync($"v1/consumption?groupBy=identifiant&format={format}")).Text, Is.EqualTo(expected));

    /// <summary>A cell of a text that a spreadsheet would calculate begins with an apostrophe; numbers stay numbers.</summary>
    [TestCase("=1+1", "'=1+1")]
    [TestCase("+33", "'+33")]
    [TestCase("-5", "'-5")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("\tx", "'\tx")]
    [TestCase("\rx", "\"'\rx\"")]
    [TestCase("'quoted", "''quoted")]
    [TestCase("a=b", "a=b")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("a;b", "a;b")]
    [TestCase("5\" x", "\"5\"\" x\"")]
    [TestCase("a\r\nb", "\"a\r\nb\"")]
    [TestCase(" é😀 ", " é😀 ")]
    public async Task Get_Csv_WritesTextsThatNobodyCalculates(string dossier, string cell)
    {
        await WriteAsync(new LigneConsommation(1, null, "U", dossier, new(2026, 3, 22), 1, "", -7));
        var (text, _, _) = await GetAsync(All + "&format=csv");
        Assert.That(text, Is.EqualTo("from,to,produitId,nomProduit,sequence,libelle,identifiant,dossier,dateDossier,units\r\n"
            + $"2026-03-22,2026-03-22,1,,1,,U,{cell},2026-03-22T00:00:00,-7\r\n"));
    }

    /// <summary>All texts and dates that are hard to write; a meter whose dossier is older than what it counts; dossiers of one reference.</summary>
    [Test]
    public async Task Get_ExportThatIsImported_AnswersTheSame([Values("csv", "excel")] string format)
    {
        string[] texts = ["D", "=1+1", "'", "''=", "a;b,c", "\"q\"", "a\r\nb", " ", "é😀\u2028", "\t"];
        var lines = texts.SelectMany((text, i) => new[]
        {
            new LigneConsommation(i % 3, text, texts[(i + 1) % texts.Length], text, new DateTime(2026, 4, 1 + i), 1, text, i * 7 - 20),
            new LigneConsommation(i % 3, text, texts[(i + 1) % texts.Length], text, new DateTime(2026, 4, 1 + i, 8, 30, 15).AddTicks(1234567), -2, null, i),
        });
        await WriteAsync([.. lines, new LigneConsommation(2, "Eau", "U", "D", new(2026, 4, 3), 1, "Froide", 100)]);
        await MeterAsync("D", "2026-04-01", "1", "2026-04-03T12:00:00Z", 9);
        await MeterAsync("D", "2026-04-02", "2", "2026-04-03T13:00:00Z", 30);

        var (csv, _, _) = await GetAsync($"{All}&format={format}");
        await service.ImportAsync(csv, "COPIE");

        foreach (var report in new[] { "v1/consumption?window=day&groupBy=produit,compteur,identifiant", "v1/consumption?window=month", "v1/consumption?groupBy=identifiant" })
            Assert.That((await GetAsync(report, client: "COPIE")).Text, Is.EqualTo((await GetAsync(report)).Text));
        Assert.That((await GetAsync("v1/consumption?groupBy=produit&produitId=2&identifiant=U&dossier=D&window=day&format=csv", client: "COPIE")).Text,
            Does.Contain("2026-04-03,2026-04-03,2,Eau,139\r\n"), "100 of the dossier of the day, and the units of two meters");
        await service.ImportAsync((await GetAsync($"{All}&format={format}", client: "COPIE")).Text, "ENCORE");
        Assert.That((await GetAsync(All, client: "ENCORE")).Text, Is.EqualTo((await GetAsync(All, client: "COPIE")).Text));
    }

    /// <summary>Many rows come in chunks, the same in each format, compressed or not.</summary>
    [Test]
    public async Task Get_ManyRows_AreTheSameInEveryFormat()
    {
        await WriteAsync([.. Enumerable.Range(0, 3000).Select(i => new LigneConsommation(i % 2, "Eau", $"U{i % 3}", $"D{i}", new DateTime(2026, 1, 1).AddHours(i), 1, "Froide", i))]);

        var json = (await GetAsync(All)).Text;
        var lines = (await GetAsync(All, "application/x-ndjson")).Text;
        var csv = (await GetAsync(All, "text/csv")).Text.Split("\r\n")[1..^1];

        Assert.That($$"""{"data":[{{lines.TrimEnd('\n').Replace('\n', ',')}}]}""", Is.EqualTo(json));
        var rows = JsonDocument.Parse(json).RootElement.GetProperty("data").EnumerateArray().ToList();
        Assert.That(rows.Select(row => string.Join(',', row.EnumerateObject().Select(member => member.Value.ToString()))), Is.EqualTo(csv));
        Assert.That(rows, Has.Count.EqualTo(3000));
        foreach (var format in new[] { "json", "csv", "jsonl" })
            Assert.That((await GetAsync($"{All}&format={format}", encoding: "gzip")).Encoding, Is.EqualTo("gzip"));
    }

    [TestCase("from,to,produitId,nomProduit,sequence,libelle,identifiant,dossier,dateDossier,units\n2026-03-01,2026-03-31,1,Eau,1,,U,D,2026-03-22T00:00:00,5", "window=day")]
    [TestCase("from,to,produitId,nomProduit,sequence,libelle,identifiant,dossier,dateDossier,units\n2026-03-01,2026-03-01,1,Eau,1,,U,D,2026-03-22T00:00:00", "9 champs")]
    [TestCase("from,to,produitId,nomProduit,sequence,libelle,identifiant,dossier,dateDossier,units\n,,1,Eau,1,,U,D,2026-03-22T00:00:00,5", "DateDossier")]
    [TestCase("from,to,produitId,nomProduit,sequence,libelle,identifiant,units\n2026-03-01,2026-03-01,1,Eau,1,,U,5", "en-tête")]
    public void Import_ReportThatIsNotWhole_IsRefused(string csv, string why)
    {
        var lines = Facturation.Api.Import.ImportFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "C").ToList();
        Assert.That(lines.Single().Erreur, Does.Contain(why));
    }

    private async Task WriteAsync(params LigneConsommation[] lignes)
    {
        await using var import = await service.Services.GetRequiredService<IConsommationStore>().BeginImportAsync();
        foreach (var ligne in lignes)
            Assert.That(await import.WriteAsync(new LigneImport(new Lieu(1), "C", ligne)), Is.Null);
        await import.CommitAsync();
    }

    private async Task MeterAsync(string dossier, string date, string serial, string readAt, int units)
    {
        var meter = await service.PostAsync("v1/meters", key, $$"""
            {"serial":"{{serial}}","digits":6,"unit":"m³","dossier":{"identifiant":"U","reference":"{{dossier}}","date":"{{date}}"},
             "produit":{"id":2},"sequence":1,"installedAt":"2026-04-01T00:00:00Z","indexValueMilli":"0"}
            """);
        var id = JsonDocument.Parse(meter.Text).RootElement.GetProperty("data").GetProperty("id").GetString();
        Assert.That((await service.PostAsync($"v1/meters/{id}/readings/manual", key, $$"""
            {"indexValueMilli":"{{units * 1000}}","readAt":"{{readAt}}","recordedBy":"{{id}}"}
            """)).Status, Is.EqualTo(201));
    }

    private async Task<(string Text, string? Type, string? Encoding)> GetAsync(string path, string? accept = null, string client = "C", string? encoding = null)
    {
        var key = client == "C" ? this.key : await service.CreateKeyAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-API-Key", key } } };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        if (encoding is not null)
            request.Headers.Add("Accept-Encoding", encoding);
        using var response = await service.Client.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        return (Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()), response.Content.Headers.ContentType?.ToString(),
            response.Content.Headers.ContentEncoding.SingleOrDefault());
    }
}

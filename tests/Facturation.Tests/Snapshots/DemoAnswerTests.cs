using Facturation.Api.Operations;
using Facturation.Storage;
using Facturation.Tests.Api;

namespace Facturation.Tests.Snapshots;

/// <summary>The answers about March 2026 in the demo set, which holds what is delicate, in every form a client may ask for.</summary>
[TestFixture(StorageProvider.Sql), NHibernate(StorageProvider.NHibernate)]
[Parallelizable(ParallelScope.All)]
public sealed class DemoAnswerTests(StorageProvider provider)
{
    private const string V1 = "api/Consommation", V2 = "api/ConsommationV2";

    private const string Json = """{"Debut":"2026-03-01","Fin":"2026-03-31"}""";

    private const string Xml = """
        <ParamModel xmlns="http://schemas.datacontract.org/2004/07/Facturation.Api.Models"><Debut>2026-03-01</Debut><Fin>2026-03-31</Fin></ParamModel>
        """;

    private Service service = null!;

    [OneTimeSetUp]
    public async Task Start() => service = await Service.StartAsync("Development", settings: $"--Storage:Provider={provider}");

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public Task PostV2_Json() => MatchAsync(V2, Json, "application/json", "application/json; charset=utf-8", "json");

    [Test]
    public Task PostV2_Xml() => MatchAsync(V2, Xml, "application/xml", "application/xml; charset=utf-8", "xml", ("Accept", "application/xml"));

    [Test]
    public Task PostV2_XmlInUtf16() => MatchAsync(
        V2, Xml, "text/xml", "text/xml; charset=utf-16", "xml", ("Accept", "text/xml"), ("Accept-Charset", "utf-16"));

    [Test]
    public Task PostV2_JsonInUtf16() => MatchAsync(V2, Json, "text/json", "text/json; charset=utf-16", "json", ("Accept-Charset", "utf-16"));

    [Test]
    public Task PostV2_Form() => MatchAsync(
        V2, "Debut=2026-03-01&Fin=2026-03-31&ProduitId=2", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "json");

    [Test]
    public Task PostV1_Json() => MatchAsync(V1, Json, "application/json", "application/json; charset=utf-8", "json");

    [Test]
    public Task PostV1_Xml() => MatchAsync(V1, Xml, "application/xml", "application/xml; charset=utf-8", "xml", ("Accept", "application/xml"));

    private async Task MatchAsync(
        string path, string body, string type, string expectedType, string extension, params (string, string)[] headers)
    {
        var answer = await service.PostAsync(path, Demo.Key, body, type, headers);
        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((200, expectedType)));
        Snapshot.Match(answer.Body, extension);
    }
}

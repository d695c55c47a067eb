using System.Text;
using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Security;

[Parallelizable(ParallelScope.All)]
public sealed class AccessTests
{
    private const string Csv = """
        identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite
        Zoé:x;1;Eau;D;2026-03-22;1;Froide;5
        U;1;Eau;D;2026-03-22;1;Froide;7
        """;

    /// <summary>Nobody's key, and not another in every run: it stands in the names of tests.</summary>
    private const string Unknown = "fct_12345678_unknownunknownunknownunknownunkn";

    private const string Denied = """{"Message":"Authorization has been denied for this request."}""";

    private static readonly DateTimeOffset Now = new(2026, 3, 22, 12, 0, 0, TimeSpan.Zero);

    private Service service = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync(configure: services => services.AddSingleton<TimeProvider>(new StoppedClock()));
        await service.ImportAsync(Csv);
        await service.ImportAsync(Csv.Replace(";5", ";500"), "AUTRE");
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public async Task Post_ValidKey_SeesItsClientOnly([Values("api/Consommation", "api/ConsommationV2")] string path)
    {
        var answer = await service.PostAsync(path, await service.CreateKeyAsync());
        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(answer.Text, Does.Contain("\"Quantite\":5").And.Contain("\"Quantite\":7").And.Not.Contain("500"));
    }

    [Test]
    public async Task Post_KeyOfAnIdentifiant_SeesThatIdentifiantOnly([Values("api/Consommation", "api/ConsommationV2")] string path)
    {
        var key = await service.CreateKeyAsync(change: k => k with { Identifiant = "Zoé:x" });
        var answer = await service.PostAsync(path, key);
        Assert.That(answer.Text, Does.Contain("\"Quantite\":5").And.Not.Contain("\"Quantite\":7"));
    }

    [TestCase("Zoé:x", 200)]
    [TestCase("zoé:x", 401)]
    [TestCase("U", 401)]
    [TestCase("", 401)]
    public async Task Post_BasicWithKeyOfAnIdentifiant_MustNameIt(string user, int status)
    {
        var key = await service.CreateKeyAsync(change: k => k with { Identifiant = "Zoé:x" });
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Latin1 })
            Assert.That((await AskAsync(("Authorization", Basic($"{user}:{key}", encoding)))).Status, Is.EqualTo(status), encoding.WebName);
    }

    [Test]
    public async Task Post_BasicWithKeyOfAClient_IgnoresTheUser([Values("", "anyone", "a:b")] string user)
    {
        var key = await service.CreateKeyAsync();
        Assert.That((await AskAsync(("Authorization", Basic($"{user}:{key}")))).Status, Is.EqualTo(200));
        Assert.That((await AskAsync(("Authorization", Basic($"{user}:{key}").Replace("Basic", "bAsIc")))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Post_WithoutScope_Is403()
    {
        var answer = await service.PostAsync("api/ConsommationV2", await service.CreateKeyAsync(change: k => k with { Scopes = [Scopes.ReadingsWrite] }));
        Assert.That((answer.Status, answer.Text), Is.EqualTo((403, Denied)));
    }

    [Test]
    public async Task Post_KeyThatEnds_IsRefusedFromThatInstant()
    {
        var lasting = await service.CreateKeyAsync(change: k => k with { ExpiresAt = Now.AddTicks(1) });
        var expired = await service.CreateKeyAsync(change: k => k with { ExpiresAt = Now });
        Assert.That((await service.PostAsync("api/ConsommationV2", lasting)).Status, Is.EqualTo(200));
        Assert.That((await service.PostAsync("api/ConsommationV2", expired)).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Post_KeyThatWasReplaced_IsRefusedAfterTheOverlap()
    {
        var (old, added) = (await service.CreateKeyAsync(), ApiKey.Generate());
        Assert.That((await service.PostAsync("api/ConsommationV2", old)).Status, Is.EqualTo(200));
        var keys = service.Services.GetRequiredService<IApiKeyStore>();

        // The overlap of the first ends one tick after this service's clock, that of the second ended as it began.
        await keys.RotateAsync(ApiKey.PrefixOf(old)!, added, Now.AddDays(-7), TimeSpan.FromDays(7) + TimeSpan.FromTicks(1), null);
        Assert.That((await service.PostAsync("api/ConsommationV2", old)).Status, Is.EqualTo(200));
        Assert.That((await service.PostAsync("api/ConsommationV2", added)).Status, Is.EqualTo(200));

        await keys.RotateAsync(ApiKey.PrefixOf(old)!, ApiKey.Generate(), Now, TimeSpan.Zero, Now.AddDays(30));
        Assert.That((await service.PostAsync("api/ConsommationV2", old)).Status, Is.EqualTo(401));
        Assert.That((await service.PostAsync("api/ConsommationV2", added)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Post_RevokedKey_IsRefusedAtOnce()
    {
        var key = await service.CreateKeyAsync();
        Assert.That((await service.PostAsync("api/ConsommationV2", key)).Status, Is.EqualTo(200));
        await service.Services.GetRequiredService<IApiKeyStore>().RevokeAsync(ApiKey.PrefixOf(key)!, Now);
        Assert.That((await service.PostAsync("api/ConsommationV2", key)).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Post_NoKey_Is401InTheFormatAskedFor()
    {
        var json = await service.PostAsync("api/ConsommationV2", null);
        Assert.That((json.Status, json.WwwAuthenticate, json.Text), Is.EqualTo((401, "Basic realm=\"Facturation\"", Denied)));
        var xml = await service.PostAsync("api/Consommation", null, "", "text/plain", ("Accept", "text/xml"));
        Assert.That((xml.Status, xml.Text), Is.EqualTo((401, "<Error><Message>Authorization has been denied for this request.</Message></Error>")));
    }

    [TestCaseSource(nameof(BadCredentials))]
    public async Task Post_CredentialsThatCannotBeRead_Are401(string name, string value)
    {
        var answer = await AskAsync((name, value));
        Assert.That((answer.Status, answer.Text), Is.EqualTo((401, Denied)));
    }

    [Test]
    public async Task Post_KeyTwice_Is401()
    {
        var key = await service.CreateKeyAsync();
        Assert.That((await AskAsync(("X-API-Key", key), ("X-API-Key", key))).Status, Is.EqualTo(401));
        Assert.That((await AskAsync(("Authorization", Basic("u:" + key)), ("Authorization", Basic("u:" + key)))).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Post_WrongSecretOfAKnownPrefix_Is401()
    {
        var key = await service.CreateKeyAsync();
        var wrong = key[..^1] + (key[^1] == 'a' ? 'b' : 'a');
        Assert.That((await service.PostAsync("api/ConsommationV2", wrong)).Status, Is.EqualTo(401));
    }

    private static IEnumerable<TestCaseData> BadCredentials()
    {
        yield return new("X-API-Key", "");
        yield return new("X-API-Key", "fct_");
        yield return new("X-API-Key", Unknown);
        yield return new("X-API-Key", new string('x', 20_000));
        yield return new("Authorization", "Basic");
        yield return new("Authorization", "Basic !!!");
        yield return new("Authorization", "Basic YQ");
        yield return new("Authorization", "Basic " + Convert.ToBase64String("no colon"u8));
        yield return new("Authorization", "Basic " + Convert.ToBase64String([0xFF, 0xFE, 0x3A, 0x00]));
        yield return new("Authorization", Basic(":"));
        yield return new("Authorization", Basic("a:" + Unknown));
        yield return new("Authorization", "Basic " + new string('A', 20_000));
        yield return new("Authorization", "Bearer " + Unknown);
        yield return new("Authorization", "Digest a=\"");
        yield return new("Authorization", ",");
    }

    private Task<Answer> AskAsync(params (string, string)[] headers) =>
        service.PostAsync("api/ConsommationV2", null, headers: headers);

    private static string Basic(string credentials, Encoding? encoding = null) =>
        "Basic " + Convert.ToBase64String((encoding ?? Encoding.UTF8).GetBytes(credentials));

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

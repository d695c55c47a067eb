using Facturation.Core;

namespace Facturation.Tests.Api.V1;

[Parallelizable(ParallelScope.All)]
public sealed class ManualReadingTests
{
    private const string Good =
        """{"indexValueMilli":"1234567","readAt":"2026-04-15T12:00:00Z","recordedBy":"2489E9AD-2EE2-8E00-8EC9-32D5F69181C0","proofRef":"example"}""";

    private MeterScene scene = null!;

    [OneTimeSetUp]
    public async Task Start() => scene = await MeterScene.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [Test]
    public async Task Post_ExampleOfTheContract_IsRecordedAndConsumed()
    {
        await using var demo = await Service.StartAsync("Development");
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/meters/2489E9AD-2EE2-8E00-8EC9-32D5F69181C0/readings/manual")
        {
            Content = new StringContent(Good, null, "application/json"),
        };
        request.Headers.Add("X-API-Key", Facturation.Api.Operations.Demo.Key);
        using var response = await demo.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.That((int)response.StatusCode, Is.EqualTo(201), text);
        Assert.That(text, Does.Match("""^\{"data":\{"readingId":"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"\}\}$"""));
        var answer = await demo.PostAsync("api/ConsommationV2", Facturation.Api.Operations.Demo.Key, """{"Debut":"2026-04-15","Fin":"2026-04-15","ProduitId":2}""");
        Assert.That(answer.Text, Does.Contain("HDV-EAU").And.Contain("\"Quantite\":11"));
    }

    [Test]
    public async Task Post_Reading_IsWhereItsLocationSays()
    {
        var meter = await scene.CreateMeterAsync(dossier: "L", serial: "L");
        var posted = await scene.PostAsync($"v1/meters/{meter}/readings/manual", Good);
        var found = await scene.GetAsync(posted.Location!);

        Assert.That((posted.Status, found.Status), Is.EqualTo((201, 200)));
        Assert.That(found.Data.GetProperty("id").GetGuid(), Is.EqualTo(posted.ReadingId));
        Assert.That(found.Data.GetProperty("indexValueMilli").GetString(), Is.EqualTo("1234567"));
        Assert.That(found.Data.GetProperty("proofRef").GetString(), Is.EqualTo("example"));
    }

    [TestCase("indexValueMilli", "1234567", "un nombre")]
    [TestCase("indexValueMilli", "\"-1\"", "une chaîne de chiffres")]
    [TestCase("indexValueMilli", "\"1e3\"", "une chaîne de chiffres")]
    [TestCase("indexValueMilli", "\" 1\"", "une chaîne de chiffres")]
    [TestCase("indexValueMilli", "\"1\\u0000\"", "le caractère U+0000")]
    [TestCase("indexValueMilli", "\"٣\"", "une chaîne de chiffres")]
    [TestCase("indexValueMilli", "\"\"", "une chaîne de chiffres")]
    [TestCase("indexValueMilli", "\"9223372036854775808\"", "au-delà de 64 bits")]
    [TestCase("readAt", "\"2026-04-15T12:00:00\"", "le décalage manque après l'heure, Z ou par exemple +02:00")]
    [TestCase("readAt", "\"2026-04-15\"", "une date RFC 3339 avec son décalage")]
    [TestCase("readAt", "1776254400", "un nombre")]
    [TestCase("recordedBy", "\"{2489E9AD-2EE2-8E00-8EC9-32D5F69181C0}\"", "un uuid")]
    [TestCase("recordedBy", "\"2489E9AD2EE28E008EC932D5F69181C0\"", "un uuid")]
    [TestCase("recordedBy", "null", "null")]
    [TestCase("proofRef", "7", "un nombre")]
    [TestCase("proofRef", "\"\\ud800\"", "un demi-caractère")]
    [TestCase("proofRef", "\"a\\u0001b\"", "le caractère U+0001 ne peut figurer dans du XML")]
    [TestCase("proofRef", "\"a\\uFFFF\"", "le caractère U+FFFF ne peut figurer dans du XML")]
    public async Task Post_MemberThatIsNotTheContracts_Is400ThatNamesIt(string name, string value, string told)
    {
        var members = new Dictionary<string, string>
        {
            ["indexValueMilli"] = "\"1\"",
            ["readAt"] = "\"2026-04-15T12:00:00Z\"",
            ["recordedBy"] = $"\"{MeterScene.Someone}\"",
            [name] = value,
        };
        var body = $"{{{string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}"))}}}";
        await AssertInvalidAsync(body, $"Corps invalide : {name} : {told}");
    }

    [TestCase("""{"indexValueMilli":"1","indexValueMilli":"1"}""", "indexValueMilli : le membre est deux fois")]
    [TestCase("""{"a":{"b":1,"b":1},"indexValueMilli":"1"}""", "a.b : le membre est deux fois")]
    [TestCase("""{"a":[0,{"\u0062":1,"b":1}],"indexValueMilli":"1"}""", "a[1].b : le membre est deux fois")]
    [TestCase("""{"\ud800":1,"indexValueMilli":"1"}""", "")]
    [TestCase("""{"\ud800":{"a":1,"a":1},"indexValueMilli":"1"}""", "demi-caractère")]
    [TestCase("""{"a":{"b":1,"b":1},"\ud800":1}""", "a.b : le membre est deux fois")]
    [TestCase("""{"indexValueMilli":"1",/**/"readAt":"x"}""", "mal formé")]
    [TestCase("""{"indexValueMilli":"1",}""", "mal formé")]
    [TestCase("""{"indexValueMilli":"1"} {}""", "mal formé")]
    [TestCase("""{"indexValueMilli":"1\q"}""", "mal formé")]
    [TestCase("{", "mal formé")]
    [TestCase("", "vide")]
    [TestCase("null", "objet")]
    [TestCase("[]", "objet")]
    [TestCase("\"x\"", "objet")]
    [TestCase("{}", "indexValueMilli : absent ; readAt : absent ; recordedBy : absent")]
    [TestCase("""{"IndexValueMilli":"1","recordedby":""}""", "indexValueMilli : absent ; readAt : absent ; recordedBy : absent")]
    public Task Post_BodyThatIsNotTheContracts_Is400ThatSaysWhy(string body, string told) => AssertInvalidAsync(body, told);

    [Test]
    public async Task Post_DeepOrLongJson_Is400([Values("[", "{\"a\":")] string open)
    {
        var answer = await scene.PostAsync($"v1/meters/{Guid.NewGuid()}/readings/manual", string.Concat(Enumerable.Repeat(open, 100_000)));
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "INVALID_BODY")));
        Assert.That(answer.Text, Does.Contain("Corps invalide : le JSON a plus de 32 niveaux."));
    }

    [TestCase(32, "mal formé, ligne 1, octet ")]
    [TestCase(33, "plus de 32 niveaux")]
    public async Task Post_JsonThatIsBothDeepAndBroken_IsToldOfWhatComesFirst(int levels, string told) =>
        await AssertInvalidAsync(string.Concat(Enumerable.Repeat("{\"a\":", levels)) + "!", told);

    [TestCase(32, 201)]
    [TestCase(33, 400)]
    public async Task Post_JsonOfSoManyLevels_IsReadTo32(int levels, int expected)
    {
        var meter = await scene.CreateMeterAsync(serial: $"levels {levels}");
        var more = new string('[', levels - 1) + new string(']', levels - 1);
        var answer = await scene.PostAsync($"v1/meters/{meter}/readings/manual",
            $$"""{"indexValueMilli":"1","readAt":"2026-04-15T12:00:00Z","recordedBy":"{{MeterScene.Someone}}","more":{{more}}}""");
        Assert.That(answer.Status, Is.EqualTo(expected), answer.Text);
    }

    [TestCase("""{"indexValueMilli":"0001","readAt":"2026-04-15T12:00:00+02:00","recordedBy":"00000000-0000-0000-0000-000000000000","proofRef":"","more":[1,{"a":null}]}""")]
    [TestCase("""{"indexValueMilli":"1","readAt":"2026-04-15T12:00:00.123456789Z","recordedBy":"2489e9ad-2ee2-8e00-8ec9-32d5f69181c0","proofRef":null}""")]
    [TestCase("\uFEFF{\"indexValueMilli\":\"1\",\"readAt\":\"2026-04-15T12:00:00Z\",\"recordedBy\":\"2489e9ad-2ee2-8e00-8ec9-32d5f69181c0\"}")]
    public async Task Post_WhatTheContractAllows_IsRecorded(string body)
    {
        var meter = await scene.CreateMeterAsync(serial: Guid.NewGuid().ToString());
        var answer = await scene.PostAsync($"v1/meters/{meter}/readings/manual", body);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Text);
    }

    [Test]
    public async Task Post_ProofRef_IsKeptTo500Characters()
    {
        var meter = await scene.CreateMeterAsync(serial: "proof");
        string Body(string proof) => $$"""{"indexValueMilli":"1","readAt":"2026-04-15T12:00:00Z","recordedBy":"{{MeterScene.Someone}}","proofRef":"{{proof}}"}""";
        var longest = string.Concat(Enumerable.Repeat("😀", 500));

        Assert.That((await scene.PostAsync($"v1/meters/{meter}/readings/manual", Body(longest + "a"))).Status, Is.EqualTo(400));
        var posted = await scene.PostAsync($"v1/meters/{meter}/readings/manual", Body(longest));
        Assert.That((await scene.GetAsync(posted.Location!)).Data.GetProperty("proofRef").GetString(), Is.EqualTo(longest));
    }

    [TestCase("application/xml")]
    [TestCase("text/xml")]
    [TestCase("text/json")]
    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("rubbish")]
    [TestCase("")]
    public async Task Post_AnotherType_Is415(string type)
    {
        var answer = await scene.PostAsync($"v1/meters/{Guid.NewGuid()}/readings/manual", Good, null, ("Content-Type", type));
        Assert.That((answer.Status, answer.Code), Is.EqualTo((415, "UNSUPPORTED_MEDIA_TYPE")));
    }

    [Test]
    public async Task Post_CompressedBody_Is415() => Assert.That(
        (await scene.PostAsync($"v1/meters/{Guid.NewGuid()}/readings/manual", Good, null, ("Content-Encoding", "gzip"))).Status, Is.EqualTo(415));

    [Test]
    public async Task Post_MoreThan1MiB_Is413()
    {
        var answer = await scene.PostAsync($"v1/meters/{Guid.NewGuid()}/readings/manual", Good + new string(' ', 1 << 20));
        Assert.That((answer.Status, answer.Code), Is.EqualTo((413, "PAYLOAD_TOO_LARGE")));
    }

    [TestCase("x")]
    [TestCase("2489E9AD2EE28E008EC932D5F69181C0")]
    [TestCase("%7B2489E9AD-2EE2-8E00-8EC9-32D5F69181C0%7D")]
    [TestCase("2489E9AD-2EE2-8E00-8EC9-32D5F69181C0%20")]
    public async Task Post_IdThatIsNoUuid_Is400(string id)
    {
        var answer = await scene.PostAsync($"v1/meters/{id}/readings/manual", Good);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "INVALID_PARAMETER")));
    }

    [Test]
    public async Task Post_AnothersMeter_IsNotFound()
    {
        var other = await scene.CreateKeyAsync("AUTRE");
        var theirs = await scene.CreateMeterAsync(key: other);
        foreach (var (method, path, body) in new (HttpMethod, string, string?)[]
        {
            (HttpMethod.Post, "readings/manual", Good),
            (HttpMethod.Post, "readings/batch", $$"""{"readings":[{{Good}}]}"""),
            (HttpMethod.Post, $"readings/{Guid.NewGuid()}/void", $$"""{"recordedBy":"{{MeterScene.Someone}}","reason":"x"}"""),
            (HttpMethod.Post, "replacement", $$"""{"replacedAt":"2026-04-15T12:00:00Z","lastIndexValueMilli":"5","serial":"T","firstIndexValueMilli":"0","recordedBy":"{{MeterScene.Someone}}"}"""),
            (HttpMethod.Get, "", null),
            (HttpMethod.Get, "readings", null),
            (HttpMethod.Get, "readings/allowed?readAt=2026-04-15T12:00:00Z", null),
        })
        {
            var address = $"v1/meters/{theirs}/{path}".TrimEnd('/');
            var answer = await scene.SendAsync(method, address, body);
            var unknown = await scene.SendAsync(method, address.Replace($"{theirs}", $"{Guid.NewGuid()}"), body);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((404, "METER_NOT_FOUND")), address);
            Assert.That(Masked(answer.Text), Is.EqualTo(Masked(unknown.Text)), "not to be told apart");
        }
        Assert.That((await scene.GetAsync("v1/meters")).Text, Does.Not.Contain($"{theirs}"));
    }

    [Test]
    public async Task Post_KeyOfAnIdentifiant_SeesItsMetersOnly()
    {
        var meter = await scene.CreateMeterAsync(serial: "bound");
        await scene.Service.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nV;1;Eau;x;2020-01-01;1;Froide;5");
        var mine = await scene.CreateKeyAsync("C", "U");
        var other = await scene.Service.CreateKeyAsync("C", k => k with { Identifiant = "V", Scopes = Scopes.All });

        Assert.That((await scene.GetAsync($"v1/meters/{meter}", mine)).Status, Is.EqualTo(200));
        Assert.That((await scene.GetAsync($"v1/meters/{meter}", other)).Status, Is.EqualTo(404));
        Assert.That((await scene.GetAsync("v1/meters", other)).Data.GetArrayLength(), Is.Zero);
        Assert.That((await scene.PostAsync($"v1/meters/{meter}/readings/manual", Good, other)).Status, Is.EqualTo(404));
        Assert.That(() => scene.CreateMeterAsync(serial: "theirs", key: other), Throws.TypeOf<AssertionException>().With.Message.Contains("FORBIDDEN"));
    }

    [TestCase(Scopes.ConsommationRead, 403, 403)]
    [TestCase(Scopes.ReadingsRead, 200, 403)]
    [TestCase(Scopes.ReadingsWrite, 200, 201)]
    public async Task Request_ScopeOfTheKey_DecidesWhatItMay(string scope, int get, int post)
    {
        var meter = await scene.CreateMeterAsync(serial: scope);
        var key = await scene.CreateKeyAsync("C", null, scope);
        Assert.That((await scene.GetAsync($"v1/meters/{meter}", key)).Status, Is.EqualTo(get));
        Assert.That((await scene.PostAsync($"v1/meters/{meter}/readings/manual", Good, key)).Status, Is.EqualTo(post));
    }

    private async Task AssertInvalidAsync(string body, string told)
    {
        var answer = await scene.PostAsync($"v1/meters/{Guid.NewGuid()}/readings/manual", body);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "INVALID_BODY")), answer.Text);
        Assert.That(answer.Json.GetProperty("message").GetString(), Does.Contain(told));
    }

    private static string Masked(string text) => System.Text.RegularExpressions.Regex.Replace(text, "[0-9a-f-]{32,36}", "*");
}

using System.Text;
using System.Text.RegularExpressions;
using Facturation.Tests.Snapshots;

namespace Facturation.Tests.Api.V1;

/// <summary>Every answer and every error of v1 as it goes on the wire, but for ids, trace ids and what is made at random.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class V1AnswerTests
{
    private const string By = "\"recordedBy\":\"5a5a5a5a-0000-4000-8000-000000000001\"";

    private readonly StringBuilder transcript = new();
    private readonly Dictionary<string, string> names = [];
    private MeterScene scene = null!;

    [SetUp]
    public async Task Start() => scene = await MeterScene.StartAsync();

    [TearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [Test]
    public async Task Answers()
    {
        var meter = (await PostAsync("v1/meters", Meter("A-1"))).Data.GetProperty("id").GetGuid();
        await GetAsync($"v1/meters/{meter}");
        await GetAsync("v1/meters?limit=10");
        var first = await PostAsync($"v1/meters/{meter}/readings/manual", Reading("12500", "2026-02-01T00:00:00+01:00", ""","proofRef":"photo/12.jpg" """));
        await PostAsync($"v1/meters/{meter}/readings/manual", Reading("12500", "2026-01-31T23:00:00Z"));
        await GetAsync(first.Location!.TrimStart('/'));
        await PostAsync($"v1/meters/{meter}/readings/batch",
            $$"""{"mode":"partial","readings":[{{Reading("12500", "2026-01-31T23:00:00Z")}},{{Reading("13000", "2026-02-02T00:00:00Z")}},{{Reading("1", "2026-02-03T00:00:00Z")}},{}]}""");
        await PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"dryRun":true,"readings":[{{Reading("14000", "2026-02-04T00:00:00Z")}}]}""");
        await PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"readings":[{{Reading("9999000", "2026-02-05T00:00:00Z")}}]}""");
        await GetAsync("v1/readings/suspects");
        await GetAsync($"v1/meters/{meter}/readings?limit=2");
        await GetAsync($"v1/meters/{meter}/readings/allowed?readAt=2026-02-02T12:00:00Z");
        await PostAsync($"v1/meters/{meter}/readings/{first.ReadingId}/void", $$"""{{{By}},"reason":"mauvais compteur"}""");
        await PostAsync($"v1/meters/{meter}/replacement", Replacement("9999500", "A-2"));
        await GetAsync($"v1/meters/{meter}");
        await GetAsync($"v1/meters/{meter}/readings");
        Verify();
    }

    [Test]
    public async Task AnswersOfCorrections()
    {
        var meter = (await PostAsync("v1/meters", Meter("A-1"))).Data.GetProperty("id").GetGuid();
        foreach (var (index, day) in new[] { ("20000", "2026-01-11"), ("40000", "2026-01-21"), ("420000", "2026-01-22") })
            await PostAsync($"v1/meters/{meter}/readings/manual", Reading(index, $"{day}T00:00:00Z"));
        var suspect = (await scene.ReadingsAsync(meter))[0].GetProperty("id").GetGuid();
        await PostAsync($"v1/meters/{meter}/readings/{suspect}/confirmation", $$"""{{{By}}}""");
        await PostAsync($"v1/meters/{meter}/readings/{suspect}/correction", $$"""{"indexValueMilli":"42000",{{By}},"reason":"un zéro de trop","proofRef":"photo"}""");
        await PostAsync($"v1/meters/{meter}/readings/{suspect}/correction", $$"""{"indexValueMilli":"43000",{{By}},"reason":"encore"}""");
        await PostAsync("v1/readings/batch", $$"""
            {"mode":"PARTIAL","readings":[{"meterId":"{{meter}}",{{Reading("45000", "2026-02-01T00:00:00Z")[1..]}},{"meterId":"5a5a5a5a-0000-4000-8000-000000000009",{{Reading("1", "2026-02-01T00:00:00Z")[1..]}},{}]}
            """);
        await PostAsync($"v1/meters/{meter}/removal", $$"""{"removedAt":"2026-03-01T00:00:00Z","lastIndexValueMilli":"50000",{{By}}}""");
        await PostAsync($"v1/meters/{meter}/removal", $$"""{"removedAt":"2026-03-02T00:00:00Z","lastIndexValueMilli":"50000",{{By}}}""");
        await GetAsync("v1/meters?serial=A-1&lastReading=true");
        await GetAsync("v1/readings?limit=1");
        await GetAsync("v1/readings?depuis=hier");
        Verify();
    }

    [Test]
    public async Task AnswersOfConsumption()
    {
        var meter = (await PostAsync("v1/meters", Meter("A-1"))).Data.GetProperty("id").GetGuid();
        await PostAsync($"v1/meters/{meter}/readings/manual", Reading("12500", "2026-02-01T12:00:00Z"));
        await GetAsync($"v1/meters/{meter}/consumption?window=month&fill=zero&from=2026-01-15");
        await GetAsync("v1/consumption");
        await GetAsync("v1/consumption?groupBy=produit,compteur,identifiant,dossier&window=day&produitId=7");
        await GetAsync("v1/consumption?window=week");
        Verify();
    }

    [Test]
    public async Task AnswersOfBills()
    {
        var meter = (await PostAsync("v1/meters", Meter("A-1").Replace("\"unit\"", "\"rolloverAt\":\"65536\",\"multiplier\":\"0.10\",\"unit\""))).Data.GetProperty("id").GetGuid();
        await SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"123456","currency":"EUR"}""");
        await SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"123457","currency":"EUR"}""");
        await SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-03-01", """{"unitPriceMicros":"0","currency":"EUR"}""");
        await GetAsync("v1/produits/7/compteurs/1/prices?limit=1");
        await SendAsync(HttpMethod.Delete, "v1/produits/7/compteurs/1/prices/2026-03-01", null);
        var end = await PostAsync($"v1/meters/{meter}/readings/manual", Reading("1234567", "2026-02-01T12:00:00Z"));
        var body = $$"""{"endReadingId":"{{end.ReadingId}}","folioId":"5a5a5a5a-0000-4000-8000-000000000002","folioKind":"stay","businessDate":"2026-02-28"}""";
        var billed = await PostAsync($"v1/meters/{meter}/bill-consumption", body);
        await PostAsync($"v1/meters/{meter}/bill-consumption", body);
        await GetAsync(billed.Location!.TrimStart('/'));
        await GetAsync($"v1/meters/{meter}/bills");
        await GetAsync("v1/folios/5a5a5a5a-0000-4000-8000-000000000002/entries");
        await PostAsync($"v1/meters/{meter}/bill-consumption", body.Replace("\"stay\"", "\"hotel\"").Replace("2026-02-28", "28/02/2026"));
        await PostAsync("v1/meters", Meter("A-2").Replace("\"unit\"", "\"rolloverAt\":\"9\",\"multiplier\":\"0.0\",\"unit\""));
        await PostAsync("v1/meters", Meter("A-2").Replace("\"unit\"", "\"multiplier\":\"999999999\",\"unit\"").Replace("\"digits\":6", "\"digits\":7"));
        Verify();
    }

    [Test]
    public async Task ErrorsOfTheRules()
    {
        var meter = (await PostAsync("v1/meters", Meter("B-1", digits: 4, index: 5_000_000))).Data.GetProperty("id").GetGuid();
        await PostAsync("v1/meters", Meter("B-1"));
        var address = $"v1/meters/{meter}/readings/manual";
        var first = await PostAsync(address, Reading("6000000", "2026-02-01T00:00:00Z"));
        await PostAsync(address, Reading("6000001", "2026-02-01T00:00:00Z"));
        await PostAsync(address, Reading("5999999", "2026-02-02T00:00:00Z"));
        await PostAsync(address, Reading("6000001", "2026-01-31T00:00:00Z"));
        await PostAsync(address, Reading("10000000", "2026-02-02T00:00:00Z"));
        await PostAsync(address, Reading("6000000", "2025-02-02T00:00:00Z"));
        await PostAsync(address, Reading("6000000", "2026-07-01T12:05:00.0000001Z"));
        await PostAsync($"v1/meters/{Guid.NewGuid()}/readings/manual", Reading("6000000", "2026-02-02T00:00:00Z"));
        await PostAsync($"v1/meters/{meter}/readings/{Guid.NewGuid()}/void", $$"""{{{By}},"reason":"x"}""");
        await PostAsync(address, Reading("9500000", "2026-02-03T00:00:00Z"));
        await PostAsync(address, Reading("100000", "2026-02-04T00:00:00Z"));
        var only = (await scene.ReadingsAsync(meter))[1].GetProperty("id").GetGuid();
        await PostAsync($"v1/meters/{meter}/readings/{only}/void", $$"""{{{By}},"reason":"x"}""");
        await PostAsync($"v1/meters/{meter}/readings/{(await scene.ReadingsAsync(meter))[^1].GetProperty("id")}/void", $$"""{{{By}},"reason":"x"}""");
        await PostAsync($"v1/meters/{meter}/readings/{first.ReadingId}/void", $$"""{{{By}},"reason":"x"}""");
        await PostAsync($"v1/meters/{meter}/readings/{first.ReadingId}/void", $$"""{{{By}},"reason":"y"}""");
        await PostAsync($"v1/meters/{meter}/replacement", Replacement("0", "B-2", "2026-02-03T12:00:00Z"));
        await PostAsync($"v1/meters/{meter}/replacement", Replacement("0", "B-2"));
        await PostAsync($"v1/meters/{meter}/replacement", Replacement("200000", "B-2", "2027-01-01T00:00:00Z"));
        await PostAsync($"v1/meters/{meter}/replacement", Replacement("200000", "B-2"));
        await PostAsync($"v1/meters/{meter}/replacement", Replacement("200000", "B-3"));
        await PostAsync(address, Reading("300000", "2026-04-01T00:00:00Z"));
        await PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"readings":[{{Reading("1", "2026-02-03T00:00:00Z")}}]}""");
        Verify();
    }

    [Test]
    public async Task ErrorsOfHttp()
    {
        var meter = await scene.CreateMeterAsync();
        var address = $"v1/meters/{meter}/readings/manual";
        var reader = await scene.CreateKeyAsync("C", null, Facturation.Core.Scopes.ReadingsRead);
        await PostAsync(address, "{}");
        await PostAsync(address, """{"indexValueMilli":1,"readAt":"2026-02-01","recordedBy":"moi","proofRef":[]}""");
        await PostAsync(address, "{\"a\":1,\n\"a\":2}");
        await PostAsync(address, "{\n  nope");
        await PostAsync("v1/meters", "{}");
        await PostAsync("v1/meters", """{"serial":"","digits":16,"unit":7,"dossier":{"identifiant":"","date":"01/02/2026"},"produit":[],"sequence":1.5}""");
        await PostAsync($"v1/meters/{meter}/readings/batch", """{"mode":"tout","dryRun":"oui","readings":[]}""");
        await PostAsync("v1/meters/17/readings/manual", Reading("1", "2026-02-01T00:00:00Z"));
        await GetAsync($"v1/meters/{meter}/readings?cursor=abc");
        await SendAsync(HttpMethod.Get, "v1/meters", null, "");
        await SendAsync(HttpMethod.Get, "v1/meters", null, "fct_00000000_00000000000000000000000000000000");
        await SendAsync(HttpMethod.Post, address, Reading("1", "2026-02-01T00:00:00Z"), reader);
        await GetAsync("v1/relevés");
        await SendAsync(HttpMethod.Put, $"v1/meters/{meter}", "{}");
        await GetAsync(address);
        await SendAsync(HttpMethod.Post, address, "<releve/>", null, ("Content-Type", "application/xml"));
        await SendAsync(HttpMethod.Post, address, new string(' ', (1 << 20) + 1));
        await SendAsync(HttpMethod.Post, address, Reading("1", "2026-02-01T00:00:00Z"), null, ("Idempotency-Key", "k"));
        await SendAsync(HttpMethod.Post, address, Reading("2", "2026-02-01T00:00:00Z"), null, ("Idempotency-Key", "k"));
        Verify();
    }

    private static string Reading(string index, string at, string more = "") => $$"""{"indexValueMilli":"{{index}}","readAt":"{{at}}",{{By}}{{more}}}""";

    private static string Meter(string serial, int digits = 6, long index = 0) => $$"""
        {"serial":"{{serial}}","digits":{{digits}},"unit":"m³","dossier":{"identifiant":"U","reference":"É-1","date":"2026-01-01"},"produit":{"id":7,"nom":"Eau"},"sequence":1,"libelle":"Froide","installedAt":"2026-01-01T00:00:00Z","indexValueMilli":"{{index}}"}
        """;

    private static string Replacement(string last, string serial, string at = "2026-03-01T00:00:00Z") =>
        $$"""{"replacedAt":"{{at}}","lastIndexValueMilli":"{{last}}","serial":"{{serial}}","firstIndexValueMilli":"0",{{By}}}""";

    private Task<V1Exchange> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    private Task<V1Exchange> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    private async Task<V1Exchange> SendAsync(HttpMethod method, string path, string? body, string? key = null, params (string, string)[] headers)
    {
        var answer = await scene.SendAsync(method, path, body, key, headers);
        transcript.Append(method).Append(" /").Append(path).Append('\n');
        foreach (var (name, value) in headers)
            transcript.Append(name).Append(": ").Append(value).Append('\n');
        if (body is not null)
            transcript.Append(body.Length > 1000 ? $"({body.Length} octets)" : body).Append('\n');
        transcript.Append("\n→ ").Append(answer.Status).Append(' ').Append(answer.ContentType).Append('\n');
        foreach (var (name, value) in new[] { ("Location", answer.Location), ("Allow", answer.Allow) })
            if (value is not null)
                transcript.Append(name).Append(": ").Append(value).Append('\n');
        transcript.Append(answer.Text).Append("\n\n\n");
        return answer;
    }

    private void Verify()
    {
        var text = TraceId().Replace(transcript.ToString(), "\"traceId\":\"…\"");
        text = Cursor().Replace(text, "\"nextCursor\":\"…\"");
        text = Uuid().Replace(text, match => match.Value.StartsWith("5a5a5a5a", StringComparison.Ordinal)
            ? match.Value
            : names.TryGetValue(match.Value, out var name) ? name : names[match.Value] = $"uuid-{names.Count + 1}");
        Snapshot.Match(Encoding.UTF8.GetBytes(text), "txt");
    }

    [GeneratedRegex("\"traceId\":\"[0-9a-f]{32}\"")]
    private static partial Regex TraceId();

    [GeneratedRegex("\"nextCursor\":\"[^\"]+\"")]
    private static partial Regex Cursor();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}

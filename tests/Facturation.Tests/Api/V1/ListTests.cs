using System.Text;
using System.Text.Json;

namespace Facturation.Tests.Api.V1;

/// <summary>Lists, allowed indexes and batches.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ListTests
{
    private static readonly DateTimeOffset First = MeterScene.At("2026-02-01T00:00:00Z");

    private MeterScene scene = null!;

    [OneTimeSetUp]
    public async Task Start() => scene = await MeterScene.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [Test]
    public async Task List_Readings_ComeNewestFirstPageByPage()
    {
        var meter = await NewMeterAsync(25);
        var (pages, ids, cursor) = (0, new List<string>(), "");
        do
        {
            var answer = await scene.GetAsync($"v1/meters/{meter}/readings?limit=7{cursor}");
            ids.AddRange(answer.Data.EnumerateArray().Select(r => r.GetProperty("readAt").GetString()!));
            // What comes in meanwhile moves no page.
            await scene.ReadAsync(meter, 100_000 + pages, MeterScene.At("2026-06-01T00:00:00Z").AddDays(pages));
            cursor = answer.Json.GetProperty("nextCursor").GetString() is { } next ? "&cursor=" + next : "";
            pages++;
        }
        while (cursor.Length > 0);

        Assert.That(pages, Is.EqualTo(4));
        Assert.That(ids, Is.Ordered.Descending.And.Count.EqualTo(26).And.Unique);
    }

    [Test]
    public async Task List_Period_IncludesBothInstants()
    {
        var meter = await NewMeterAsync(5);
        async Task<int> Count(string query) => (await scene.GetAsync($"v1/meters/{meter}/readings?{query}")).Data.GetArrayLength();

        Assert.That(await Count("from=2026-02-02T00:00:00Z&to=2026-02-04T00:00:00Z"), Is.EqualTo(3));
        Assert.That(await Count("from=2026-02-02T01:00:00%2B01:00"), Is.EqualTo(4));
        Assert.That(await Count("from=2026-02-02T01:00:00+01:00"), Is.EqualTo(4), "an unescaped +");
        Assert.That(await Count("to=2026-01-31T00:00:00Z"), Is.EqualTo(1), "the installation");
        Assert.That(await Count("recordedSince=2026-07-01T12:00:00Z"), Is.EqualTo(6), "all are recorded at noon");
        Assert.That(await Count("recordedSince=2026-07-01T12:00:00.0000001Z"), Is.Zero);
    }

    [TestCase("from=2026-02-02", "from : une date RFC 3339")]
    [TestCase("from=2026-02-02T00:00:00", "from : le décalage manque après l'heure, Z ou par exemple +02:00.")]
    [TestCase("from=2026-02-02T00:00:00Z&to=2026-02-01T00:00:00Z", "from : ")]
    [TestCase("limit=0", "limit : ")]
    [TestCase("limit=1&limit=2", "limit : ")]
    [TestCase("limit=1001", "limit : ")]
    [TestCase("limit=-1", "limit : ")]
    [TestCase("limit=x", "limit : ")]
    [TestCase("cursor=AAAA", "cursor : ")]
    [TestCase("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor : ")]
    [TestCase("cursor=%00%FF", "cursor : ")]
    [TestCase("form=2026-02-01T00:00:00Z", "form : ce paramètre est inconnu, cette opération a from, to, cursor, limit, recordedSince.")]
    [TestCase("FROM=2026-02-01T00:00:00Z&é=1", "é : ce paramètre est inconnu")]
    public async Task List_ParameterThatCannotBeRead_Is400(string query, string told)
    {
        var answer = await scene.GetAsync($"v1/meters/{await NewMeterAsync(0)}/readings?{query}");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "INVALID_PARAMETER")));
        Assert.That(answer.Json.GetProperty("message").GetString(), Does.StartWith(told));
    }

    [Test]
    public async Task List_Meters_ComePageByPageAndBySerial()
    {
        var key = await scene.CreateKeyAsync("LISTE");
        for (var i = 0; i < 5; i++)
            await scene.CreateMeterAsync(serial: $"L{i}", key: key);
        var first = await scene.GetAsync("v1/meters?limit=3", key);
        var second = await scene.GetAsync($"v1/meters?limit=3&cursor={first.Json.GetProperty("nextCursor").GetString()}", key);

        Assert.That(first.Data.EnumerateArray().Concat(second.Data.EnumerateArray()).Select(m => m.GetProperty("serial").GetString()),
            Is.EqualTo(new[] { "L4", "L3", "L2", "L1", "L0" }));
        Assert.That(second.Json.GetProperty("nextCursor").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((await scene.GetAsync("v1/meters?serial=L2", key)).Data.GetArrayLength(), Is.EqualTo(1));
    }

    [TestCase("v1/meters?identifiant=", "identifiant : vide")]
    [TestCase("v1/meters?dossier=D&dossier=E", "dossier : vide, ou donné deux fois.")]
    [TestCase("v1/meters?produitId=", "produitId : un nombre entier")]
    [TestCase("v1/consumption?from=&to=2026-03-31", "from : une date")]
    [TestCase("v1/meters?lastReading=oui", "lastReading : true ou false")]
    [TestCase("v1/consumption?identifiant=%20", "identifiant : vide")]
    [TestCase("v1/readings?recordedSince=2026-02-01T00:00:00Z", "recordedSince : ce paramètre est inconnu, cette opération a cursor, limit.")]
    public async Task List_FilterThatIsMistaken_IsRefusedRatherThanIgnored(string address, string told)
    {
        var answer = await scene.GetAsync(address);
        Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "INVALID_PARAMETER")));
        Assert.That(answer.Json.GetProperty("message").GetString(), Does.StartWith(told));
    }

    [Test]
    public async Task List_MetersWithFiltersAndLastReadings_AreThoseAskedFor()
    {
        var key = await scene.CreateKeyAsync("FILTRES");
        var meter = await scene.CreateMeterAsync(serial: "F1", dossier: "Lot 1 & 2", key: key);
        await scene.CreateMeterAsync(serial: "F2", dossier: "Lot 3", key: key);
        await scene.PostAsync($"v1/meters/{meter}/readings/manual", MeterScene.Body(4_000, First), key);

        var found = (await scene.GetAsync("v1/meters?dossier=Lot%201%20%26%202&identifiant=U&produitId=7&lastReading=true", key)).Data;

        Assert.That((found.GetArrayLength(), found[0].GetProperty("id").GetGuid()), Is.EqualTo((1, meter)));
        Assert.That(Text(found[0].GetProperty("lastReading"), "indexValueMilli"), Is.EqualTo("4000"));
        var all = (await scene.GetAsync("v1/meters?lastReading=false", key)).Data;
        Assert.That((all.GetArrayLength(), all[0].TryGetProperty("lastReading", out _)), Is.EqualTo((2, false)));
        Assert.That((await scene.GetAsync($"v1/meters/{meter}?lastReading=true", key)).Data.ToString(), Is.EqualTo(found[0].ToString()));
        var cursor = (await scene.GetAsync("v1/meters?limit=1", key)).Json.GetProperty("nextCursor").GetString();
        Assert.That((await scene.GetAsync($"v1/meters?limit=&cursor={cursor}", key)).Data.GetArrayLength(), Is.EqualTo(1));
        Assert.That((await scene.GetAsync($"v1/readings?cursor={cursor}", key)).Code, Is.EqualTo("INVALID_PARAMETER"), "of another list");
        Assert.That((await scene.GetAsync("v1/meters?produitId=8", key)).Data.GetArrayLength(), Is.Zero);
        Assert.That((await scene.GetAsync("v1/meters?notReadSince=2026-01-15", key)).Data[0].GetProperty("serial").GetString(), Is.EqualTo("F2"));
    }

    [Test]
    public async Task Changes_OfAllMeters_AreToldOnceEachByThoseWhoKeepTheCursor()
    {
        var key = await scene.CreateKeyAsync("SUIVI");
        var empty = await scene.GetAsync("v1/readings", key);
        Assert.That((empty.Data.GetArrayLength(), empty.Json.GetProperty("hasMore").GetBoolean()), Is.EqualTo((0, false)));
        var cursor = Text(empty.Json, "nextCursor");
        var (meter, seen) = (await scene.CreateMeterAsync(serial: "C1", key: key), new List<string>());
        for (var i = 1; i <= 4; i++)
            await scene.PostAsync($"v1/meters/{meter}/readings/manual", MeterScene.Body(i * 1_000, First.AddDays(i)), key);

        for (var (pages, hasMore) = (1, true); hasMore; pages++)
        {
            var page = await scene.GetAsync($"v1/readings?limit=2&cursor={cursor}", key);
            seen.AddRange(page.Data.EnumerateArray().Select(change => Text(change.GetProperty("reading"), "indexValueMilli")!));
            (cursor, hasMore) = (Text(page.Json, "nextCursor"), page.Json.GetProperty("hasMore").GetBoolean());
            Assert.That(hasMore, Is.EqualTo(pages < 3));
        }

        Assert.That(seen, Is.EqualTo(new[] { "0", "1000", "2000", "3000", "4000" }));
        var again = await scene.GetAsync($"v1/readings?cursor={cursor}", key);
        Assert.That((again.Data.GetArrayLength(), Text(again.Json, "nextCursor")), Is.EqualTo((0, cursor)));
    }

    [Test]
    public async Task MetersBatch_TenThousandLinesOfManyMeters_HaveTheVerdictsOfOneByOne()
    {
        var key = await scene.CreateKeyAsync("LOT");
        var meters = new List<Guid>();
        for (var i = 0; i < 40; i++)
            meters.Add(await scene.CreateMeterAsync(serial: $"B{i}", dossier: $"B{i}", key: key));
        var lines = Enumerable.Range(0, 9_996).Select(i => Line(meters[i % 40], 1_000L * (i / 40 + 1), First.AddHours(i / 40))).ToList();
        lines.AddRange([Line(Guid.NewGuid(), 1, First), "{}", Line(meters[0], 1, First.AddDays(300)), Line(meters[0], 1_000, First)]);
        var answer = await scene.PostAsync("v1/readings/batch", Body("partial", lines), key, ("Idempotency-Key", "lot"));

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text[..Math.Min(answer.Text.Length, 300)]);
        var verdicts = Verdicts(answer);
        Assert.That(verdicts.Take(9_996), Is.All.EqualTo("recorded"));
        Assert.That(verdicts.Skip(9_996), Is.EqualTo(new[] { "refused METER_NOT_FOUND", "refused INVALID_BODY", "refused READ_AT_IN_FUTURE", "duplicate" }));
        Assert.That(answer.Data.GetProperty("recorded").GetInt32(), Is.EqualTo(9_996));
        Assert.That((await scene.PostAsync("v1/readings/batch", Body("partial", lines), key, ("Idempotency-Key", "lot"))).Text, Is.EqualTo(answer.Text));
        Assert.That((await scene.PostAsync("v1/readings/batch", Body("atomic", [Line(meters[1], 900_000, First.AddDays(50)), "{}"]), key)).Code, Is.EqualTo("BATCH_REFUSED"));
        Assert.That((await scene.PostAsync("v1/readings/batch", Body("atomic", [.. lines, lines[0]]), key)).Code, Is.EqualTo("INVALID_BODY"), "10,001 lines");
        Assert.That((await scene.GetAsync($"v1/meters/{meters[1]}/readings?limit=1", key)).Data[0].GetProperty("indexValueMilli").GetString(), Is.EqualTo("250000"));

        static string Line(Guid meter, long index, DateTimeOffset at) => MeterScene.Body(index, at).Replace("{", $"{{\"meterId\":\"{meter}\",", StringComparison.Ordinal);
        static string Body(string mode, IEnumerable<string> lines) => $$"""{"mode":"{{mode}}","readings":[{{string.Join(',', lines)}}]}""";
    }

    [Test]
    public async Task Allowed_Instant_TellsTheRangeAndItsNeighbours()
    {
        var meter = await NewMeterAsync(2);
        var between = (await scene.GetAsync($"v1/meters/{meter}/readings/allowed?readAt=2026-02-01T12:00:00Z")).Data;
        Assert.That((Text(between, "minIndexValueMilli"), Text(between, "maxIndexValueMilli")), Is.EqualTo(("1000", "2000")));
        Assert.That(Text(between.GetProperty("before"), "readAt"), Is.EqualTo("2026-02-01T00:00:00Z"));
        Assert.That(Text(between.GetProperty("after"), "readAt"), Is.EqualTo("2026-02-02T00:00:00Z"));

        var last = (await scene.GetAsync($"v1/meters/{meter}/readings/allowed?readAt=2026-06-01T12:00:00Z")).Data;
        Assert.That((Text(last, "minIndexValueMilli"), Text(last, "maxIndexValueMilli")), Is.EqualTo(("2000", "999999999")));
        Assert.That((await scene.GetAsync($"v1/meters/{meter}/readings/allowed")).Code, Is.EqualTo("INVALID_PARAMETER"));
        Assert.That((await scene.GetAsync($"v1/meters/{meter}/readings/allowed?readAt=2025-06-01T12:00:00Z")).Code, Is.EqualTo("READ_AT_BEFORE_INSTALLATION"));
        Assert.That((await scene.GetAsync($"v1/meters/{meter}/readings/allowed?readAt=2028-06-01T12:00:00Z")).Code, Is.EqualTo("READ_AT_IN_FUTURE"));
    }

    [Test]
    public async Task Batch_Partial_RecordsWhatIsNotRefused()
    {
        var meter = await NewMeterAsync(1);
        var answer = await BatchAsync(meter, "partial", false,
            MeterScene.Body(1_000, First), "{}", "7", MeterScene.Body(500, First.AddDays(2)), MeterScene.Body(3_000, First.AddDays(3)), MeterScene.Body(2_000, First.AddDays(1)));

        Assert.That(answer.Status, Is.EqualTo(200));
        Assert.That(Verdicts(answer), Is.EqualTo(new[]
        {
            "duplicate", "refused INVALID_BODY", "refused INVALID_BODY", "refused INDEX_BELOW_PREVIOUS", "recorded", "recorded",
        }));
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Batch_AtomicWithARefusedLine_RecordsNothingAndTellsAll()
    {
        var meter = await NewMeterAsync(1);
        var answer = await BatchAsync(meter, "atomic", false, MeterScene.Body(2_000, First.AddDays(1)), MeterScene.Body(500, First.AddDays(2)));

        Assert.That((answer.Status, answer.Code), Is.EqualTo((409, "BATCH_REFUSED")));
        Assert.That(Verdicts(answer), Is.EqualTo(new[] { "recorded", "refused INDEX_BELOW_PREVIOUS" }));
        Assert.That(answer.Data.GetProperty("readings")[0].GetProperty("readingId").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Batch_DryRun_TellsAndRecordsNothing()
    {
        var meter = await NewMeterAsync(1);
        var answer = await BatchAsync(meter, "atomic", true, MeterScene.Body(2_000, First.AddDays(1)), MeterScene.Body(500, First.AddDays(2)));
        Assert.That((answer.Status, Verdicts(answer).Count), Is.EqualTo((200, 2)));
        Assert.That(answer.Data.GetProperty("committed").GetBoolean(), Is.False);
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(2));
    }

    [TestCase("atomic", true)]
    [TestCase("atomic", false)]
    public async Task Batch_LineThatRepeatsOneNotRecorded_HasNoReadingId(string mode, bool dryRun)
    {
        var meter = await NewMeterAsync(1);
        var line = MeterScene.Body(2_000, First.AddDays(1));
        var answer = await BatchAsync(meter, mode, dryRun, line, line, MeterScene.Body(1_000, First), MeterScene.Body(500, First.AddDays(2)));

        Assert.That(Verdicts(answer), Is.EqualTo(new[] { "recorded", "duplicate", "duplicate", "refused INDEX_BELOW_PREVIOUS" }));
        var ids = answer.Data.GetProperty("readings").EnumerateArray().Select(l => Text(l, "readingId")).ToArray();
        Assert.That(ids[..2], Is.All.Null, "neither is recorded");
        Assert.That((await scene.GetAsync($"v1/meters/{meter}/readings/{ids[2]}")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Batch_AThousandInAnyOrder_AreDecidedInOrderOfInstants()
    {
        var meter = await scene.CreateMeterAsync(serial: "thousand", dossier: "thousand", digits: 3, index: 980_000);
        var lines = Enumerable.Range(1, 1000).Select(i => MeterScene.Body((980_000 + 997L * i) % 1_000_000, First.AddHours(i))).ToArray();
        new Random(7).Shuffle(lines);
        var answer = await BatchAsync(meter, "atomic", false, lines);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(Verdicts(answer), Is.All.EqualTo("recorded"));
        Assert.That(await scene.DossierAsync("thousand"), Is.EqualTo((980_000 + 997_000) / 1000 - 980));
        Assert.That((await BatchAsync(meter, "atomic", false, lines)).Data.GetProperty("duplicates").GetInt32(), Is.EqualTo(1000));
        Assert.That((await BatchAsync(meter, "atomic", false, [.. lines, lines[0]])).Code, Is.EqualTo("INVALID_BODY"), "1001 lines");
        Assert.That((await BatchAsync(meter, "atomic", false)).Code, Is.EqualTo("INVALID_BODY"), "no line");
        Assert.That((await BatchAsync(meter, "some", false, lines[0])).Code, Is.EqualTo("INVALID_BODY"));
    }

    private async Task<Guid> NewMeterAsync(int readings)
    {
        var meter = await scene.CreateMeterAsync(serial: Guid.NewGuid().ToString(), dossier: Guid.NewGuid().ToString());
        for (var i = 0; i < readings; i++)
            Assert.That((await scene.ReadAsync(meter, 1_000 * (i + 1), First.AddDays(i))).Status, Is.EqualTo(201));
        return meter;
    }

    private Task<V1Exchange> BatchAsync(Guid meter, string mode, bool dryRun, params string[] lines)
    {
        var body = new StringBuilder($$"""{"mode":"{{mode}}","dryRun":{{(dryRun ? "true" : "false")}},"readings":[""")
            .AppendJoin(',', lines).Append("]}");
        return scene.PostAsync($"v1/meters/{meter}/readings/batch", body.ToString());
    }

    private static List<string> Verdicts(V1Exchange answer) => [.. answer.Data.GetProperty("readings").EnumerateArray()
        .Select(line => $"{Text(line, "verdict")} {Text(line, "code")}".TrimEnd())];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}

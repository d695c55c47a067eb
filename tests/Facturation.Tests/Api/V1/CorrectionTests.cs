using System.Globalization;
using Facturation.Core;
using Facturation.Tests.Storage;

namespace Facturation.Tests.Api.V1;

/// <summary>Voids, replacements, late readings, days and rollovers, as ConsommationV2 then shows them.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CorrectionTests
{
    private MeterScene scene = null!;

    [SetUp]
    public async Task Start() => scene = await MeterScene.StartAsync();

    [TearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [Test]
    public async Task Post_Readings_CountOnTheDayOfTheLater()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 100_400), ("2026-03-20T10:00:00Z", 150_600));
        Assert.That(await DaysAsync("2026-03-10", "2026-03-20"), Is.EqualTo(new[] { 100L, 50 }));

        await RecordAsync(meter, ("2026-03-15T10:00:00Z", 120_700));
        Assert.That(await DaysAsync("2026-03-10", "2026-03-15", "2026-03-20"), Is.EqualTo(new[] { 100L, 20, 30 }));
    }

    [Test]
    public async Task Post_ReadingsWithinAUnit_ConsumeNothing()
    {
        var meter = await scene.CreateMeterAsync(index: 100);
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 999));
        Assert.That((await scene.Service.PostAsync("api/ConsommationV2", scene.Key, """{"ProduitId":7}""")).Text, Is.EqualTo("[]"));
        await RecordAsync(meter, ("2026-03-10T11:00:00Z", 1_000));
        Assert.That(await scene.ConsommationAsync("2026-03-10", "2026-03-10"), Is.EqualTo(1));
    }

    [TestCase("2026-03-28T22:59:59.9999999Z", "2026-03-28", TestName = "Post_LastTickOfTheEveOfSummer")]
    [TestCase("2026-03-28T23:00:00Z", "2026-03-29", TestName = "Post_FirstInstantOfThe23HourDay")]
    [TestCase("2026-03-29T21:59:59Z", "2026-03-29", TestName = "Post_LastSecondOfThe23HourDay")]
    [TestCase("2026-03-29T22:00:00Z", "2026-03-30", TestName = "Post_DayAfterThe23HourDay")]
    [TestCase("2025-10-25T22:00:00Z", "2025-10-26", TestName = "Post_FirstInstantOfThe25HourDay")]
    [TestCase("2025-10-26T02:30:00+02:00", "2025-10-26", TestName = "Post_FirstPassageOfTheHourThatComesTwice")]
    [TestCase("2025-10-26T02:30:00+01:00", "2025-10-26", TestName = "Post_SecondPassageOfTheHourThatComesTwice")]
    [TestCase("2025-10-26T22:59:59Z", "2025-10-26", TestName = "Post_LastSecondOfThe25HourDay")]
    [TestCase("2025-10-26T23:00:00Z", "2025-10-27", TestName = "Post_DayAfterThe25HourDay")]
    public async Task Post_AroundTheChangeOfTheHour_CountsOnTheDayOfParis(string readAt, string day)
    {
        var meter = await scene.CreateMeterAsync(installedAt: "2025-01-01T00:00:00Z");
        await RecordAsync(meter, (readAt, 7_000));
        Assert.That(await scene.ConsommationAsync(day, day), Is.EqualTo(7));
    }

    [Test]
    public async Task Post_Rollover_CountsPastZero()
    {
        var meter = await scene.CreateMeterAsync(digits: 4, index: 9_990_500);
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 12_200));
        Assert.That(await scene.ConsommationAsync("2026-03-10", "2026-03-10"), Is.EqualTo(10_000 - 9_990 + 12));
    }

    [Test]
    public async Task Void_Reading_RestoresTheConsumptionAndKeepsTheRow()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 100_000), ("2026-03-20T10:00:00Z", 900_000));
        var typo = (await scene.ReadingsAsync(meter))[0].GetProperty("id").GetGuid();
        var voided = await VoidAsync(meter, typo, "un chiffre de trop");

        Assert.That(voided.Status, Is.EqualTo(200));
        Assert.That(voided.Data.GetProperty("void").GetProperty("reason").GetString(), Is.EqualTo("un chiffre de trop"));
        Assert.That(await DaysAsync("2026-03-10", "2026-03-20"), Is.EqualTo(new[] { 100L, 0 }));
        await RecordAsync(meter, ("2026-03-20T10:00:00Z", 190_000));
        Assert.That(await DaysAsync("2026-03-10", "2026-03-20"), Is.EqualTo(new[] { 100L, 90 }));
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(4), "the voided one too");
    }

    [Test]
    public async Task Void_Again_ChangesNothing()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 100_000));
        var id = (await scene.ReadingsAsync(meter))[0].GetProperty("id").GetGuid();
        var first = await VoidAsync(meter, id, "typo");

        Assert.That(await VoidAsync(meter, id, "typo"), Is.EqualTo(first));
        Assert.That((await VoidAsync(meter, id, "other")).Code, Is.EqualTo("READING_ALREADY_VOIDED"));
        Assert.That((await VoidAsync(meter, Guid.NewGuid(), "typo")).Code, Is.EqualTo("READING_NOT_FOUND"));
    }

    [Test]
    public async Task Replace_Meter_KeepsTheDossiersConsumptionContinuous()
    {
        var old = await scene.CreateMeterAsync(index: 500_000);
        await RecordAsync(old, ("2026-03-10T10:00:00Z", 600_000));
        var replaced = await ReplaceAsync(old, "2026-03-20T10:00:00Z", 650_900, "NEW", 17_500);
        Assert.That(replaced.Status, Is.EqualTo(201), replaced.Text);
        var newer = replaced.Data.GetProperty("id").GetGuid();
        await RecordAsync(newer, ("2026-04-10T10:00:00Z", 47_499));

        Assert.That(await DaysAsync("2026-03-10", "2026-03-20", "2026-04-10"), Is.EqualTo(new[] { 100L, 50, 30 }));
        Assert.That(await scene.ConsommationAsync("2026-01-01", "2026-12-31"), Is.EqualTo(180));
        var closed = (await scene.GetAsync($"v1/meters/{old}")).Data;
        Assert.That(closed.GetProperty("removedAt").GetString(), Is.EqualTo("2026-03-20T10:00:00Z"));
        Assert.That(closed.GetProperty("replacedBy").GetGuid(), Is.EqualTo(newer));
        Assert.That((await scene.GetAsync(replaced.Location!)).Data.GetProperty("replaces").GetGuid(), Is.EqualTo(old));
    }

    [Test]
    public async Task Replace_MeterThatWasReplaced_FindsTheSameOrIsRefused()
    {
        var old = await scene.CreateMeterAsync();
        var first = await ReplaceAsync(old, "2026-03-20T10:00:00Z", 10_000, "NEW", 0);
        var again = await ReplaceAsync(old, "2026-03-20T10:00:00Z", 10_000, "NEW", 0);

        Assert.That((again.Status, again.Text), Is.EqualTo((201, first.Text)));
        Assert.That((await ReplaceAsync(old, "2026-03-20T10:00:00Z", 10_000, "OTHER", 0)).Code, Is.EqualTo("METER_ALREADY_REPLACED"));
        Assert.That((await ReplaceAsync(old, "2026-03-20T10:00:00Z", 10_000, "NEW", 0, digits: 5)).Code, Is.EqualTo("METER_ALREADY_REPLACED"));
        Assert.That((await ReplaceAsync(old, "2026-03-20T10:00:00Z", 10_000, "NEW", 0, digits: 6)).Text, Is.EqualTo(first.Text), "as many as it has");
        Assert.That((await scene.ReadAsync(old, 10_000, MeterScene.At("2026-03-20T10:00:00.0000001Z"))).Code, Is.EqualTo("READ_AT_AFTER_REMOVAL"));
        Assert.That((await scene.ReadAsync(old, 5_000, MeterScene.At("2026-03-10T10:00:00Z"))).Status, Is.EqualTo(201), "late, before the removal");
        Assert.That((await VoidAsync(old, (await scene.ReadingsAsync(old))[0].GetProperty("id").GetGuid(), "x")).Code, Is.EqualTo("READING_NOT_VOIDABLE"));
    }

    [Test]
    public async Task Replace_AgainstTheReadings_IsRefusedWhole()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 100_000));
        Assert.That((await ReplaceAsync(meter, "2026-03-09T10:00:00Z", 50_000, "NEW", 0)).Code, Is.EqualTo("REPLACEMENT_BEFORE_READING"));
        Assert.That((await ReplaceAsync(meter, "2026-03-20T10:00:00Z", 99_999, "NEW", 0)).Code, Is.EqualTo("INDEX_BELOW_PREVIOUS"));
        Assert.That((await ReplaceAsync(meter, "2027-03-20T10:00:00Z", 110_000, "NEW", 0)).Code, Is.EqualTo("READ_AT_IN_FUTURE"));
        Assert.That((await ReplaceAsync(meter, "2026-03-20T10:00:00Z", 110_000, "NEW", 1_000_000_000)).Code, Is.EqualTo("INDEX_BEYOND_DIGITS"));

        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(2));
        Assert.That((await scene.GetAsync("v1/meters")).Data.GetArrayLength(), Is.EqualTo(1));
        Assert.That(await scene.ConsommationAsync("2026-01-01", "2026-12-31"), Is.EqualTo(100));
    }

    [Test]
    public async Task Post_ImplausibleJump_IsListedAsSuspectUntilVoided()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-01-11T00:00:00Z", 20_000), ("2026-01-21T00:00:00Z", 40_000), ("2026-01-22T00:00:00Z", 420_000));
        var suspects = (await scene.GetAsync("v1/readings/suspects")).Data;

        Assert.That(suspects.GetArrayLength(), Is.EqualTo(1));
        Assert.That(suspects[0].GetProperty("meterId").GetGuid(), Is.EqualTo(meter));
        var reading = suspects[0].GetProperty("reading");
        Assert.That((reading.GetProperty("indexValueMilli").GetString(), reading.GetProperty("suspect").GetBoolean()), Is.EqualTo(("420000", true)));
        Assert.That(await scene.ConsommationAsync("2026-01-22", "2026-01-22"), Is.EqualTo(380), "it counts all the same");
        await VoidAsync(meter, reading.GetProperty("id").GetGuid(), "typo");
        Assert.That((await scene.GetAsync("v1/readings/suspects")).Data.GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task Post_AYearOfReadings_CountsWhatAnIndependentCalculationSays()
    {
        const int seed = 365;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var meter = await scene.CreateMeterAsync(digits: 3, index: 500_000, installedAt: "2025-06-30T22:00:00Z");
        var start = MeterScene.At("2025-06-30T22:00:00Z");
        var history = new History(new(1_000, Register.NoMultiplier), start, 500_000);
        var (index, readings) = (500_000L, new List<(DateTimeOffset At, long Index)>());
        for (var day = 1; day <= 365; day++)
            readings.Add((start.AddDays(day).AddSeconds(-random.Next(86_400)), (index += random.Next(9_000)) % 1_000_000));
        // Most as they come, in batches; every seventh late.
        foreach (var week in readings.Chunk(50))
        {
            var lines = week.Where((_, i) => i % 7 != 0).Select(r => MeterScene.Body(r.Index, r.At));
            Assert.That((await scene.PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"readings":[{{string.Join(',', lines)}}]}""")).Status, Is.EqualTo(200));
        }
        foreach (var late in readings.Chunk(50).SelectMany(week => week.Where((_, i) => i % 7 == 0)).Reverse())
            Assert.That((await scene.ReadAsync(meter, late.Index, late.At)).Status, Is.EqualTo(201));
        foreach (var (at, value) in readings)
            history.Readings.Add(at, value);

        var days = history.Days();
        for (var month = new DateOnly(2025, 7, 1); month <= new DateOnly(2026, 7, 1); month = month.AddMonths(1))
        {
            var last = month.AddMonths(1).AddDays(-1);
            Assert.That(await scene.ConsommationAsync($"{month:yyyy-MM-dd}", $"{last:yyyy-MM-dd}"),
                Is.EqualTo(days.Where(d => d.Key >= month && d.Key <= last).Sum(d => d.Value)), $"{month}");
        }
        Assert.That(await scene.DossierAsync("D"), Is.EqualTo(index / 1000 - 500));
    }

    [Test]
    public async Task Correct_LastIndexOfAReplacedMeter_ChangesWhatTheRemovalCounts()
    {
        var old = await scene.CreateMeterAsync();
        var newer = (await ReplaceAsync(old, "2026-03-20T10:00:00Z", 999_000, "NEW", 500_000)).Data.GetProperty("id").GetGuid();
        await RecordAsync(newer, ("2026-04-10T10:00:00Z", 510_000));
        Assert.That(await DaysAsync("2026-03-20", "2026-04-10"), Is.EqualTo(new[] { 999L, 10 }));

        var closing = (await scene.ReadingsAsync(old))[0].GetProperty("id").GetGuid();
        var corrected = await CorrectAsync(old, closing, 99_000);
        Assert.That(corrected.Status, Is.EqualTo(201), corrected.Text);
        var opening = (await scene.ReadingsAsync(newer))[^1].GetProperty("id").GetGuid();
        Assert.That((await CorrectAsync(newer, opening, 50_000)).Status, Is.EqualTo(201));

        Assert.That(await DaysAsync("2026-03-20", "2026-04-10"), Is.EqualTo(new[] { 99L, 460 }));
        Assert.That((await scene.GetAsync(corrected.Location!.TrimStart('/'))).Data.GetProperty("readAt").GetString(), Is.EqualTo("2026-03-20T10:00:00Z"));
        Assert.That((await scene.GetAsync($"v1/meters/{old}/readings/{closing}")).Data.GetProperty("void").GetProperty("reason").GetString(), Is.EqualTo("mal lu"));
        Assert.That((await VoidAsync(old, corrected.Data.GetProperty("id").GetGuid(), "x")).Code, Is.EqualTo("READING_NOT_VOIDABLE"));
    }

    [Test]
    public async Task Correct_Again_FindsTheSameOrIsRefused()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 100_000), ("2026-03-20T10:00:00Z", 200_000));
        var id = (await scene.ReadingsAsync(meter))[1].GetProperty("id").GetGuid();
        var first = await CorrectAsync(meter, id, 110_000);

        Assert.That((await CorrectAsync(meter, id, 110_000)).Text, Is.EqualTo(first.Text));
        Assert.That((await CorrectAsync(meter, id, 120_000)).Code, Is.EqualTo("READING_ALREADY_VOIDED"));
        Assert.That((await CorrectAsync(meter, Guid.NewGuid(), 120_000)).Code, Is.EqualTo("READING_NOT_FOUND"));
        var now = first.Data.GetProperty("id").GetGuid();
        var same = await CorrectAsync(meter, now, 110_000);
        Assert.That((same.Status, same.Data.GetProperty("id").GetGuid()), Is.EqualTo((200, now)), "nothing to correct");
        Assert.That((await CorrectAsync(meter, now, 200_001)).Code, Is.EqualTo("INDEX_ABOVE_NEXT"));
        Assert.That((await CorrectAsync(meter, now, 1_000_000_000)).Code, Is.EqualTo("INDEX_BEYOND_DIGITS"));
        Assert.That((await VoidAsync(meter, now, "x")).Status, Is.EqualTo(200));
        Assert.That((await CorrectAsync(meter, id, 110_000)).Code, Is.EqualTo("READING_ALREADY_VOIDED"), "what took its place is gone too");
        Assert.That(await DaysAsync("2026-03-10", "2026-03-20"), Is.EqualTo(new[] { 0L, 200 }));
    }

    [Test]
    public async Task Confirm_SuspectReading_IsNoLongerSuspectAndBillsWithoutAsking()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-01-11T00:00:00Z", 20_000), ("2026-01-21T00:00:00Z", 40_000), ("2026-01-22T00:00:00Z", 420_000));
        var id = (await scene.ReadingsAsync(meter))[0].GetProperty("id").GetGuid();
        var body = $$"""{"recordedBy":"{{MeterScene.Someone}}"}""";
        var confirmed = await scene.PostAsync($"v1/meters/{meter}/readings/{id}/confirmation", body);

        Assert.That((confirmed.Status, confirmed.Data.GetProperty("suspect").GetBoolean()), Is.EqualTo((200, false)), confirmed.Text);
        Assert.That(confirmed.Data.GetProperty("confirmed").GetProperty("recordedBy").GetGuid(), Is.EqualTo(MeterScene.Someone));
        Assert.That((await scene.PostAsync($"v1/meters/{meter}/readings/{id}/confirmation", body)).Text, Is.EqualTo(confirmed.Text));
        Assert.That((await scene.GetAsync("v1/readings/suspects")).Data.GetArrayLength(), Is.Zero);
        await scene.SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"1","currency":"EUR"}""");
        Assert.That((await scene.PostAsync($"v1/meters/{meter}/bill-consumption", $$"""
            {"endReadingId":"{{id}}","folioId":"{{id}}","folioKind":"STAY","businessDate":"2026-02-01"}
            """)).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task Remove_Meter_ClosesItAndMayBeRepeated()
    {
        var meter = await scene.CreateMeterAsync();
        await RecordAsync(meter, ("2026-03-10T10:00:00Z", 100_000));
        Assert.That((await RemoveAsync(meter, "2026-03-09T10:00:00Z", 100_000)).Code, Is.EqualTo("REPLACEMENT_BEFORE_READING"));
        var removed = await RemoveAsync(meter, "2026-03-20T10:00:00Z", 150_000);

        Assert.That((removed.Status, removed.Data.GetProperty("removedAt").GetString()), Is.EqualTo((200, "2026-03-20T10:00:00Z")), removed.Text);
        Assert.That((await RemoveAsync(meter, "2026-03-20T10:00:00Z", 150_000)).Text, Is.EqualTo(removed.Text));
        Assert.That((await RemoveAsync(meter, "2026-03-20T10:00:00Z", 150_001)).Code, Is.EqualTo("METER_ALREADY_REMOVED"));
        Assert.That((await ReplaceAsync(meter, "2026-03-21T10:00:00Z", 150_000, "NEW", 0)).Code, Is.EqualTo("METER_ALREADY_REMOVED"));
        Assert.That(await DaysAsync("2026-03-10", "2026-03-20"), Is.EqualTo(new[] { 100L, 50 }));
        var newer = await ReplaceAsync(meter, "2026-03-20T10:00:00Z", 150_000, "NEW", 0);
        Assert.That(newer.Data.GetProperty("replaces").GetGuid(), Is.EqualTo(meter), "its successor, told later");
        Assert.That((await RemoveAsync(meter, "2026-03-20T10:00:00Z", 150_000)).Code, Is.EqualTo("METER_ALREADY_REPLACED"));
    }

    [TestCase("KWH", null, 201)]
    [TestCase("m³", null, 409)]
    [TestCase("Wh", "0.001", 201)]
    [TestCase("MWh", "1", 201, Description = "the caller says so")]
    public async Task Create_MeterOfAnotherUnit_MustSayHowItConverts(string unit, string? multiplier, int status)
    {
        await scene.CreateMeterAsync();
        var answer = await scene.PostAsync("v1/meters", $$"""
            {"serial":"S2","digits":6,"unit":"{{unit}}","multiplier":{{(multiplier is null ? "null" : $"\"{multiplier}\"")}},
             "dossier":{"identifiant":"U","reference":"E","date":"2026-01-01"},
             "produit":{"id":7},"sequence":1,"installedAt":"2026-01-01T00:00:00Z","indexValueMilli":"0"}
            """);
        Assert.That((answer.Status, answer.Status == 409 ? answer.Code : "UNIT_MISMATCH"), Is.EqualTo((status, "UNIT_MISMATCH")), answer.Text);
    }

    private Task<V1Exchange> CorrectAsync(Guid meter, Guid reading, long index) => scene.PostAsync(
        $"v1/meters/{meter}/readings/{reading}/correction",
        $$"""{"indexValueMilli":"{{index}}","recordedBy":"{{MeterScene.Someone}}","reason":"mal lu"}""");

    private Task<V1Exchange> RemoveAsync(Guid meter, string at, long last) => scene.PostAsync(
        $"v1/meters/{meter}/removal", $$"""{"removedAt":"{{at}}","lastIndexValueMilli":"{{last}}","recordedBy":"{{MeterScene.Someone}}"}""");

    private async Task RecordAsync(Guid meter, params (string At, long Index)[] readings)
    {
        foreach (var (at, index) in readings)
        {
            var answer = await scene.ReadAsync(meter, index, MeterScene.At(at));
            Assert.That(answer.Status, Is.EqualTo(201), answer.Text);
        }
    }

    private Task<V1Exchange> VoidAsync(Guid meter, Guid reading, string why) => scene.PostAsync(
        $"v1/meters/{meter}/readings/{reading}/void", $$"""{"recordedBy":"{{MeterScene.Someone}}","reason":"{{why}}"}""");

    private Task<V1Exchange> ReplaceAsync(Guid meter, string at, long last, string serial, long first, int? digits = null) => scene.PostAsync(
        $"v1/meters/{meter}/replacement",
        $$"""{"replacedAt":"{{at}}","lastIndexValueMilli":"{{last}}","serial":"{{serial}}","digits":{{digits?.ToString(CultureInfo.InvariantCulture) ?? "null"}},"firstIndexValueMilli":"{{first}}","recordedBy":"{{MeterScene.Someone}}"}""");

    private async Task<List<long>> DaysAsync(params string[] days)
    {
        var quantities = new List<long>();
        foreach (var day in days)
            quantities.Add(await scene.ConsommationAsync(day, day));
        return quantities;
    }
}

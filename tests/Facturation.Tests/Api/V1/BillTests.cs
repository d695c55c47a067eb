using System.Text.Json;
using Facturation.Core;

namespace Facturation.Tests.Api.V1;

/// <summary>Prices, bills and folios, as clients meet them.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BillTests
{
    private static readonly Guid Folio = new("f0110000-0000-4000-8000-000000000001");

    private MeterScene scene = null!;

    [SetUp]
    public async Task Start() => scene = await MeterScene.StartAsync();

    [TearDown]
    public async Task Stop() => await scene.DisposeAsync();

    /// <summary>The answer of the contract, member for member.</summary>
    [Test]
    public async Task BillConsumption_FirstPeriod_RunsFromTheInstallation()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 123_456);
        var end = (await scene.ReadAsync(meter, 100_999, MeterScene.At("2026-02-01T10:00:00Z"))).ReadingId;

        var answer = await BillAsync(meter, end);

        var id = answer.Data.GetProperty("folioEntryId").GetGuid();
        // 100 units at 0.123456 are 12.3456: 1234.56 cents.
        Assert.That((answer.Status, answer.Text, answer.Location), Is.EqualTo(
            (201, $$$"""{"data":{"folioEntryId":"{{{id}}}","alreadyBilled":false,"amountCents":"1235"}}""", $"/v1/bills/{id}")));
        var bill = (await scene.GetAsync($"v1/bills/{id}")).Data;
        Assert.That(Lines(bill), Is.EqualTo(new[] { "consumption 2026-02-01 2026-02-01 100 123456 12345600" }));
        Assert.That(
            (bill.GetProperty("from").GetString(), bill.GetProperty("to").GetString(), bill.GetProperty("currency").GetString()),
            Is.EqualTo(("2026-01-01T00:00:00Z", "2026-02-01T10:00:00Z", "EUR")));
    }

    [Test]
    public async Task BillConsumption_Again_IsTheSameEntryWithAnotherStatus()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        var first = (await scene.ReadAsync(meter, 5_000, MeterScene.At("2026-02-01"))).ReadingId;
        var second = (await scene.ReadAsync(meter, 9_000, MeterScene.At("2026-03-01"))).ReadingId;
        var entry = (await BillAsync(meter, first)).Data.GetProperty("folioEntryId").GetGuid();
        await BillAsync(meter, second);

        var again = await BillAsync(meter, first, businessDate: "2026-12-24");

        Assert.That((again.Status, again.Text), Is.EqualTo(
            (200, $$$"""{"data":{"folioEntryId":"{{{entry}}}","alreadyBilled":true,"amountCents":"500"}}""")));
        Assert.That((await BillAsync(meter, first, Guid.NewGuid())).Code, Is.EqualTo("BILLED_ELSEWHERE"));
        var entries = (await scene.GetAsync($"v1/folios/{Folio}/entries")).Data.EnumerateArray().Select(e => e.GetProperty("amountCents").GetString());
        Assert.That(entries, Is.EqualTo(new[] { "400", "500" }), "newest first");
        Assert.That((await scene.GetAsync($"v1/meters/{meter}/bills?limit=1")).Data.EnumerateArray().Single().GetProperty("endReadingId").GetGuid(), Is.EqualTo(second));
    }

    [Test]
    public async Task BillConsumption_1000TimesAtOnce_MakesOneEntry()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        var end = (await scene.ReadAsync(meter, 5_000, MeterScene.At("2026-02-01"))).ReadingId;

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => BillAsync(meter, end)));

        Assert.That(answers.Count(answer => answer.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status == 200), Is.EqualTo(999));
        Assert.That(answers.Select(answer => answer.Data.GetProperty("folioEntryId").GetGuid()).Distinct().Count(), Is.EqualTo(1));
        Assert.That((await scene.GetAsync($"v1/folios/{Folio}/entries")).Data.GetArrayLength(), Is.EqualTo(1));
    }

    /// <summary>An Idempotency-Key gives the first answer again, its status too.</summary>
    [Test]
    public async Task BillConsumption_WithAnIdempotencyKey_IsAnsweredAsAtFirst()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        var end = (await scene.ReadAsync(meter, 5_000, MeterScene.At("2026-02-01"))).ReadingId;

        var first = await scene.PostAsync($"v1/meters/{meter}/bill-consumption", Body(end), null, ("Idempotency-Key", "k"));
        var again = await scene.PostAsync($"v1/meters/{meter}/bill-consumption", Body(end), null, ("Idempotency-Key", "k"));

        Assert.That(again, Is.EqualTo(first));
        Assert.That(first.Status, Is.EqualTo(201));
    }

    [Test]
    public async Task BillConsumption_PriceThatChanges_PricesEachDayAtItsOwn()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        await SetPriceAsync("2026-02-02", 2_000_000);
        await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-02-01T12:00:00Z"));
        // 23:30 in UTC is the next day in Paris.
        var end = (await scene.ReadAsync(meter, 13_000, MeterScene.At("2026-02-01T23:30:00Z"))).ReadingId;

        var answer = await BillAsync(meter, end);

        Assert.That(answer.Data.GetProperty("amountCents").GetString(), Is.EqualTo("1600"));
        Assert.That(await LinesAsync(answer), Is.EqualTo(new[]
        {
            "consumption 2026-02-01 2026-02-01 10 1000000 10000000", "consumption 2026-02-02 2026-02-02 3 2000000 6000000",
        }));
    }

    /// <summary>What comes late is a line of the next bill; the old one stays as it is (killbill#876).</summary>
    [Test]
    public async Task BillConsumption_LateReadingAndLaterPrice_AreCorrectionsOfTheNextBill()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        await SetPriceAsync("2026-02-01", 3_000_000);
        var first = (await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-02-10T12:00:00Z"))).ReadingId;
        var old = await BillAsync(meter, first);
        var before = (await scene.GetAsync(old.Location!.TrimStart('/'))).Text;

        // Six of the ten units were counted in January, and the price of 1 January was too low.
        await scene.ReadAsync(meter, 6_000, MeterScene.At("2026-01-20T12:00:00Z"));
        await SetPriceAsync("2026-01-01", 1_500_000);
        var second = (await scene.ReadAsync(meter, 12_000, MeterScene.At("2026-02-20T12:00:00Z"))).ReadingId;
        var answer = await BillAsync(meter, second);

        Assert.That(await LinesAsync(answer), Is.EqualTo(new[]
        {
            "correction 2026-01-20 2026-01-20 6 1500000 9000000",
            "correction 2026-02-10 2026-02-10 -6 3000000 -18000000",
            "consumption 2026-02-20 2026-02-20 2 3000000 6000000",
        }));
        Assert.That(answer.Data.GetProperty("amountCents").GetString(), Is.EqualTo("-300"));
        Assert.That((await scene.GetAsync(old.Location!.TrimStart('/'))).Text, Is.EqualTo(before));
    }

    /// <summary>A meter that is billed to its removal has no next bill: that of its successor carries what comes late.</summary>
    [Test]
    public async Task BillConsumption_LateReadingOfAReplacedMeter_IsACorrectionOfTheSuccessorsBill()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        await SetPriceAsync("2026-02-01", 3_000_000);
        var replaced = await scene.PostAsync($"v1/meters/{meter}/replacement",
            $$"""{"replacedAt":"2026-02-10T00:00:00Z","lastIndexValueMilli":"10000","serial":"T","firstIndexValueMilli":"0","recordedBy":"{{MeterScene.Someone}}"}""");
        var successor = replaced.Data.GetProperty("id").GetGuid();
        var removal = (await scene.ReadingsAsync(meter))[0].GetProperty("id").GetGuid();
        Assert.That((await BillAsync(meter, removal)).Data.GetProperty("amountCents").GetString(), Is.EqualTo("3000"));

        await scene.ReadAsync(meter, 4_000, MeterScene.At("2026-01-20T12:00:00Z"));
        var answer = await BillAsync(successor, (await scene.ReadAsync(successor, 2_000, MeterScene.At("2026-02-20T12:00:00Z"))).ReadingId);

        Assert.That(await LinesAsync(answer), Is.EqualTo(new[]
        {
            "correction 2026-01-20 2026-01-20 4 1000000 4000000",
            "correction 2026-02-10 2026-02-10 -4 3000000 -12000000",
            "consumption 2026-02-20 2026-02-20 2 3000000 6000000",
        }));
        var lines = (await scene.GetAsync(answer.Location!.TrimStart('/'))).Data.GetProperty("lines").EnumerateArray();
        Assert.That(lines.Select(line => line.GetProperty("meterId").GetGuid()), Is.EqualTo(new[] { meter, meter, successor }));
    }

    [Test]
    public async Task BillConsumption_PriceOfBilledDaysThatIsReplaced_TakesThemBackAndChargesThemAnew()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        await scene.ReadAsync(meter, 4_000, MeterScene.At("2026-01-10T12:00:00Z"));
        await BillAsync(meter, (await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-01-20T12:00:00Z"))).ReadingId);

        Assert.That((await SetPriceAsync("2026-01-15", 500_000)).Status, Is.EqualTo(201));
        var answer = await BillAsync(meter, (await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-02-01T12:00:00Z"))).ReadingId);

        Assert.That(await LinesAsync(answer), Is.EqualTo(new[]
        {
            "correction 2026-01-20 2026-01-20 -6 1000000 -6000000", "correction 2026-01-20 2026-01-20 6 500000 3000000",
        }));
        var nothing = await BillAsync(meter, (await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-02-02T12:00:00Z"))).ReadingId);
        Assert.That((nothing.Status, nothing.Data.GetProperty("amountCents").GetString()), Is.EqualTo((201, "0")));
        Assert.That(await LinesAsync(nothing), Is.Empty);
    }

    [Test]
    public async Task BillConsumption_SuspectReading_IsBilledOnRequestOnly()
    {
        var meter = await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-01-10"));
        var jump = (await scene.ReadAsync(meter, 900_000, MeterScene.At("2026-01-11"))).ReadingId;

        var refused = await BillAsync(meter, jump);
        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "READING_SUSPECT")));
        Assert.That((await BillAsync(meter, jump, acceptSuspect: true)).Data.GetProperty("amountCents").GetString(), Is.EqualTo("90000"));
    }

    [Test]
    public async Task BillConsumption_DayWithoutPrice_IsRefusedByItsName()
    {
        var meter = await scene.CreateMeterAsync();
        await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-01-10"));
        var end = (await scene.ReadAsync(meter, 20_000, MeterScene.At("2026-02-10"))).ReadingId;
        await SetPriceAsync("2026-02-01", 1_000_000);

        var refused = await BillAsync(meter, end);

        Assert.That((refused.Status, refused.Code), Is.EqualTo((409, "PRICE_MISSING")));
        Assert.That(refused.Json.GetProperty("message").GetString(), Does.Contain("2026-01-10"));
        Assert.That((await scene.GetAsync($"v1/meters/{meter}/bills")).Data.GetArrayLength(), Is.Zero);
    }

    /// <summary>65000, then 120, of a counter of 16 bits that gives ten pulses a unit: 65.6 units, of which 65 are whole.</summary>
    [Test]
    public async Task BillConsumption_PulseCounterWithAMultiplier_CountsMultipliedUnits()
    {
        var created = await scene.PostAsync("v1/meters", """
            {"serial":"P","digits":5,"rolloverAt":"65536","multiplier":"0.1","unit":"m³","dossier":{"identifiant":"U","reference":"P","date":"2026-01-01"},
             "produit":{"id":7},"sequence":1,"installedAt":"2026-01-01T00:00:00Z","indexValueMilli":"65000000"}
            """);
        Assert.That((created.Data.GetProperty("rolloverAt").GetString(), created.Data.GetProperty("multiplier").GetString()), Is.EqualTo(("65536", "0.1")));
        var meter = created.Data.GetProperty("id").GetGuid();
        await SetPriceAsync("2026-01-01", 1_000_000);
        var end = await scene.ReadAsync(meter, 120_000, MeterScene.At("2026-01-10"));
        Assert.That(end.Status, Is.EqualTo(201), end.Text);

        Assert.That((await BillAsync(meter, end.ReadingId)).Data.GetProperty("amountCents").GetString(), Is.EqualTo("6500"));
        Assert.That(await scene.DossierAsync("P"), Is.EqualTo(65));
    }

    [Test]
    public async Task Prices_ListedAndRemoved_UntilABillChargesThem()
    {
        var meter = await scene.CreateMeterAsync();
        Assert.That((await SetPriceAsync("2026-01-01", 1)).Status, Is.EqualTo(201));
        Assert.That((await SetPriceAsync("2026-01-01", 1_000_000)).Status, Is.EqualTo(200));
        await SetPriceAsync("2026-03-01", 2_000_000);
        await BillAsync(meter, (await scene.ReadAsync(meter, 5_000, MeterScene.At("2026-02-01"))).ReadingId);

        var page = await scene.GetAsync("v1/produits/7/compteurs/1/prices?limit=1");
        Assert.That(page.Data.EnumerateArray().Single().GetProperty("validFrom").GetString(), Is.EqualTo("2026-03-01"));
        var next = await scene.GetAsync($"v1/produits/7/compteurs/1/prices?limit=1&cursor={page.Json.GetProperty("nextCursor").GetString()}");
        Assert.That(next.Text, Is.EqualTo("""{"data":[{"validFrom":"2026-01-01","unitPriceMicros":"1000000","currency":"EUR"}],"nextCursor":null}"""));
        Assert.That((await RemovePriceAsync("2026-01-01")).Code, Is.EqualTo("PRICE_IN_USE"));
        await SetPriceAsync("2026-01-01", 3_000_000);
        Assert.That((await RemovePriceAsync("2026-01-01")).Code, Is.EqualTo("PRICE_IN_USE"), "its billed days would have no price");
        Assert.That((await RemovePriceAsync("2026-03-01")).Text, Is.EqualTo("""{"data":{"validFrom":"2026-03-01","unitPriceMicros":"2000000","currency":"EUR"}}"""));
        Assert.That((await RemovePriceAsync("2026-03-01")).Code, Is.EqualTo("PRICE_NOT_FOUND"));
    }

    /// <summary>In .NET's regular expressions, $ also stands before a line feed at the end.</summary>
    [Test]
    public async Task Bodies_TextThatEndsWithALineFeed_AreRefused()
    {
        await scene.CreateMeterAsync();
        var currency = await scene.SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"1","currency":"EUR\n"}""");
        var multiplier = await scene.PostAsync("v1/meters", """
            {"serial":"P","digits":5,"multiplier":"40\n","unit":"m³","dossier":{"identifiant":"U","reference":"P","date":"2026-01-01"},
             "produit":{"id":7},"sequence":1,"installedAt":"2026-01-01T00:00:00Z","indexValueMilli":"0"}
            """);

        Assert.That((currency.Code, multiplier.Code), Is.EqualTo(("INVALID_BODY", "INVALID_BODY")));
    }

    /// <summary>A price is the client's, whatever the identifiant.</summary>
    [Test]
    public async Task Prices_KeyOfAnIdentifiant_AreReadAndNotChanged()
    {
        await scene.CreateMeterAsync();
        await SetPriceAsync("2026-01-01", 1_000_000);
        var key = await scene.CreateKeyAsync("C", "U", Scopes.BillingWrite);

        Assert.That((await scene.GetAsync("v1/produits/7/compteurs/1/prices", key)).Data.GetArrayLength(), Is.EqualTo(1));
        Assert.That((await SetPriceAsync("2026-02-01", 1, key)).Code, Is.EqualTo("FORBIDDEN"));
        Assert.That((await RemovePriceAsync("2026-01-01", key)).Code, Is.EqualTo("FORBIDDEN"));
    }

    private Task<V1Exchange> SetPriceAsync(string validFrom, long micros, string? key = null) => scene.SendAsync(
        HttpMethod.Put, $"v1/produits/7/compteurs/1/prices/{validFrom}", $$"""{"unitPriceMicros":"{{micros}}","currency":"EUR"}""", key);

    private Task<V1Exchange> RemovePriceAsync(string validFrom, string? key = null) =>
        scene.SendAsync(HttpMethod.Delete, $"v1/produits/7/compteurs/1/prices/{validFrom}", null, key);

    private Task<V1Exchange> BillAsync(
        Guid meter, Guid end, Guid? folio = null, string businessDate = "2026-02-28", bool acceptSuspect = false) =>
        scene.PostAsync($"v1/meters/{meter}/bill-consumption", Body(end, folio, businessDate, acceptSuspect));

    private static string Body(Guid end, Guid? folio = null, string businessDate = "2026-02-28", bool acceptSuspect = false) => $$"""
        {"endReadingId":"{{end}}","folioId":"{{folio ?? Folio}}","folioKind":"contract","businessDate":"{{businessDate}}","acceptSuspect":{{(acceptSuspect ? "true" : "false")}}}
        """;

    private async Task<string[]> LinesAsync(V1Exchange billed) => Lines((await scene.GetAsync(billed.Location!.TrimStart('/'))).Data);

    private static string[] Lines(JsonElement bill) =>
        [.. bill.GetProperty("lines").EnumerateArray().Select(line => string.Join(' ', line.EnumerateObject().Where(member => member.Name != "meterId").Select(member => member.Value.GetString())))];
}

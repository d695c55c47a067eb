using Facturation.Api.V1;
using Facturation.Core;

namespace Facturation.Tests.Api.V1;

/// <summary>
/// Each operation gives every error it is described with, seen here one by one; that it gives no other,
/// <see cref="MeterScene"/> sees to in every test of v1.
/// </summary>
[Parallelizable]
public sealed class RefusalTests
{
    /// <summary>What any request, or any body, may meet before it reaches an operation: other tests make these happen.</summary>
    private static readonly V1Error[] OfTheHost =
        [V1Error.BadRequest, V1Error.RequestTimeout, V1Error.TooManyRequests, V1Error.Internal, V1Error.Unavailable];

    private const string By = "\"recordedBy\":\"5a5a5a5a-0000-4000-8000-000000000001\"";

    private readonly HashSet<(string Operation, string Code)> seen = [];
    private MeterScene scene = null!;
    private string reader = "", stranger = "";

    [Test]
    public async Task Operations_EachOfThem_GivesEveryErrorItIsDescribedWith()
    {
        await using var started = scene = await MeterScene.StartAsync();
        reader = await scene.CreateKeyAsync("C", null, Scopes.ReadingsRead);
        stranger = await scene.CreateKeyAsync("C", null, Scopes.ConsommationRead);
        var meter = await scene.CreateMeterAsync(digits: 4, index: 5_000_000);
        var first = await scene.ReadAsync(meter, 6_000_000, MeterScene.At("2026-02-01"), ("Idempotency-Key", "taken"));

        await RefuseWritesAsync("v1/meters", "", Meter("S2"));
        await RefuseAsync("POST v1/meters", "v1/meters", Meter("S"), Meter("S2", at: "2027-01-01"), Meter("S2", index: "9999999999999"),
            Meter("S2").Replace("\"unit\"", "\"rolloverAt\":\"1000001\",\"unit\"", StringComparison.Ordinal),
            Meter("S2").Replace("kWh", "Wh", StringComparison.Ordinal));

        const string manual = "v1/meters/{id}/readings/manual", batch = "v1/meters/{id}/readings/batch", replacement = "v1/meters/{id}/replacement";
        await RefuseWritesAsync(manual, $"{meter}", Reading("1", "2026-02-02"));
        await RefuseAsync($"POST {manual}", At(manual, Guid.NewGuid()), Reading("1", "2026-02-02"));
        await RefuseAsync($"POST {manual}", At(manual, meter),
            Reading("1", "2027-02-02"), Reading("1", "2020-02-02"), Reading("99999999", "2026-02-02"), Reading("5999999", "2026-02-02"),
            Reading("6000001", "2026-01-31"), Reading("1", "2026-02-01"));

        await RefuseWritesAsync(batch, $"{meter}", Batch("1"));
        await RefuseAsync($"POST {batch}", At(batch, Guid.NewGuid()), Batch("1"));
        await RefuseAsync($"POST {batch}", At(batch, meter), Batch("1"));

        const string voiding = "v1/meters/{id}/readings/{readingId}/void";
        var address = At(voiding, meter).Replace("{readingId}", $"{first.ReadingId}", StringComparison.Ordinal);
        await RefuseWritesAsync(voiding, $"{meter}", Void("x"), $"{first.ReadingId}");
        await RefuseAsync($"POST {voiding}", address.Replace($"{meter}", $"{Guid.NewGuid()}", StringComparison.Ordinal), Void("x"));
        await RefuseAsync($"POST {voiding}", address.Replace($"{first.ReadingId}", $"{Guid.NewGuid()}", StringComparison.Ordinal), Void("x"));
        await RefuseAsync($"POST {voiding}", address.Replace($"{first.ReadingId}", $"{(await scene.ReadingsAsync(meter))[^1].GetProperty("id")}", StringComparison.Ordinal), Void("x"));
        var high = await scene.ReadAsync(meter, 9_500_000, MeterScene.At("2026-02-03"));
        await scene.ReadAsync(meter, 100_000, MeterScene.At("2026-02-04"));
        await RefuseAsync($"POST {voiding}", address.Replace($"{first.ReadingId}", $"{high.ReadingId}", StringComparison.Ordinal), Void("x"));
        await scene.PostAsync(address, Void("x"));
        await RefuseAsync($"POST {voiding}", address, Void("y"));
        await RefuseBillsAsync(voiding);

        await RefuseWritesAsync(replacement, $"{meter}", Replacement("200000", "S2"));
        await RefuseAsync($"POST {replacement}", At(replacement, Guid.NewGuid()), Replacement("1", "S2"));
        await scene.CreateMeterAsync(serial: "S9");
        await RefuseAsync($"POST {replacement}", At(replacement, meter),
            Replacement("1", "S2", "2026-02-03T12:00:00Z"), Replacement("1", "S2", "2027-01-01T00:00:00Z"), Replacement("99999999", "S2"),
            Replacement("1", "S2"), Replacement("7", "S2", "2026-02-04T00:00:00Z"), Replacement("200000", "S9"),
            Replacement("200000", "S2").Replace("\"serial\"", "\"multiplier\":\"999999999\",\"digits\":15,\"serial\"", StringComparison.Ordinal));

        const string correction = "v1/meters/{id}/readings/{readingId}/correction", confirmation = "v1/meters/{id}/readings/{readingId}/confirmation",
            removal = "v1/meters/{id}/removal", meters = "v1/readings/batch";
        var spare = await scene.CreateMeterAsync(serial: "S12", dossier: "G");
        var early = (await scene.ReadAsync(spare, 1_000, MeterScene.At("2026-02-01"))).ReadingId;
        var two = (await scene.ReadAsync(spare, 2_000, MeterScene.At("2026-02-02"))).ReadingId;
        var gone = (await scene.ReadAsync(spare, 3_000, MeterScene.At("2026-02-03"))).ReadingId;
        await scene.PostAsync($"v1/meters/{spare}/readings/{gone}/void", Void("x"));
        foreach (var (path, body) in new[] { (correction, Correction("1")), (confirmation, $$"""{{{By}}}""") })
        {
            await RefuseWritesAsync(path, $"{spare}", body, $"{early}");
            await RefuseAsync($"POST {path}", $"v1/meters/{Guid.NewGuid()}/readings/{early}/{path.Split('/')[^1]}", body);
            await RefuseAsync($"POST {path}", $"v1/meters/{spare}/readings/{Guid.NewGuid()}/{path.Split('/')[^1]}", body);
            await RefuseAsync($"POST {path}", $"v1/meters/{spare}/readings/{gone}/{path.Split('/')[^1]}", body);
        }
        await RefuseAsync($"POST {correction}", $"v1/meters/{spare}/readings/{early}/correction", Correction("2001"), Correction("9999999999"));
        await RefuseAsync($"POST {correction}", $"v1/meters/{spare}/readings/{two}/correction", Correction("999"));
        await RefuseAsync($"POST {confirmation}", $"v1/meters/{spare}/readings/{early}/confirmation", $$"""{{{By}}}""");

        await RefuseWritesAsync(removal, $"{spare}", Removal("2000"));
        await RefuseAsync($"POST {removal}", At(removal, Guid.NewGuid()), Removal("2000"));
        await RefuseAsync($"POST {removal}", At(removal, spare), Removal("2000", "2026-02-01"), Removal("2000", "2027-02-01"), Removal("9999999999"),
            Removal("1"), Removal("7", "2026-02-02"));

        await RefuseWritesAsync(meters, "", OfMeter(spare, "1"), max: 8 << 20);
        await RefuseAsync($"POST {meters}", meters, OfMeter(spare, "1"));
        await RefuseReadAsync("v1/readings", "v1/readings?cursor=x", $"v1/readings?cursor={new Cursor(new(MeterScene.Now, 99_999)).Write("v1/readings")}");

        // The compteur is full but for a few units.
        await scene.Service.ImportAsync(
            $"identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;7;Chaleur;P;2020-01-01;1;Énergie;{long.MaxValue - 6000}");
        await RefuseAsync($"POST {manual}", At(manual, meter), Reading("9000000", "2026-02-05"));
        await RefuseAsync($"POST {batch}", At(batch, meter), $$"""{"readings":[{{Reading("9000000", "2026-02-05")}}]}""");
        await RefuseAsync($"POST {replacement}", At(replacement, meter), Replacement("9000000", "S2"));
        await RefuseAsync($"POST {correction}", $"v1/meters/{spare}/readings/{two}/correction", Correction("9000000"));
        await RefuseAsync($"POST {meters}", meters, OfMeter(spare, "9000000"));
        await RefuseAsync($"POST {removal}", At(removal, spare), Removal("9000000"));
        await scene.PostAsync(At(removal, spare), Removal("2000"));
        await RefuseAsync($"POST {removal}", At(removal, spare), Removal("2001"));
        await RefuseAsync($"POST {replacement}", At(replacement, spare), Replacement("2000", "S3", "2026-04-01T00:00:00Z"));

        await scene.PostAsync(At(replacement, meter), Replacement("200000", "S2"));
        await RefuseAsync($"POST {replacement}", At(replacement, meter), Replacement("200000", "S3"));
        await RefuseAsync($"POST {removal}", At(removal, meter), Removal("200000"));
        await RefuseAsync($"POST {manual}", At(manual, meter), Reading("1", "2026-06-01"));

        const string one = "v1/meters/{id}/readings/{readingId}", allowed = "v1/meters/{id}/readings/allowed";
        await RefuseReadAsync("v1/meters", "v1/meters?limit=0");
        await RefuseReadAsync("v1/meters/{id}", "v1/meters/x", $"v1/meters/{Guid.NewGuid()}");
        await RefuseReadAsync("v1/meters/{id}/readings", $"v1/meters/{meter}/readings?cursor=x", $"v1/meters/{Guid.NewGuid()}/readings");
        await RefuseReadAsync(one, $"v1/meters/{meter}/readings/x", $"v1/meters/{Guid.NewGuid()}/readings/{first.ReadingId}", $"v1/meters/{meter}/readings/{meter}");
        await RefuseReadAsync(allowed, $"v1/meters/{meter}/readings/allowed", $"v1/meters/{Guid.NewGuid()}/readings/allowed?readAt=2026-02-01T00:00:00Z",
            $"v1/meters/{meter}/readings/allowed?readAt=2020-02-01T00:00:00Z", $"v1/meters/{meter}/readings/allowed?readAt=2026-06-01T00:00:00Z");
        var open = await scene.CreateMeterAsync(serial: "S10", dossier: "E");
        await RefuseReadAsync(allowed, $"v1/meters/{open}/readings/allowed?readAt=2027-02-01T00:00:00Z");
        await RefuseReadAsync("v1/readings/suspects", "v1/readings/suspects?limit=x");

        stranger = await scene.CreateKeyAsync("C", null, Scopes.ReadingsWrite);
        await RefuseReadAsync("v1/meters/{id}/consumption", $"v1/meters/{meter}/consumption?window=week", $"v1/meters/{Guid.NewGuid()}/consumption");
        await scene.Service.ImportAsync(
            $"identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;8;Gaz;P;2020-01-01;1;;{long.MaxValue}\nU;8;Gaz;P;2020-01-01;2;;1");
        await RefuseReadAsync("v1/consumption", "v1/consumption?from=hier", "v1/consumption?groupBy=produit");
        await RefuseHeldAsync(voiding, confirmation);

        var described = scene.Described.SelectMany(o => o.Value.Except(OfTheHost).Select(error => (o.Key, error.Code)));
        Assert.That(seen, Is.EquivalentTo(described));
    }

    private async Task RefuseBillsAsync(string voiding)
    {
        const string bill = "v1/meters/{id}/bill-consumption", prices = "v1/produits/{produitId}/compteurs/{sequence}/prices";
        var meter = await scene.CreateMeterAsync(digits: 9, serial: "S11", dossier: "F");
        var huge = (await scene.ReadAsync(meter, 100_000_000_000, MeterScene.At("2026-02-01"))).ReadingId;
        await RefuseAsync($"POST {bill}", At(bill, meter), Bill(huge));
        const string first = "v1/produits/7/compteurs/1/prices/2026-01-01", price = """{"unitPriceMicros":"1000000000000000","currency":"EUR"}""";
        Assert.That((await scene.SendAsync(HttpMethod.Put, first, price)).Status, Is.EqualTo(201));
        await RefuseAsync($"POST {bill}", At(bill, meter), Bill(huge));
        await scene.PostAsync($"v1/meters/{meter}/readings/{huge}/void", Void("x"));
        await RefuseAsync($"POST {bill}", At(bill, meter), Bill(huge));

        var early = (await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-02-02"))).ReadingId;
        var end = (await scene.ReadAsync(meter, 20_000, MeterScene.At("2026-02-03"))).ReadingId;
        var suspect = (await scene.ReadAsync(meter, 500_000, MeterScene.At("2026-02-04"))).ReadingId;
        await RefuseAsync($"POST {bill}", At(bill, meter), Bill(suspect));
        Assert.That((await scene.PostAsync(At(bill, meter), Bill(end))).Status, Is.EqualTo(201));
        await RefuseAsync($"POST {bill}", At(bill, meter), Bill(early), Bill(end, folio: Guid.NewGuid()), Bill(Guid.NewGuid()));
        await RefuseAsync($"POST {bill}", At(bill, Guid.NewGuid()), Bill(end));
        await RefuseWritesAsync(bill, $"{meter}", Bill(suspect));
        await RefuseAsync($"POST {voiding}", $"v1/meters/{meter}/readings/{end}/void", Void("x"));

        foreach (var (key, body, headers) in new (string? Key, string? Body, (string, string)[] Headers)[]
        {
            ("", price, []), (reader, price, []), (null, "{}", []), (null, new string(' ', (1 << 20) + 1), []),
            (null, price, [("Content-Type", "text/plain")]), (null, price.Replace("EUR", "USD", StringComparison.Ordinal), []),
        })
            See($"PUT {prices}/{{validFrom}}", await scene.SendAsync(HttpMethod.Put, first, body, key, headers));
        foreach (var address in new[] { "v1/produits/7/compteurs/1/prices/hier", "v1/produits/99/compteurs/1/prices/2026-01-01" })
        {
            See($"PUT {prices}/{{validFrom}}", await scene.SendAsync(HttpMethod.Put, address, price));
            See($"DELETE {prices}/{{validFrom}}", await scene.SendAsync(HttpMethod.Delete, address, null));
        }
        foreach (var (key, address) in new[] { ("", first), (reader, first), (null, first), (null, "v1/produits/7/compteurs/1/prices/2026-01-02") })
            See($"DELETE {prices}/{{validFrom}}", await scene.SendAsync(HttpMethod.Delete, address, null, key));

        await RefuseReadAsync(prices, "v1/produits/7/compteurs/1/prices?limit=0", "v1/produits/7/compteurs/2/prices");
        await RefuseReadAsync("v1/meters/{id}/bills", $"v1/meters/{meter}/bills?limit=0", $"v1/meters/{Guid.NewGuid()}/bills");
        await RefuseReadAsync("v1/bills/{billId}", "v1/bills/x", $"v1/bills/{Guid.NewGuid()}");
        await RefuseReadAsync("v1/folios/{folioId}/entries", "v1/folios/x/entries");
        await scene.PostAsync($"v1/meters/{meter}/readings/{suspect}/void", Void("x"));

        var closed = await scene.CreateMeterAsync(serial: "S13", dossier: "H");
        early = (await scene.ReadAsync(closed, 1_000, MeterScene.At("2026-02-01"))).ReadingId;
        end = (await scene.ReadAsync(closed, 2_000, MeterScene.At("2026-02-02"))).ReadingId;
        await scene.PostAsync($"v1/meters/{closed}/removal", Removal("2000", "2026-02-02"));
        Assert.That((await scene.PostAsync(At(bill, closed), Bill(end))).Status, Is.EqualTo(201));
        await RefuseAsync($"POST {voiding}", $"v1/meters/{closed}/readings/{early}/void", Void("x"));
        await RefuseAsync("POST v1/meters/{id}/readings/manual", $"v1/meters/{closed}/readings/manual", Reading("1500", "2026-02-01").Replace("T00", "T12", StringComparison.Ordinal));
        var chained = await scene.CreateMeterAsync(serial: "S14", dossier: "I");
        var middle = (await scene.ReadAsync(chained, 1_000, MeterScene.At("2026-02-01"))).ReadingId;
        var next = (await scene.PostAsync($"v1/meters/{chained}/replacement", Replacement("2000", "S15", "2026-02-02T00:00:00Z"))).Data.GetProperty("id").GetGuid();
        var removal = (await scene.ReadingsAsync(chained))[0].GetProperty("id").GetGuid();
        Assert.That((await scene.PostAsync(At(bill, chained), Bill(removal))).Status, Is.EqualTo(201));
        await scene.SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-02-02", price.Replace("1000000000000000", "7", StringComparison.Ordinal));
        await scene.PostAsync($"v1/meters/{chained}/readings/{middle}/void", Void("x"));
        await RefuseAsync("POST v1/meters/{id}/removal", $"v1/meters/{next}/removal", Removal("0", "2026-02-02"));
        foreach (var id in new[] { early, end })
            await RefuseAsync("POST v1/meters/{id}/readings/{readingId}/correction", $"v1/meters/{closed}/readings/{id}/correction", Correction("1500"));
    }

    /// <summary>Of a client that holds suspect readings out: to count one, or what a void gives to the next, may be too much or too late.</summary>
    private async Task RefuseHeldAsync(string voiding, string confirmation)
    {
        await scene.HoldSuspectsAsync();
        await scene.Service.ImportAsync(
            $"identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;9;Froid;P;2020-01-01;1;;{long.MaxValue - 100}");
        var created = await scene.PostAsync("v1/meters", Meter("S16").Replace("\"id\":7", "\"id\":9", StringComparison.Ordinal));
        var meter = created.Data.GetProperty("id").GetGuid();
        await scene.ReadAsync(meter, 1_000, MeterScene.At("2026-01-11"));
        var leap = (await scene.ReadAsync(meter, 501_000, MeterScene.At("2026-01-12"))).ReadingId;
        var last = (await scene.ReadAsync(meter, 501_000, MeterScene.At("2026-06-01"))).ReadingId;
        await RefuseAsync($"POST {confirmation}", $"v1/meters/{meter}/readings/{leap}/confirmation", $$"""{{{By}}}""");
        await RefuseAsync($"POST {voiding}", $"v1/meters/{meter}/readings/{leap}/void", Void("x"));

        await scene.SendAsync(HttpMethod.Put, "v1/produits/9/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"1","currency":"EUR"}""");
        await scene.PostAsync($"v1/meters/{meter}/removal", Removal("501000", "2026-06-01"));
        Assert.That((await scene.PostAsync($"v1/meters/{meter}/bill-consumption", Bill(last))).Status, Is.EqualTo(201));
        await RefuseAsync($"POST {confirmation}", $"v1/meters/{meter}/readings/{leap}/confirmation", $$"""{{{By}}}""");
    }

    /// <summary>What every write may be refused.</summary>
    private async Task RefuseWritesAsync(string path, string id, string body, string readingId = "", int max = 1 << 20)
    {
        var address = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{readingId}", readingId, StringComparison.Ordinal);
        var operation = $"POST {path}";
        See(operation, await scene.PostAsync(address, body, ""));
        See(operation, await scene.PostAsync(address, body, reader));
        See(operation, await scene.PostAsync(address, "{}"));
        See(operation, await scene.PostAsync(address, new string(' ', max + 1)));
        See(operation, await scene.PostAsync(address, body, null, ("Content-Type", "text/plain")));
        See(operation, await scene.PostAsync(address, body, null, ("Idempotency-Key", "a b")));
        See(operation, await scene.PostAsync(address, body, null, ("Idempotency-Key", "taken")));
    }

    private async Task RefuseAsync(string operation, string address, params string[] bodies)
    {
        foreach (var body in bodies)
            See(operation, await scene.PostAsync(address, body));
    }

    private async Task RefuseReadAsync(string path, params string[] addresses)
    {
        See($"GET {path}", await scene.GetAsync(addresses[0], ""));
        See($"GET {path}", await scene.GetAsync(addresses[0], stranger));
        foreach (var address in addresses)
            See($"GET {path}", await scene.GetAsync(address));
    }

    private void See(string operation, V1Exchange answer)
    {
        Assert.That(answer.Status, Is.GreaterThanOrEqualTo(400), $"{operation} {answer.Text}");
        seen.Add((operation, answer.Code!));
    }

    private static string At(string path, Guid meter) => path.Replace("{id}", $"{meter}", StringComparison.Ordinal);

    private static string Meter(string serial, string at = "2026-01-01", string index = "0") => $$"""
        {"serial":"{{serial}}","digits":6,"unit":"kWh","dossier":{"identifiant":"U","reference":"D","date":"2026-01-01"},
         "produit":{"id":7},"sequence":1,"installedAt":"{{at}}T00:00:00Z","indexValueMilli":"{{index}}"}
        """;

    private static string Reading(string index, string day) => $$"""{"indexValueMilli":"{{index}}","readAt":"{{day}}T00:00:00Z",{{By}}}""";

    private static string Batch(string index) => $$"""{"readings":[{{Reading(index, "2026-02-02")}}]}""";

    private static string OfMeter(Guid meter, string index) =>
        $$"""{"readings":[{{Reading(index, "2026-02-20").Replace("{", $"{{\"meterId\":\"{meter}\",", StringComparison.Ordinal)}}]}""";

    private static string Correction(string index) => $$"""{"indexValueMilli":"{{index}}","reason":"x",{{By}}}""";

    private static string Removal(string last, string day = "2026-03-01") =>
        $$"""{"removedAt":"{{day}}T00:00:00Z","lastIndexValueMilli":"{{last}}",{{By}}}""";

    private static string Bill(Guid end, Guid? folio = null) => $$"""
        {"endReadingId":"{{end}}","folioId":"{{folio ?? Guid.Empty}}","folioKind":"stay","businessDate":"2026-02-28"}
        """;

    private static string Void(string reason) => $$"""{"reason":"{{reason}}",{{By}}}""";

    private static string Replacement(string last, string serial, string at = "2026-03-01T00:00:00Z") =>
        $$"""{"replacedAt":"{{at}}","lastIndexValueMilli":"{{last}}","serial":"{{serial}}","firstIndexValueMilli":"0",{{By}}}""";
}

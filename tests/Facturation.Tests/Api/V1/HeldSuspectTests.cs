namespace Facturation.Tests.Api.V1;

/// <summary>A client that holds suspect readings out of consumption and of bills until they are confirmed.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HeldSuspectTests
{
    private const string Since = "2026-01-01", Till = "2026-06-30";

    [Test]
    public async Task Suspect_FromReadingToBill_CountsOnceConfirmed()
    {
        await using var scene = await MeterScene.StartAsync();
        await scene.HoldSuspectsAsync();
        var meter = await scene.CreateMeterAsync();
        await scene.SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"1000000","currency":"EUR"}""");
        await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-01-11"));
        var leap = (await scene.ReadAsync(meter, 510_000, MeterScene.At("2026-01-12"))).ReadingId;
        var end = (await scene.ReadAsync(meter, 511_000, MeterScene.At("2026-01-13"))).ReadingId;

        // What v1 and the legacy answers tell, of the meter, of its client and of each dossier.
        async Task<long[]> CountedAsync() =>
        [
            await scene.ConsommationAsync(Since, Till), await scene.DossierAsync("D"),
            Units(await scene.GetAsync($"v1/meters/{meter}/consumption?from={Since}&to={Till}")),
            Units(await scene.GetAsync($"v1/consumption?from={Since}&to={Till}&produitId=7&groupBy=produit")),
        ];
        Task<V1Exchange> BillAsync(Guid reading) => scene.PostAsync($"v1/meters/{meter}/bill-consumption",
            $$"""{"endReadingId":"{{reading}}","folioId":"{{meter}}","folioKind":"stay","businessDate":"2026-02-01"}""");

        Assert.That(await CountedAsync(), Has.All.EqualTo(11), "what follows counts from the suspect index");
        var suspects = (await scene.GetAsync("v1/readings/suspects")).Data.EnumerateArray();
        Assert.That(suspects.Single().GetProperty("reading").GetProperty("id").GetGuid(), Is.EqualTo(leap));
        var first = await BillAsync(end);
        Assert.That((first.Status, first.Data.GetProperty("amountCents").GetString()), Is.EqualTo((201, "1100")), "without acceptSuspect");

        var confirmed = await scene.PostAsync($"v1/meters/{meter}/readings/{leap}/confirmation", $$"""{"recordedBy":"{{MeterScene.Someone}}"}""");
        Assert.That((confirmed.Status, confirmed.Data.GetProperty("suspect").GetBoolean()), Is.EqualTo((200, false)));
        Assert.That(await CountedAsync(), Has.All.EqualTo(511));
        var next = (await scene.ReadAsync(meter, 513_000, MeterScene.At("2026-01-14"))).ReadingId;
        var second = await BillAsync(next);
        var lines = (await scene.GetAsync(second.Location!.TrimStart('/'))).Data.GetProperty("lines").EnumerateArray().ToArray();
        Assert.That(lines.Select(line => (line.GetProperty("kind").GetString(), line.GetProperty("units").GetString())), Is.EqualTo(new[]
        {
            ("correction", "500"), ("consumption", "2"),
        }));
        Assert.That(second.Data.GetProperty("amountCents").GetString(), Is.EqualTo("50200"));
    }

    private static long Units(V1Exchange report) => long.Parse(report.Data[0].GetProperty("units").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}

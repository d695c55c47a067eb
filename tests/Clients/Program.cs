// Calls the running service with the client generated from its OpenAPI document; the test reads what is printed.
using System.Globalization;
using Facturation.Client;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var http = new HttpClient { BaseAddress = new Uri(args[0]) };
http.DefaultRequestHeaders.Add("X-API-Key", args[1]);
var (meters, readings, consommations) = (new MetersClient(http), new ReadingsClient(http), new ConsommationV2Client(http));
var (bills, prices) = (new BillsClient(http), new PricesClient(http));
var someone = new Guid("5a5a5a5a-0000-4000-8000-000000000001");

var meter = (await meters.CreateAsync(null, new MeterRequest
{
    Serial = "EAU-1", Digits = 6, Unit = "m³", Sequence = 1, Libelle = "Eau froide (m³)",
    Dossier = new DossierModel { Identifiant = "U", Reference = "GEN-CS", Date = "2026-04-01" },
    Produit = new ProduitModel { Id = 7, Nom = "Eau" },
    InstalledAt = new DateTimeOffset(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(2)), IndexValueMilli = "1000",
})).Data;
Console.WriteLine($"meter {meter.Serial} {meter.Dossier.Date} {meter.InstalledAt:u} {meter.ReplacedBy?.ToString() ?? "null"}");

var reading = await readings.RecordAsync(meter.Id, "key-1", new ManualReadingRequest
{
    IndexValueMilli = "43000", ReadAt = new DateTimeOffset(2026, 4, 15, 12, 0, 0, TimeSpan.Zero), RecordedBy = someone,
});
var kept = (await readings.GetAsync(meter.Id, reading.Data.ReadingId)).Data;
Console.WriteLine($"reading {kept.IndexValueMilli} {kept.ReadAt:u} {kept.Suspect} {(kept.Void is null ? "counts" : "void")}");

try
{
    await readings.RecordAsync(meter.Id, null, new ManualReadingRequest
    {
        IndexValueMilli = "1", ReadAt = new DateTimeOffset(2026, 4, 16, 12, 0, 0, TimeSpan.Zero), RecordedBy = someone,
    });
}
catch (ApiException<ErrorModel> e)
{
    Console.WriteLine($"error {e.StatusCode} {e.Result.Code} {e.Result.Status} {e.Result.Origin.Module} {e.Result.TraceId.Length}");
}

try
{
    await readings.RecordBatchAsync(meter.Id, null, new BatchRequest
    {
        Readings = [new() { IndexValueMilli = "1", ReadAt = new DateTimeOffset(2026, 4, 16, 12, 0, 0, TimeSpan.Zero), RecordedBy = someone }],
    });
}
catch (ApiException<ErrorModelOfBatchModel> e)
{
    Console.WriteLine($"batch {e.StatusCode} {e.Result.Code} {e.Result.Data!.Readings.Single().Code}");
}

var answer = await consommations.PostAsync(new ParamModel
{
    Debut = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), Fin = new DateTimeOffset(2026, 4, 30, 0, 0, 0, TimeSpan.Zero), ProduitId = 7,
});
var details = answer.Single().ConsommationsDetails!.Single(d => d.Dossier == "GEN-CS");
Console.WriteLine($"consommation {details.DateDossier} {details.Compteur!.Single().Quantite}");

// Instants of the query, with an offset that is not the machine's.
var readAt = new DateTimeOffset(2026, 4, 15, 14, 0, 0, TimeSpan.FromHours(2));
var allowed = (await readings.AllowedAsync(meter.Id, readAt.AddHours(1))).Data;
Console.WriteLine($"allowed {allowed.ReadAt:u} {allowed.MinIndexValueMilli} {allowed.Before!.ReadAt:u}");
var page = await readings.ListAsync(meter.Id, readAt, readAt, null, 1, null);
Console.WriteLine($"list {page.Data.Single().Id == kept.Id} {page.NextCursor ?? "null"}");

var leap = (await readings.RecordAsync(meter.Id, null, new ManualReadingRequest { IndexValueMilli = "943000", ReadAt = readAt.AddDays(1), RecordedBy = someone })).Data.ReadingId;
Console.WriteLine($"suspects {(await meters.SuspectsAsync(null, 1)).Data.Single().Reading.Id == leap}");
var sure = (await readings.ConfirmAsync(meter.Id, leap, null, new ConfirmationRequest { RecordedBy = someone })).Data;
Console.WriteLine($"confirmed {sure.Suspect} {sure.Confirmed!.RecordedBy == someone}");
leap = (await readings.CorrectAsync(meter.Id, leap, null, new CorrectionRequest { IndexValueMilli = "943001", RecordedBy = someone, Reason = "misread" })).Data.Id;
var gone = (await readings.VoidAsync(meter.Id, leap, null, new VoidRequest { RecordedBy = someone, Reason = "misread" })).Data;
Console.WriteLine($"void {gone.Void!.Reason}");
var many = (await meters.RecordBatchAsync(null, new MetersBatchRequest
{
    Mode = MetersBatchRequestMode.Partial,
    Readings = [new() { MeterId = meter.Id, IndexValueMilli = "43000", ReadAt = kept.ReadAt, RecordedBy = someone }],
})).Data;
Console.WriteLine($"many {many.Committed} {many.Readings.Single().Verdict}");
var changes = await meters.ChangesAsync(null, 2);
Console.WriteLine($"changes {changes.Data.First().MeterId == meter.Id} {changes.HasMore} {(await meters.ChangesAsync(changes.NextCursor, 1000)).HasMore}");

var consumption = new ConsumptionClient(http);
var sum = (await consumption.OfMeterAsync(meter.Id, "2026-04-15", "2026-04-15", "day", null, null, null)).Data.Single();
var sums = (await consumption.ReadAsync("2026-04-15", null, 7, null, "GEN-CS", "produit,identifiant", "month", null, null, null, null)).Data;
Console.WriteLine($"consumption {sum.From:yyyy-MM-dd} {sum.Units} {sums.Single().To:yyyy-MM-dd} {sums.Single().Identifiant} {sums.Single().Sequence?.ToString() ?? "none"}");

var price = new PriceRequest { UnitPriceMicros = "3500000", Currency = "EUR" };
await prices.SetAsync(7, 1, "2026-01-01", price);
await prices.SetAsync(7, 1, "2027-01-01", price);
var removed = (await prices.RemoveAsync(7, 1, "2027-01-01")).Data;
Console.WriteLine($"prices {removed.ValidFrom:yyyy-MM-dd} {(await prices.ListAsync(7, 1, null, null)).Data.Single().UnitPriceMicros}");
var order = new BillConsumptionRequest { EndReadingId = kept.Id, FolioId = meter.Id, FolioKind = BillConsumptionRequestFolioKind.Stay, BusinessDate = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero) };
var billed = (await bills.BillConsumptionAsync(meter.Id, null, order)).Data;
var again = (await bills.BillConsumptionAsync(meter.Id, null, order)).Data;
Console.WriteLine($"billed {billed.AmountCents} {billed.AlreadyBilled} {again.AlreadyBilled} {again.FolioEntryId == billed.FolioEntryId}");
var bill = (await bills.GetAsync(billed.FolioEntryId)).Data;
Console.WriteLine($"bill {bill.BusinessDate:yyyy-MM-dd} {bill.Lines!.Single().Units} {(await bills.ListAsync(meter.Id, null, null)).Data.Single().Lines is null}");
Console.WriteLine($"folio {(await bills.ListEntriesAsync(meter.Id, null, null)).Data.Single().AmountCents}");

var next = (await meters.ReplaceAsync(meter.Id, null, new ReplacementRequest
{
    ReplacedAt = readAt.AddDays(2), LastIndexValueMilli = "44000", Serial = "EAU-1B", FirstIndexValueMilli = "0", RecordedBy = someone,
})).Data;
Console.WriteLine($"replaced {(await meters.GetAsync(meter.Id, null)).Data.ReplacedBy == next.Id} {(await meters.ListAsync("EAU-1B", "U", "GEN-CS", 7, null, true, null, null)).Data.Single().LastReading!.IndexValueMilli}");
var last = (await meters.RemoveAsync(next.Id, null, new RemovalRequest { RemovedAt = readAt.AddDays(3), LastIndexValueMilli = "0", RecordedBy = someone })).Data;
Console.WriteLine($"removed {last.RemovedAt:u} {last.Replaces == meter.Id}");

try
{
    await consommations.PostAsync(new ParamModel { Debut = DateTimeOffset.UnixEpoch.AddDays(1), Fin = DateTimeOffset.UnixEpoch });
}
catch (ApiException<HttpError> e)
{
    Console.WriteLine($"refused {e.StatusCode} {e.Result.Message}");
}

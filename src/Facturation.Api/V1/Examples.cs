using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// An example of each request and answer of v1, for the documentation: a meter is created, read, read again by batch, a reading
/// of it is voided, and it is replaced. The requests work if they are sent in that order.
/// </summary>
internal static class Examples
{
    private static readonly Guid Meter = new("2489e9ad-2ee2-8e00-8ec9-32d5f69181c0");
    private static readonly Guid ReadingId = new("018f2f5e-7c00-7a3b-9d15-6f2b8c4d1e90");
    private static readonly Guid First = new("018f2f5e-7c00-7a3b-9d15-6f2b8c4d1e8f");
    private static readonly Guid Folio = new("018f2f5e-7c00-7a3b-9d15-6f2b8c4d1f00");
    private static readonly Guid BillId = new("018f2f5e-7c00-7a3b-9d15-6f2b8c4d1f01");
    private static readonly Guid Someone = new("2489e9ad-2ee2-8e00-8ec9-32d5f69181c0");
    private static readonly DateTimeOffset Installed = At("2026-04-01T06:00:00Z"), Read = At("2026-04-15T12:00:00Z");

    private static readonly DossierModel Dossier = new("mairie.tréville", "HDV-EAU", new DateTime(2026, 4, 1));
    private static readonly ProduitModel Produit = new(2, "Eau potable");
    private static readonly ManualReadingRequest Manual = new(1234567, Read, Someone, "example");
    private static readonly ReadingModel Reading =
        new(ReadingId, 1234567, Read, Someone, "example", Read.AddSeconds(2), false, null, null);

    private static readonly Dictionary<Type, object> All = new object[]
    {
        new MeterRequest("EAU-0142", 6, null, null, "m³", Dossier, Produit, 1, "Eau froide (m³)", Installed, 1204310, Someone, null),
        new MeterModel(Meter, "EAU-0142", 6, 1000000, "1", "m³", Dossier, Produit, 1, "Eau froide (m³)", Installed, null, null, null, null),
        Manual,
        new RecordedModel(ReadingId),
        Reading,
        new MeterReadingModel(Meter, Reading),
        new AllowedModel(Read, 1204310, 999999999, null, Reading with { IndexValueMilli = 1204310, ReadAt = Installed, ProofRef = null }, null),
        new BatchRequest("partial", false, [Manual, new(1250000, At("2026-05-01T12:00:00Z"), Someone, null)]),
        new BatchModel(true, false, 1, 1, 0,
        [
            new(0, "duplicate", ReadingId, false, null, null),
            new(1, "recorded", new("018f2f5e-7c00-7a3b-9d15-6f2b8c4d1e91"), false, null, null),
        ]),
        new MeterReadingRequest(Meter, 1260000, At("2026-05-15T12:00:00Z"), Someone, null),
        new MetersBatchRequest("partial", false, [new(Meter, 1260000, At("2026-05-15T12:00:00Z"), Someone, null)]),
        new CorrectionRequest(1234568, Someone, "chiffre mal lu", null),
        new ConfirmationRequest(Someone),
        new VoidRequest(Someone, "mauvais compteur"),
        new ReplacementRequest(At("2026-06-01T09:00:00Z"), 1270000, "EAU-0143", null, null, null, 0, Someone, null),
        new RemovalRequest(At("2026-06-15T09:00:00Z"), 30000, Someone, null),
        new PriceRequest(3_500_000, "EUR"),
        new PriceModel(new DateOnly(2026, 1, 1), 3_500_000, "EUR"),
        new BillConsumptionRequest(ReadingId, Folio, FolioKinds.Contract, new DateOnly(2026, 4, 15), false),
        new BilledModel(BillId, false, 10_500),
        new BillModel(
            BillId, Meter, Folio, FolioKinds.Contract, new DateOnly(2026, 4, 15), First, ReadingId, Installed, Read, 10_500, "EUR", Read.AddHours(1),
            [new BillLineModel("consumption", new DateOnly(2026, 4, 15), new DateOnly(2026, 4, 15), 30, 3_500_000, "105000000", Meter)]),
        new FolioEntryModel(BillId, Meter, FolioKinds.Contract, new DateOnly(2026, 4, 15), 10_500, "EUR", Read.AddHours(1)),
        new ConsumptionModel(
            new DateOnly(2026, 4, 1), new DateOnly(2026, 4, 30), 2, "Eau potable", 1, "Eau froide (m³)", null, null, null, 30),
        new MeterConsumptionModel(new DateOnly(2026, 4, 1), new DateOnly(2026, 4, 30), 30),
    }.ToDictionary(example => example.GetType());

    /// <summary>The example of a type of request or answer.</summary>
    public static object Of(Type type)
    {
        if (!type.IsGenericType)
            return All[type];
        var inner = All[type.GetGenericArguments()[0]];
        if (type.GetGenericTypeDefinition() == typeof(Data<>))
            return Activator.CreateInstance(type, inner)!;
        var items = Array.CreateInstance(inner.GetType(), 1);
        items.SetValue(inner, 0);
        return type.GetGenericTypeDefinition() switch
        {
            var list when list == typeof(DataList<>) => Activator.CreateInstance(type, items)!,
            var changes when changes == typeof(DataChanges<>) => Activator.CreateInstance(
                type, items, new Cursor(new(default, 1)).Write("v1/readings"), false)!,
            _ => Activator.CreateInstance(type, items, null)!,
        };
    }

    /// <summary>The value of a required parameter; null for any other.</summary>
    public static string? OfParameter(string name) => name switch
    {
        "id" => Meter.ToString(),
        "readingId" => ReadingId.ToString(),
        "readAt" => Instants.Write(Read),
        "billId" => BillId.ToString(),
        "folioId" => Folio.ToString(),
        "produitId" => "2",
        "sequence" => "1",
        "validFrom" => "2026-01-01",
        _ => null,
    };

    /// <summary>The example of an error.</summary>
    public static object Of(V1Error error) =>
        new ErrorModel(error.Code, error.Meaning, new("metering", error.Module), error.Status, "4bf92f3577b34da6a3ce929d0e0e4736");

    private static DateTimeOffset At(string text) => Instants.TryRead(text, out var instant) ? instant : throw new FormatException(text);
}

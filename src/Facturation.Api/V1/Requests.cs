using System.Text.Json;
using System.Text.Json.Serialization;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>A reading made by hand.</summary>
/// <param name="IndexValueMilli">Index en milli-unités (bigint string).</param>
/// <param name="ReadAt">When the meter showed it, RFC 3339 with an offset.</param>
/// <param name="RecordedBy">Who read it.</param>
/// <param name="ProofRef">Where a proof lies, up to 500 characters.</param>
public sealed record ManualReadingRequest(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long IndexValueMilli,
    DateTimeOffset ReadAt,
    Guid RecordedBy,
    string? ProofRef) : IBody<ManualReadingRequest>
{
    static ManualReadingRequest IBody<ManualReadingRequest>.Read(Fields fields) => Read(fields);

    internal static ManualReadingRequest Read(Fields fields) => new(
        fields.Milli("indexValueMilli"),
        fields.Instant("readAt"),
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("proofRef", required: false));

    internal SentReading ToReading() => new(IndexValueMilli, ReadAt, RecordedBy, ProofRef);
}

/// <summary>Readings of one meter.</summary>
/// <param name="Mode">atomic (default): all or none; partial: those that are not refused.</param>
/// <param name="DryRun">True: tell what would become of them, record nothing.</param>
/// <param name="Readings">1 to 1000 readings; null for a line that cannot be read.</param>
public sealed record BatchRequest(string Mode, bool DryRun, IReadOnlyList<ManualReadingRequest?> Readings) : IBody<BatchRequest>
{
    private const string Atomic = "atomic", Partial = "partial";
    private const int MaxLines = 1000;

    internal bool IsAtomic => Mode == Atomic;

    /// <summary>What is wrong with each line: each is read for itself, so that each has its verdict.</summary>
    [JsonIgnore]
    internal List<string?> Errors { get; } = [];

    static BatchRequest IBody<BatchRequest>.Read(Fields fields)
    {
        var readings = new List<ManualReadingRequest?>();
        var request = new BatchRequest(fields.Word("mode", Atomic, Partial), fields.Flag("dryRun"), readings);
        foreach (var line in fields.Array("readings", MaxLines))
        {
            var members = new Fields(line);
            var reading = line.ValueKind == JsonValueKind.Object ? ManualReadingRequest.Read(members) : null;
            var error = reading is null ? "un objet est attendu" : members.Errors.Count > 0 ? string.Join(" ; ", members.Errors) : null;
            readings.Add(error is null ? reading : null);
            request.Errors.Add(error);
        }
        return request;
    }
}

/// <summary>Why a reading is voided, and by whom.</summary>
/// <param name="RecordedBy">Who voids it.</param>
/// <param name="Reason">Why, up to 500 characters.</param>
public sealed record VoidRequest(Guid RecordedBy, string Reason) : IBody<VoidRequest>
{
    static VoidRequest IBody<VoidRequest>.Read(Fields fields) => new(
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("reason")!);
}

/// <summary>A meter to create.</summary>
/// <param name="Serial">Its serial number, up to 100 characters.</param>
/// <param name="Digits">The digits of its whole units, 1 to 15.</param>
/// <param name="Unit">What it counts, up to 20 characters.</param>
/// <param name="Dossier">The dossier it feeds; created when unknown, as its identifiant is.</param>
/// <param name="Produit">The produit it counts; created when unknown. Its name is taken only where it has none.</param>
/// <param name="Sequence">The compteur of the produit it feeds; created when unknown.</param>
/// <param name="Libelle">The compteur's label, taken only where it has none.</param>
/// <param name="InstalledAt">When it was installed, RFC 3339 with an offset.</param>
/// <param name="IndexValueMilli">What it showed then, in thousandths of a unit, a string of digits.</param>
/// <param name="RecordedBy">Who installed it.</param>
/// <param name="ProofRef">Where a proof lies.</param>
public sealed record MeterRequest(
    string Serial, int Digits, string Unit, DossierModel Dossier, ProduitModel Produit, int Sequence, string? Libelle,
    DateTimeOffset InstalledAt,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long IndexValueMilli,
    Guid? RecordedBy,
    string? ProofRef) : IBody<MeterRequest>
{
    static MeterRequest IBody<MeterRequest>.Read(Fields fields)
    {
        var (dossier, produit) = (fields.Object("dossier"), fields.Object("produit"));
        return new(
            fields.Text("serial", Meter.MaxSerial)!,
            fields.Integer("digits", 1, Meter.MaxDigits).GetValueOrDefault(),
            fields.Text("unit", Meter.MaxUnit)!,
            new(
                dossier?.Text("identifiant", LigneBrute.MaxIdentifiant)!,
                dossier?.Text("reference", LigneBrute.MaxDossier)!,
                dossier?.HourOfParis("date") ?? default),
            new((produit?.Integer("id")).GetValueOrDefault(), produit?.Text("nom", LigneBrute.MaxNom, required: false)),
            fields.Integer("sequence").GetValueOrDefault(),
            fields.Text("libelle", LigneBrute.MaxNom, required: false),
            fields.Instant("installedAt"),
            fields.Milli("indexValueMilli"),
            fields.Uuid("recordedBy", required: false),
            fields.Note("proofRef", required: false));
    }

    internal Meter ToMeter() => new()
    {
        Id = Guid.CreateVersion7(),
        Serial = Serial,
        Digits = Digits,
        Unit = Unit,
        Identifiant = Dossier.Identifiant,
        Dossier = Dossier.Reference,
        DateDossier = Dossier.Date,
        ProduitId = Produit.Id,
        NomProduit = Produit.Nom,
        Sequence = Sequence,
        Libelle = Libelle,
        InstalledAt = InstalledAt,
    };

    internal SentReading ToReading() => new(IndexValueMilli, InstalledAt, RecordedBy, ProofRef) { InstantName = "installedAt" };
}

/// <summary>The last index of a meter that is removed, and the meter that takes its place.</summary>
/// <param name="ReplacedAt">When, RFC 3339 with an offset.</param>
/// <param name="LastIndexValueMilli">What the old meter showed then, in thousandths of a unit, a string of digits.</param>
/// <param name="Serial">The new meter's serial number.</param>
/// <param name="Digits">The new meter's digits; as many as the old one's when absent.</param>
/// <param name="FirstIndexValueMilli">What the new meter showed then, in thousandths of a unit, a string of digits.</param>
/// <param name="RecordedBy">Who replaced it.</param>
/// <param name="ProofRef">Where a proof lies.</param>
public sealed record ReplacementRequest(
    DateTimeOffset ReplacedAt,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long LastIndexValueMilli,
    string Serial,
    int? Digits,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long FirstIndexValueMilli,
    Guid RecordedBy,
    string? ProofRef) : IBody<ReplacementRequest>
{
    static ReplacementRequest IBody<ReplacementRequest>.Read(Fields fields) => new(
        fields.Instant("replacedAt"),
        fields.Milli("lastIndexValueMilli"),
        fields.Text("serial", Meter.MaxSerial)!,
        fields.Integer("digits", 1, Meter.MaxDigits, required: false),
        fields.Milli("firstIndexValueMilli"),
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("proofRef", required: false));

    internal SentReading ToLast() => new(LastIndexValueMilli, ReplacedAt, RecordedBy, ProofRef)
    {
        InstantName = "replacedAt",
        IndexName = "lastIndexValueMilli",
    };
}

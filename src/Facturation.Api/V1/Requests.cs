using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>Un relevé manuel.</summary>
/// <param name="IndexValueMilli">Index en milli-unités (bigint string).</param>
/// <param name="ReadAt">L'instant où le compteur le montrait, RFC 3339 avec son décalage.</param>
/// <param name="RecordedBy">L'uuid de qui l'a relevé.</param>
/// <param name="ProofRef">Où se trouve une preuve ; 500 caractères au plus.</param>
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

/// <summary>Un relevé d'un lot de plusieurs compteurs.</summary>
/// <param name="MeterId">L'uuid du compteur.</param>
/// <param name="IndexValueMilli">Index en milli-unités (bigint string).</param>
/// <param name="ReadAt">L'instant où le compteur le montrait, RFC 3339 avec son décalage.</param>
/// <param name="RecordedBy">L'uuid de qui l'a relevé.</param>
/// <param name="ProofRef">Où se trouve une preuve ; 500 caractères au plus.</param>
public sealed record MeterReadingRequest(
    Guid MeterId,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long IndexValueMilli,
    DateTimeOffset ReadAt,
    Guid RecordedBy,
    string? ProofRef) : IBody<MeterReadingRequest>
{
    static MeterReadingRequest IBody<MeterReadingRequest>.Read(Fields fields) => Read(fields);

    internal static MeterReadingRequest Read(Fields fields)
    {
        var (meter, reading) = (fields.Uuid("meterId").GetValueOrDefault(), ManualReadingRequest.Read(fields));
        return new(meter, reading.IndexValueMilli, reading.ReadAt, reading.RecordedBy, reading.ProofRef);
    }

    internal (Guid, SentReading) ToReading() => (MeterId, new(IndexValueMilli, ReadAt, RecordedBy, ProofRef));
}

/// <summary>What batches of readings have in common.</summary>
/// <param name="Mode">atomic (par défaut) : tous ou aucun ; partial : ceux qui ne sont pas refusés.</param>
/// <param name="DryRun">Vrai : dire ce qu'ils deviendraient, ne rien enregistrer.</param>
public abstract record Batch(string Mode, bool DryRun)
{
    private const string Atomic = "atomic", Partial = "partial";

    internal bool IsAtomic => Mode == Atomic;

    /// <summary>The error of each line, or null. Each line is read separately and has its own verdict.</summary>
    [JsonIgnore]
    internal List<string?> Errors { get; } = [];

    private protected static (string Mode, bool DryRun) ReadMode(Fields fields) => (fields.Word("mode", Atomic, Partial), fields.Flag("dryRun"));

    private protected void ReadLines<T>(Fields fields, int max, List<T?> lines, Func<Fields, T> read) where T : class
    {
        foreach (var json in fields.Array("readings", max))
        {
            var members = new Fields(json);
            var line = json.ValueKind == JsonValueKind.Object ? read(members) : null;
            var error = line is null ? "un objet est attendu" : members.Errors.Count > 0 ? string.Join(" ; ", members.Errors) : null;
            lines.Add(error is null ? line : null);
            Errors.Add(error);
        }
    }
}

/// <summary>Des relevés d'un même compteur.</summary>
/// <param name="Mode">atomic (par défaut) : tous ou aucun ; partial : ceux qui ne sont pas refusés.</param>
/// <param name="DryRun">Vrai : dire ce qu'ils deviendraient, ne rien enregistrer.</param>
/// <param name="Readings">1 à 1000 relevés.</param>
public sealed record BatchRequest(string Mode, bool DryRun, IReadOnlyList<ManualReadingRequest?> Readings)
    : Batch(Mode, DryRun), IBody<BatchRequest>
{
    private const int MaxLines = 1000;

    static BatchRequest IBody<BatchRequest>.Read(Fields fields)
    {
        var lines = new List<ManualReadingRequest?>();
        var (mode, dryRun) = ReadMode(fields);
        var batch = new BatchRequest(mode, dryRun, lines);
        batch.ReadLines(fields, MaxLines, lines, ManualReadingRequest.Read);
        return batch;
    }
}

/// <summary>Des relevés de plusieurs compteurs.</summary>
/// <param name="Mode">atomic (par défaut) : tous ou aucun ; partial : ceux qui ne sont pas refusés.</param>
/// <param name="DryRun">Vrai : dire ce qu'ils deviendraient, ne rien enregistrer.</param>
/// <param name="Readings">1 à 10 000 relevés.</param>
public sealed record MetersBatchRequest(string Mode, bool DryRun, IReadOnlyList<MeterReadingRequest?> Readings)
    : Batch(Mode, DryRun), IBody<MetersBatchRequest>
{
    private const int MaxLines = 10_000;

    static int IBody<MetersBatchRequest>.MaxBytes => RequestBody.MaxMetersBatch;

    static MetersBatchRequest IBody<MetersBatchRequest>.Read(Fields fields)
    {
        var lines = new List<MeterReadingRequest?>();
        var (mode, dryRun) = ReadMode(fields);
        var batch = new MetersBatchRequest(mode, dryRun, lines);
        batch.ReadLines(fields, MaxLines, lines, MeterReadingRequest.Read);
        return batch;
    }
}

/// <summary>L'annulation d'un relevé.</summary>
/// <param name="RecordedBy">L'uuid de qui l'annule.</param>
/// <param name="Reason">Pourquoi ; 500 caractères au plus.</param>
public sealed record VoidRequest(Guid RecordedBy, string Reason) : IBody<VoidRequest>
{
    static VoidRequest IBody<VoidRequest>.Read(Fields fields) => new(
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("reason")!);
}

/// <summary>La correction d'un relevé.</summary>
/// <param name="IndexValueMilli">Le bon index, en milli-unités (bigint string).</param>
/// <param name="RecordedBy">L'uuid de qui le corrige.</param>
/// <param name="Reason">Pourquoi ; 500 caractères au plus.</param>
/// <param name="ProofRef">Où se trouve une preuve du bon index ; 500 caractères au plus.</param>
public sealed record CorrectionRequest(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long IndexValueMilli,
    Guid RecordedBy, string Reason, string? ProofRef) : IBody<CorrectionRequest>
{
    static CorrectionRequest IBody<CorrectionRequest>.Read(Fields fields) => new(
        fields.Milli("indexValueMilli"),
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("reason")!,
        fields.Note("proofRef", required: false));
}

/// <summary>La confirmation d'un relevé suspect.</summary>
/// <param name="RecordedBy">L'uuid de qui le confirme.</param>
public sealed record ConfirmationRequest(Guid RecordedBy) : IBody<ConfirmationRequest>
{
    static ConfirmationRequest IBody<ConfirmationRequest>.Read(Fields fields) => new(fields.Uuid("recordedBy").GetValueOrDefault());
}

/// <summary>Un compteur à créer.</summary>
/// <param name="Serial">Son numéro de série ; 100 caractères au plus.</param>
/// <param name="Digits">Ses chiffres, d'unités entières : 1 à 15.</param>
/// <param name="RolloverAt">L'index, en unités entières, auquel il repasse à zéro (bigint string), de 10 à 10^digits ; 10^digits si absent. 65536 pour un compteur d'impulsions de 16 bits.</param>
/// <param name="Multiplier">Ce que vaut une unité de l'index : rapport de transformation ou poids d'impulsion, un décimal positif de 6 décimales au plus ; 1 si absent. Fixe : il ne change que par un remplacement.</param>
/// <param name="Unit">Ce qu'il compte (kWh, m³…) ; 20 caractères au plus.</param>
/// <param name="Dossier">Le dossier qu'il alimente ; créé s'il est inconnu, comme son identifiant.</param>
/// <param name="Produit">Le produit qu'il compte ; créé s'il est inconnu. Son nom n'est pris que s'il n'en a pas.</param>
/// <param name="Sequence">Le numéro, dans le produit, du compteur qu'il alimente ; créé s'il est inconnu.</param>
/// <param name="Libelle">Le libellé de ce compteur de produit, pris seulement s'il n'en a pas.</param>
/// <param name="InstalledAt">L'instant de sa pose, RFC 3339 avec son décalage.</param>
/// <param name="IndexValueMilli">Ce qu'il montrait alors : index en milli-unités (bigint string).</param>
/// <param name="RecordedBy">L'uuid de qui l'a posé.</param>
/// <param name="ProofRef">Où se trouve une preuve ; 500 caractères au plus.</param>
public sealed record MeterRequest(
    string Serial, int Digits,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long? RolloverAt,
    string? Multiplier, string Unit, DossierModel Dossier, ProduitModel Produit, int Sequence, string? Libelle,
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
            Registers.RolloverAt(fields),
            Registers.Multiplier(fields),
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
        Id = Instants.NewUid(DateTimeOffset.UtcNow),
        Serial = Serial,
        Digits = Digits,
        Register = new(RolloverAt ?? Register.RolloverOf(Digits), Registers.Micros(Multiplier) ?? Register.NoMultiplier),
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

/// <summary>Le dernier index d'un compteur déposé, et le compteur qui prend sa place.</summary>
/// <param name="ReplacedAt">L'instant du remplacement, RFC 3339 avec son décalage.</param>
/// <param name="LastIndexValueMilli">Ce que l'ancien compteur montrait alors : index en milli-unités (bigint string).</param>
/// <param name="Serial">Le numéro de série du nouveau ; 100 caractères au plus.</param>
/// <param name="Digits">Les chiffres du nouveau, 1 à 15 ; autant que l'ancien si absent.</param>
/// <param name="RolloverAt">L'index auquel le nouveau repasse à zéro ; si absent, celui de l'ancien, ou 10^digits quand digits est donné.</param>
/// <param name="Multiplier">Ce que vaut une unité de l'index du nouveau ; autant que pour l'ancien si absent.</param>
/// <param name="FirstIndexValueMilli">Ce que le nouveau montrait alors : index en milli-unités (bigint string).</param>
/// <param name="RecordedBy">L'uuid de qui l'a remplacé.</param>
/// <param name="ProofRef">Où se trouve une preuve ; 500 caractères au plus.</param>
public sealed record ReplacementRequest(
    DateTimeOffset ReplacedAt,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long LastIndexValueMilli,
    string Serial,
    int? Digits,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long? RolloverAt,
    string? Multiplier,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long FirstIndexValueMilli,
    Guid RecordedBy,
    string? ProofRef) : IBody<ReplacementRequest>
{
    static ReplacementRequest IBody<ReplacementRequest>.Read(Fields fields) => new(
        fields.Instant("replacedAt"),
        fields.Milli("lastIndexValueMilli"),
        fields.Text("serial", Meter.MaxSerial)!,
        fields.Integer("digits", 1, Meter.MaxDigits, required: false),
        Registers.RolloverAt(fields),
        Registers.Multiplier(fields),
        fields.Milli("firstIndexValueMilli"),
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("proofRef", required: false));

    internal SentReading ToLast() => new(LastIndexValueMilli, ReplacedAt, RecordedBy, ProofRef)
    {
        InstantName = "replacedAt",
        IndexName = "lastIndexValueMilli",
    };
}

/// <summary>Le dernier index d'un compteur déposé, que rien ne remplace.</summary>
/// <param name="RemovedAt">L'instant de la dépose, RFC 3339 avec son décalage ; celui de la pose pour un compteur créé par erreur.</param>
/// <param name="LastIndexValueMilli">Ce que le compteur montrait alors : index en milli-unités (bigint string).</param>
/// <param name="RecordedBy">L'uuid de qui l'a déposé.</param>
/// <param name="ProofRef">Où se trouve une preuve ; 500 caractères au plus.</param>
public sealed record RemovalRequest(
    DateTimeOffset RemovedAt,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long LastIndexValueMilli,
    Guid RecordedBy,
    string? ProofRef) : IBody<RemovalRequest>
{
    static RemovalRequest IBody<RemovalRequest>.Read(Fields fields) => new(
        fields.Instant("removedAt"),
        fields.Milli("lastIndexValueMilli"),
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("proofRef", required: false));

    internal SentReading ToLast() => new(LastIndexValueMilli, RemovedAt, RecordedBy, ProofRef)
    {
        InstantName = "removedAt",
        IndexName = "lastIndexValueMilli",
    };
}

/// <summary>Une période à facturer.</summary>
/// <param name="EndReadingId">L'uuid du relevé qui ferme la période.</param>
/// <param name="FolioId">L'uuid du folio où le montant est imputé.</param>
/// <param name="FolioKind">La nature du folio : stay ou contract.</param>
/// <param name="BusinessDate">La journée comptable, AAAA-MM-JJ.</param>
/// <param name="AcceptSuspect">Vrai : facturer aussi les relevés suspects de la période ; sans effet si le client les fait tenir à part.</param>
public sealed record BillConsumptionRequest(
    Guid EndReadingId, Guid FolioId, string FolioKind, DateOnly BusinessDate, bool AcceptSuspect) : IBody<BillConsumptionRequest>
{
    static BillConsumptionRequest IBody<BillConsumptionRequest>.Read(Fields fields) => new(
        fields.Uuid("endReadingId").GetValueOrDefault(),
        fields.Uuid("folioId").GetValueOrDefault(),
        fields.Word("folioKind", required: true, FolioKinds.Stay, FolioKinds.Contract),
        fields.Day("businessDate"),
        fields.Flag("acceptSuspect"));

    internal BillOrder ToOrder() => new(EndReadingId, FolioId, FolioKind, BusinessDate, AcceptSuspect);
}

/// <summary>Un prix à mettre.</summary>
/// <param name="UnitPriceMicros">Le prix d'une unité, en millionièmes de la monnaie (bigint string), de 0 à 10^15.</param>
/// <param name="Currency">La monnaie, en trois lettres (ISO 4217) ; la même pour tous les prix du compteur.</param>
public sealed record PriceRequest(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long UnitPriceMicros, string Currency) : IBody<PriceRequest>
{
    static PriceRequest IBody<PriceRequest>.Read(Fields fields) => new(
        fields.Digits("unitPriceMicros", max: Price.MaxUnitPrice).GetValueOrDefault(),
        fields.Matching("currency", "^[A-Z]{3}$", "trois lettres capitales sont attendues, par exemple \"EUR\"")!);
}

/// <summary>Reads and writes how the index of a meter becomes units.</summary>
internal static class Registers
{
    private const int Decimals = 6;

    public static long? RolloverAt(Fields fields) =>
        fields.Digits("rolloverAt", Register.MinRollover, Register.RolloverOf(Meter.MaxDigits), required: false);

    /// <summary>A positive decimal of up to nine digits before the point and six after it.</summary>
    public static string? Multiplier(Fields fields) => fields.Matching(
        "multiplier", @"^(?!0+(\.0+)?$)[0-9]{1,9}(\.[0-9]{1,6})?$",
        "un décimal positif de 6 décimales au plus est attendu, par exemple \"0.001\"", required: false);

    /// <summary>A multiplier in millionths; null for none.</summary>
    public static long? Micros(string? multiplier)
    {
        if (multiplier is null)
            return null;
        var point = multiplier.IndexOf('.', StringComparison.Ordinal);
        var (whole, part) = point < 0 ? (multiplier, "") : (multiplier[..point], multiplier[(point + 1)..]);
        return long.Parse(whole + part.PadRight(Decimals, '0'), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>A multiplier as the wire has it, without zeros at its end.</summary>
    public static string Write(long micros) => ((decimal)micros / Register.NoMultiplier).ToString("0.######", CultureInfo.InvariantCulture);
}

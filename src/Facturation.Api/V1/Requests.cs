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

/// <summary>Des relevés d'un même compteur.</summary>
/// <param name="Mode">atomic (par défaut) : tous ou aucun ; partial : ceux qui ne sont pas refusés.</param>
/// <param name="DryRun">Vrai : dire ce qu'ils deviendraient, ne rien enregistrer.</param>
/// <param name="Readings">1 à 1000 relevés.</param>
public sealed record BatchRequest(string Mode, bool DryRun, IReadOnlyList<ManualReadingRequest?> Readings) : IBody<BatchRequest>
{
    private const string Atomic = "atomic", Partial = "partial";
    private const int MaxLines = 1000;

    internal bool IsAtomic => Mode == Atomic;

    /// <summary>The error of each line, or null. Each line is read separately and has its own verdict.</summary>
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

/// <summary>L'annulation d'un relevé.</summary>
/// <param name="RecordedBy">L'uuid de qui l'annule.</param>
/// <param name="Reason">Pourquoi ; 500 caractères au plus.</param>
public sealed record VoidRequest(Guid RecordedBy, string Reason) : IBody<VoidRequest>
{
    static VoidRequest IBody<VoidRequest>.Read(Fields fields) => new(
        fields.Uuid("recordedBy").GetValueOrDefault(),
        fields.Note("reason")!);
}

/// <summary>Un compteur à créer.</summary>
/// <param name="Serial">Son numéro de série ; 100 caractères au plus.</param>
/// <param name="Digits">Ses chiffres, d'unités entières : 1 à 15.</param>
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

/// <summary>Le dernier index d'un compteur déposé, et le compteur qui prend sa place.</summary>
/// <param name="ReplacedAt">L'instant du remplacement, RFC 3339 avec son décalage.</param>
/// <param name="LastIndexValueMilli">Ce que l'ancien compteur montrait alors : index en milli-unités (bigint string).</param>
/// <param name="Serial">Le numéro de série du nouveau ; 100 caractères au plus.</param>
/// <param name="Digits">Les chiffres du nouveau, 1 à 15 ; autant que l'ancien si absent.</param>
/// <param name="FirstIndexValueMilli">Ce que le nouveau montrait alors : index en milli-unités (bigint string).</param>
/// <param name="RecordedBy">L'uuid de qui l'a remplacé.</param>
/// <param name="ProofRef">Où se trouve une preuve ; 500 caractères au plus.</param>
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

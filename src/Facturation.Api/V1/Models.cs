using System.Globalization;
using System.Text.Json.Serialization;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// The only words that a text of an answer may be, described as an enum. Error codes have none: there may be more of them one day, which would
/// break generated clients.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WordsAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words => words;
}

/// <summary>Un relevé enregistré.</summary>
/// <param name="ReadingId">L'uuid du relevé.</param>
public sealed record RecordedModel(Guid ReadingId);

/// <summary>Un compteur : l'appareil.</summary>
/// <param name="Id">L'uuid du compteur.</param>
/// <param name="Serial">Son numéro de série.</param>
/// <param name="Digits">Ses chiffres, d'unités entières.</param>
/// <param name="RolloverAt">L'index, en unités entières, auquel il repasse à zéro (bigint string).</param>
/// <param name="Multiplier">Ce que vaut une unité de l'index ; les unités d'une période sont la différence de ses index, multipliés puis arrondis vers le bas.</param>
/// <param name="Unit">Ce qu'il compte : kWh, m³…</param>
/// <param name="Dossier">Le dossier qu'il alimente.</param>
/// <param name="Produit">Le produit qu'il compte.</param>
/// <param name="Sequence">Le numéro, dans le produit, du compteur qu'il alimente.</param>
/// <param name="Libelle">Le libellé de ce compteur de produit.</param>
/// <param name="InstalledAt">L'instant de sa pose.</param>
/// <param name="RemovedAt">L'instant de sa dépose ; null tant qu'il compte.</param>
/// <param name="Replaces">L'uuid du compteur dont il a pris la place.</param>
/// <param name="ReplacedBy">L'uuid du compteur qui a pris la sienne.</param>
/// <param name="LastReading">Son dernier relevé qui compte, quand lastReading=true le demande ; absent sinon.</param>
public sealed record MeterModel(
    Guid Id, string Serial, int Digits,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long RolloverAt,
    string Multiplier, string Unit, DossierModel Dossier, ProduitModel Produit, int Sequence, string? Libelle,
    DateTimeOffset InstalledAt, DateTimeOffset? RemovedAt, Guid? Replaces, Guid? ReplacedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReadingModel? LastReading)
{
    internal static MeterModel Of(Meter meter, Reading? last = null) => new(
        meter.Id, meter.Serial, meter.Digits, meter.Register.RolloverAt, Registers.Write(meter.Register.MultiplierMicros), meter.Unit,
        new(meter.Identifiant, meter.Dossier, meter.DateDossier),
        new(meter.ProduitId, meter.NomProduit), meter.Sequence, meter.Libelle, meter.InstalledAt, meter.RemovedAt,
        meter.Replaces, meter.ReplacedBy, last is null ? null : ReadingModel.Of(last));
}

/// <summary>Un dossier.</summary>
/// <param name="Identifiant">L'identifiant API à qui il appartient.</param>
/// <param name="Reference">Sa référence.</param>
/// <param name="Date">Sa date, heure de Paris : AAAA-MM-JJ ou AAAA-MM-JJTHH:MM:SS, sans décalage.</param>
public sealed record DossierModel(string Identifiant, string Reference, DateTime Date);

/// <summary>Un produit.</summary>
/// <param name="Id">Son identifiant.</param>
/// <param name="Nom">Son nom.</param>
public sealed record ProduitModel(int Id, string? Nom);

/// <summary>Un relevé.</summary>
/// <param name="Id">L'uuid du relevé.</param>
/// <param name="IndexValueMilli">Index en milli-unités (bigint string).</param>
/// <param name="ReadAt">L'instant où le compteur le montrait.</param>
/// <param name="RecordedBy">L'uuid de qui l'a relevé.</param>
/// <param name="ProofRef">Où se trouve une preuve.</param>
/// <param name="RecordedAt">L'instant où il est arrivé au service.</param>
/// <param name="Suspect">Vrai quand son intervalle compte invraisemblablement beaucoup, et que personne ne l'a confirmé.</param>
/// <param name="Confirmed">Qui l'a confirmé alors qu'il était suspect, et quand ; null sinon.</param>
/// <param name="Void">Qui l'a annulé, quand et pourquoi ; null tant qu'il compte.</param>
public sealed record ReadingModel(
    Guid Id,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long IndexValueMilli,
    DateTimeOffset ReadAt,
    Guid? RecordedBy,
    string? ProofRef,
    DateTimeOffset RecordedAt,
    bool Suspect,
    ConfirmationModel? Confirmed,
    VoidModel? Void)
{
    internal static ReadingModel Of(Reading reading) => new(
        reading.Id, reading.IndexMilli, reading.ReadAt, reading.RecordedBy, reading.ProofRef, reading.RecordedAt, reading.IsSuspect,
        reading.Confirmed is { } confirmation ? new(confirmation.By, confirmation.At) : null,
        reading.Void is { } voiding ? new(voiding.By, voiding.Reason, voiding.At) : null);
}

/// <summary>L'annulation d'un relevé.</summary>
/// <param name="RecordedBy">L'uuid de qui l'a annulé.</param>
/// <param name="Reason">Pourquoi.</param>
/// <param name="At">Quand.</param>
public sealed record VoidModel(Guid RecordedBy, string Reason, DateTimeOffset At);

/// <summary>La confirmation d'un relevé suspect.</summary>
/// <param name="RecordedBy">L'uuid de qui l'a confirmé.</param>
/// <param name="At">Quand.</param>
public sealed record ConfirmationModel(Guid RecordedBy, DateTimeOffset At);

/// <summary>Un relevé, et son compteur.</summary>
/// <param name="MeterId">L'uuid du compteur.</param>
/// <param name="Reading">Le relevé.</param>
public sealed record MeterReadingModel(Guid MeterId, ReadingModel Reading);

/// <summary>Les index qu'un relevé peut porter, en milli-unités, bornes comprises.</summary>
/// <param name="ReadAt">L'instant demandé.</param>
/// <param name="MinIndexValueMilli">Le plus petit, sans passage par zéro.</param>
/// <param name="MaxIndexValueMilli">Le plus grand, sans passage par zéro.</param>
/// <param name="RolloverMaxIndexValueMilli">Après un passage par zéro, l'index va de 0 à celui-ci ; null quand il ne peut y en avoir eu.</param>
/// <param name="Before">Le relevé précédent.</param>
/// <param name="After">Le relevé suivant.</param>
public sealed record AllowedModel(
    DateTimeOffset ReadAt,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long MinIndexValueMilli,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long MaxIndexValueMilli,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long? RolloverMaxIndexValueMilli,
    ReadingModel? Before,
    ReadingModel? After);

/// <summary>Ce que devient un lot de relevés.</summary>
/// <param name="Committed">Vrai quand les relevés sont enregistrés ; faux pour une simulation et pour un lot atomique refusé.</param>
/// <param name="DryRun">Vrai pour une simulation.</param>
/// <param name="Recorded">Combien de lignes sont de nouveaux relevés, ou le seraient.</param>
/// <param name="Duplicates">Combien étaient déjà enregistrées.</param>
/// <param name="Refused">Combien sont refusées.</param>
/// <param name="Readings">Un verdict par ligne, dans l'ordre de l'envoi.</param>
public sealed record BatchModel(
    bool Committed, bool DryRun, int Recorded, int Duplicates, int Refused, IReadOnlyList<BatchLineModel> Readings);

/// <summary>Ce que devient une ligne d'un lot.</summary>
/// <param name="Line">Sa place dans le lot, à partir de 0.</param>
/// <param name="Verdict">recorded, duplicate ou refused ; dans une simulation ou un lot atomique refusé : ce qu'il aurait été.</param>
/// <param name="ReadingId">L'uuid du relevé, s'il est enregistré.</param>
/// <param name="Suspect">Vrai quand son intervalle compte invraisemblablement beaucoup.</param>
/// <param name="Code">Pourquoi elle est refusée : le code qu'aurait reçu la ligne seule.</param>
/// <param name="Message">Pourquoi elle est refusée, pour les personnes.</param>
public sealed record BatchLineModel(
    int Line, [property: Words("recorded", "duplicate", "refused")] string Verdict, Guid? ReadingId, bool Suspect, string? Code, string? Message);

/// <summary>Une période facturée.</summary>
/// <param name="FolioEntryId">L'uuid de l'écriture du folio, qui est aussi celui de la facture.</param>
/// <param name="AlreadyBilled">Vrai quand la période était déjà facturée sur ce folio.</param>
/// <param name="AmountCents">Le montant, en centimes de la monnaie (bigint string).</param>
public sealed record BilledModel(
    Guid FolioEntryId, bool AlreadyBilled, [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long AmountCents);

/// <summary>Une facture : elle ne change plus.</summary>
/// <param name="Id">L'uuid de la facture.</param>
/// <param name="MeterId">L'uuid du compteur.</param>
/// <param name="FolioId">L'uuid du folio où le montant est imputé.</param>
/// <param name="FolioKind">La nature du folio : stay ou contract.</param>
/// <param name="BusinessDate">La journée comptable.</param>
/// <param name="StartReadingId">L'uuid du relevé qui ouvre la période : celui de la pose, ou le dernier relevé facturé.</param>
/// <param name="EndReadingId">L'uuid du relevé qui ferme la période.</param>
/// <param name="From">L'instant du relevé qui ouvre la période.</param>
/// <param name="To">L'instant du relevé qui ferme la période.</param>
/// <param name="AmountCents">Le montant, en centimes de la monnaie (bigint string) : la somme des lignes, arrondie une fois, le demi-centime loin de zéro.</param>
/// <param name="Currency">La monnaie.</param>
/// <param name="BilledAt">L'instant où elle est faite.</param>
/// <param name="Lines">Ses lignes : les corrections de périodes déjà facturées, puis la consommation de la période. Absentes des listes.</param>
public sealed record BillModel(
    Guid Id, Guid MeterId, Guid FolioId, [property: Words(FolioKinds.Stay, FolioKinds.Contract)] string FolioKind, DateOnly BusinessDate, Guid StartReadingId, Guid EndReadingId,
    DateTimeOffset From, DateTimeOffset To,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long AmountCents,
    string Currency, DateTimeOffset BilledAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<BillLineModel>? Lines)
{
    internal static BillModel Of(Bill bill) => new(
        bill.Id, bill.Meter, bill.FolioId, bill.FolioKind, bill.BusinessDate, bill.StartReading, bill.EndReading, bill.From, bill.To,
        bill.AmountCents, bill.Currency, bill.BilledAt, null);

    internal static BillModel WithLines(Bill bill) => Of(bill) with { Lines = [.. bill.Lines.Select(BillLineModel.Of)] };
}

/// <summary>Des unités d'une facture, à un prix.</summary>
/// <param name="Kind">consumption : la période de la facture ; correction : des jours d'une facture précédente, que des relevés ou des prix venus depuis changent.</param>
/// <param name="From">Le premier jour, heure de Paris.</param>
/// <param name="To">Le dernier jour.</param>
/// <param name="Units">Les unités (bigint string) ; négatives quand elles reprennent ce qui était facturé.</param>
/// <param name="UnitPriceMicros">Le prix d'une unité, en millionièmes de la monnaie (bigint string).</param>
/// <param name="AmountMicros">Le montant exact, en millionièmes de la monnaie, en chiffres.</param>
/// <param name="MeterId">L'uuid du compteur qui les a comptées : celui de la facture, ou pour une correction un compteur dont il a pris la place.</param>
public sealed record BillLineModel(
    [property: Words("consumption", "correction")] string Kind, DateOnly From, DateOnly To,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long Units,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long UnitPriceMicros,
    string AmountMicros,
    Guid MeterId)
{
    internal static BillLineModel Of(BillLine line) => new(
        line.IsCorrection ? "correction" : "consumption", line.First, line.Last, line.Units, line.UnitPriceMicros,
        line.AmountMicros.ToString(CultureInfo.InvariantCulture), line.Meter);
}

/// <summary>Une écriture d'un folio.</summary>
/// <param name="FolioEntryId">L'uuid de l'écriture, qui est aussi celui de la facture.</param>
/// <param name="MeterId">L'uuid du compteur facturé.</param>
/// <param name="FolioKind">La nature du folio : stay ou contract.</param>
/// <param name="BusinessDate">La journée comptable.</param>
/// <param name="AmountCents">Le montant, en centimes de la monnaie (bigint string).</param>
/// <param name="Currency">La monnaie.</param>
/// <param name="PostedAt">L'instant de l'imputation.</param>
public sealed record FolioEntryModel(
    Guid FolioEntryId, Guid MeterId, [property: Words(FolioKinds.Stay, FolioKinds.Contract)] string FolioKind, DateOnly BusinessDate,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long AmountCents,
    string Currency, DateTimeOffset PostedAt)
{
    internal static FolioEntryModel Of(Bill bill) =>
        new(bill.Id, bill.Meter, bill.FolioKind, bill.BusinessDate, bill.AmountCents, bill.Currency, bill.BilledAt);
}

/// <summary>Un prix.</summary>
/// <param name="ValidFrom">Le premier jour où il vaut, heure de Paris ; il vaut jusqu'à la veille du prix suivant.</param>
/// <param name="UnitPriceMicros">Le prix d'une unité, en millionièmes de la monnaie (bigint string).</param>
/// <param name="Currency">La monnaie, en trois lettres (ISO 4217).</param>
public sealed record PriceModel(
    DateOnly ValidFrom, [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long UnitPriceMicros, string Currency)
{
    internal static PriceModel Of(Price price) => new(price.ValidFrom, price.UnitPriceMicros, price.Currency);
}

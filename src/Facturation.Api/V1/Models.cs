using System.Text.Json.Serialization;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>A reading that was recorded.</summary>
/// <param name="ReadingId">Its id.</param>
public sealed record RecordedModel(Guid ReadingId);

/// <summary>A meter.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Serial">Its serial number.</param>
/// <param name="Digits">The digits of its whole units.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Dossier">The dossier it feeds.</param>
/// <param name="Produit">The produit it counts.</param>
/// <param name="Sequence">The compteur of the produit it feeds.</param>
/// <param name="Libelle">The compteur's label.</param>
/// <param name="InstalledAt">When it was installed.</param>
/// <param name="RemovedAt">When it was removed; null while it counts.</param>
/// <param name="Replaces">The meter whose place it took.</param>
/// <param name="ReplacedBy">The meter that took its place.</param>
public sealed record MeterModel(
    Guid Id, string Serial, int Digits, string Unit, DossierModel Dossier, ProduitModel Produit, int Sequence, string? Libelle,
    DateTimeOffset InstalledAt, DateTimeOffset? RemovedAt, Guid? Replaces, Guid? ReplacedBy)
{
    internal static MeterModel Of(Meter meter) => new(
        meter.Id, meter.Serial, meter.Digits, meter.Unit, new(meter.Identifiant, meter.Dossier, meter.DateDossier),
        new(meter.ProduitId, meter.NomProduit), meter.Sequence, meter.Libelle, meter.InstalledAt, meter.RemovedAt, meter.Replaces, meter.ReplacedBy);
}

/// <summary>A dossier.</summary>
/// <param name="Identifiant">The API user it belongs to.</param>
/// <param name="Reference">Its reference.</param>
/// <param name="Date">Its date, an hour of Paris.</param>
public sealed record DossierModel(string Identifiant, string Reference, DateTime Date);

/// <summary>A produit.</summary>
/// <param name="Id">The client's number for it.</param>
/// <param name="Nom">Its name.</param>
public sealed record ProduitModel(int Id, string? Nom);

/// <summary>A reading.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IndexValueMilli">The index in thousandths of a unit, a string of digits.</param>
/// <param name="ReadAt">When the meter showed it.</param>
/// <param name="RecordedBy">Who read it.</param>
/// <param name="ProofRef">Where a proof lies.</param>
/// <param name="RecordedAt">When it reached the service.</param>
/// <param name="Suspect">Whether its interval counts implausibly much.</param>
/// <param name="Void">Who voided it, when and why; null while it counts.</param>
public sealed record ReadingModel(
    Guid Id,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long IndexValueMilli,
    DateTimeOffset ReadAt,
    Guid? RecordedBy,
    string? ProofRef,
    DateTimeOffset RecordedAt,
    bool Suspect,
    VoidModel? Void)
{
    internal static ReadingModel Of(Reading reading) => new(
        reading.Id, reading.IndexMilli, reading.ReadAt, reading.RecordedBy, reading.ProofRef, reading.RecordedAt, reading.IsSuspect,
        reading.Void is { } voiding ? new(voiding.By, voiding.Reason, voiding.At) : null);
}

/// <summary>How a reading was voided.</summary>
/// <param name="RecordedBy">Who did.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record VoidModel(Guid RecordedBy, string Reason, DateTimeOffset At);

/// <summary>A suspect reading, of any meter.</summary>
/// <param name="MeterId">The meter.</param>
/// <param name="Reading">The reading.</param>
public sealed record SuspectModel(Guid MeterId, ReadingModel Reading);

/// <summary>The indexes a reading may show, in thousandths, both ends included.</summary>
/// <param name="ReadAt">When.</param>
/// <param name="MinIndexValueMilli">The lowest without a rollover.</param>
/// <param name="MaxIndexValueMilli">The highest without a rollover.</param>
/// <param name="RolloverMaxIndexValueMilli">If the meter passed zero, the index is from 0 to this; null where it cannot have.</param>
/// <param name="Before">The reading before.</param>
/// <param name="After">The reading after.</param>
public sealed record AllowedModel(
    DateTimeOffset ReadAt,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long MinIndexValueMilli,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long MaxIndexValueMilli,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long? RolloverMaxIndexValueMilli,
    ReadingModel? Before,
    ReadingModel? After);

/// <summary>What became of a batch.</summary>
/// <param name="Committed">Whether its readings are recorded; false for a dry run and a refused atomic batch.</param>
/// <param name="DryRun">Whether it only asked.</param>
/// <param name="Recorded">How many lines are new readings, or would be.</param>
/// <param name="Duplicates">How many were recorded before.</param>
/// <param name="Refused">How many are refused.</param>
/// <param name="Readings">A verdict for each line, in the order they were sent.</param>
public sealed record BatchModel(
    bool Committed, bool DryRun, int Recorded, int Duplicates, int Refused, IReadOnlyList<BatchLineModel> Readings);

/// <summary>What became of a line of a batch.</summary>
/// <param name="Line">Its place in the batch, from 0.</param>
/// <param name="Verdict">recorded, duplicate or refused; in a dry run or a refused atomic batch: as it would have been.</param>
/// <param name="ReadingId">The reading, when it is recorded.</param>
/// <param name="Suspect">Whether its interval counts implausibly much.</param>
/// <param name="Code">Why it is refused: the code the line alone would be answered.</param>
/// <param name="Message">Why it is refused.</param>
public sealed record BatchLineModel(int Line, string Verdict, Guid? ReadingId, bool Suspect, string? Code, string? Message);

using Facturation.Core;

namespace Facturation.Storage.NHibernate;

internal class MeterRow
{
    public virtual int Id { get; protected set; }
    public virtual Guid Uid { get; set; }
    public virtual required Client Client { get; set; }
    public virtual required string Serial { get; set; }
    public virtual int Digits { get; set; }
    public virtual long RolloverAt { get; set; }
    public virtual long MultiplierMicros { get; set; }
    public virtual required string Unit { get; set; }
    public virtual required Dossier Dossier { get; set; }
    public virtual required Compteur Compteur { get; set; }
    public virtual required Identifiant Identifiant { get; set; }
    public virtual DateTimeOffset InstalledAt { get; set; }
    public virtual DateTimeOffset? RemovedAt { get; set; }
    public virtual MeterRow? Replaces { get; set; }

    /// <summary>The Uid of the meter that replaced it, from a formula; null if there is none.</summary>
    public virtual Guid? ReplacedBy { get; protected set; }

    public virtual Meter ToMeter() => new()
    {
        Id = Uid,
        Serial = Serial,
        Digits = Digits,
        Register = new Register(RolloverAt, MultiplierMicros),
        Unit = Unit,
        Identifiant = Identifiant.Nom,
        Dossier = Dossier.Reference,
        DateDossier = Dossier.Date,
        ProduitId = Compteur.Produit.Numero,
        NomProduit = Compteur.Produit.Nom,
        Sequence = Compteur.Sequence,
        Libelle = Compteur.Libelle,
        InstalledAt = InstalledAt,
        RemovedAt = RemovedAt,
        Replaces = Replaces?.Uid,
        ReplacedBy = ReplacedBy,
        HoldsSuspects = Client.HoldsSuspects,
    };
}

internal class ReadingRow
{
    public virtual long Id { get; protected set; }
    public virtual Guid Uid { get; set; }
    public virtual required MeterRow Meter { get; set; }
    public virtual long IndexMilli { get; set; }
    public virtual int Turns { get; set; }
    public virtual DateTimeOffset ReadAt { get; set; }
    public virtual Guid? RecordedBy { get; set; }
    public virtual string? ProofRef { get; set; }
    public virtual DateTimeOffset RecordedAt { get; set; }
    public virtual bool IsSuspect { get; set; }
    public virtual long VoidedAs { get; set; }
    public virtual DateTimeOffset? VoidedAt { get; set; }
    public virtual Guid? VoidedBy { get; set; }
    public virtual string? VoidReason { get; set; }
    public virtual DateTimeOffset? ConfirmedAt { get; set; }
    public virtual Guid? ConfirmedBy { get; set; }

    public virtual Reading ToReading() => new()
    {
        Id = Uid,
        IndexMilli = IndexMilli,
        Turns = Turns,
        ReadAt = ReadAt,
        RecordedBy = RecordedBy,
        ProofRef = ProofRef,
        RecordedAt = RecordedAt,
        IsSuspect = IsSuspect,
        Void = VoidedAs == 0 ? null : new Voiding(VoidedAt!.Value, VoidedBy!.Value, VoidReason!),
        Confirmed = ConfirmedAt is { } at ? new Confirmation(at, ConfirmedBy!.Value) : null,
    };

    public static ReadingRow From(MeterRow meter, Reading reading) => new()
    {
        Uid = reading.Id,
        Meter = meter,
        IndexMilli = reading.IndexMilli,
        Turns = reading.Turns,
        ReadAt = reading.ReadAt,
        RecordedBy = reading.RecordedBy,
        ProofRef = reading.ProofRef,
        RecordedAt = reading.RecordedAt,
        IsSuspect = reading.IsSuspect,
    };
}

/// <summary>The key of a day of one meter.</summary>
internal sealed record MeterDayId
{
    public int MeterId { get; init; }
    public DateOnly Jour { get; init; }
}

internal class MeterDayRow
{
    public virtual required MeterDayId Id { get; set; }
    public virtual long Units { get; set; }
}

using FluentNHibernate.Mapping;

namespace Facturation.Storage.NHibernate;

internal sealed class MeterMap : ClassMap<MeterRow>
{
    public MeterMap()
    {
        Table("Meters");
        DynamicUpdate();
        Id(m => m.Id).GeneratedBy.Identity();
        Map(m => m.Uid).CustomType<Uuid>();
        References(m => m.Client, "ClientId");
        Map(m => m.Serial).CustomType<Key>();
        Map(m => m.Digits);
        Map(m => m.RolloverAt);
        Map(m => m.MultiplierMicros);
        Map(m => m.Unit);
        References(m => m.Dossier, "DossierId");
        References(m => m.Compteur, "CompteurId");
        References(m => m.Identifiant, "IdentifiantId");
        Map(m => m.InstalledAt).CustomType<Instant>();
        Map(m => m.RemovedAt).CustomType<Instant>();
        References(m => m.Replaces, "ReplacesId");
        Map(m => m.ReplacedBy).Formula("(SELECT newer.Uid FROM Meters newer WHERE newer.ReplacesId = Id)").CustomType<Uuid>();
    }
}

internal sealed class ReadingMap : ClassMap<ReadingRow>
{
    public ReadingMap()
    {
        Table("Readings");
        DynamicUpdate();
        Id(r => r.Id).GeneratedBy.Identity();
        Map(r => r.Uid).CustomType<Uuid>();
        References(r => r.Meter, "MeterId");
        Map(r => r.IndexMilli);
        Map(r => r.Turns);
        Map(r => r.ReadAt).CustomType<Instant>();
        Map(r => r.RecordedBy).CustomType<Uuid>();
        Map(r => r.ProofRef);
        Map(r => r.RecordedAt).CustomType<Instant>();
        Map(r => r.IsSuspect);
        Map(r => r.VoidedAs);
        Map(r => r.VoidedAt).CustomType<Instant>();
        Map(r => r.VoidedBy).CustomType<Uuid>();
        Map(r => r.VoidReason);
        Map(r => r.ConfirmedAt).CustomType<Instant>();
        Map(r => r.ConfirmedBy).CustomType<Uuid>();
    }
}

internal sealed class MeterDayMap : ClassMap<MeterDayRow>
{
    public MeterDayMap()
    {
        Table("MeterDays");
        CompositeId(d => d.Id).KeyProperty(i => i.MeterId).KeyProperty(i => i.Jour, key => key.Type(typeof(Day)));
        Map(d => d.Units);
    }
}

using FluentNHibernate.Mapping;

namespace Facturation.Storage.NHibernate;

internal sealed class PriceMap : ClassMap<PriceRow>
{
    public PriceMap()
    {
        Table("Prices");
        CompositeId(p => p.Id).KeyProperty(i => i.CompteurId).KeyProperty(i => i.ValidFrom, key => key.Type(typeof(Day)));
        Map(p => p.UnitPriceMicros);
        Map(p => p.Currency);
    }
}

internal sealed class BillMap : ClassMap<BillRow>
{
    public BillMap()
    {
        Table("Bills");
        Id(b => b.Id).GeneratedBy.Identity();
        Map(b => b.Uid).CustomType<Uuid>();
        References(b => b.Meter, "MeterId");
        References(b => b.StartReading, "StartReadingId");
        References(b => b.EndReading, "EndReadingId");
        Map(b => b.FolioUid).CustomType<Uuid>();
        Map(b => b.FolioKind);
        Map(b => b.BusinessDate).CustomType<Day>();
        Map(b => b.Currency);
        Map(b => b.AmountCents);
        Map(b => b.BilledAt).CustomType<Instant>();
        HasMany(b => b.Lines).Table("BillLines").KeyColumn("BillId").AsList(index => index.Column("Number")).Component(line =>
        {
            line.References(l => l.Meter, "MeterId");
            line.Map(l => l.IsCorrection);
            line.Map(l => l.FirstDay).CustomType<Day>();
            line.Map(l => l.LastDay).CustomType<Day>();
            line.Map(l => l.Units);
            line.Map(l => l.UnitPriceMicros);
        });
    }
}

internal sealed class BilledDayMap : ClassMap<BilledDayRow>
{
    public BilledDayMap()
    {
        Table("BilledDays");
        CompositeId(d => d.Id).KeyProperty(i => i.MeterId).KeyProperty(i => i.Jour, key => key.Type(typeof(Day)));
        Map(d => d.Units);
        Map(d => d.UnitPriceMicros);
    }
}

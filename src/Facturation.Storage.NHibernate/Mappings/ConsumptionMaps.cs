using FluentNHibernate.Mapping;

namespace Facturation.Storage.NHibernate;

internal sealed class ConsommationMap : ClassMap<Consommation>
{
    public ConsommationMap()
    {
        Table("Consommations");
        CompositeId(l => l.Id)
            .KeyProperty(i => i.ProduitId)
            .KeyProperty(i => i.IdentifiantId)
            .KeyProperty(i => i.Jour, key => key.Type(typeof(Day)))
            .KeyProperty(i => i.DossierId)
            .KeyProperty(i => i.CompteurId);
        Map(l => l.Quantite);
    }
}

internal sealed class TotalMap : ClassMap<Total>
{
    public TotalMap()
    {
        Table("Totaux");
        CompositeId(t => t.Id)
            .KeyProperty(i => i.CompteurId)
            .KeyProperty(i => i.IdentifiantId)
            .KeyProperty(i => i.Jour, key => key.Type(typeof(Day)));
        Map(t => t.ProduitId);
        Map(t => t.Plus);
        Map(t => t.Moins);
        Map(t => t.Lignes);
        Map(t => t.ChangedAt);
    }
}

internal sealed class RemovedTotalMap : ClassMap<RemovedTotal>
{
    public RemovedTotalMap()
    {
        Table("RemovedTotals");
        CompositeId(t => t.Id)
            .KeyProperty(i => i.CompteurId)
            .KeyProperty(i => i.IdentifiantId)
            .KeyProperty(i => i.Jour, key => key.Type(typeof(Day)));
        Map(t => t.ChangedAt);
    }
}

using FluentNHibernate.Mapping;

namespace Facturation.Storage.NHibernate;

// Updates write only the columns that changed: others may meanwhile be another transaction's.

internal sealed class ClientMap : ClassMap<Client>
{
    public ClientMap()
    {
        Table("Clients");
        DynamicUpdate();
        Id(c => c.Id).GeneratedBy.Identity();
        Map(c => c.Code).CustomType<Key>();
        Map(c => c.HoldsSuspects);
    }
}

internal sealed class IdentifiantMap : ClassMap<Identifiant>
{
    public IdentifiantMap()
    {
        Table("Identifiants");
        Id(i => i.Id).GeneratedBy.Identity();
        References(i => i.Client, "ClientId");
        Map(i => i.Nom).CustomType<Key>();
    }
}

internal sealed class ProduitMap : ClassMap<Produit>
{
    public ProduitMap()
    {
        Table("Produits");
        DynamicUpdate();
        Id(p => p.Id).GeneratedBy.Identity();
        References(p => p.Client, "ClientId");
        Map(p => p.Numero);
        Map(p => p.Nom);
    }
}

internal sealed class CompteurMap : ClassMap<Compteur>
{
    public CompteurMap()
    {
        Table("Compteurs");
        DynamicUpdate();
        Id(k => k.Id).GeneratedBy.Identity();
        References(k => k.Produit, "ProduitId");
        Map(k => k.Sequence);
        Map(k => k.Libelle);
        Map(k => k.Cumul);
    }
}

internal sealed class DossierMap : ClassMap<Dossier>
{
    public DossierMap()
    {
        Table("Dossiers");
        Id(d => d.Id).GeneratedBy.Identity();
        References(d => d.Identifiant, "IdentifiantId");
        Map(d => d.Reference).CustomType<Key>();
        Map(d => d.Date).CustomType<Moment>();
    }
}

namespace Facturation.Storage.NHibernate;

// The long tables have no identity of their own. Their keys are numbers, not references, so that a row is written without loading others.

internal sealed record LineId
{
    public int ProduitId { get; init; }
    public int IdentifiantId { get; init; }
    public DateOnly Jour { get; init; }
    public long DossierId { get; init; }
    public int CompteurId { get; init; }
}

internal class Consommation
{
    public virtual required LineId Id { get; set; }
    public virtual long Quantite { get; set; }
}

/// <summary>The key of a day of one compteur and one identifiant.</summary>
internal sealed record TotalId
{
    public int CompteurId { get; init; }
    public int IdentifiantId { get; init; }
    public DateOnly Jour { get; init; }
}

internal class Total
{
    public virtual required TotalId Id { get; set; }
    public virtual int ProduitId { get; set; }
    public virtual long Plus { get; set; }
    public virtual long Moins { get; set; }
    public virtual long Lignes { get; set; }
    public virtual long ChangedAt { get; set; }
}

internal class RemovedTotal
{
    public virtual required TotalId Id { get; set; }
    public virtual long ChangedAt { get; set; }
}

using System.Runtime.Serialization;

// The namespace is on the wire: http://schemas.datacontract.org/2004/07/Facturation.Api.Models.
namespace Facturation.Api.Models;

/// <summary>The question. What is null is not asked: all produits, or a period without that bound.</summary>
[DataContract]
public class ParamModel
{
    /// <summary>First day.</summary>
    [DataMember]
    public DateTime? Debut { get; set; }

    /// <summary>Last day, included.</summary>
    [DataMember]
    public DateTime? Fin { get; set; }

    /// <summary>The only produit.</summary>
    [DataMember]
    public int? ProduitId { get; set; }
}

/// <summary>What one identifiant consumed of one produit.</summary>
[DataContract]
public class ReponseV2Model
{
    /// <summary>Number of the produit.</summary>
    [DataMember]
    public int ProduitId { get; set; }

    /// <summary>Name of the produit.</summary>
    [DataMember]
    public string? NomProduit { get; set; }

    /// <summary>API user.</summary>
    [DataMember]
    public string? Identifiant { get; set; }

    /// <summary>Totals of the period.</summary>
    [DataMember]
    public List<CompteurModel>? ConsommationsSomme { get; set; }

    /// <summary>The same, by dossier.</summary>
    [DataMember]
    public List<ConsoV2Model>? ConsommationsDetails { get; set; }
}

/// <summary>What one dossier consumed.</summary>
[DataContract]
public class ConsoV2Model
{
    /// <summary>Reference of the dossier.</summary>
    [DataMember]
    public string? Dossier { get; set; }

    /// <summary>Date of the dossier, hour of Paris.</summary>
    [DataMember]
    public DateTime DateDossier { get; set; }

    /// <summary>API user.</summary>
    [DataMember]
    public string? Identifiant { get; set; }

    /// <summary>Quantities.</summary>
    [DataMember]
    public List<CompteurModel>? Compteur { get; set; }
}

/// <summary>A quantity on one compteur of the produit.</summary>
[DataContract]
public class CompteurModel
{
    /// <summary>Number of the compteur in its produit.</summary>
    [DataMember]
    public int Sequence { get; set; }

    /// <summary>What it counts.</summary>
    [DataMember]
    public string? Libelle { get; set; }

    /// <summary>How much: 64 bits.</summary>
    [DataMember]
    public long Quantite { get; set; }
}

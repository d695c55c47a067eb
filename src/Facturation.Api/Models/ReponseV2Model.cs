namespace Facturation.Api.Models;

/// <summary>Consommations d'un produit pour un identifiant API.</summary>
public class ReponseV2Model
{
    /// <summary>Identifiant du produit</summary>
    public int ProduitId { get; set; }

    /// <summary>Nom du produit</summary>
    public string? NomProduit { get; set; }

    /// <summary>Identifiant User</summary>
    public string? Identifiant { get; set; }

    /// <summary>Consommations totales par compteur sur la période</summary>
    public List<CompteurModel>? ConsommationsSomme { get; set; }

    /// <summary>Consommations détaillées par dossier et par compteur sur la période</summary>
    public List<ConsoV2Model>? ConsommationsDetails { get; set; }
}

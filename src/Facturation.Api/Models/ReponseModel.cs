namespace Facturation.Api.Models;

/// <summary>Consommations d'un produit, tous identifiants API confondus.</summary>
public class ReponseModel
{
    /// <summary>Identifiant du produit</summary>
    public int ProduitId { get; set; }

    /// <summary>Nom du produit</summary>
    public string? NomProduit { get; set; }

    /// <summary>Consommations totales par compteur sur la période</summary>
    public List<CompteurModel>? ConsommationsSomme { get; set; }

    /// <summary>Consommations détaillées par dossier et par compteur sur la période</summary>
    public List<ConsoModel>? ConsommationsDetails { get; set; }
}

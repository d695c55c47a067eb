namespace Facturation.Api.Models;

/// <summary>Quantité consommée sur un compteur.</summary>
public class CompteurModel
{
    /// <summary>Numéro du compteur dans le produit</summary>
    public int Sequence { get; set; }

    /// <summary>Libellé du compteur</summary>
    public string? Libelle { get; set; }

    /// <summary>Quantité consommée</summary>
    public long Quantite { get; set; }
}

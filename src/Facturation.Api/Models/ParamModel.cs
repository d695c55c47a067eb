namespace Facturation.Api.Models;

/// <summary>Paramètres de la demande de consommations.</summary>
public class ParamModel
{
    /// <summary>Date de début de période (AAAA-MM-JJ)</summary>
    /// <example>2026-03-01</example>
    public DateTime? Debut { get; set; }

    /// <summary>Date de fin de période (AAAA-MM-JJ)</summary>
    /// <example>2026-03-31</example>
    public DateTime? Fin { get; set; }

    /// <summary>Permet de filtrer sur un produit en particulier, si pas de valeur on renvoie les consommations de tous les produits</summary>
    /// <example>2</example>
    public int? ProduitId { get; set; }
}

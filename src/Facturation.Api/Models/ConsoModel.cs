namespace Facturation.Api.Models;

/// <summary>Consommations d'un dossier.</summary>
public class ConsoModel
{
    /// <summary>Référence du dossier</summary>
    public string? Dossier { get; set; }

    /// <summary>Date du dossier</summary>
    public DateTime DateDossier { get; set; }

    /// <summary>Consommations par compteur</summary>
    public List<CompteurModel>? Compteur { get; set; }
}

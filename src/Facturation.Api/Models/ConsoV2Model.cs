namespace Facturation.Api.Models;

/// <summary>Consommations d'un dossier, avec l'identifiant API qui l'a ouvert.</summary>
public class ConsoV2Model
{
    /// <summary>Référence du dossier</summary>
    public string? Dossier { get; set; }

    /// <summary>Date du dossier</summary>
    public DateTime DateDossier { get; set; }

    /// <summary>Identifiant User</summary>
    public string? Identifiant { get; set; }

    /// <summary>Consommations par compteur</summary>
    public List<CompteurModel>? Compteur { get; set; }
}

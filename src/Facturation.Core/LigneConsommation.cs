namespace Facturation.Core;

/// <summary>What one compteur of a produit counted in one dossier on one day: the small row all answers are made of.</summary>
/// <param name="ProduitId">The client's number for the produit.</param>
/// <param name="NomProduit">The name of the produit in the client's catalogue; null where the old service answered null.</param>
/// <param name="Identifiant">The API user the dossier belongs to; never empty.</param>
/// <param name="Dossier">The reference of the dossier; never empty.</param>
/// <param name="DateDossier">The dossier's date and hour in Paris, to the tick, Kind Unspecified.</param>
/// <param name="Sequence">The number of the compteur in the produit.</param>
/// <param name="Libelle">The compteur's label in the client's catalogue, or null.</param>
/// <param name="Quantite">Whole units; negative in a correction.</param>
public readonly record struct LigneConsommation(
    int ProduitId,
    string? NomProduit,
    string Identifiant,
    string Dossier,
    DateTime DateDossier,
    int Sequence,
    string? Libelle,
    long Quantite);

/// <summary>The order an answer is read in. Strings compare ordinally, by UTF-16 code unit as in .NET, on every database.</summary>
public enum Ordre
{
    /// <summary>ProduitId, Identifiant, DateDossier, Dossier, Sequence: one element per produit and identifiant (V2).</summary>
    ParIdentifiant,

    /// <summary>ProduitId, DateDossier, Dossier, Identifiant, Sequence: one element per produit (V1).</summary>
    ParProduit,
}

/// <summary>A question about consumption, already bound to what the asker may see.</summary>
/// <param name="Client">The code of the client; an unknown one has no consumption.</param>
/// <param name="Identifiant">The only identifiant to be seen, or null for all the client's.</param>
/// <param name="Periode">The days of consumption asked for.</param>
/// <param name="ProduitId">The only produit asked for, or null for all.</param>
/// <param name="Ordre">The order of the rows.</param>
public sealed record Demande(string Client, string? Identifiant, Periode Periode, int? ProduitId, Ordre Ordre);

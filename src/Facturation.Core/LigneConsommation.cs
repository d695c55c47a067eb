namespace Facturation.Core;

/// <summary>The quantity that one compteur of a produit counted in one dossier, as it is imported.</summary>
/// <param name="ProduitId">The client's number for the produit.</param>
/// <param name="NomProduit">The name of the produit in the client's catalogue; null where the old service answered null.</param>
/// <param name="Identifiant">The API user that the dossier belongs to; never empty.</param>
/// <param name="Dossier">The reference of the dossier; never empty.</param>
/// <param name="DateDossier">The dossier's date and time in Paris, to the tick, Kind Unspecified.</param>
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

/// <summary>One element of an answer: the consumption of a produit by one identifiant, or by all identifiants of the client.</summary>
/// <param name="ProduitId">The client's number for the produit.</param>
/// <param name="NomProduit">The name of the produit in the client's catalogue; null where the old service answered null.</param>
/// <param name="Identifiant">The identifiant; null for all of them (<see cref="Ordre.ParProduit"/>).</param>
/// <param name="Sommes">The total of each compteur, by Sequence; never empty.</param>
public sealed record Groupe(int ProduitId, string? NomProduit, string? Identifiant, IReadOnlyList<Somme> Sommes);

/// <summary>The total of one compteur over the period.</summary>
/// <param name="Sequence">The number of the compteur in the produit.</param>
/// <param name="Libelle">The compteur's label in the client's catalogue, or null.</param>
/// <param name="Quantite">Whole units.</param>
public readonly record struct Somme(int Sequence, string? Libelle, long Quantite);

/// <summary>The quantity that one compteur counted in one dossier over the period: one row of the details.</summary>
/// <param name="Dossier">The reference of the dossier; never empty.</param>
/// <param name="DateDossier">The dossier's date and time in Paris, to the tick, Kind Unspecified.</param>
/// <param name="Identifiant">The API user that the dossier belongs to; never empty.</param>
/// <param name="Sequence">The number of the compteur, one of the element's <see cref="Groupe.Sommes"/>.</param>
/// <param name="Quantite">Whole units; negative in a correction.</param>
public readonly record struct LigneDetail(string Dossier, DateTime DateDossier, string Identifiant, int Sequence, long Quantite);

/// <summary>The order of an answer's rows. Strings compare ordinally, by UTF-16 code unit as in .NET, on every database.</summary>
public enum Ordre
{
    /// <summary>ProduitId, Identifiant, DateDossier, Dossier, Sequence: one element per produit and identifiant (V2).</summary>
    ParIdentifiant,

    /// <summary>ProduitId, DateDossier, Dossier, Identifiant, Sequence: one element per produit (V1).</summary>
    ParProduit,
}

/// <summary>A query for consumption, already restricted to what the caller may see.</summary>
/// <param name="Client">The code of the client; an unknown one has no consumption.</param>
/// <param name="Identifiant">The only visible identifiant, or null for all of the client's.</param>
/// <param name="Periode">The days to select by.</param>
/// <param name="ProduitId">The only produit to return, or null for all.</param>
/// <param name="Ordre">The order of the rows.</param>
public sealed record Demande(string Client, string? Identifiant, Periode Periode, int? ProduitId, Ordre Ordre);

using Facturation.Api.Models;
using Facturation.Core;

namespace Facturation.Api;

/// <summary>Makes answers of rows that come in answer order. Sums are made of the very rows of the details: they cannot differ.</summary>
internal static class Reponses
{
    /// <summary>One element per produit and identifiant, of rows in the order <see cref="Ordre.ParIdentifiant"/>.</summary>
    public static async Task<List<ReponseV2Model>> AnswerV2Async(
        this ConsommationOptions options, IAsyncEnumerable<LigneConsommation> lignes)
    {
        var reponses = new List<ReponseV2Model>();
        LigneConsommation last = default;
        await foreach (var ligne in lignes)
        {
            var isFirst = reponses.Count == 0 || ligne.ProduitId != last.ProduitId || ligne.Identifiant != last.Identifiant;
            if (isFirst)
                reponses.Add(new ReponseV2Model
                {
                    ProduitId = ligne.ProduitId,
                    NomProduit = ligne.NomProduit,
                    Identifiant = ligne.Identifiant,
                    ConsommationsSomme = [],
                    ConsommationsDetails = [],
                });
            var reponse = reponses[^1];
            if (isFirst || !IsSameDossier(ligne, last))
                reponse.ConsommationsDetails!.Add(new ConsoV2Model
                {
                    Dossier = ligne.Dossier,
                    DateDossier = options.ToWire(ligne.DateDossier),
                    Identifiant = ligne.Identifiant,
                    Compteur = [],
                });
            Add(reponse.ConsommationsDetails![^1].Compteur!, ligne);
            Add(reponse.ConsommationsSomme!, ligne);
            last = ligne;
        }
        return reponses;
    }

    /// <summary>One element per produit, of rows in the order <see cref="Ordre.ParProduit"/>.</summary>
    public static async Task<List<ReponseModel>> AnswerV1Async(
        this ConsommationOptions options, IAsyncEnumerable<LigneConsommation> lignes)
    {
        var reponses = new List<ReponseModel>();
        LigneConsommation last = default;
        await foreach (var ligne in lignes)
        {
            var isFirst = reponses.Count == 0 || ligne.ProduitId != last.ProduitId;
            if (isFirst)
                reponses.Add(new ReponseModel
                {
                    ProduitId = ligne.ProduitId,
                    NomProduit = ligne.NomProduit,
                    ConsommationsSomme = [],
                    ConsommationsDetails = [],
                });
            var reponse = reponses[^1];
            if (isFirst || !IsSameDossier(ligne, last))
                reponse.ConsommationsDetails!.Add(new ConsoModel
                {
                    Dossier = ligne.Dossier,
                    DateDossier = options.ToWire(ligne.DateDossier),
                    Compteur = [],
                });
            Add(reponse.ConsommationsDetails![^1].Compteur!, ligne);
            Add(reponse.ConsommationsSomme!, ligne);
            last = ligne;
        }
        return reponses;
    }

    /// <summary>Two dossiers of two identifiants stay two, even with the same reference and date.</summary>
    private static bool IsSameDossier(LigneConsommation left, LigneConsommation right) =>
        left.DateDossier == right.DateDossier && left.Dossier == right.Dossier && left.Identifiant == right.Identifiant;

    /// <summary>Adds a row to a list of compteurs by Sequence; days of one compteur add up.</summary>
    private static void Add(List<CompteurModel> compteurs, LigneConsommation ligne)
    {
        // From the end: in details, rows come by Sequence; and a produit has few compteurs.
        var i = compteurs.Count;
        while (i > 0 && compteurs[i - 1].Sequence > ligne.Sequence)
            i--;
        if (i == 0 || compteurs[i - 1].Sequence != ligne.Sequence)
            compteurs.Insert(i++, new CompteurModel { Sequence = ligne.Sequence, Libelle = ligne.Libelle });
        compteurs[i - 1].Quantite = checked(compteurs[i - 1].Quantite + ligne.Quantite);
    }
}

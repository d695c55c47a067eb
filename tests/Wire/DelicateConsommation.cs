using Facturation.Api.Models;

namespace Facturation.Wire;

/// <summary>
/// The contract's answers with delicate data in every place. Nothing is filtered by the request: the period's bounds only become
/// part of the answer, so that a date read wrongly shows in the operations themselves.
/// </summary>
public static class DelicateConsommation
{
    public static List<ReponseV2Model> V2(ParamModel? param) =>
    [
        new() { ProduitId = param?.ProduitId ?? 0 },
        new()
        {
            ProduitId = int.MaxValue,
            NomProduit = "Électricité <HP & HC>",
            Identifiant = "jean.dupont@exemple.fr",
            ConsommationsSomme = Compteurs(),
            ConsommationsDetails =
            [
                new() { Dossier = "D\u00e9but\n", DateDossier = param?.Debut ?? DateTime.MinValue, Identifiant = "", Compteur = [] },
                new() { Dossier = "Fin\r\n", DateDossier = param?.Fin ?? DateTime.MaxValue, Compteur = Compteurs() },
            ],
        },
        new() { NomProduit = "", Identifiant = " ", ConsommationsSomme = [], ConsommationsDetails = [] },
    ];

    public static List<ReponseModel> V1(ParamModel? param) =>
    [
        .. V2(param).Select(produit => new ReponseModel
        {
            ProduitId = produit.ProduitId,
            NomProduit = produit.NomProduit,
            ConsommationsSomme = produit.ConsommationsSomme,
            ConsommationsDetails = produit.ConsommationsDetails?.ConvertAll(detail => new ConsoModel
            {
                Dossier = detail.Dossier,
                DateDossier = detail.DateDossier,
                Compteur = detail.Compteur,
            }),
        }),
    ];

    private static List<CompteurModel> Compteurs() =>
    [
        new() { Sequence = 1, Libelle = "Heures \"creuses\"", Quantite = long.MaxValue },
        new() { Sequence = -1, Libelle = "]]>\t\u2028\U0001f4a7", Quantite = 0 },
        new() { Quantite = long.MinValue },
    ];
}

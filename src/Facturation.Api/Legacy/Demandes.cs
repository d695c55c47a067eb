using System.Security.Claims;
using Facturation.Api.Models;
using Facturation.Api.Security;
using Facturation.Core;

namespace Facturation.Api.Legacy;

/// <summary>Makes a query from the posted parameters and the caller.</summary>
internal static class Demandes
{
    /// <summary>The reason, in French, why a request is refused; null if it is not.</summary>
    public static string? Check(this ParamModel? param)
    {
        if (param is null)
            return "Le corps de la requête est vide : envoyez un ParamModel (Debut, Fin, ProduitId, tous facultatifs) en "
                + "application/json, text/json, application/xml, text/xml ou application/x-www-form-urlencoded.";
        var periode = Periode.Between(param.Debut, param.Fin);
        return periode.IsReversed
            ? $"La période est inversée : Debut ({periode.Debut:O}) vient après Fin ({periode.Fin:O})."
            : null;
    }

    /// <summary>The query, limited to what the caller's key may see.</summary>
    public static Demande ToDemande(this ParamModel param, ClaimsPrincipal user, Ordre ordre) => new(
        user.FindFirstValue(ApiKeyClaims.Client)!,
        user.FindFirstValue(ApiKeyClaims.Identifiant),
        Periode.Between(param.Debut, param.Fin),
        param.ProduitId,
        ordre);
}

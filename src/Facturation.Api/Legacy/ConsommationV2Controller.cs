using Facturation.Api.Legacy.Streaming;
using Facturation.Api.Models;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.Legacy;

/// <summary>Consommations par produit et par identifiant API.</summary>
[WebApi2]
[Authorize(Scopes.ConsommationRead)]
public sealed class ConsommationV2Controller(IConsommationStore store, ConsommationOptions options) : ControllerBase
{
    /// <summary>Permet d'obtenir les consommations par identifiant API.</summary>
    public ActionResult<List<ReponseV2Model>> Post(ParamModel? param) => param.Check() is { } refusal
        ? BadRequest(refusal)
        : new ConsommationResult(store, param!.ToDemande(User, Ordre.ParIdentifiant), options, RequestFacts.Of(HttpContext));
}

using Facturation.Api.Legacy.Streaming;
using Facturation.Api.Models;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.Legacy;

/// <summary>Consommations par produit, tous identifiants API confondus.</summary>
[WebApi2]
[Authorize(Scopes.ConsommationRead)]
public sealed class ConsommationController(IConsommationStore store, ConsommationOptions options) : ControllerBase
{
    /// <summary>Permet d'obtenir les consommations.</summary>
    public ActionResult<List<ReponseModel>> Post(ParamModel? param) => param.Check() is { } refusal
        ? BadRequest(refusal)
        : new ConsommationResult(store, param!.ToDemande(User, Ordre.ParProduit), options, RequestFacts.Of(HttpContext));
}

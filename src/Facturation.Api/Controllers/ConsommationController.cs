using Facturation.Api.Models;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Facturation.Api.Controllers;

/// <summary>Consommations par produit, tous identifiants API confondus.</summary>
[WebApi2]
[Authorize(Scopes.ConsommationRead)]
public sealed class ConsommationController(IConsommationStore store, IOptions<ConsommationOptions> options) : ControllerBase
{
    /// <summary>Permet d'obtenir les consommations.</summary>
    public async Task<ActionResult<List<ReponseModel>>> Post(ParamModel? param, CancellationToken cancellation)
    {
        if (param.Check() is { } refusal)
            return BadRequest(refusal);
        var lignes = store.ReadAsync(param!.ToDemande(User, Ordre.ParProduit), cancellation).CountedBy(HttpContext, cancellation);
        return await options.Value.AnswerV1Async(lignes);
    }
}

using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>Prix des compteurs de produits.</summary>
[Route("v1/produits/{produitId}/compteurs/{sequence}/prices")]
[Authorize(Scopes.BillingRead)]
public sealed class PricesController(IMeterStore store, IBillStore bills, Billing billing, MeteringOptions options, TimeProvider clock)
    : V1Controller(store, options, clock)
{
    /// <summary>Mettre le prix d'une unité à partir d'un jour, à la place du prix qui commence ce jour-là s'il y en a un.</summary>
    /// <param name="produitId">L'identifiant du produit.</param>
    /// <param name="sequence">Le numéro du compteur dans le produit.</param>
    /// <param name="validFrom">Le premier jour, heure de Paris.</param>
    /// <param name="body">Le prix.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Prix remplacé, ou déjà celui-là</returns>
    /// <response code="201">Prix ajouté</response>
    [HttpPut("{validFrom}")]
    [Authorize(Scopes.BillingWrite)]
    [ProducesResponseType<Data<PriceModel>>(StatusCodes.Status200OK)]
    [ProducesResponseType<Data<PriceModel>>(StatusCodes.Status201Created)]
    [Refuses(RefusalCodes.CompteurNotFound, RefusalCodes.CurrencyConflict)]
    public Task<IActionResult> Set(
        [Number] int produitId, [Number] int sequence, [Day(inPath: true)] DateOnly validFrom, [Body<PriceRequest>] PriceRequest body,
        CancellationToken cancellation) => WriteOfClientAsync(
        async transaction =>
        {
            var price = new Price(validFrom, body.UnitPriceMicros, body.Currency);
            var isNew = await billing.SetPriceAsync(transaction, Caller, produitId, sequence, price, cancellation);
            return V1Answer.Data(PriceModel.Of(price), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        },
        cancellation);

    /// <summary>Les prix d'un compteur, le plus récent d'abord.</summary>
    /// <param name="produitId">L'identifiant du produit.</param>
    /// <param name="sequence">Le numéro du compteur dans le produit.</param>
    /// <param name="cursor">Le nextCursor de la partie précédente ; absent pour la première.</param>
    /// <param name="limit">Combien de prix au plus.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Prix du compteur</returns>
    [HttpGet]
    [ProducesResponseType<DataPage<PriceModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.CompteurNotFound)]
    public async Task<IActionResult> List(
        [Number] int produitId, [Number] int sequence, [Cursor] Cursor? cursor, [Limit] int limit = LimitAttribute.Default,
        CancellationToken cancellation = default) => Page(
        await bills.ListPricesAsync(Caller, produitId, sequence, new(cursor?.Position, limit), cancellation)
            ?? throw Billing.CompteurNotFound(produitId, sequence),
        PriceModel.Of);

    /// <summary>Retirer un prix qu'aucune facture n'a compté.</summary>
    /// <param name="produitId">L'identifiant du produit.</param>
    /// <param name="sequence">Le numéro du compteur dans le produit.</param>
    /// <param name="validFrom">Le jour où il commence.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Prix retiré</returns>
    [HttpDelete("{validFrom}")]
    [Authorize(Scopes.BillingWrite)]
    [ProducesResponseType<Data<PriceModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.CompteurNotFound, RefusalCodes.PriceNotFound, RefusalCodes.PriceInUse)]
    public Task<IActionResult> Remove(
        [Number] int produitId, [Number] int sequence, [Day(inPath: true)] DateOnly validFrom, CancellationToken cancellation) => WriteOfClientAsync(
        async transaction => V1Answer.Data(PriceModel.Of(
            await billing.RemovePriceAsync(transaction, Caller, produitId, sequence, validFrom, cancellation))),
        cancellation);

    /// <summary>Prices apply to the whole client, so a key of one identifiant cannot change them.</summary>
    private Task<IActionResult> WriteOfClientAsync(Func<IMeterTransaction, Task<V1Answer>> work, CancellationToken cancellation) =>
        Caller.Identifiant is { } identifiant
            ? throw new V1Exception(V1Error.Forbidden, $"La clé est celle de l'identifiant « {identifiant} » : elle ne change pas les prix du client.")
            : WriteAsync(null, work, cancellation);
}

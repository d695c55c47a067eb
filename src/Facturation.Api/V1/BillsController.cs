using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>Factures des compteurs.</summary>
[Route("v1")]
[Authorize(Scopes.BillingRead)]
public sealed class BillsController(IMeterStore store, IBillStore bills, Billing billing, MeteringOptions options, TimeProvider clock)
    : V1Controller(store, options, clock)
{
    /// <summary>Facturer une période de consommation (imputation folio).</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="body">La période, du dernier relevé facturé ou de la pose au relevé donné, et le folio.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Période déjà facturée sur ce folio : rien ne change</returns>
    /// <response code="201">Période facturée</response>
    [HttpPost("meters/{id}/bill-consumption")]
    [Authorize(Scopes.BillingWrite)]
    [ProducesResponseType<Data<BilledModel>>(StatusCodes.Status200OK)]
    [ProducesResponseType<Data<BilledModel>>(StatusCodes.Status201Created)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.ReadingNotFound, RefusalCodes.ReadingVoided, RefusalCodes.ReadingBeforeBilled,
        RefusalCodes.ReadingSuspect, RefusalCodes.BilledElsewhere, RefusalCodes.PriceMissing, RefusalCodes.AmountTooLarge)]
    public Task<IActionResult> BillConsumption(
        [Uuid] Guid id, [Body<BillConsumptionRequest>] BillConsumptionRequest body, [IdempotencyKey] string? idempotencyKey,
        CancellationToken cancellation) => WriteAsync(
        idempotencyKey,
        async transaction =>
        {
            var (bill, isNew) = await billing.BillAsync(transaction, Caller, id, body.ToOrder(), cancellation);
            return V1Answer.Data(
                new BilledModel(bill.Id, !isNew, bill.AmountCents),
                isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
                $"/v1/bills/{bill.Id}");
        },
        cancellation);

    /// <summary>Les factures d'un compteur, la dernière d'abord.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="cursor">Le nextCursor de la partie précédente ; absent pour la première.</param>
    /// <param name="limit">Combien de factures au plus.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Factures du compteur</returns>
    [HttpGet("meters/{id}/bills")]
    [ProducesResponseType<DataPage<BillModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.MeterNotFound)]
    public async Task<IActionResult> List(
        [Uuid] Guid id, [Cursor] Cursor? cursor, [Limit] int limit = LimitAttribute.Default, CancellationToken cancellation = default)
    {
        var meter = await FindMeterAsync(id, cancellation);
        return Page(await bills.ListBillsAsync(meter.Id, new(cursor?.Position, limit), cancellation), BillModel.Of);
    }

    /// <summary>Une facture, et ses lignes.</summary>
    /// <param name="billId">L'uuid de la facture.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Facture</returns>
    [HttpGet("bills/{billId}")]
    [ProducesResponseType<Data<BillModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.BillNotFound)]
    public async Task<IActionResult> Get([Uuid] Guid billId, CancellationToken cancellation) => V1Answer.Data(BillModel.WithLines(
        await bills.FindBillAsync(Caller, billId, cancellation) ?? throw Billing.BillNotFound(billId)));

    /// <summary>Les écritures d'un folio, la dernière d'abord.</summary>
    /// <param name="folioId">L'uuid du folio.</param>
    /// <param name="cursor">Le nextCursor de la partie précédente ; absent pour la première.</param>
    /// <param name="limit">Combien d'écritures au plus.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Écritures du folio</returns>
    [HttpGet("folios/{folioId}/entries")]
    [ProducesResponseType<DataPage<FolioEntryModel>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> ListEntries(
        [Uuid] Guid folioId, [Cursor] Cursor? cursor, [Limit] int limit = LimitAttribute.Default, CancellationToken cancellation = default) =>
        Page(await bills.ListFolioAsync(Caller, folioId, new(cursor?.Position, limit), cancellation), FolioEntryModel.Of);
}

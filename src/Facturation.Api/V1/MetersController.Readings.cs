using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

// The readings of all meters.
public sealed partial class MetersController
{
    /// <summary>Enregistrer jusqu'à 10 000 relevés de plusieurs compteurs, avec un verdict par ligne ; atomique ou partiel, ou à blanc.</summary>
    /// <param name="body">Les relevés, chacun avec son compteur.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles. Une simulation ne la prend pas.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Verdict de chaque relevé</returns>
    [HttpPost("/v1/readings/batch")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<BatchModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.TotalTooLarge)]
    [Refuses(RefusalCodes.BatchRefused, Data = typeof(BatchModel))]
    public Task<IActionResult> RecordBatch(
        [Body<MetersBatchRequest>] MetersBatchRequest body, [IdempotencyKey] string? idempotencyKey, CancellationToken cancellation) =>
        WriteAsync(
            body,
            idempotencyKey,
            (transaction, write) => metering.RecordAsync(
                transaction, Caller, [.. body.Readings.Select(reading => reading?.ToReading())], write, cancellation),
            cancellation);

    /// <summary>
    /// Ce qui est écrit des relevés de tous les compteurs que voit la clé, dans l'ordre : chaque relevé enregistré, annulé ou confirmé depuis le
    /// curseur, tel qu'il est maintenant.
    /// </summary>
    /// <param name="cursor">Le nextCursor de la partie précédente, gardé aussi longtemps que voulu ; absent : depuis le début.</param>
    /// <param name="limit">Combien de changements au plus.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevés, le plus anciennement écrit d'abord</returns>
    [HttpGet("/v1/readings")]
    [ProducesResponseType<DataChanges<MeterReadingModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.CursorUnknown)]
    public async Task<IActionResult> Changes(
        [Cursor] Cursor? cursor, [Limit] int limit = LimitAttribute.Default, CancellationToken cancellation = default)
    {
        var (changes, end, hasMore) = await Store.ListChangesAsync(Caller, new(cursor?.Position, limit), cancellation);
        return V1Answer.Ok(new DataChanges<MeterReadingModel>(
            [.. changes.Select(change => new MeterReadingModel(change.Meter, ReadingModel.Of(change.Reading)))], Write(end), hasMore));
    }

    /// <summary>Les relevés suspects de tous les compteurs que voit la clé, le dernier enregistré d'abord.</summary>
    /// <param name="cursor">Le nextCursor de la partie précédente ; absent pour la première.</param>
    /// <param name="limit">Combien de relevés au plus.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevés suspects</returns>
    [HttpGet("/v1/readings/suspects")]
    [ProducesResponseType<DataPage<MeterReadingModel>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Suspects(
        [Cursor] Cursor? cursor, [Limit] int limit = LimitAttribute.Default, CancellationToken cancellation = default) => Page(
        await Store.ListSuspectsAsync(Caller, new(cursor?.Position, limit), cancellation),
        suspect => new MeterReadingModel(suspect.Meter, ReadingModel.Of(suspect.Reading)));
}

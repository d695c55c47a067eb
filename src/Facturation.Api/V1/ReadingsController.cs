using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.V1;

/// <summary>Relevés des compteurs.</summary>
[Route("v1/meters/{id}/readings")]
[Authorize(Scopes.ReadingsRead)]
public sealed partial class ReadingsController(IMeterStore store, Metering metering, MeteringOptions options, TimeProvider clock)
    : V1Controller(store, options, clock)
{
    /// <summary>Enregistrer un relevé manuel de compteur.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="body">Le relevé.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevé enregistré</returns>
    [HttpPost("manual")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<RecordedModel>>(StatusCodes.Status201Created)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.ReadAtInFuture, RefusalCodes.ReadAtBeforeInstallation, RefusalCodes.ReadAtAfterRemoval,
        RefusalCodes.IndexBeyondDigits, RefusalCodes.IndexBelowPrevious, RefusalCodes.IndexAboveNext, RefusalCodes.ReadingConflict,
        RefusalCodes.MeterClosed, RefusalCodes.TotalTooLarge)]
    public Task<IActionResult> Record(
        [Uuid] Guid id, [Body<ManualReadingRequest>] ManualReadingRequest body, [IdempotencyKey] string? idempotencyKey,
        CancellationToken cancellation) => WriteAsync(
        idempotencyKey,
        async transaction =>
        {
            var (reading, isNew) = await metering.RecordAsync(transaction, Caller, id, body.ToReading(), cancellation);
            return V1Answer.Data(new RecordedModel(reading.Id), StatusCodes.Status201Created, $"/v1/meters/{id}/readings/{reading.Id}")
                with { Recorded = isNew ? 1 : 0 };
        },
        cancellation);

    /// <summary>Enregistrer jusqu'à 1000 relevés, avec un verdict par ligne ; atomique ou partiel, ou à blanc.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="body">Les relevés, tous de ce compteur.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles. Une simulation ne la prend pas.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Verdict de chaque relevé</returns>
    [HttpPost("batch")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<BatchModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.MeterNotFound, RefusalCodes.TotalTooLarge)]
    [Refuses(RefusalCodes.BatchRefused, Data = typeof(BatchModel))]
    public Task<IActionResult> RecordBatch(
        [Uuid] Guid id, [Body<BatchRequest>] BatchRequest body, [IdempotencyKey] string? idempotencyKey, CancellationToken cancellation) =>
        WriteAsync(
            body,
            idempotencyKey,
            (transaction, write) => metering.RecordAsync(
                transaction, Caller, id, [.. body.Readings.Select(reading => reading?.ToReading())], write, cancellation),
            cancellation);

    /// <summary>Les relevés d'un compteur, annulés compris, le plus récent d'abord ; from et to sont compris.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="from">Le premier instant, compris.</param>
    /// <param name="to">Le dernier instant, compris.</param>
    /// <param name="cursor">Le nextCursor de la partie précédente ; absent pour la première.</param>
    /// <param name="limit">Combien de relevés au plus.</param>
    /// <param name="recordedSince">Ceux seulement qui sont enregistrés ou annulés depuis cet instant : ce qui a changé, si anciens que soient les relevés.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevés du compteur</returns>
    [HttpGet]
    [ProducesResponseType<DataPage<ReadingModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.MeterNotFound)]
    public async Task<IActionResult> List(
        [Uuid] Guid id, [Instant] DateTimeOffset? from, [Instant] DateTimeOffset? to, [Cursor] Cursor? cursor,
        [Limit] int limit = LimitAttribute.Default, [Instant] DateTimeOffset? recordedSince = null, CancellationToken cancellation = default)
    {
        if (from > to)
            throw V1Exception.Parameter("from", "la période est inversée, from vient après to");
        var meter = await FindMeterAsync(id, cancellation);
        return Page(await Store.ListReadingsAsync(meter.Id, from, to, recordedSince, new(cursor?.Position, limit), cancellation), ReadingModel.Of);
    }

    /// <summary>Un relevé.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="readingId">L'uuid du relevé.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevé</returns>
    [HttpGet("{readingId:regex(^(?!manual$|batch$))}")] // Those addresses have only POST: GET is answered 405.
    [ProducesResponseType<Data<ReadingModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.MeterNotFound, RefusalCodes.ReadingNotFound)]
    public async Task<IActionResult> Get([Uuid] Guid id, [Uuid] Guid readingId, CancellationToken cancellation)
    {
        var meter = await FindMeterAsync(id, cancellation);
        var reading = await Store.FindReadingAsync(meter.Id, readingId, cancellation) ?? throw Metering.NotFound(id, readingId);
        return V1Answer.Data(ReadingModel.Of(reading));
    }

    /// <summary>Les index qu'un relevé peut porter à un instant.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="readAt">L'instant.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Index permis</returns>
    [HttpGet("allowed")]
    [ProducesResponseType<Data<AllowedModel>>(StatusCodes.Status200OK)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.ReadAtInFuture, RefusalCodes.ReadAtBeforeInstallation, RefusalCodes.ReadAtAfterRemoval)]
    public async Task<IActionResult> Allowed([Uuid] Guid id, [Instant, BindRequired] DateTimeOffset readAt, CancellationToken cancellation)
    {
        var allowed = await metering.AllowAsync(Store, await FindMeterAsync(id, cancellation), readAt, cancellation);
        return V1Answer.Data(new AllowedModel(
            readAt,
            allowed.Min,
            allowed.Max,
            allowed.RolloverMax,
            allowed.Before is { } before ? ReadingModel.Of(before) : null,
            allowed.After is { } after ? ReadingModel.Of(after) : null));
    }
}

using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>Relevés des compteurs.</summary>
[Route("v1/meters/{id}/readings")]
public sealed class ReadingsController(IMeterStore store, Metering metering, MeteringOptions options, TimeProvider clock)
    : V1Controller(store, options, clock)
{
    /// <summary>Enregistrer un relevé manuel de compteur.</summary>
    [HttpPost("manual")]
    [Authorize(Scopes.ReadingsWrite)]
    public Task<IActionResult> Record(
        [Uuid] Guid id, [Body<ManualReadingRequest>] ManualReadingRequest body, CancellationToken cancellation) => WriteAsync(
        async transaction =>
        {
            var (reading, isNew) = await metering.RecordAsync(transaction, Caller, id, body.ToReading(), cancellation);
            return V1Answer.Data(new RecordedModel(reading.Id), StatusCodes.Status201Created, $"/v1/meters/{id}/readings/{reading.Id}")
                with { Recorded = isNew ? 1 : 0 };
        },
        cancellation);

    /// <summary>Enregistrer jusqu'à 1000 relevés, avec un verdict par ligne ; atomique ou partiel, ou à blanc.</summary>
    [HttpPost("batch")]
    [Authorize(Scopes.ReadingsWrite)]
    public Task<IActionResult> RecordBatch(
        [Uuid] Guid id, [Body<BatchRequest>] BatchRequest body, CancellationToken cancellation) => WriteAsync(
        async transaction =>
        {
            var committed = false;
            var verdicts = await metering.RecordAsync(
                transaction,
                Caller,
                id,
                [.. body.Readings.Select(reading => reading?.ToReading())],
                verdicts => committed = !body.DryRun && !(body.IsAtomic && verdicts.Any(v => v.Reading is null)),
                cancellation);
            return Answer(body, verdicts, committed);
        },
        cancellation,
        isKept: !body.DryRun);

    /// <summary>Annuler un relevé : il est gardé, marqué, et ne compte plus.</summary>
    [HttpPost("{readingId}/void")]
    [Authorize(Scopes.ReadingsWrite)]
    public Task<IActionResult> Void(
        [Uuid] Guid id, [Uuid] Guid readingId, [Body<VoidRequest>] VoidRequest body, CancellationToken cancellation) => WriteAsync(
        async transaction =>
        {
            var reading = await metering.VoidAsync(transaction, Caller, id, readingId, body.RecordedBy, body.Reason, cancellation);
            return V1Answer.Data(ReadingModel.Of(reading));
        },
        cancellation);

    /// <summary>Les relevés d'un compteur, annulés compris, le plus récent d'abord ; from et to sont compris.</summary>
    [HttpGet]
    public async Task<IActionResult> List(
        [Uuid] Guid id, string? from, string? to, string? cursor, string? limit, CancellationToken cancellation)
    {
        var (first, last, slice) = (ReadInstant("from", from), ReadInstant("to", to), ReadSlice(cursor, limit));
        if (first > last)
            throw Invalid("from", "la période est inversée, from vient après to");
        var meter = await FindMeterAsync(id, cancellation);
        return V1Answer.Page(await Store.ListReadingsAsync(meter.Id, first, last, slice, cancellation), ReadingModel.Of);
    }

    /// <summary>Un relevé.</summary>
    [HttpGet("{readingId:regex(^(?!manual$|batch$))}")] // GET of those is another verb of theirs: 405.
    public async Task<IActionResult> Get([Uuid] Guid id, [Uuid] Guid readingId, CancellationToken cancellation)
    {
        var meter = await FindMeterAsync(id, cancellation);
        var reading = await Store.FindReadingAsync(meter.Id, readingId, cancellation) ?? throw Metering.NotFound(id, readingId);
        return V1Answer.Data(ReadingModel.Of(reading));
    }

    /// <summary>Les index qu'un relevé peut porter à un instant.</summary>
    [HttpGet("allowed")]
    public async Task<IActionResult> Allowed([Uuid] Guid id, string? readAt, CancellationToken cancellation)
    {
        var instant = ReadInstant("readAt", readAt) ?? throw Invalid("readAt", "absent");
        var allowed = await metering.AllowAsync(Store, await FindMeterAsync(id, cancellation), instant, cancellation);
        return V1Answer.Data(new AllowedModel(
            instant,
            allowed.Min,
            allowed.Max,
            allowed.RolloverMax,
            allowed.Before is { } before ? ReadingModel.Of(before) : null,
            allowed.After is { } after ? ReadingModel.Of(after) : null));
    }

    /// <summary>Les relevés suspects de tous les compteurs que voit la clé, le dernier enregistré d'abord.</summary>
    [HttpGet("/v1/readings/suspects")]
    public async Task<IActionResult> Suspects(string? cursor, string? limit, CancellationToken cancellation) => V1Answer.Page(
        await Store.ListSuspectsAsync(Caller, ReadSlice(cursor, limit), cancellation),
        suspect => new SuspectModel(suspect.Meter, ReadingModel.Of(suspect.Reading)));

    private V1Answer Answer(BatchRequest batch, IReadOnlyList<Verdict> verdicts, bool committed)
    {
        var lines = verdicts.Select((verdict, i) => verdict switch
        {
            { Reading: { } reading, IsNew: true } => new(i, "recorded", committed ? reading.Id : null, reading.IsSuspect, null, null),
            { Reading: { } reading } => new(i, "duplicate", reading.Id, reading.IsSuspect, null, null),
            { Refusal: { } refusal } => new(i, "refused", null, false, refusal.Code, refusal.Message),
            _ => new BatchLineModel(i, "refused", null, false, V1Error.InvalidBody.Code, batch.Errors[i]),
        }).ToList();
        int recorded = lines.Count(l => l.Verdict == "recorded"), refused = lines.Count(l => l.Verdict == "refused");
        var model = new BatchModel(committed, batch.DryRun, recorded, lines.Count - recorded - refused, refused, lines);
        var answer = committed || batch.DryRun
            ? V1Answer.Data(model)
            : V1Answer.Error(V1Error.BatchRefused, V1Error.BatchRefused.Meaning, Caller.TraceId, model);
        return batch.DryRun ? answer : answer with
        {
            Recorded = committed ? recorded : 0,
            Refused = [.. lines.Select(line => line.Code).OfType<string>()],
        };
    }
}

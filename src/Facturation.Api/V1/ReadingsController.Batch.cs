using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

public sealed partial class ReadingsController
{
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
        body.DryRun ? null : idempotencyKey,
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
        cancellation);

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

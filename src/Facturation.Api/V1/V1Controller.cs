using System.Security.Claims;
using Facturation.Api.Security;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>The base of the v1 controllers: the caller, and writes with idempotency keys.</summary>
[ApiExplorerSettings(IgnoreApi = false)] // Without this, MVC describes only [ApiController]s.
[KnownQuery]
public abstract class V1Controller(IMeterStore store, MeteringOptions options, TimeProvider clock) : ControllerBase
{
    private protected IMeterStore Store => store;

    private protected Caller Caller => field ??= new(
        User.FindFirstValue(ApiKeyClaims.Client)!,
        User.FindFirstValue(ApiKeyClaims.Identifiant),
        User.Identity!.Name!,
        V1Middleware.TraceId);

    /// <summary>
    /// Writes in one transaction, and keeps the answer there under the request's Idempotency-Key, if it has one: the same request then
    /// gets the same answer, and a different request is refused. A refusal is not kept, since a later try may succeed.
    /// </summary>
    private protected async Task<IActionResult> WriteAsync(
        string? key, Func<IMeterTransaction, Task<V1Answer>> work, CancellationToken cancellation)
    {
        var hash = key is null ? null : RequestBody.Hash(HttpContext, Caller);
        key = key is null ? null : RequestBody.Scope(key, Caller);
        return await store.WriteAsync(
            async transaction =>
            {
                var now = clock.GetUtcNow();
                var since = now.AddDays(-options.IdempotencyDays);
                if (key is not null && await transaction.FindAnswerAsync(Caller, key, since, cancellation) is { } kept)
                {
                    return kept.Hash.Span.SequenceEqual(hash)
                        ? new V1Answer(kept.Status, kept.Location, kept.Body)
                        : throw new V1Exception(V1Error.IdempotencyKeyReused);
                }
                var answer = await work(transaction);
                if (key is not null && answer.Status < 300)
                {
                    var keep = new KeptAnswer(hash, answer.Status, answer.Location, answer.Body, now);
                    await transaction.KeepAnswerAsync(Caller, key, keep, since, cancellation);
                }
                return answer;
            },
            cancellation);
    }

    /// <summary>Writes a batch of readings. A dry run keeps no answer.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="key">The Idempotency-Key, or null.</param>
    /// <param name="record">Records the readings if the function it is given says so of their verdicts.</param>
    /// <param name="cancellation">Ends the work.</param>
    private protected Task<IActionResult> WriteAsync(
        Batch batch, string? key, Func<IMeterTransaction, Func<IReadOnlyList<Verdict>, bool>, Task<IReadOnlyList<Verdict>>> record,
        CancellationToken cancellation) => WriteAsync(
        batch.DryRun ? null : key,
        async transaction =>
        {
            var committed = false;
            var verdicts = await record(
                transaction, verdicts => committed = !batch.DryRun && !(batch.IsAtomic && verdicts.Any(v => v.Reading is null)));
            return V1Answer.Batch(batch, verdicts, committed, Caller.TraceId);
        },
        cancellation);

    /// <summary>A page of a list: <c>{"data": […], "nextCursor": …}</c>.</summary>
    private protected V1Answer Page<TItem, T>(Page<TItem> page, Func<TItem, T> convert) =>
        V1Answer.Ok(new DataPage<T>([.. page.Items.Select(convert)], page.Next is { } next ? Write(next) : null));

    /// <summary>The cursor of a position in the list that is asked for.</summary>
    private protected string Write(Position position) => new Cursor(position).Write(ControllerContext.ActionDescriptor.AttributeRouteInfo!.Template!);

    private protected async Task<Meter> FindMeterAsync(Guid id, CancellationToken cancellation) =>
        await store.FindAsync(Caller, id, cancellation) ?? throw Metering.NotFound(id);
}

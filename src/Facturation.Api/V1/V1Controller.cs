using System.Security.Claims;
using Facturation.Api.Security;
using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>What the controllers of v1 share: who asks, and how a write is answered once.</summary>
[Authorize(Scopes.ReadingsRead)]
public abstract class V1Controller(IMeterStore store, MeteringOptions options, TimeProvider clock) : ControllerBase
{
    private const string IdempotencyKey = "Idempotency-Key";

    private const int MaxLimit = 1000, DefaultLimit = 100, MaxIdempotencyKey = 255;

    private protected IMeterStore Store => store;

    private protected Caller Caller => field ??= new(
        User.FindFirstValue(ApiKeyClaims.Client)!, User.FindFirstValue(ApiKeyClaims.Identifiant), User.Identity!.Name!, V1Middleware.TraceId);

    /// <summary>
    /// Writes in one transaction, and keeps its answer there under the request's Idempotency-Key, if it has one: the same
    /// request then gets the same answer, another is refused. What is refused is not kept, since a later try may succeed.
    /// </summary>
    private protected async Task<IActionResult> WriteAsync(
        Func<IMeterTransaction, Task<V1Answer>> work, CancellationToken cancellation, bool keep = true)
    {
        var key = keep ? ReadIdempotencyKey() : null;
        var hash = key is null ? null : RequestBody.Hash(HttpContext, Caller);
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
                    await transaction.KeepAnswerAsync(Caller, key, new(hash, answer.Status, answer.Location, answer.Body, now), since, cancellation);
                return answer;
            },
            cancellation);
    }

    private protected async Task<Meter> FindMeterAsync(Guid id, CancellationToken cancellation) =>
        await store.FindAsync(Caller, id, cancellation) ?? throw Metering.NotFound(id);

    private protected static Slice ReadSlice(string? cursor, string? limit)
    {
        Position? after = null;
        if (cursor is not null)
            after = Cursor.TryRead(cursor, out var position) ? position : throw Invalid("cursor", "ce n'est pas un curseur rendu par cette liste (nextCursor)");
        var count = DefaultLimit;
        if (limit is not null
            && (!int.TryParse(limit, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out count)
                || count is < 1 or > MaxLimit))
            throw Invalid("limit", $"un nombre entier de 1 à {MaxLimit} est attendu");
        return new(after, count);
    }

    private protected static DateTimeOffset? ReadInstant(string name, string? text)
    {
        if (text is null)
            return null;
        // In an address an unescaped + reads as a space; a date-time has no other.
        return Instants.TryRead(text.Replace(' ', '+'), out var instant)
            ? instant
            : throw Invalid(name, "une date RFC 3339 avec son décalage est attendue, par exemple 2026-04-15T12:00:00Z");
    }

    private protected static V1Exception Invalid(string name, string why) => new(V1Error.InvalidParameter, $"{name} : {why}.");

    private string? ReadIdempotencyKey()
    {
        if (!Request.Headers.TryGetValue(IdempotencyKey, out var values))
            return null;
        return values is [{ Length: > 0 and <= MaxIdempotencyKey } key] && key.All(c => c is > ' ' and <= '~')
            ? key
            : throw Invalid(IdempotencyKey, $"une clé de 1 à {MaxIdempotencyKey} caractères ASCII visibles est attendue");
    }
}

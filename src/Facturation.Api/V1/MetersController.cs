using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>Compteurs : création, liste, remplacement, dépose.</summary>
[Route("v1/meters")]
[Authorize(Scopes.ReadingsRead)]
public sealed partial class MetersController(IMeterStore store, Metering metering, MeteringOptions options, TimeProvider clock)
    : V1Controller(store, options, clock)
{
    /// <summary>Crée un compteur, qui alimente un compteur de produit d'un dossier.</summary>
    /// <param name="body">Le compteur, et l'index qu'il montre à sa pose.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Compteur créé</returns>
    [HttpPost]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<MeterModel>>(StatusCodes.Status201Created)]
    [Refuses(RefusalCodes.ReadAtInFuture, RefusalCodes.IndexBeyondDigits, RefusalCodes.InvalidRegister, RefusalCodes.UnitMismatch, RefusalCodes.MeterAlreadyExists)]
    public Task<IActionResult> Create(
        [Body<MeterRequest>] MeterRequest body, [IdempotencyKey] string? idempotencyKey, CancellationToken cancellation) => WriteAsync(
        idempotencyKey,
        async transaction =>
        {
            if (Caller.Identifiant is { } nom && nom != body.Dossier.Identifiant)
                throw new V1Exception(V1Error.Forbidden, $"dossier.identifiant : la clé est celle de l'identifiant « {nom} ».");
            var meter = await metering.CreateAsync(transaction, Caller, body.ToMeter(), body.ToReading(), converts: body.Multiplier is not null, cancellation);
            return V1Answer.Data(MeterModel.Of(meter), StatusCodes.Status201Created, $"/v1/meters/{meter.Id}");
        },
        cancellation);

    /// <summary>Les compteurs, le dernier créé d'abord.</summary>
    /// <param name="serial">Ceux de ce numéro de série seulement.</param>
    /// <param name="identifiant">Ceux de cet identifiant API seulement.</param>
    /// <param name="dossier">Ceux des dossiers de cette référence seulement.</param>
    /// <param name="produitId">Ceux de ce produit seulement.</param>
    /// <param name="notReadSince">Ceux seulement qui sont posés, et qu'aucun relevé n'a vus depuis le début de ce jour, heure de Paris.</param>
    /// <param name="lastReading">true : avec le dernier relevé de chacun.</param>
    /// <param name="cursor">Le nextCursor de la partie précédente ; absent pour la première.</param>
    /// <param name="limit">Combien de compteurs au plus.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Compteurs que voit la clé</returns>
    [HttpGet]
    [ProducesResponseType<DataPage<MeterModel>>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List(
        [Text] string? serial, [Text] string? identifiant, [Text] string? dossier, [Number(inPath: false)] int? produitId,
        [Day] DateOnly? notReadSince, [Flag] bool? lastReading, [Cursor] Cursor? cursor, [Limit] int limit = LimitAttribute.Default, CancellationToken cancellation = default) =>
        Page(
            await Store.ListAsync(
                Caller,
                new(serial, identifiant, dossier, produitId) { NotReadSince = notReadSince is { } day ? Paris.StartOf(day) : null },
                lastReading == true,
                new(cursor?.Position, limit),
                cancellation),
            found => MeterModel.Of(found.Meter, found.Last));

    /// <summary>Un compteur.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="lastReading">true : avec son dernier relevé.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Compteur</returns>
    [HttpGet("{id}")]
    [ProducesResponseType<Data<MeterModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.MeterNotFound)]
    public async Task<IActionResult> Get([Uuid] Guid id, [Flag] bool? lastReading, CancellationToken cancellation)
    {
        var meter = await FindMeterAsync(id, cancellation);
        var last = lastReading == true
            ? (await Store.ReadSeriesAsync(id, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 1, cancellation))[^1]
            : null;
        return V1Answer.Data(MeterModel.Of(meter, last));
    }

    /// <summary>Dépose un compteur à un dernier index et pose le suivant à son premier index, en une transaction.</summary>
    /// <param name="id">L'uuid du compteur déposé.</param>
    /// <param name="body">Le dernier index de l'ancien compteur, et le nouveau compteur.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Nouveau compteur créé</returns>
    [HttpPost("{id}/replacement")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<MeterModel>>(StatusCodes.Status201Created)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.MeterAlreadyReplaced, RefusalCodes.MeterAlreadyRemoved, RefusalCodes.MeterAlreadyExists,
        RefusalCodes.ReplacementBeforeReading, RefusalCodes.ReadAtInFuture, RefusalCodes.IndexBeyondDigits, RefusalCodes.InvalidRegister,
        RefusalCodes.IndexBelowPrevious, RefusalCodes.ReadingConflict, RefusalCodes.TotalTooLarge)]
    public Task<IActionResult> Replace(
        [Uuid] Guid id,
        [Body<ReplacementRequest>] ReplacementRequest body,
        [IdempotencyKey] string? idempotencyKey,
        CancellationToken cancellation) => WriteAsync(
        idempotencyKey,
        async transaction =>
        {
            var meter = await metering.ReplaceAsync(
                transaction, Caller, id, body.ToLast(), body.Serial, body.Digits, body.RolloverAt, Registers.Micros(body.Multiplier), body.FirstIndexValueMilli, cancellation);
            return V1Answer.Data(MeterModel.Of(meter), StatusCodes.Status201Created, $"/v1/meters/{meter.Id}");
        },
        cancellation);

    /// <summary>Dépose un compteur à un dernier index, sans successeur.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="body">Le dernier index.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Compteur déposé</returns>
    [HttpPost("{id}/removal")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<MeterModel>>(StatusCodes.Status200OK)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.MeterAlreadyReplaced, RefusalCodes.MeterAlreadyRemoved, RefusalCodes.ReplacementBeforeReading,
        RefusalCodes.MeterClosed, RefusalCodes.ReadAtInFuture, RefusalCodes.IndexBeyondDigits, RefusalCodes.IndexBelowPrevious,
        RefusalCodes.ReadingConflict, RefusalCodes.TotalTooLarge)]
    public Task<IActionResult> Remove(
        [Uuid] Guid id, [Body<RemovalRequest>] RemovalRequest body, [IdempotencyKey] string? idempotencyKey, CancellationToken cancellation) =>
        WriteAsync(
            idempotencyKey,
            async transaction =>
                V1Answer.Data(MeterModel.Of(await metering.RemoveAsync(transaction, Caller, id, body.ToLast(), cancellation))),
            cancellation);
}

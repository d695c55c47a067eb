using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

// Readings are voided, corrected and confirmed.
public sealed partial class ReadingsController
{
    /// <summary>Annuler un relevé : il est gardé, marqué, et ne compte plus.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="readingId">L'uuid du relevé.</param>
    /// <param name="body">Qui l'annule, et pourquoi.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevé annulé</returns>
    [HttpPost("{readingId}/void")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<ReadingModel>>(StatusCodes.Status200OK)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.ReadingNotFound, RefusalCodes.ReadingAlreadyVoided,
        RefusalCodes.ReadingNotVoidable, RefusalCodes.ReadingBilled, RefusalCodes.VoidBreaksSeries, RefusalCodes.MeterClosed, RefusalCodes.TotalTooLarge)]
    public Task<IActionResult> Void(
        [Uuid] Guid id, [Uuid] Guid readingId, [Body<VoidRequest>] VoidRequest body, [IdempotencyKey] string? idempotencyKey,
        CancellationToken cancellation) => WriteAsync(
        idempotencyKey,
        async transaction =>
        {
            var reading = await metering.VoidAsync(transaction, Caller, id, readingId, body.RecordedBy, body.Reason, cancellation);
            return V1Answer.Data(ReadingModel.Of(reading));
        },
        cancellation);

    /// <summary>Corriger l'index d'un relevé, même de la pose ou de la dépose : il est annulé, et un autre enregistré au même instant.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="readingId">L'uuid du relevé.</param>
    /// <param name="body">Le bon index, qui corrige, et pourquoi.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevé qui compte à sa place</returns>
    [HttpPost("{readingId}/correction")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<ReadingModel>>(StatusCodes.Status200OK)]
    [ProducesResponseType<Data<ReadingModel>>(StatusCodes.Status201Created)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.ReadingNotFound, RefusalCodes.ReadingAlreadyVoided, RefusalCodes.ReadingBilled,
        RefusalCodes.IndexBeyondDigits, RefusalCodes.IndexBelowPrevious, RefusalCodes.IndexAboveNext, RefusalCodes.MeterClosed,
        RefusalCodes.TotalTooLarge)]
    public Task<IActionResult> Correct(
        [Uuid] Guid id, [Uuid] Guid readingId, [Body<CorrectionRequest>] CorrectionRequest body, [IdempotencyKey] string? idempotencyKey,
        CancellationToken cancellation) => WriteAsync(
        idempotencyKey,
        async transaction =>
        {
            var (reading, isCorrected) = await metering.CorrectAsync(
                transaction, Caller, id, readingId, body.IndexValueMilli, body.RecordedBy, body.Reason, body.ProofRef, cancellation);
            return isCorrected
                ? V1Answer.Data(ReadingModel.Of(reading), StatusCodes.Status201Created, $"/v1/meters/{id}/readings/{reading.Id}")
                : V1Answer.Data(ReadingModel.Of(reading));
        },
        cancellation);

    /// <summary>Confirmer un relevé suspect : il ne l'est plus, compte, et se facture sans acceptSuspect.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="readingId">L'uuid du relevé.</param>
    /// <param name="body">Qui le confirme.</param>
    /// <param name="idempotencyKey">Garde la réponse : la même requête la reçoit à nouveau. 1 à 255 caractères ASCII visibles.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Relevé confirmé</returns>
    [HttpPost("{readingId}/confirmation")]
    [Authorize(Scopes.ReadingsWrite)]
    [ProducesResponseType<Data<ReadingModel>>(StatusCodes.Status200OK)]
    [Refuses(
        RefusalCodes.MeterNotFound, RefusalCodes.ReadingNotFound, RefusalCodes.ReadingVoided, RefusalCodes.ReadingNotSuspect,
        RefusalCodes.MeterClosed, RefusalCodes.TotalTooLarge)]
    public Task<IActionResult> Confirm(
        [Uuid] Guid id, [Uuid] Guid readingId, [Body<ConfirmationRequest>] ConfirmationRequest body, [IdempotencyKey] string? idempotencyKey,
        CancellationToken cancellation) => WriteAsync(
        idempotencyKey,
        async transaction =>
            V1Answer.Data(ReadingModel.Of(await metering.ConfirmAsync(transaction, Caller, id, readingId, body.RecordedBy, cancellation))),
        cancellation);
}

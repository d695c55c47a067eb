using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>Compteurs : création, liste, remplacement.</summary>
[Route("v1/meters")]
public sealed class MetersController(IMeterStore store, Metering metering, MeteringOptions options, TimeProvider clock)
    : V1Controller(store, options, clock)
{
    /// <summary>Crée un compteur, qui alimente un compteur de produit d'un dossier.</summary>
    [HttpPost]
    [Authorize(Scopes.ReadingsWrite)]
    public Task<IActionResult> Create([Body<MeterRequest>] MeterRequest body, CancellationToken cancellation) => WriteAsync(
        async transaction =>
        {
            if (Caller.Identifiant is { } nom && nom != body.Dossier.Identifiant)
                throw new V1Exception(V1Error.Forbidden, $"dossier.identifiant : la clé est celle de l'identifiant « {nom} ».");
            var meter = await metering.CreateAsync(transaction, Caller, body.ToMeter(), body.ToReading(), cancellation);
            return V1Answer.Data(MeterModel.Of(meter), StatusCodes.Status201Created, $"/v1/meters/{meter.Id}");
        },
        cancellation);

    /// <summary>Les compteurs, le dernier créé d'abord.</summary>
    [HttpGet]
    public async Task<IActionResult> List(string? serial, string? cursor, string? limit, CancellationToken cancellation) =>
        V1Answer.Page(await Store.ListAsync(Caller, serial, ReadSlice(cursor, limit), cancellation), MeterModel.Of);

    /// <summary>Un compteur.</summary>
    [HttpGet("{id}")]
    public async Task<IActionResult> Get([Uuid] Guid id, CancellationToken cancellation) =>
        V1Answer.Data(MeterModel.Of(await FindMeterAsync(id, cancellation)));

    /// <summary>Dépose un compteur à un dernier index et pose le suivant à son premier index, en une transaction.</summary>
    [HttpPost("{id}/replacement")]
    [Authorize(Scopes.ReadingsWrite)]
    public Task<IActionResult> Replace([Uuid] Guid id, [Body<ReplacementRequest>] ReplacementRequest body, CancellationToken cancellation) => WriteAsync(
        async transaction =>
        {
            var meter = await metering.ReplaceAsync(
                transaction, Caller, id, body.ToLast(), body.Serial, body.Digits, body.FirstIndexValueMilli, cancellation);
            return V1Answer.Data(MeterModel.Of(meter), StatusCodes.Status201Created, $"/v1/meters/{meter.Id}");
        },
        cancellation);
}

using Facturation.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Api.V1;

/// <summary>Consommation : sommes et exports.</summary>
[Route("v1")]
[Authorize(Scopes.ConsommationRead)]
public sealed class ConsumptionController(IMeterStore store, IConsommationStore consommations, MeteringOptions options, TimeProvider clock)
    : V1Controller(store, options, clock)
{
    /// <summary>La consommation de tous les dossiers que voit la clé, importée et relevée : les sommes de ConsommationV2, par groupe et par fenêtre.</summary>
    /// <param name="from">Le premier jour, heure de Paris ; absent : depuis le début.</param>
    /// <param name="to">Le dernier jour, compris ; absent : jusqu'à la fin.</param>
    /// <param name="produitId">Ce produit seulement.</param>
    /// <param name="identifiant">Cet identifiant API seulement.</param>
    /// <param name="dossier">Les dossiers de cette référence seulement.</param>
    /// <param name="groupBy">Ce qui sépare les sommes : des mots parmi produit, compteur (avec produit), identifiant et dossier (avec les trois autres), séparés par des virgules.</param>
    /// <param name="window">Une somme par jour (day), mois (month) ou année (year) ; absent : une pour toute la période.</param>
    /// <param name="fill">zero : les fenêtres sans consommation ont une ligne aussi, de 0 unité, de from ou du premier jour qui a une consommation, à to ou au dernier. Avec window, sans dossier dans groupBy, 100 000 lignes au plus.</param>
    /// <param name="spread">days : ce que les compteurs comptent entre deux relevés est réparti sur les jours qui les séparent, selon leur durée ; ce qui est importé reste à son jour. Absent : tout compte le jour du second relevé. Sans changedSince.</param>
    /// <param name="changedSince">Les fenêtres seulement dont un jour a changé depuis cet instant, avec leur somme d'aujourd'hui, 0 comprise. Avec window, sans dossier ni spread.</param>
    /// <param name="format">json, jsonl (une ligne par objet), csv (RFC 4180) ou excel (csv, séparé par des points-virgules, avec BOM) ; absent : l'en-tête Accept choisit, json par défaut.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Sommes, par produitId, identifiant, dateDossier, dossier, sequence puis from ; envoyées au fil de la lecture</returns>
    [HttpGet("consumption")]
    [Produces(System.Net.Mime.MediaTypeNames.Application.Json, ReportFormats.Csv, ReportFormats.JsonLines)]
    [ProducesResponseType<DataList<ConsumptionModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.SumTooLarge)]
    public IActionResult Read(
        [Day] DateOnly? from, [Day] DateOnly? to, [Number(inPath: false)] int? produitId, [Text] string? identifiant, [Text] string? dossier,
        [GroupBy] Grouping? groupBy, [Window] Window? window, [Fill] bool? fill, [Spread] bool? spread, [Instant] DateTimeOffset? changedSince,
        [Format] ReportFormat? format, CancellationToken cancellation)
    {
        var query = new ConsumptionQuery(
            Caller.Client, Caller.Identifiant, Check(from, to, window, fill), produitId, identifiant, dossier,
            groupBy ?? (Grouping.Produit | Grouping.Compteur), window ?? Window.Period)
        {
            ChangedSince = changedSince,
            Spreads = spread == true,
        };
        if (changedSince is not null && window is null)
            throw V1Exception.Parameter("changedSince", "il choisit des fenêtres, donnez window");
        if (changedSince is not null && (dossier is not null || query.Grouping.HasFlag(Grouping.Dossier)))
            throw V1Exception.Parameter("changedSince", "ce qui change est gardé par jour et par compteur, enlevez dossier");
        if (changedSince is not null && query.Spreads)
            throw V1Exception.Parameter("changedSince", "un relevé change aussi les jours où il est réparti, ce qui n'est pas gardé, enlevez spread");
        if (fill == true && query.Grouping.HasFlag(Grouping.Dossier))
            throw V1Exception.Parameter("fill", "un dossier n'a que les fenêtres où il consomme, enlevez dossier de groupBy");
        return new ReportResult(stop => consommations.OpenConsumptionAsync(query, stop), query, fill == true, format);
    }

    /// <summary>La consommation d'un compteur, que ses relevés comptent.</summary>
    /// <param name="id">L'uuid du compteur.</param>
    /// <param name="from">Le premier jour, heure de Paris ; absent : depuis le début.</param>
    /// <param name="to">Le dernier jour, compris ; absent : jusqu'à la fin.</param>
    /// <param name="window">Une somme par jour (day), mois (month) ou année (year) ; absent : une pour toute la période.</param>
    /// <param name="fill">zero : les fenêtres sans consommation ont une ligne aussi, de 0 unité, de from ou du premier jour qui a une consommation, à to ou au dernier. Avec window, 100 000 lignes au plus.</param>
    /// <param name="spread">days : ce qui est compté entre deux relevés est réparti sur les jours qui les séparent, selon leur durée ; absent : il compte le jour du second.</param>
    /// <param name="format">json, jsonl (une ligne par objet), csv (RFC 4180) ou excel (csv, séparé par des points-virgules, avec BOM) ; absent : l'en-tête Accept choisit, json par défaut.</param>
    /// <param name="cancellation">Met fin au travail.</param>
    /// <returns>Sommes, dans l'ordre des jours</returns>
    [HttpGet("meters/{id}/consumption")]
    [Produces(System.Net.Mime.MediaTypeNames.Application.Json, ReportFormats.Csv, ReportFormats.JsonLines)]
    [ProducesResponseType<DataList<MeterConsumptionModel>>(StatusCodes.Status200OK)]
    [Refuses(RefusalCodes.MeterNotFound)]
    public async Task<IActionResult> OfMeter(
        [Uuid] Guid id, [Day] DateOnly? from, [Day] DateOnly? to, [Window] Window? window, [Fill] bool? fill, [Spread] bool? spread, [Format] ReportFormat? format,
        CancellationToken cancellation)
    {
        var periode = Check(from, to, window, fill);
        var meter = await FindMeterAsync(id, cancellation);
        var query = new ConsumptionQuery(Caller.Client, Caller.Identifiant, periode, null, null, null, Grouping.None, window ?? Window.Period);
        return new ReportResult(
            async stop => new MeterDays(await ReadDaysAsync(meter, periode, spread == true, stop)), query, fill == true, format);
    }

    private async Task<IReadOnlyList<(DateOnly Jour, long Units)>> ReadDaysAsync(
        Meter meter, Periode periode, bool spreads, CancellationToken cancellation)
    {
        if (!spreads)
            return await Store.ReadDaysAsync(meter.Id, periode, cancellation);
        var (first, end) = (periode.Start ?? meter.InstalledAt, periode.End ?? DateTimeOffset.MaxValue);
        return meter.Spread(await Store.ReadSeriesAsync(meter.Id, first, end, history: 1, cancellation), periode);
    }

    private static Periode Check(DateOnly? from, DateOnly? to, Window? window, bool? fill)
    {
        var periode = new Periode(from, to);
        if (periode.IsReversed)
            throw V1Exception.Parameter("from", "la période est inversée, from vient après to");
        if (fill == true && window is null)
            throw V1Exception.Parameter("fill", "il remplit des fenêtres, donnez window");
        return periode;
    }
}

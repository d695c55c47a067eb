using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>Une somme de consommations. Seul ce que nomme groupBy y est.</summary>
/// <param name="From">Le premier jour de la somme, heure de Paris.</param>
/// <param name="To">Le dernier jour, compris.</param>
/// <param name="ProduitId">L'identifiant du produit.</param>
/// <param name="NomProduit">Le nom du produit ; null s'il n'en a pas.</param>
/// <param name="Sequence">Le numéro du compteur dans le produit.</param>
/// <param name="Libelle">Le libellé de ce compteur ; null s'il n'en a pas.</param>
/// <param name="Identifiant">L'identifiant API.</param>
/// <param name="Dossier">La référence du dossier.</param>
/// <param name="DateDossier">La date du dossier, heure de Paris, sans décalage.</param>
/// <param name="Units">Les unités (bigint string) ; négatives quand les corrections l'emportent.</param>
public sealed record ConsumptionModel(
    DateOnly From, DateOnly To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ProduitId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NomProduit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Sequence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Libelle,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Identifiant,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Dossier,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? DateDossier,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long Units);

/// <summary>Ce qu'un compteur a compté.</summary>
/// <param name="From">Le premier jour de la somme, heure de Paris.</param>
/// <param name="To">Le dernier jour, compris.</param>
/// <param name="Units">Les unités (bigint string).</param>
public sealed record MeterConsumptionModel(
    DateOnly From, DateOnly To, [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long Units);

/// <summary>What one meter counted: one group, however many the days.</summary>
internal sealed class MeterDays(IReadOnlyList<(DateOnly Day, long Units)> days) : IConsumptionView
{
    public IReadOnlyList<ConsumptionGroup> Groups { get; } = [new(null, null, null, null, null, days.Sum(day => day.Units))];

    public Periode Days => days.Count == 0 ? default : new(days[0].Day, days[^1].Day);

    public async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDaysAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        if (days.Count > 0)
            yield return days.Select(day => new ConsumptionDay(Groups[0], null, default, day.Day, day.Units)).ToArray();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

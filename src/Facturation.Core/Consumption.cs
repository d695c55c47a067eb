namespace Facturation.Core;

/// <summary>What a report on consumption splits its sums by.</summary>
[Flags]
public enum Grouping
{
    /// <summary>Nothing: one sum.</summary>
    None = 0,

    /// <summary>The produit.</summary>
    Produit = 1,

    /// <summary>The compteur of the produit.</summary>
    Compteur = 2,

    /// <summary>The identifiant.</summary>
    Identifiant = 4,

    /// <summary>The dossier of the identifiant.</summary>
    Dossier = 8,

    /// <summary>As far as consumption can be split. A report by dossier is split by all.</summary>
    All = Produit | Compteur | Identifiant | Dossier,
}

/// <summary>A query for sums of consumption.</summary>
/// <param name="Client">The code of the client; an unknown one has no consumption.</param>
/// <param name="Visible">The only identifiant that the caller may see, or null for all of the client's.</param>
/// <param name="Periode">The days to add up.</param>
/// <param name="ProduitId">The only produit, or null for all.</param>
/// <param name="Identifiant">The only identifiant, or null for all that are visible.</param>
/// <param name="Dossier">The reference of the only dossiers, or null for all.</param>
/// <param name="Grouping">What the sums are split by.</param>
/// <param name="Window">How the days are split.</param>
public sealed record ConsumptionQuery(
    string Client, string? Visible, Periode Periode, int? ProduitId, string? Identifiant, string? Dossier, Grouping Grouping, Window Window)
{
    /// <summary>
    /// Only windows in which a day changed at this instant or later, those that are now empty too; null for all. Not for a query by
    /// dossier, nor without windows: what is kept is when the total of a day, a compteur and an identifiant changed.
    /// </summary>
    public DateTimeOffset? ChangedSince { get; init; }

    /// <summary>
    /// Whether what a meter counted between two readings is spread over the days between them (<see cref="SpreadDays"/>), as
    /// <see cref="Meter.Spread"/> does. Lines, which have no readings, stay on their day. Not with <see cref="ChangedSince"/>: a reading
    /// changes the days that it is spread over, and that is not kept.
    /// </summary>
    public bool Spreads { get; init; }

    /// <summary>Whether a row of a report is asked for.</summary>
    public bool Wants(in ConsumptionRow row) => ChangedSince is not { } since || row.ChangedAt >= since.ToUnixTimeMilliseconds();
}

/// <summary>What a sum is of; a member that the query does not group by is null.</summary>
/// <param name="ProduitId">The client's number for the produit.</param>
/// <param name="NomProduit">The name of the produit in the client's catalogue, or null.</param>
/// <param name="Sequence">The number of the compteur in the produit.</param>
/// <param name="Libelle">The compteur's label in the client's catalogue, or null.</param>
/// <param name="Identifiant">The identifiant.</param>
/// <param name="Units">Its whole units over the period.</param>
public sealed record ConsumptionGroup(
    int? ProduitId, string? NomProduit, int? Sequence, string? Libelle, string? Identifiant, long Units);

/// <summary>What a group consumed on one day.</summary>
/// <param name="Group">The group, one of the view's.</param>
/// <param name="Dossier">The reference of the dossier, if the query groups by dossier; or null.</param>
/// <param name="DateDossier">The dossier's date and time in Paris, Kind Unspecified.</param>
/// <param name="Day">The day, in Europe/Paris.</param>
/// <param name="Units">Whole units; negative where corrections prevail.</param>
/// <param name="ChangedAt">When it last changed, in milliseconds since 1970 in UTC; read only for <see cref="ConsumptionQuery.ChangedSince"/>.</param>
public readonly record struct ConsumptionDay(
    ConsumptionGroup Group, string? Dossier, DateTime DateDossier, DateOnly Day, long Units, long ChangedAt = 0);

/// <summary>A snapshot of the requested sums; not thread-safe. Disposing it ends its queries.</summary>
public interface IConsumptionView : IAsyncDisposable
{
    /// <summary>
    /// The groups that have consumption, by ProduitId, Identifiant, Sequence. Strings compare ordinally. Those of a query by dossier do
    /// not tell dossiers apart.
    /// </summary>
    IReadOnlyList<ConsumptionGroup> Groups { get; }

    /// <summary>The first and the last day with consumption; both null if there is none.</summary>
    Periode Days { get; }

    /// <inheritdoc cref="IConsommationView.Ended"/>
    CancellationToken Ended => CancellationToken.None;

    /// <summary>
    /// Streams the days of all groups: by group and day; for a query by dossier, by ProduitId, Identifiant, DateDossier, Dossier, Sequence
    /// and day. Rows that differ only by their units may follow each other. Without windows, the day is any of the period.
    /// </summary>
    /// <returns>Blocks of up to some hundred rows, never empty, each valid until the next is requested.</returns>
    IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDaysAsync(CancellationToken cancellation = default);
}

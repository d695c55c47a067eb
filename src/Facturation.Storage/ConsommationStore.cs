using System.Runtime.CompilerServices;
using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>Consumption; how it is imported depends on the database.</summary>
/// <param name="factory">Reaches the database answers are read from: a copy of the one that is written, where the settings name one.</param>
internal abstract class ConsommationStore(IDbContextFactory<FacturationContext> factory) : IConsommationStore
{
    public async IAsyncEnumerable<LigneConsommation> ReadAsync(
        Demande demande, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        await foreach (var ligne in Query(context, demande).AsAsyncEnumerable().WithCancellation(cancellation))
            yield return ligne;
    }

    public async Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation) =>
        await ConsommationView.OpenAsync(await factory.CreateDbContextAsync(cancellation), demande, cancellation);

    public async Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await context.Clients.OrderBy(c => SqlText.Ordinal(c.Code)).Select(c => c.Code).ToListAsync(cancellation);
    }

    public abstract Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation);

    /// <summary>One query, hence one moment of the database: sums made from these rows always equal them.</summary>
    internal static IQueryable<LigneConsommation> Query(FacturationContext context, Demande demande)
    {
        // Written as a chain of "from" it becomes CROSS JOINs, which fix the order of SQLite's loops: left to itself, it would
        // read a compteur's consommations of all time to save a look at the client's few identifiants.
        var lignes =
            from produit in context.Produits
            join compteur in context.Compteurs on produit.Id equals compteur.ProduitId
            from identifiant in context.Identifiants
            from consommation in context.Consommations
            join dossier in context.Dossiers on consommation.DossierId equals dossier.Id
            where produit.Client!.Code == demande.Client && identifiant.ClientId == produit.ClientId
                && consommation.CompteurId == compteur.Id && consommation.IdentifiantId == identifiant.Id
            select new { produit, compteur, identifiant, consommation, dossier };

        // Filters are added only where asked for: "x or null" would cost the database its index.
        if (demande.ProduitId is { } numero)
            lignes = lignes.Where(l => l.produit.Numero == numero);
        if (demande.Identifiant is { } nom)
            lignes = lignes.Where(l => l.identifiant.Nom == nom);
        if (demande.Periode.Debut is { } debut)
            lignes = lignes.Where(l => l.consommation.Jour >= debut);
        if (demande.Periode.Fin is { } fin)
            lignes = lignes.Where(l => l.consommation.Jour <= fin);

        var ordered = lignes.OrderBy(l => l.produit.Numero);
        ordered = demande.Ordre == Ordre.ParIdentifiant
            ? ordered
                .ThenBy(l => SqlText.Ordinal(l.identifiant.Nom))
                .ThenBy(l => l.dossier.Date)
                .ThenBy(l => SqlText.Ordinal(l.dossier.Reference))
            : ordered
                .ThenBy(l => l.dossier.Date)
                .ThenBy(l => SqlText.Ordinal(l.dossier.Reference))
                .ThenBy(l => SqlText.Ordinal(l.identifiant.Nom));

        return ordered
            .ThenBy(l => l.compteur.Sequence)
            .ThenBy(l => l.consommation.Jour)
            .Select(l => new LigneConsommation(
                l.produit.Numero,
                l.produit.Nom,
                l.identifiant.Nom,
                l.dossier.Reference,
                l.dossier.Date,
                l.compteur.Sequence,
                l.compteur.Libelle,
                l.consommation.Quantite));
    }
}

internal sealed class SqliteConsommationStore(
    IDbContextFactory<FacturationContext> reading, IDbContextFactory<FacturationContext> writing) : ConsommationStore(reading)
{
    public override async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        await SqliteImport.BeginAsync(await writing.CreateDbContextAsync(cancellation), cancellation);
}

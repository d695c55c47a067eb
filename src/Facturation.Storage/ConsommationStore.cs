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
        await using var view = await OpenAsync(demande, cancellation);
        foreach (var groupe in view.Groupes)
        {
            var libelles = groupe.Sommes.ToDictionary(s => s.Sequence, s => s.Libelle);
            await foreach (var d in view.ReadDetailsAsync(groupe, cancellation))
                yield return new LigneConsommation(
                    groupe.ProduitId, groupe.NomProduit, d.Identifiant, d.Dossier, d.DateDossier, d.Sequence, libelles[d.Sequence], d.Quantite);
        }
    }

    public async Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation) =>
        await ConsommationView.OpenAsync(await factory.CreateDbContextAsync(cancellation), demande, cancellation);

    public async Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var codes = await context.Clients.Select(c => c.Code).ToListAsync(cancellation);
        return [.. codes.Order(StringComparer.Ordinal)];
    }

    public abstract Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation);
}

internal sealed class SqliteConsommationStore(
    IDbContextFactory<FacturationContext> reading, IDbContextFactory<FacturationContext> writing) : ConsommationStore(reading)
{
    public override async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        await SqliteImport.BeginAsync(await writing.CreateDbContextAsync(cancellation), cancellation);
}

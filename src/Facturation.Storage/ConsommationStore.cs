using System.Runtime.CompilerServices;
using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

internal sealed class ConsommationStore(IDbContextFactory<FacturationContext> factory) : IConsommationStore
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
        return await context.Clients.Select(c => c.Code)
            .OrderBy(code => EF.Functions.Collate(code, SqliteDatabase.Ordinal)).ToListAsync(cancellation);
    }

    public async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        await SqliteImport.BeginAsync(await factory.CreateDbContextAsync(cancellation), cancellation);
}

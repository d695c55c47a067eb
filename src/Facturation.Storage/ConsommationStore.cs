using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

internal sealed class ConsommationStore(IDbContextFactory<FacturationContext> factory) : IConsommationStore
{
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

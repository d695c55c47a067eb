using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>Consumption; how it is imported depends on the database.</summary>
/// <param name="factory">Reaches the database answers are read from: a copy of the one that is written, where the settings name one.</param>
internal abstract class ConsommationStore(IDbContextFactory<FacturationContext> factory) : IConsommationStore
{
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

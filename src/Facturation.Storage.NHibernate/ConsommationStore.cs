using Facturation.Core;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

internal sealed class ConsommationStore(Sessions sessions) : IConsommationStore
{
    public Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation) =>
        new HqlConsommationView(sessions.BeginRead(), demande).OpenAsync(cancellation);

    public Task<IConsumptionView> OpenConsumptionAsync(ConsumptionQuery query, CancellationToken cancellation) =>
        new HqlConsumptionView(sessions.BeginRead(), query).OpenAsync(cancellation);

    public async Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation)
    {
        using var session = sessions.BeginRead();
        var codes = await session.Query<Client>().Select(c => c.Code).ToListAsync(cancellation);
        return [.. codes.Order(StringComparer.Ordinal)];
    }

    public Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) => sessions.BeginImportAsync(cancellation);
}

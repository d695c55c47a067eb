using Facturation.Core;

namespace Facturation.Storage;

internal sealed class ConsommationStore(Database database) : IConsommationStore
{
    public async Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation) =>
        await new SqlConsommationView(await database.BeginReadAsync(cancellation), demande).OpenAsync(cancellation);

    public async Task<IConsumptionView> OpenConsumptionAsync(ConsumptionQuery query, CancellationToken cancellation) =>
        await new SqlConsumptionView(await database.BeginReadAsync(cancellation), query).OpenAsync(cancellation);

    public async Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation)
    {
        await using var session = await database.BeginReadAsync(cancellation);
        var codes = await session.Statements.ListAsync("SELECT Code FROM Clients", row => row.GetKey(0));
        return [.. codes.Order(StringComparer.Ordinal)];
    }

    public Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) => database.BeginImportAsync(cancellation);
}

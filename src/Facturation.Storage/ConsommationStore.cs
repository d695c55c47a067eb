using Facturation.Core;

namespace Facturation.Storage;

/// <param name="database">The database.</param>
/// <param name="maxInMemory">The most lines of an answer that is read whole. Above it, lines are streamed.</param>
internal sealed class ConsommationStore(Database database, int maxInMemory = 1000) : IConsommationStore
{
    public async Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation)
    {
        var session = await database.BeginReadAsync(cancellation);
        SmallConsommationView? small;
        try
        {
            small = await SmallConsommationView.ReadAsync(session.Statements, demande, maxInMemory, cancellation);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
        if (small is null)
            return await new SqlConsommationView(session, demande).OpenAsync(cancellation);
        await session.DisposeAsync();
        return small;
    }

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

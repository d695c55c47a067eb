using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>Consumption; how it is reached and imported depends on the database.</summary>
internal abstract class ConsommationStore : IConsommationStore
{
    public async Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation) =>
        await ConsommationView.OpenAsync(await BeginReadAsync(cancellation), demande, cancellation);

    public async Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation)
    {
        await using var session = await BeginReadAsync(cancellation);
        await using var command = session.CreateCommand("SELECT Code FROM Clients");
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var codes = new List<string>();
        while (await rows.ReadAsync(cancellation))
            codes.Add(session.FromKey(rows.GetString(0)));
        return [.. codes.Order(StringComparer.Ordinal)];
    }

    public abstract Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation);

    /// <summary>Reaches the database answers are read from: a copy of the one that is written, where the settings name one.</summary>
    private protected abstract Task<ReadSession> BeginReadAsync(CancellationToken cancellation);
}

internal sealed class SqliteConsommationStore(IDbContextFactory<FacturationContext> writing, Connections connections) : ConsommationStore
{
    public override async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        await SqliteImport.BeginAsync(await writing.CreateDbContextAsync(cancellation), cancellation);

    private protected override Task<ReadSession> BeginReadAsync(CancellationToken cancellation) =>
        SqliteReadSession.BeginAsync(connections.Reading, cancellation);
}

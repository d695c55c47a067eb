using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage.SqlServer;

/// <summary>Consumption in SQL Server.</summary>
/// <param name="reading">Contexts of the database answers are read from.</param>
/// <param name="connection">The connection string of the one that is written.</param>
internal sealed class SqlServerConsommationStore(IDbContextFactory<FacturationContext> reading, string connection) : ConsommationStore
{
    public override async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        await SqlServerImport.BeginAsync(connection, cancellation);

    private protected override async Task<ReadSession> BeginReadAsync(CancellationToken cancellation) =>
        await SqlServerReadSession.BeginAsync(await reading.CreateDbContextAsync(cancellation), cancellation);
}

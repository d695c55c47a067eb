using Facturation.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

internal sealed class SqliteMeterStore(IDbContextFactory<FacturationContext> factory) : MeterStore(factory), IDisposable
{
    private readonly IDbContextFactory<FacturationContext> factory = factory;

    // SQLite has one writer: those of this process wait here, in order and without a thread, not for its lock.
    private readonly SemaphoreSlim writer = new(1);

    // As long as SQLite's own lock is waited for: behind a database that another process locks, all give up together.
    private readonly Lazy<TimeSpan> patience = new(() =>
    {
        using var context = factory.CreateDbContext();
        return TimeSpan.FromSeconds(((SqliteConnection)context.Database.GetDbConnection()).DefaultTimeout);
    });

    public override async Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation)
    {
        if (!await writer.WaitAsync(patience.Value, cancellation))
            throw new TimeoutException($"No turn to write within {patience.Value}.");
        try
        {
            await using var context = await factory.CreateDbContextAsync(cancellation);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation); // BEGIN IMMEDIATE
            var result = await work(new MeterTransaction(context));
            await context.SaveChangesAsync(cancellation);
            // From here on the work is done, whether or not anyone still waits for the answer.
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        finally
        {
            writer.Release();
        }
    }

    public void Dispose() => writer.Dispose();
}

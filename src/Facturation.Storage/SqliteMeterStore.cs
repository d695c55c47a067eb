using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

internal sealed class SqliteMeterStore(IDbContextFactory<FacturationContext> factory) : MeterStore(factory), IDisposable
{
    private readonly GroupCommit writer = new(factory);

    public override Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation) =>
        writer.RunAsync(work, cancellation);

    public void Dispose() => writer.Dispose();
}

using System.Data;
using Facturation.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Facturation.Storage.SqlServer;

/// <summary>Writers of every node meet on the rows of the meters they hold, and nowhere else.</summary>
internal sealed class SqlServerMeterStore(IDbContextFactory<FacturationContext> factory) : MeterStore(factory)
{
    private readonly IDbContextFactory<FacturationContext> factory = factory;

    /// <summary>
    /// Runs the work again, from its start and on a context of its own, after a failure that passes: a deadlock, a connection that
    /// broke, a row that another node added first. Before that, when the commit itself was not answered, looks whether it was done.
    /// </summary>
    public override async Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation)
    {
        (T Result, AuditRow? Trace)? committing = null;
        await using var asking = await factory.CreateDbContextAsync(cancellation);
        return await SqlServerDatabase.CreateRetry(asking).ExecuteAsync(
            work,
            async (_, work, token) =>
            {
                committing = null;
                await using var context = await factory.CreateDbContextAsync(token);
                context.Database.AutoSavepointsEnabled = false; // What fails is begun again from its start, never from the middle.
                // Said aloud: a connection of the pool keeps the level of whoever had it before, and an answer's is SNAPSHOT.
                var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
                try
                {
                    var result = await work(new SqlServerMeterTransaction((SqlServerContext)context));
                    await context.SaveChangesAsync(token);
                    committing = (result, context.ChangeTracker.Entries<AuditRow>().LastOrDefault()?.Entity);
                    // From here on the work is done, whether or not anyone still waits for the answer.
                    await transaction.CommitAsync(CancellationToken.None);
                    return result;
                }
                finally
                {
                    await SqlServerDatabase.EndAsync(transaction);
                }
            },
            async (_, _, token) => committing is { } last && await WasCommittedAsync(last.Trace, token)
                ? new ExecutionResult<T>(true, last.Result)
                : new ExecutionResult<T>(false, default!),
            cancellation);
    }

    /// <summary>
    /// Whatever records something leaves a row in the audit, whose number no other transaction has. Work that leaves none kept an answer at
    /// most, and finds it when it is run again.
    /// </summary>
    private async Task<bool> WasCommittedAsync(AuditRow? trace, CancellationToken cancellation)
    {
        if (trace is null)
            return false;
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await context.Audit.AnyAsync(a => a.Id == trace.Id && a.At == trace.At && a.TraceId == trace.TraceId, cancellation);
    }
}

using System.Diagnostics;
using Facturation.Core;
using Facturation.Storage.SqlServer;
using FluentNHibernate.Cfg.Db;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using NHibernate;

namespace Facturation.Storage.NHibernate;

/// <summary>Sessions of a SQL Server database. Failures that pass are retried by the strategy that the migrations use too.</summary>
/// <param name="connections">The connection strings.</param>
/// <param name="contexts">Contexts of the database, for their strategy.</param>
internal sealed class SqlServerSessions(Connections connections, IDbContextFactory<FacturationContext> contexts) : Sessions(connections, Configure)
{
    /// <summary>As the default provider's imports: those of all nodes take turns, and a reading is the victim of a deadlock, since it is run again.</summary>
    private const string TakeTurn = """
        SET DEADLOCK_PRIORITY HIGH;
        DECLARE @turn int;
        EXEC @turn = sp_getapplock @Resource = N'Facturation.Import', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = -1;
        IF @turn < 0 THROW 50002, N'No turn to import.', 1;
        """;

    private static IPersistenceConfigurer Configure(string connection) => MsSqlConfiguration.MsSql2012
        .ConnectionString(new SqlConnectionStringBuilder(connection) { MultipleActiveResultSets = true }.ConnectionString)
        .Driver<SqlServerStreamDriver>().Dialect<FacturationSqlServerDialect>().Provider<SqlServerConnections>();

    public override async Task<T> WriteAsync<T>(Func<UnitOfWork, Task<T>> work, CancellationToken cancellation)
    {
        (T Result, Func<ISession, Task<bool>>? Proof)? committing = null;
        await using var asking = await contexts.CreateDbContextAsync(cancellation);
        return await SqlServerDatabase.CreateRetry(asking).ExecuteAsync(
            work,
            (_, work, _) =>
            {
                committing = null;
                var begun = Stopwatch.GetTimestamp();
                return WriteOnceAsync(work, (result, unit) =>
                {
                    if (Stopwatch.GetElapsedTime(begun) > SqlServerDatabase.LongestWrite)
                        throw new SqlServerDatabase.SlowWriteException(SqlServerDatabase.LongestWrite);
                    committing = (result, unit.Proof);
                });
            },
            async (_, _, _) => committing is { Proof: { } proof } last && await ReadOnceAsync(proof)
                ? new ExecutionResult<T>(true, last.Result)
                : new ExecutionResult<T>(false, default!),
            cancellation);
    }

    public override async Task<T> ReadAsync<T>(Func<ISession, Task<T>> read, CancellationToken cancellation)
    {
        await using var asking = await contexts.CreateDbContextAsync(cancellation);
        return await SqlServerDatabase.CreateRetry(asking).ExecuteAsync(_ => ReadOnceAsync(read), cancellation);
    }

    public override Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        ExplainAsync(() => ConsommationImport.BeginAsync(OpenImport(), TakeTurn, release: null));
}

using Facturation.Core;
using Facturation.Storage.Sqlite;
using FluentNHibernate.Cfg.Db;
using Microsoft.Data.Sqlite;
using NHibernate;

namespace Facturation.Storage.NHibernate;

/// <summary>Sessions of a SQLite file. It has one writer: those of this process take turns, in order of arrival, rather than meet its lock.</summary>
internal sealed class SqliteSessions(Connections connections) : Sessions(connections, Configure)
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly int seconds = new SqliteConnectionStringBuilder(connections.Writing).DefaultTimeout;

    private static IPersistenceConfigurer Configure(string connection) => MsSqliteConfiguration.Standard
        .ConnectionString(connection).Driver<SqliteDriver>().Dialect<FacturationSqliteDialect>().Provider<SqliteConnections>();

    public override async Task<T> WriteAsync<T>(Func<UnitOfWork, Task<T>> work, CancellationToken cancellation)
    {
        await TakeTurnAsync(cancellation);
        try
        {
            return await WriteOnceAsync(work, committed: connection =>
            {
                if (SqliteDatabase.HasMoved((SqliteConnection)connection))
                    throw SqliteDatabase.Moved(); // What was written is lost.
            });
        }
        finally
        {
            turn.Release();
        }
    }

    public override Task<T> ReadAsync<T>(Func<ISession, Task<T>> read, CancellationToken cancellation) => ReadOnceAsync(read);

    public override async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation)
    {
        await TakeTurnAsync(cancellation);
        try
        {
            return await ExplainAsync(() => ConsommationImport.BeginAsync(OpenImport(), takeTurn: null, release: () => turn.Release()));
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        turn.Dispose();
    }

    private async Task TakeTurnAsync(CancellationToken cancellation)
    {
        var patience = seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
        if (!await turn.WaitAsync(patience, cancellation))
            throw new TimeoutException($"No turn to write within {patience}.");
        if (!cancellation.IsCancellationRequested)
            return;
        turn.Release(); // Given at the moment of the cancellation.
        throw new OperationCanceledException(cancellation);
    }
}

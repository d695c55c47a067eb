using System.Data;
using System.Diagnostics;
using Facturation.Core;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Facturation.Storage.SqlServer;

/// <summary>A SQL Server database. Writers of all nodes block each other only on the meters that they lock.</summary>
/// <param name="writing">Contexts of the database that is written, for their connections and EF Core's retries.</param>
/// <param name="reading">Contexts of the database that answers are read from.</param>
/// <param name="connectionString">The connection string of the one that is written.</param>
internal sealed class SqlServerDatabase(
    IDbContextFactory<FacturationContext> writing, IDbContextFactory<FacturationContext> reading, string connectionString) : Database
{
    // A retry at once, then after about a second; after that the client gets a 503 and retries.
    private const int MaxRetries = 3;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The seconds that commands get less than the setting says, so that the client has its answer by then: SqlClient waits 5 s for a server
    /// that hangs to confirm the end of a command.
    /// </summary>
    private const int Confirmation = 6;

    /// <summary>The <see cref="MaxWrite"/> of the service.</summary>
    public static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(2);

    /// <summary>Two rows with one key of an index or of a constraint: another node was first. The work, run again, finds the row.</summary>
    private static readonly int[] UniqueKeys = [2601, 2627];

    /// <summary>1 if answers can be read from one moment of the database by versions of its rows.</summary>
    internal const string KeepsVersions =
        "SELECT CAST(CASE WHEN snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS int) FROM sys.databases WHERE database_id = DB_ID()";

    /// <summary>Whether a read found that its database keeps versions, so that the next ones need not ask.</summary>
    private volatile bool keepsVersions;

    public override Dialect Dialect => SqlServerDialect.Instance;

    /// <summary>A transaction that takes longer is rolled back, and the client gets a 503.</summary>
    internal TimeSpan MaxWrite { get; init; } = LongestWrite;

    /// <remarks>
    /// An entry takes its number up to <see cref="MaxWrite"/> after its instant, and a lower number may be committed as long after that. The
    /// rest is for the clocks of the nodes.
    /// </remarks>
    public override TimeSpan? SettlesAfter => 2 * MaxWrite + TimeSpan.FromMinutes(1);

    public override Task<T> ReadAsync<T>(Func<Statements, Task<T>> read, CancellationToken cancellation) => ReadAsync(writing, read, cancellation);

    private static async Task<T> ReadAsync<T>(
        IDbContextFactory<FacturationContext> factory, Func<Statements, Task<T>> read, CancellationToken cancellation)
    {
        await using var asking = await factory.CreateDbContextAsync(cancellation);
        return await CreateRetry(asking).ExecuteAsync(token => ReadOnceAsync(factory, read, token), cancellation);
    }

    /// <summary>
    /// Runs the work again, from its start and on another connection, after a failure that passes: a deadlock, a connection that broke, a row
    /// that another node added first. If the answer to the commit itself was lost, it first looks for <see cref="Statements.Proof"/>.
    /// </summary>
    public override async Task<T> WriteAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellation)
    {
        (T Result, (string Sql, SqlValue[] Values)? Proof)? committing = null;
        await using var asking = await writing.CreateDbContextAsync(cancellation);
        return await CreateRetry(asking).ExecuteAsync(
            work,
            async (_, work, token) =>
            {
                committing = null;
                await using var context = await writing.CreateDbContextAsync(token);
                // Set explicitly: a pooled connection keeps the isolation level of its last transaction, and an answer's is SNAPSHOT.
                var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
                var begun = Stopwatch.GetTimestamp();
                try
                {
                    var statements = new SqlServerStatements(context.Database.GetDbConnection(), transaction.GetDbTransaction(), token);
                    var result = await work(statements);
                    if (Stopwatch.GetElapsedTime(begun) > MaxWrite)
                        throw new SlowWriteException(MaxWrite);
                    committing = (result, statements.Proof);
                    // From here on the work is done, whether or not anyone still waits for the answer.
                    await transaction.CommitAsync(CancellationToken.None);
                    return result;
                }
                finally
                {
                    await EndAsync(transaction);
                }
            },
            async (_, _, token) => committing is { Proof: { } proof } last
                && await ReadOnceAsync(writing, async statements => await statements.ScalarAsync(proof.Sql, proof.Values), token) > 0
                ? new ExecutionResult<T>(true, last.Result)
                : new ExecutionResult<T>(false, default!),
            cancellation);
    }

    public override async Task<ReadSession> BeginReadAsync(CancellationToken cancellation)
    {
        var level = keepsVersions ? IsolationLevel.Snapshot : await FindLevelAsync(reading, cancellation);
        keepsVersions = level == IsolationLevel.Snapshot;
        return await BeginReadAsync(await reading.CreateDbContextAsync(cancellation), level, cancellation);
    }

    public override async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        await SqlServerImport.BeginAsync(connectionString, cancellation);

    /// <summary>
    /// How one moment of a database is read: by versions of its rows, or, where it keeps none, by locks. Then answers and writers of the same
    /// rows wait for each other.
    /// </summary>
    public static async Task<IsolationLevel> FindLevelAsync(IDbContextFactory<FacturationContext> factory, CancellationToken cancellation) =>
        await ReadAsync(factory, async statements => await statements.ScalarAsync(KeepsVersions), cancellation) == 1
            ? IsolationLevel.Snapshot : IsolationLevel.Serializable;

    /// <summary>Begins a read in a context, which is disposed with it.</summary>
    public static async Task<ReadSession> BeginReadAsync(FacturationContext context, IsolationLevel level, CancellationToken cancellation)
    {
        try
        {
            var transaction = await CreateRetry(context).ExecuteAsync(
                token => context.Database.BeginTransactionAsync(level, token), cancellation);
            var (connection, begun) = (context.Database.GetDbConnection(), transaction.GetDbTransaction());
            return new(new SqlServerStatements(connection, begun, cancellation), connection, begun, async () =>
            {
                await EndAsync(transaction);
                await context.DisposeAsync();
            });
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    private static async Task<T> ReadOnceAsync<T>(
        IDbContextFactory<FacturationContext> factory, Func<Statements, Task<T>> read, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        await context.Database.OpenConnectionAsync(cancellation);
        return await read(new SqlServerStatements(context.Database.GetDbConnection(), null, cancellation));
    }

    /// <summary>Creates contexts with EF Core's own retries; streamed answers are read without retries.</summary>
    public static IDbContextFactory<FacturationContext> CreateFactory(string connection, IServiceProvider services) =>
        new Factory(new PooledDbContextFactory<SqlServerContext>(new DbContextOptionsBuilder<SqlServerContext>()
            .UseSqlServer(connection, sql => sql.ExecutionStrategy(dependencies => new Retry(dependencies, [])))
            .UseApplicationServiceProvider(services)
            .AddInterceptors(new Opening())
            .Options));

    /// <summary>Retries transient failures, and conflicts with a row that another node inserted.</summary>
    public static IExecutionStrategy CreateRetry(DbContext context) =>
        new Retry(context.GetService<ExecutionStrategyDependencies>(), UniqueKeys);

    /// <summary>
    /// Disposes of a transaction. If its connection broke, SqlClient throws that it is closed, which would hide the cause.
    /// </summary>
    public static async ValueTask EndAsync(IAsyncDisposable transaction)
    {
        try
        {
            await transaction.DisposeAsync();
        }
        catch (InvalidOperationException)
        {
            // The operation that met the failure reports it.
        }
    }

    /// <summary>Whether the failure of an open connection may pass: it is lost, or the server is out of resources.</summary>
    public static bool IsUnavailable(SqlException exception) => IsUnavailable(exception.Class, exception.Number);

    /// <param name="severity">The class of the error.</param>
    /// <param name="number">Its number in sys.messages, or SqlClient's own.</param>
    internal static bool IsUnavailable(byte severity, int number) =>
        severity >= 17 // 17: out of memory, disk or log; 20 and above: the connection is lost.
        || number is
            -2 // Timeout.
            or 1205 or 1222 // Deadlock or lock timeout, after all retries.
            or (>= 3952 and <= 3967) // Row versions: disabled, not enabled yet, an update conflict, or no space for them.
            or (>= 904 and <= 988) // The database is starting, recovering, offline, being restored, or an unreadable replica.
            or 3906 // It became a read-only replica.
            or 10928 or 10929; // Azure: too many requests.

    /// <summary>The connection string, with what the service needs and refuses.</summary>
    /// <exception cref="RefusedException">It cannot be read, or names no server or no database.</exception>
    public static string Resolve(string setting, string connection, int timeout)
    {
        SqlConnectionStringBuilder builder;
        try
        {
            builder = new SqlConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new RefusedException($"{setting} ne se lit pas : {e.Message}", e);
        }
        if (string.IsNullOrWhiteSpace(builder.DataSource) || string.IsNullOrWhiteSpace(builder.InitialCatalog))
            throw new RefusedException(
                $"{setting} doit nommer un serveur et une base, par exemple « Server=sql;Database=Facturation;Integrated Security=true ».");
        builder.MultipleActiveResultSets = false; // One reader at a time is enough, and MARS makes it slower.
        builder.Enlist = false; // No ambient transactions.
        if (!builder.ShouldSerialize("Pool Blocking Period"))
            builder.PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock; // Otherwise a pool refuses for 5 to 60 s after a failure.
        if (!builder.ShouldSerialize("Application Name"))
            builder.ApplicationName = "Facturation";
        if (timeout > 0)
            builder.CommandTimeout = timeout;
        if (builder.CommandTimeout > 0)
            builder.CommandTimeout = Math.Max(1, builder.CommandTimeout - Confirmation);
        return builder.ConnectionString;
    }

    /// <summary>
    /// EF Core knows broken connections by their number, which SqlClient only gives on Windows. One that was never made takes too long to try
    /// again, unless the server says at once that this passes.
    /// </summary>
    private sealed class Retry(ExecutionStrategyDependencies dependencies, int[] more)
        : SqlServerRetryingExecutionStrategy(dependencies, MaxRetries, MaxDelay, more)
    {
        protected override bool ShouldRetryOn(Exception exception) =>
            exception is SqlException { Class: >= 20 } or TimeoutException ? !Opening.Failed(exception) : base.ShouldRetryOn(exception);
    }

    /// <summary>A transaction is rolled back because it took longer than <see cref="MaxWrite"/>.</summary>
    public sealed class SlowWriteException(TimeSpan max) : Exception($"The transaction took more than {max.TotalSeconds} s.");

    private sealed class Factory(PooledDbContextFactory<SqlServerContext> inner) : IDbContextFactory<FacturationContext>
    {
        public FacturationContext CreateDbContext() => inner.CreateDbContext();
    }
}

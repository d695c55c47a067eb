using Facturation.Core;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace Facturation.Storage.SqlServer;

/// <summary>Maintenance of a SQL Server database, except for what its administrator does with other tools.</summary>
internal sealed class SqlServerUpkeep : DatabaseUpkeep
{
    private const int CannotOpenDatabase = 4060, ModelIsLocked = 1807, IsBeingAltered = 5061, IsInUse = 5070;

    /// <summary>How often a start looks again, a second apart, at what another node may be setting up.</summary>
    private const int Looks = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const string HasVersions = """
        SELECT CAST(CASE WHEN is_read_committed_snapshot_on = 1 AND snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS bit) AS [Value]
        FROM sys.databases WHERE database_id = DB_ID()
        """;

    /// <summary>An answer is read from one moment of the database, and no reader waits for a writer: both by versions of rows.</summary>
    private const string KeepVersions = """
        IF EXISTS (SELECT * FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 0)
            ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;
        IF EXISTS (SELECT * FROM sys.databases WHERE database_id = DB_ID() AND is_read_committed_snapshot_on = 0)
            ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT;
        """;

    /// <summary>Checks the database of the connection.</summary>
    private const string CheckAll = "DBCC CHECKDB WITH NO_INFOMSGS, ALL_ERRORMSGS";

    /// <summary>Filtered indexes need QUOTED_IDENTIFIER, which sqlcmd turns off, and an error must end the transaction.</summary>
    private const string ScriptHead = $"""
        SET NUMERIC_ROUNDABORT OFF;
        SET QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;
        SET XACT_ABORT ON;
        GO

        -- Alone with the database: while another is connected this fails, and changes nothing.
        {KeepVersions}
        GO


        """;

    private readonly IDbContextFactory<FacturationContext> factory;
    private readonly string connectionString;
    private readonly string master;
    private string? weakness;

    public SqlServerUpkeep(IDbContextFactory<FacturationContext> factory, StorageOptions options, Connections connections)
        : base(factory, options, typeof(SqlServerContext))
    {
        this.factory = factory;
        var builder = new SqlConnectionStringBuilder(connections.Writing);
        Location = $"{builder.InitialCatalog} ({builder.DataSource})";
        master = new SqlConnectionStringBuilder(connections.Writing) { InitialCatalog = "master" }.ConnectionString;
        builder.ConnectTimeout = builder.CommandTimeout = Patience;
        builder.ConnectRetryCount = 0;
        connectionString = builder.ConnectionString;
    }

    public override string Location { get; }

    /// <inheritdoc/>
    /// <remarks>Set when it is prepared.</remarks>
    public override string? Weakness => weakness;

    public override Task<bool> ExistsAsync(CancellationToken cancellation) => ExplainAsync(() => FindAsync(PingAsync, cancellation));

    /// <summary>The number of the error that a missing database gives differs by server and login, so the server is asked for its name.</summary>
    private async Task<bool> FindAsync(Func<CancellationToken, Task> open, CancellationToken cancellation)
    {
        try
        {
            await open(cancellation);
            return true;
        }
        catch (SqlException e) when (e is { Class: < 20, Number: not -2 }) // The server answered.
        {
            if (!await IsListedAsync(e.Number != CannotOpenDatabase, cancellation))
                return false;
            throw;
        }
    }

    /// <summary>Whether the server knows a database of this name.</summary>
    /// <param name="otherwise">The answer when the login may not ask.</param>
    /// <param name="cancellation">Gives up.</param>
    private async Task<bool> IsListedAsync(bool otherwise, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new SqlConnection(master);
            await connection.OpenAsync(cancellation);
            await using var command = new SqlCommand("SELECT COUNT(*) FROM sys.databases WHERE name = @name", connection);
            command.Parameters.AddWithValue("@name", new SqlConnectionStringBuilder(connectionString).InitialCatalog);
            return (int)(await command.ExecuteScalarAsync(cancellation))! > 0;
        }
        catch (SqlException)
        {
            return otherwise;
        }
    }

    public override Task<DatabaseSize> ReadSizeAsync(CancellationToken cancellation) => ExplainAsync(async () => new DatabaseSize(
        await ScalarAsync<long>("SELECT COALESCE(SUM(CAST(size AS bigint)) * 8192, 0) FROM sys.database_files WHERE type = 0", cancellation),
        await ScalarAsync<long>("SELECT COALESCE(SUM(CAST(size AS bigint)) * 8192, 0) FROM sys.database_files WHERE type = 1", cancellation)));

    /// <summary>Null: the disk is on the server.</summary>
    public override long? ReadFreeSpace() => null;

    public override Task PingAsync(CancellationToken cancellation) => ScalarAsync<int>("SELECT 1", cancellation);

    public override async Task TryWriteAsync(CancellationToken cancellation)
    {
        if (await ScalarAsync<string>("SELECT CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(20)) AS [Value]", cancellation) != "READ_WRITE")
            throw new RefusedException("La base est en lecture seule.");
    }

    public override bool IsCheckCostly => true;

    public override async Task<IReadOnlyList<string>> CheckAsync(int max, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new SqlConnection(connectionString);
            await connection.OpenAsync(cancellation);
            await using var command = connection.CreateCommand();
            (command.CommandText, command.CommandTimeout) = (CheckAll, 0);
            await command.ExecuteNonQueryAsync(cancellation);
            return [];
        }
        catch (SqlException e) when (e.Errors.Cast<SqlError>().Any(error => IsDamage(error.Number)))
        {
            return [.. e.Errors.Cast<SqlError>().Select(error => error.Message).Take(max)];
        }
        catch (SqlException e) when (!e.IsStorageCancelled())
        {
            throw new RefusedException(
                $"La base de données {Location} n'est pas vérifiée : {e.Message} Son administrateur le peut : DBCC CHECKDB ([{Catalog}]) WITH NO_INFOMSGS.", e);
        }
    }

    /// <summary>Whether it is an error of DBCC, or of a page that is unreadable or has a wrong checksum.</summary>
    internal static bool IsDamage(int number) => number is 823 or 824 or (>= 2508 and <= 2570) or (>= 2572 and <= 2579) or (>= 8901 and <= 8998);

    public override Task BackupAsync(string file) => throw new RefusedException(
        $"Sur SQL Server c'est son administrateur qui sauvegarde la base : BACKUP DATABASE [{Catalog}] TO DISK = … WITH CHECKSUM.");

    public override Task<bool> RestoreAsync(string file, string aside) => throw new RefusedException(
        $"Sur SQL Server c'est son administrateur qui restaure la base : RESTORE DATABASE [{Catalog}] FROM DISK = … WITH REPLACE, CHECKSUM.");

    /// <summary>Nodes that start at once all find no database: one creates it, the others wait until it opens.</summary>
    private protected override async Task SeekAsync(bool mayCreate, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                if (await FindAsync(OpenAsync, cancellation))
                    return;
                if (!mayCreate)
                    throw Absent();
                await CreateAsync(cancellation);
            }
            catch (SqlException e) when (look < Looks)
            {
                if (e.Number != ModelIsLocked && !await IsListedAsync(otherwise: false, cancellation))
                    throw;
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        await context.GetService<IRelationalConnection>().OpenAsync(cancellation, errorsExpected: true);
    }

    /// <summary>Not by EF Core, which also alters the database: not every login or server may.</summary>
    private async Task CreateAsync(CancellationToken cancellation)
    {
        await using var connection = new SqlConnection(master);
        await connection.OpenAsync(cancellation);
        await using var command = new SqlCommand($"CREATE DATABASE [{Catalog}]", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Has the database keep row versions if the login may, and nobody else is connected; otherwise tells what is weaker.</summary>
    private protected override async Task ConfigureAsync(CancellationToken cancellation)
    {
        weakness = null;
        for (var look = 1; !await HasVersionsAsync(cancellation); look++)
        {
            await using var context = await factory.CreateDbContextAsync(cancellation);
            try
            {
                await context.Database.ExecuteSqlRawAsync(KeepVersions, cancellation);
            }
            catch (SqlException e) when (e.Number is IsBeingAltered or IsInUse && look < Looks)
            {
                // Another node that starts sets them too, and may wait until this one disconnects.
                SqlConnection.ClearAllPools();
                await Task.Delay(Pause, cancellation);
                continue;
            }
            catch (Exception e) when (IsFailure(e))
            {
                // The text below says more than that the login lacks a permission.
            }
            if (await HasVersionsAsync(cancellation))
                return;
            weakness = $"The database {Location} does not keep row versions, so answers and writes of the same rows wait for each other. "
                + $"Its administrator can change that: ALTER DATABASE [{Catalog}] SET ALLOW_SNAPSHOT_ISOLATION ON; "
                + $"ALTER DATABASE [{Catalog}] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;";
            return;
        }
    }

    private async Task<bool> HasVersionsAsync(CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await context.Database.SqlQueryRaw<bool>(HasVersions).SingleAsync(cancellation);
    }

    private protected override async Task<IEnumerable<string>> ReadAppliedAsync(int? timeout, CancellationToken cancellation)
    {
        // A probe waits no longer for the connection than for its query; EF Core's connection waits as its connection string says.
        if (timeout is not null && !await ExistsAsync(cancellation))
            return [];
        await using var context = await factory.CreateDbContextAsync(cancellation);
        if (timeout is not null)
            context.Database.SetCommandTimeout(timeout); // Reset when the context returns to the pool.
        return await context.Database.GetAppliedMigrationsAsync(cancellation);
    }

    private protected override async Task<ReadSession> BeginReadAsync(CancellationToken cancellation) =>
        await SqlServerDatabase.BeginReadAsync(
            await factory.CreateDbContextAsync(cancellation), await SqlServerDatabase.FindLevelAsync(factory, cancellation), cancellation);

    /// <summary>The script of all migrations, each applied only if it is missing. It does not query the server.</summary>
    private protected override Task<string> ScriptAsync(FacturationContext context, CancellationToken cancellation) => Task.FromResult(
        ScriptHead + context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent));

    private protected override bool IsFailure(Exception exception) =>
        exception is SqlException or RetryLimitExceededException { InnerException: SqlException } || Opening.Failed(exception);

    private string Catalog => new SqlConnectionStringBuilder(connectionString).InitialCatalog.Replace("]", "]]", StringComparison.Ordinal);

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellation)
    {
        await using var connection = new SqlConnection(connectionString);
        await Opening.OpenAsync(connection, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}

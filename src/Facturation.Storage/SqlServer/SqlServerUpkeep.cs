using Facturation.Core;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Storage;

namespace Facturation.Storage.SqlServer;

/// <summary>The upkeep of a database of SQL Server: what its administrator does not do by other tools.</summary>
internal sealed class SqlServerUpkeep : DatabaseUpkeep
{
    private const int CannotOpenDatabase = 4060;

    private readonly string connectionString;

    public SqlServerUpkeep(IDbContextFactory<FacturationContext> factory, StorageOptions options, Connections connections)
        : base(factory, options)
    {
        var builder = new SqlConnectionStringBuilder(connections.Writing);
        Location = $"{builder.InitialCatalog} ({builder.DataSource})";
        builder.ConnectTimeout = builder.CommandTimeout = Patience;
        builder.ConnectRetryCount = 0;
        connectionString = builder.ConnectionString;
    }

    public override string Location { get; }

    public override Task<bool> ExistsAsync(CancellationToken cancellation) => ExplainAsync(async () =>
    {
        try
        {
            await PingAsync(cancellation);
            return true;
        }
        catch (SqlException e) when (e.Number == CannotOpenDatabase)
        {
            return false;
        }
    });

    public override Task<DatabaseSize> ReadSizeAsync(CancellationToken cancellation) => ExplainAsync(async () => new DatabaseSize(
        await ScalarAsync<long>("SELECT COALESCE(SUM(CAST(size AS bigint)) * 8192, 0) FROM sys.database_files WHERE type = 0", cancellation),
        await ScalarAsync<long>("SELECT COALESCE(SUM(CAST(size AS bigint)) * 8192, 0) FROM sys.database_files WHERE type = 1", cancellation)));

    /// <summary>The disk is the server's.</summary>
    public override long? ReadFreeSpace() => null;

    public override Task PingAsync(CancellationToken cancellation) => ScalarAsync<int>("SELECT 1", cancellation);

    public override Task<IReadOnlyList<string>> CheckAsync(int max, CancellationToken cancellation) => throw new RefusedException(
        $"Sur SQL Server c'est son administrateur qui vérifie la base : DBCC CHECKDB ([{Catalog}]) WITH NO_INFOMSGS.");

    public override Task BackupAsync(string file) => throw new RefusedException(
        $"Sur SQL Server c'est son administrateur qui sauvegarde la base : BACKUP DATABASE [{Catalog}] TO DISK = … WITH CHECKSUM.");

    /// <summary>An answer is read from one moment of the database, and waits for no writer: both ask for versions of rows.</summary>
    private protected override async Task PrepareAsync(FacturationContext context, CancellationToken cancellation)
    {
        var isSet = await context.Database.SqlQueryRaw<bool>(
            "SELECT CAST(CASE WHEN is_read_committed_snapshot_on = 1 AND snapshot_isolation_state = 1 THEN 1 ELSE 0 END AS bit) AS [Value] "
            + "FROM sys.databases WHERE database_id = DB_ID()").SingleAsync(cancellation);
        if (!isSet)
            throw new RefusedException(
                $"Il manque à la base de données {Location} les versions de lignes ; un administrateur exécute : "
                + $"ALTER DATABASE [{Catalog}] SET ALLOW_SNAPSHOT_ISOLATION ON; "
                + $"ALTER DATABASE [{Catalog}] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;");
    }

    /// <summary>All migrations, each behind a look at whether it is there: asks nothing of the server.</summary>
    /// <remarks>sqlcmd leaves QUOTED_IDENTIFIER off, and filtered indexes need it; it goes on after an error, unless told by -b.</remarks>
    private protected override Task<string> ScriptAsync(FacturationContext context, CancellationToken cancellation) => Task.FromResult(
        "SET QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, XACT_ABORT ON;\nSET NUMERIC_ROUNDABORT OFF;\nGO\n\n"
        + context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent).ReplaceLineEndings("\n"));

    private protected override bool IsFailure(Exception exception) =>
        exception is SqlException || (exception is RetryLimitExceededException { InnerException: SqlException });

    private string Catalog => new SqlConnectionStringBuilder(connectionString).InitialCatalog.Replace("]", "]]", StringComparison.Ordinal);

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellation)
    {
        await using var connection = new SqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}

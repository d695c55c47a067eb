using Facturation.Core;
using Facturation.Storage.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Storage;

/// <summary>Adds the storage of Facturation to a host.</summary>
public static class StorageExtensions
{
    /// <summary>Keeps the data of Core's stores in a SQLite file.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="connectionString">
    /// As Microsoft.Data.Sqlite reads it, for instance <c>Data Source=data/facturation.db</c>.
    /// </param>
    /// <param name="root">The directory a relative file lies under.</param>
    /// <exception cref="RefusedException">The connection string names no file or cannot be read.</exception>
    public static IServiceCollection AddFacturationStorage(this IServiceCollection services, string connectionString, string root) =>
        services.AddFacturationStorage(StorageOptions.Of(DatabaseKind.Sqlite, connectionString, root));

    /// <summary>Keeps the data of Core's stores in the database the options name.</summary>
    public static IServiceCollection AddFacturationStorage(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton(options).AddSingleton<IApiKeyStore, ApiKeyStore>();
        return options.Database == DatabaseKind.SqlServer ? services.AddSqlServer(options) : services.AddSqlite(options);
    }

    private static IServiceCollection AddSqlite(this IServiceCollection services, StorageOptions options)
    {
        services
            .AddPooledDbContextFactory<FacturationContext>(sqlite => sqlite.UseFacturationSqlite(options.Connection))
            .AddSingleton<IMeterStore, SqliteMeterStore>()
            .AddSingleton<DatabaseUpkeep, SqliteUpkeep>();
        return services.AddSingleton<IConsommationStore>(provider =>
        {
            var writing = provider.GetRequiredService<IDbContextFactory<FacturationContext>>();
            var reading = options.ReadOnlyConnection is { } copy ? SqliteDatabase.CreateFactory(copy, provider) : writing;
            return new SqliteConsommationStore(reading, writing);
        });
    }

    private static IServiceCollection AddSqlServer(this IServiceCollection services, StorageOptions options) => services
        .AddSingleton(provider => SqlServerDatabase.CreateFactory(options.Connection, streams: false, provider))
        .AddSingleton<IMeterStore, SqlServerMeterStore>()
        .AddSingleton<DatabaseUpkeep, SqlServerUpkeep>()
        .AddSingleton<IConsommationStore>(provider => new SqlServerConsommationStore(
            SqlServerDatabase.CreateFactory(options.ReadOnlyConnection ?? options.Connection, streams: true, provider), options.Connection));

    /// <summary>Makes the database fit to serve, as <see cref="DatabaseUpkeep.PrepareAsync(CancellationToken)"/> says.</summary>
    public static Task MigrateStorageAsync(this IServiceProvider services, CancellationToken cancellation = default) =>
        services.GetRequiredService<DatabaseUpkeep>().PrepareAsync(cancellation);

    private const string SqlClient = "Microsoft.Data.SqlClient";

    /// <summary>Whether something failed since the database does not answer now, and may later: locked, full, or out of reach.</summary>
    public static bool IsStorageUnavailable(this Exception exception) => exception switch
    {
        // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL
        SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 13 or 14 or 15 } => true,
        SqlException sql => SqlServerDatabase.IsUnavailable(sql),
        InvalidOperationException { Source: SqlClient, InnerException: null } => true, // No connection of the pool was free in time.
        TimeoutException => true,
        DbUpdateException or RetryLimitExceededException => exception.InnerException?.IsStorageUnavailable() == true,
        _ => false,
    };
}

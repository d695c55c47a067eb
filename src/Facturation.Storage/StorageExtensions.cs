using Facturation.Core;
using Facturation.Storage.Sqlite;
using Facturation.Storage.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Facturation.Storage;

/// <summary>Adds the storage of Facturation to a host.</summary>
public static class StorageExtensions
{
    /// <summary>Keeps the data of Core's stores in the database the options name.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Which database, and how.</param>
    /// <param name="connectionString">The connection string; null for the default SQLite file.</param>
    /// <param name="readOnly">The connection string of a copy that answers are read from; null or empty to read them from the main database.</param>
    /// <param name="root">The directory a relative SQLite file lies under.</param>
    /// <exception cref="RefusedException">A connection string cannot be read, or does not say enough.</exception>
    public static IServiceCollection AddFacturationStorage(
        this IServiceCollection services, StorageOptions options, string? connectionString, string? readOnly, string root)
    {
        var writing = Resolve("Facturation", connectionString ?? "Data Source=data/facturation.db");
        var connections = new Connections(writing, string.IsNullOrWhiteSpace(readOnly) ? writing : Resolve("FacturationReadOnly", readOnly));
        services.TryAddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(connections);
        return options.Database == DatabaseKind.SqlServer ? services.AddSqlServer(connections) : services.AddSqlite(connections);

        string Resolve(string name, string text) => options.Database == DatabaseKind.SqlServer
            ? SqlServerDatabase.Resolve($"ConnectionStrings:{name}", text, options.CommandTimeoutSeconds)
            : SqliteDatabase.Resolve($"ConnectionStrings:{name}", text, root, options.CommandTimeoutSeconds);
    }

    private static IServiceCollection AddStores(this IServiceCollection services) => services
        .AddSingleton<IApiKeyStore, ApiKeyStore>()
        .AddSingleton<IConsommationStore, ConsommationStore>()
        .AddSingleton<IMeterStore, MeterStore>()
        .AddSingleton<IBillStore, BillStore>()
        .AddSingleton(provider => new XmlRepair(provider.GetRequiredService<Database>()));

    // EF Core only makes and changes the schema.
    private static IServiceCollection AddSqlite(this IServiceCollection services, Connections connections) => services.AddStores()
        .AddPooledDbContextFactory<FacturationContext>(sqlite => sqlite.UseFacturationSqlite(connections.Writing + ";Pooling=False"))
        .AddSingleton<Database, SqliteDatabase>()
        .AddSingleton<DatabaseUpkeep, SqliteUpkeep>();

    private static IServiceCollection AddSqlServer(this IServiceCollection services, Connections connections) => services.AddStores()
        .AddSingleton(provider => SqlServerDatabase.CreateFactory(connections.Writing, provider))
        .AddSingleton<Database>(provider => new SqlServerDatabase(
            provider.GetRequiredService<IDbContextFactory<FacturationContext>>(), SqlServerDatabase.CreateFactory(connections.Reading, provider), connections.Writing))
        .AddSingleton<DatabaseUpkeep, SqlServerUpkeep>();

    /// <summary>
    /// Prepares the database to serve, as <see cref="DatabaseUpkeep.PrepareAsync(CancellationToken)"/> says, then the stores, which may
    /// compare their mappings with it.
    /// </summary>
    public static async Task<SchemaState> MigrateStorageAsync(this IServiceProvider services, CancellationToken cancellation = default)
    {
        var before = await services.GetRequiredService<DatabaseUpkeep>().PrepareAsync(cancellation);
        services.GetRequiredService<IMeterStore>();
        return before;
    }

    /// <summary>Whether the exception is an outage, which passes once the database is mended: it is locked, full, damaged or unreachable.</summary>
    public static bool IsStorageUnavailable(this Exception exception) => exception switch
    {
        // BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB
        SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 11 or 13 or 14 or 15 or 26 } => true,
        _ when Opening.Failed(exception) => true,
        SqlException sql => SqlServerDatabase.IsUnavailable(sql),
        TimeoutException or SqlServerDatabase.SlowWriteException => true,
        RetryLimitExceededException => true, // A transient failure that lasted through all retries.
        _ => false,
    };

    /// <summary>Whether the exception is a cancellation; SqlClient has no exception type of its own for that.</summary>
    public static bool IsStorageCancelled(this Exception exception) =>
        exception is OperationCanceledException or SqlException { Number: 0, Class: 11 };
}

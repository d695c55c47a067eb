using Facturation.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
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
    public static IServiceCollection AddFacturationStorage(this IServiceCollection services, string connectionString, string root)
    {
        var connection = Resolve(connectionString, root);
        return services
            .AddPooledDbContextFactory<FacturationContext>(options => options.UseFacturationSqlite(connection))
            .AddSingleton<IConsommationStore, ConsommationStore>()
            .AddSingleton<IApiKeyStore, ApiKeyStore>()
            .AddSingleton<IMeterStore, MeterStore>()
            .AddSingleton(provider => new DatabaseUpkeep(provider.GetRequiredService<IDbContextFactory<FacturationContext>>()));
    }

    /// <summary>Creates the database, or brings it up to this version. Does nothing when it already is.</summary>
    /// <exception cref="RefusedException">The file cannot be opened or written, or a newer program made it.</exception>
    public static Task MigrateStorageAsync(this IServiceProvider services, CancellationToken cancellation = default) =>
        services.GetRequiredService<DatabaseUpkeep>().MigrateAsync(cancellation);

    /// <summary>Whether something failed since the database does not answer now, and may later: locked, full, or out of reach.</summary>
    public static bool IsStorageUnavailable(this Exception exception) => exception switch
    {
        // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL
        SqliteException { SqliteErrorCode: 5 or 6 or 8 or 10 or 13 or 14 or 15 } => true,
        TimeoutException => true,
        DbUpdateException { InnerException: { } inner } => inner.IsStorageUnavailable(),
        _ => false,
    };

    private static string Resolve(string connectionString, string root)
    {
        SqliteConnectionStringBuilder builder;
        try
        {
            builder = new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new RefusedException($"ConnectionStrings:Facturation ne se lit pas : {e.Message}", e);
        }
        if (string.IsNullOrWhiteSpace(builder.DataSource) || builder.DataSource == ":memory:" || builder.Mode == SqliteOpenMode.Memory)
            throw new RefusedException(
                "ConnectionStrings:Facturation doit nommer un fichier, par exemple « Data Source=data/facturation.db ».");
        builder.DataSource = Path.GetFullPath(builder.DataSource, root);
        builder.ForeignKeys = true;
        return builder.ConnectionString;
    }
}

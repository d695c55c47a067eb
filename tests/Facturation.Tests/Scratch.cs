using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests;

/// <summary>A directory of its own for a test, gone with it.</summary>
internal sealed class Scratch : IDisposable
{
    /// <summary>A database that is up to date and empty, made once: EF Core needs a second to make one in a new process.</summary>
    private static readonly Lazy<byte[]> Empty = new(() =>
    {
        using var scratch = new Scratch();
        using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        services.MigrateStorageAsync().GetAwaiter().GetResult();
        scratch.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        return File.ReadAllBytes(scratch.Database);
    });

    public string Root { get; } = Directory.CreateTempSubdirectory("facturation-").FullName;

    public string Connection => $"Data Source={Database}";

    public string Database => Path.Combine(Root, "facturation.db");

    /// <summary>A directory with an empty database that needs no migration.</summary>
    public static Scratch WithDatabase()
    {
        var scratch = new Scratch();
        scratch.Write("facturation.db", Empty.Value);
        return scratch;
    }

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Changes the database behind the program's back; foreign keys are off.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"{Connection};Pooling=False;Foreign Keys=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        // Only this test's pool: clearing them all would break tests that run beside it.
        using (var connection = new SqliteConnection(SqliteDatabase.Resolve("", Connection, Root, 0)))
            SqliteConnection.ClearPool(connection);
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // Windows keeps files of a pooled connection; the temporary directory is cleaned by the system.
        }
    }
}

internal static class ScratchExtensions
{
    /// <summary>Keeps the data of Core's stores in a SQLite file, which is created if there is none.</summary>
    public static IServiceCollection AddFacturationStorage(this IServiceCollection services, string connection, string root) =>
        services.AddFacturationStorage(new StorageOptions { MigrateAtStart = true }, connection, null, root);
}

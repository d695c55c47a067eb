using Facturation.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>The migrations of a database, seen from this program.</summary>
/// <param name="Applied">Those the database has and the program knows, in order.</param>
/// <param name="Pending">Those the database lacks.</param>
/// <param name="Unknown">Those a newer program applied.</param>
public sealed record SchemaState(IReadOnlyList<string> Applied, IReadOnlyList<string> Pending, IReadOnlyList<string> Unknown);

/// <summary>What an operator asks of the database as a whole: its state, its migrations, its soundness, its truth, a copy.</summary>
public sealed class DatabaseUpkeep
{
    /// <summary>Seconds a look at the database waits for a lock: a probe gives up long before a writer would.</summary>
    private const int Patience = 3;

    private const int Corrupt = 11;

    private readonly IDbContextFactory<FacturationContext> factory;
    private readonly string connectionString;

    internal DatabaseUpkeep(IDbContextFactory<FacturationContext> factory)
    {
        this.factory = factory;
        using var context = factory.CreateDbContext();
        var builder = new SqliteConnectionStringBuilder(context.Database.GetConnectionString());
        Location = builder.DataSource;
        builder.Pooling = false; // These connections are rare, and a file must be free to be replaced once they are closed.
        builder.Mode = SqliteOpenMode.ReadWrite; // Looking at a database must not create it; read-only would stumble over a WAL.
        connectionString = builder.ConnectionString;
    }

    /// <summary>The full path of the database's file.</summary>
    public string Location { get; }

    /// <summary>Bytes of the file, and of the journal that waits to be folded into it; zeros when there is none.</summary>
    public (long File, long Journal) ReadSize()
    {
        return (LengthOf(Location), LengthOf(Location + "-wal"));

        static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
    }

    /// <summary>Bytes this program may still write on the disk of the database.</summary>
    public long ReadFreeSpace() => new DriveInfo(Location).AvailableFreeSpace;

    /// <summary>Compares the migrations of the database with the program's; all are pending when there is no database yet.</summary>
    /// <exception cref="RefusedException">The file cannot be opened.</exception>
    public Task<SchemaState> ReadSchemaAsync(CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        context.Database.SetCommandTimeout(Patience); // The pool takes it back with the context.
        return await ReadSchemaAsync(context, cancellation);
    });

    /// <summary>Creates the database, or brings it up to this version. Does nothing when it already is.</summary>
    /// <exception cref="RefusedException">The file cannot be opened or written, or a newer program made it.</exception>
    public Task<SchemaState> MigrateAsync(CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        Directory.CreateDirectory(Path.GetDirectoryName(Location)!);
        var before = await ReadSchemaAsync(context, cancellation);
        if (before.Unknown is [.., var last])
            throw new RefusedException(
                $"La base de données {Location} est plus récente que ce programme, qui ne connaît pas sa migration {last} : "
                + "installez la version qui l'a faite, ou restaurez une sauvegarde.");
        // Asked first: the lock a killed migration leaves behind must not stop every later start.
        if (before.Pending.Count > 0)
            await context.Database.MigrateAsync(cancellation);
        // Readers never wait for a writer. The file remembers; EF Core asks for it only when it creates the file itself.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellation);
        return before;
    });

    /// <summary>Fails when the database does not answer within a few seconds.</summary>
    public async Task PingAsync(CancellationToken cancellation = default)
    {
        await using var connection = new SqliteConnection(connectionString) { DefaultTimeout = Patience };
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema";
        await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Looks for damage: broken pages, indexes that disagree with their table, rows that refer to none.</summary>
    /// <param name="max">How many problems are enough.</param>
    /// <param name="cancellation">Stops between two problems.</param>
    /// <returns>One line for each problem; none when the database is sound.</returns>
    /// <exception cref="RefusedException">The file cannot be opened, or is no database.</exception>
    public Task<IReadOnlyList<string>> CheckAsync(int max = 100, CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellation);
        var problems = new List<string>();
        try
        {
            await AddAsync($"PRAGMA integrity_check({max})", row => row.GetString(0) is var text && text != "ok" ? text : null);
            await AddAsync("PRAGMA foreign_key_check", row => $"{row.GetString(0)} : une ligne renvoie à {row.GetString(2)}, qui ne l'a pas");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Corrupt)
        {
            problems.Add(e.Message); // Damage so deep that the check itself cannot go on.
        }
        return (IReadOnlyList<string>)problems;

        async Task AddAsync(string pragma, Func<SqliteDataReader, string?> read)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = pragma;
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (problems.Count < max && await rows.ReadAsync(cancellation))
                if (read(rows) is { } problem)
                    problems.Add(problem);
        }
    });

    /// <summary>Recounts totals and what meters counted, at one moment, while others read and write.</summary>
    /// <param name="max">How many differences are enough.</param>
    /// <param name="cancellation">Stops before it begins.</param>
    /// <returns>One line, in French, for each difference; none when all agrees.</returns>
    /// <exception cref="RefusedException">The file cannot be opened, or lacks this program's tables.</exception>
    public Task<IReadOnlyList<string>> VerifyAsync(int max = 100, CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = connection.BeginTransaction(deferred: true);
        return new Verification(connection, max).Run();
    });

    /// <summary>Copies the database as it is at one moment, while others read and write it.</summary>
    /// <param name="file">A file that does not exist yet; it only does once the copy is whole.</param>
    /// <exception cref="RefusedException">The file exists, or cannot be written, or the database cannot be read.</exception>
    public Task BackupAsync(string file)
    {
        var partial = file + ".partial";
        if (Array.Find([file, partial], Path.Exists) is { } existing)
            throw new RefusedException($"{existing} existe déjà ; une sauvegarde n'écrase rien.");
        return ExplainAsync(async () =>
        {
            await using var source = new SqliteConnection(connectionString);
            await source.OpenAsync();
            var isOurs = false;
            try
            {
                await CreatePrivateAsync(partial);
                isOurs = true;
                await using (var copy = new SqliteConnection(
                    new SqliteConnectionStringBuilder { DataSource = partial, Pooling = false }.ConnectionString))
                    source.BackupDatabase(copy); // In one step, under one read: step by step, every write would start it anew.
                File.Move(partial, file);
                return file;
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                if (isOurs)
                {
                    File.Delete(partial);
                    File.Delete(partial + "-journal");
                }
                throw new RefusedException($"La sauvegarde {file} ne s'écrit pas : {e.Message}", e);
            }
        });
    }

    /// <summary>The copy holds every client's data: it is its owner's alone, whatever the umask.</summary>
    private static async Task CreatePrivateAsync(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var created = new FileStream(file, options);
    }

    private static async Task<SchemaState> ReadSchemaAsync(FacturationContext context, CancellationToken cancellation)
    {
        var known = context.Database.GetMigrations().ToList();
        var found = (await context.Database.GetAppliedMigrationsAsync(cancellation)).ToList();
        return new([.. known.Intersect(found)], [.. known.Except(found)], [.. found.Except(known)]);
    }

    private async Task<T> ExplainAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"La base de données {Location} ne s'ouvre pas : {e.Message}", e);
        }
    }
}

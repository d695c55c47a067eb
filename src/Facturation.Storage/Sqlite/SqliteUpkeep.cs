using Facturation.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging;

namespace Facturation.Storage.Sqlite;

/// <summary>Maintenance of a SQLite file.</summary>
internal sealed partial class SqliteUpkeep : DatabaseUpkeep, IDisposable
{
    private const int Busy = 5, Corrupt = 11, NotADatabase = 26;

    /// <summary>What SQLite may keep beside a database, by what it adds to its name.</summary>
    private static readonly string[] Journals = ["-wal", "-shm", "-journal"];

    /// <summary>
    /// Bytes that all connections of the process share for cached pages and sorts; beyond it they release pages and sort in files. Otherwise each connection keeps 2 MB, and as much for a sort.
    /// </summary>
    private const int SharedMemory = 16 << 20;

    private const string CountTables = "SELECT count(*) FROM sqlite_schema";

    private readonly IDbContextFactory<FacturationContext> factory;
    private readonly StorageOptions options;
    private readonly Type? contextType;
    private readonly string connectionString;

    /// <summary>Open while the process works with the database, so that <see cref="RestoreAsync"/> of another process finds it in use.</summary>
    private SqliteConnection? held;

    /// <param name="factory">Creates contexts of the file.</param>
    /// <param name="options">Whether a start migrates.</param>
    /// <param name="connections">The connection strings.</param>
    /// <param name="contextType">The context whose migrations are applied.</param>
    public SqliteUpkeep(
        IDbContextFactory<FacturationContext> factory, StorageOptions options, Connections connections, Type? contextType = null)
        : base(factory, options, contextType ?? typeof(FacturationContext))
    {
        (this.factory, this.options, this.contextType) = (factory, options, contextType);
        var builder = new SqliteConnectionStringBuilder(connections.Writing);
        // A link is followed, as SQLite does: a restore must replace the file, not the link.
        Location = File.Exists(builder.DataSource) && File.ResolveLinkTarget(builder.DataSource, returnFinalTarget: true) is { } target
            ? target.FullName
            : builder.DataSource;
        builder.Pooling = false; // These connections are rare, and a file must be free to be replaced once they are closed.
        builder.Mode = SqliteOpenMode.ReadWrite; // Opening a database must not create it; read-only mode fails on a WAL.
        connectionString = builder.ConnectionString;
    }

    /// <summary>The full path of the file, behind any link.</summary>
    public override string Location { get; }

    public override Task<bool> ExistsAsync(CancellationToken cancellation) => Task.FromResult(File.Exists(Location));

    public override Task<DatabaseSize> ReadSizeAsync(CancellationToken cancellation)
    {
        return Task.FromResult(new DatabaseSize(LengthOf(Location), LengthOf(Location + "-wal")));

        static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
    }

    public override long? ReadFreeSpace() => new DriveInfo(Location).AvailableFreeSpace;

    public override async Task PingAsync(CancellationToken cancellation)
    {
        await using var connection = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        connection.DefaultTimeout = Patience;
        await ScalarAsync(connection, CountTables, cancellation);
    }

    public override async Task TryWriteAsync(CancellationToken cancellation)
    {
        // A disk that became read-only refuses new files first. The database's own files may not be opened here: closing them would end its locks.
        var probe = $"{Location}-probe-{Guid.NewGuid():N}";
        await using (File.Create(probe, 1, FileOptions.DeleteOnClose))
        {
        }
        await using var connection = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        connection.DefaultTimeout = Patience;
        try
        {
            await using var transaction = connection.BeginTransaction(deferred: false);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
        {
            // Another connection writes, such as an import.
        }
    }

    public override Task<IReadOnlyList<string>> CheckAsync(int max, CancellationToken cancellation) => ExplainAsync(async () =>
    {
        await using var connection = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        var problems = new List<string>();
        try
        {
            await AddAsync($"PRAGMA integrity_check({max})", row => row.GetString(0) is var text && text != "ok" ? text.Split('\n') : []);
            await AddAsync("PRAGMA foreign_key_check", row => [$"{row.GetString(0)} : une ligne renvoie à {row.GetString(2)}, qui ne l'a pas"]);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Corrupt)
        {
            problems.Add(e.Message); // The check itself cannot continue.
        }
        return (IReadOnlyList<string>)problems;

        async Task AddAsync(string pragma, Func<SqliteDataReader, string[]> read)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = pragma;
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (problems.Count < max && await rows.ReadAsync(cancellation))
                problems.AddRange(read(rows));
        }
    });

    public override Task BackupAsync(string file)
    {
        var partial = file + ".partial";
        if (Array.Find([file, partial], Path.Exists) is { } existing)
            throw new RefusedException($"{existing} existe déjà ; une sauvegarde n'écrase rien.");
        return ExplainAsync(async () =>
        {
            await using var source = await SqliteDatabase.OpenAsync(connectionString, default);
            await ScalarAsync(source, CountTables, default); // If the database cannot be read, the message is about it, not about its copy.
            var isOurs = false;
            try
            {
                CreatePrivate(partial, FileMode.CreateNew, FileAccess.Write);
                isOurs = true;
                await using (var copy = new SqliteConnection(
                    new SqliteConnectionStringBuilder { DataSource = partial, Pooling = false }.ConnectionString))
                    source.BackupDatabase(copy); // In one step, under one read transaction: in several steps, every write would restart it.
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

    public override async Task<bool> RestoreAsync(string file, string aside)
    {
        if (!File.Exists(file))
            throw new RefusedException($"La sauvegarde {file} n'existe pas.");
        if (Path.GetFullPath(file) == Location)
            throw new RefusedException($"{file} est la base de données elle-même.");
        if (new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
            throw new RefusedException($"{file} a un journal, {file}-wal : ce n'est pas une sauvegarde de « db backup », qui est un seul fichier.");
        var partial = Location + ".restoring";
        if (Array.Find([partial, aside], Path.Exists) is { } existing)
            throw new RefusedException($"{existing} existe déjà : si aucune autre restauration ne court, déplacez-le ou supprimez-le.");
        var isOurs = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Location)!);
            CreatePrivate(partial, FileMode.CreateNew, FileAccess.Write);
            isOurs = true;
            await using (var source = File.OpenRead(file))
            await using (var copy = new FileStream(partial, FileMode.Open, FileAccess.Write))
            {
                await source.CopyToAsync(copy);
                copy.Flush(flushToDisk: true);
            }
            await RefuseUnfitAsync(file, partial);
            return await ReplaceAsync(partial, aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"La base de données {Location} n'est pas restaurée : {e.Message}", e);
        }
        finally
        {
            if (isOurs)
                foreach (var suffix in Journals.Append(""))
                    File.Delete(partial + suffix);
        }
    }

    /// <summary>Refuses a copy of a backup that is damaged, or that this program cannot serve or migrate.</summary>
    private async Task RefuseUnfitAsync(string file, string copy)
    {
        using var upkeep = new SqliteUpkeep(
            factory, options, new Connections(new SqliteConnectionStringBuilder { DataSource = copy }.ConnectionString, ""), contextType);
        try
        {
            if (await upkeep.CheckAsync(1, default) is [var damage, ..])
                throw new RefusedException($"La sauvegarde {file} est abîmée : {damage}");
            var schema = await upkeep.ReadSchemaAsync();
            if (schema.Applied.Count == 0)
                throw new RefusedException($"{file} n'est pas une sauvegarde de ce service.");
            if (schema.Unknown is [.., var last])
                throw new RefusedException($"La sauvegarde {file} est plus récente que ce programme, qui ne connaît pas sa migration {last}.");
        }
        catch (RefusedException e) when (e.InnerException is { } cause)
        {
            throw new RefusedException($"La sauvegarde {file} ne s'ouvre pas : {cause.Message}", e); // Not its copy, which will be gone.
        }
    }

    /// <summary>Puts a file in the place of the database, which is kept aside.</summary>
    private async Task<bool> ReplaceAsync(string file, string aside)
    {
        var exists = File.Exists(Location);
        if (!exists || !await TryFoldJournalAsync())
        {
            // The journal of what cannot be opened, or of no database: it must not be applied to the new file.
            foreach (var suffix in Journals.Where(suffix => File.Exists(Location + suffix)))
                File.Move(Location + suffix, aside + suffix);
        }
        if (!exists)
        {
            File.Move(file, Location);
            return false;
        }
        File.Replace(file, Location, aside); // Gives the old file its second name, then the new one the name of the old, at once.
        return true;
    }

    /// <summary>Makes one file of the database, and so proves that no process has it open.</summary>
    /// <returns>False if the file cannot be read as a database.</returns>
    private async Task<bool> TryFoldJournalAsync()
    {
        try
        {
            await using var connection = await SqliteDatabase.OpenAsync(connectionString, default);
            connection.DefaultTimeout = 1;
            if (await ScalarAsync(connection, "PRAGMA journal_mode = DELETE", default) is "delete")
                return true;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            return false;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is not Busy)
        {
            throw new RefusedException($"La base de données {Location} ne s'ouvre pas : {e.Message}", e);
        }
        catch (SqliteException)
        {
            // In use.
        }
        throw new RefusedException($"La base de données {Location} est ouverte : arrêtez d'abord le service et toute commande.");
    }

    public void Dispose() => held?.Dispose();

    /// <summary>
    /// Creates a file that only its owner can read, whatever the umask: a database, or a copy of one, holds every client's data. SQLite
    /// gives its journal the same permissions.
    /// </summary>
    private static void CreatePrivate(string file, FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(file, options).Dispose();
    }

    /// <summary>An empty file is an empty database.</summary>
    private protected override Task SeekAsync(bool mayCreate, CancellationToken cancellation)
    {
        if (!mayCreate)
            return RefuseAbsentAsync(cancellation);
        Directory.CreateDirectory(Path.GetDirectoryName(Location)!);
        CreatePrivate(Location, FileMode.OpenOrCreate, FileAccess.Read); // An existing file may be read-only.
        return Task.CompletedTask;
    }

    /// <summary>
    /// EF Core's own lock is a row. If its process is killed, the row stays and blocks every later start. So processes take turns by a file
    /// lock, which ends with its process; a row found after that was left by a killed process.
    /// </summary>
    private protected override async Task<SchemaState> MigrateAsync(
        FacturationContext context, SchemaState before, CancellationToken cancellation)
    {
        await using var turn = await WaitForTurnAsync(
            Location + "-migration", context.GetService<ILoggerFactory>().CreateLogger("Facturation.Storage"), cancellation);
        var found = await ReadSchemaAsync(timeout: null, cancellation);
        RefuseNewer(found);
        if (found.Pending.Count == 0)
            return found;
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
        return await base.MigrateAsync(context, found, cancellation);
    }

    [LoggerMessage(LogLevel.Information, "Waiting for the process that holds {Turn}: it migrates the database")]
    private static partial void LogWait(ILogger logger, string turn);

    /// <summary>Waits for the file lock. The empty file is never deleted: deleting it while another process waits would let two processes in.</summary>
    private static async Task<FileStream> WaitForTurnAsync(string file, ILogger logger, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult is 11 or 35 or unchecked((int)0x80070020)) // EAGAIN of Linux, of macOS; a sharing violation
            {
                if (look == 1)
                    LogWait(logger, file);
                await Task.Delay(50, cancellation);
            }
        }
    }

    /// <summary>Sets WAL mode, so that readers never wait for a writer. The file keeps the setting; EF Core sets it only on files that it creates itself.</summary>
    private protected override async Task ConfigureAsync(CancellationToken cancellation)
    {
        held?.Dispose();
        held = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        await ScalarAsync(held, "PRAGMA journal_mode = WAL", cancellation);
        await ScalarAsync(held, CountTables, cancellation); // A connection holds the file only once it has read it.
        await ScalarAsync(held, $"PRAGMA soft_heap_limit = {SharedMemory}", cancellation);
    }

    private protected override async Task<IEnumerable<string>> ReadAppliedAsync(int? timeout, CancellationToken cancellation)
    {
        var found = new List<string>();
        if (!File.Exists(Location))
            return found;
        await using var connection = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        connection.DefaultTimeout = timeout ?? connection.DefaultTimeout;
        if (await ScalarAsync(connection, $"{CountTables} WHERE type = 'table' AND name = '{HistoryRepository.DefaultTableName}'", cancellation) is 0L)
            return found;
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT MigrationId FROM \"{HistoryRepository.DefaultTableName}\"";
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            found.Add(rows.GetString(0));
        return found;
    }

    private protected override Task<ReadSession> BeginReadAsync(CancellationToken cancellation) =>
        SqliteDatabase.BeginReadAsync(connectionString, cancellation);

    /// <summary>The script of what this file lacks now: SQLite has no IF for a script that could run on any file.</summary>
    private protected override async Task<string> ScriptAsync(FacturationContext context, CancellationToken cancellation)
    {
        var schema = await ReadSchemaAsync(timeout: null, cancellation);
        RefuseNewer(schema);
        return schema.Pending.Count == 0 ? "" : context.GetService<IMigrator>().GenerateScript(schema.Applied is [.., var last] ? last : null);
    }

    private static async Task<object?> ScalarAsync(SqliteConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancellation);
    }

    private protected override bool IsFailure(Exception exception) => exception is SqliteException or IOException or UnauthorizedAccessException;
}

using System.Reflection;
using Facturation.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Facturation.Storage;

/// <summary>The migrations of a database, compared with this program's.</summary>
/// <param name="Applied">Those the database has and the program knows, in order.</param>
/// <param name="Pending">Those the database lacks.</param>
/// <param name="Unknown">Those a newer program applied.</param>
public sealed record SchemaState(IReadOnlyList<string> Applied, IReadOnlyList<string> Pending, IReadOnlyList<string> Unknown);

/// <summary>How large a database is.</summary>
/// <param name="Data">Bytes of the file, or files.</param>
/// <param name="Journal">Bytes of the WAL or of the transaction log.</param>
public readonly record struct DatabaseSize(long Data, long Journal);

/// <summary>Maintenance of a database: its size, migrations, integrity checks, recounts, backups and their return.</summary>
public abstract class DatabaseUpkeep
{
    /// <summary>The timeout of a probe, in seconds; much shorter than a writer's.</summary>
    private protected const int Patience = 3;

    private readonly IDbContextFactory<FacturationContext> factory;
    private readonly StorageOptions options;
    private readonly Type contextType;

    private protected DatabaseUpkeep(IDbContextFactory<FacturationContext> factory, StorageOptions options, Type contextType) =>
        (this.factory, this.options, this.contextType) = (factory, options, contextType);

    /// <summary>Where the database is, without credentials.</summary>
    public abstract string Location { get; }

    /// <summary>What is weaker than it could be for want of a setting of the database; null if nothing is, or it is not prepared yet.</summary>
    public virtual string? Weakness => null;

    /// <summary>Whether there is a database there.</summary>
    public abstract Task<bool> ExistsAsync(CancellationToken cancellation = default);

    /// <summary>How large the database is; zeros when there is none.</summary>
    public abstract Task<DatabaseSize> ReadSizeAsync(CancellationToken cancellation = default);

    /// <summary>Free bytes on the disk of the database; null if that is another machine's.</summary>
    public abstract long? ReadFreeSpace();

    /// <summary>Fails when the database does not answer within a few seconds.</summary>
    public abstract Task PingAsync(CancellationToken cancellation = default);

    /// <summary>Tries what a write needs, without changing data. It throws if the database cannot be written, such as on a read-only disk.</summary>
    public abstract Task TryWriteAsync(CancellationToken cancellation = default);

    /// <summary>Whether a check is so expensive that it should run only on request.</summary>
    public virtual bool IsCheckCostly => false;

    /// <summary>Looks for damage: broken pages, indexes that disagree with their table, rows with broken foreign keys.</summary>
    /// <param name="max">The maximum number of problems to return.</param>
    /// <param name="cancellation">Stops between two problems.</param>
    /// <returns>One line for each problem; none when the database is sound.</returns>
    /// <exception cref="RefusedException">The database cannot be opened, is not a database, or only its administrator may check it.</exception>
    public abstract Task<IReadOnlyList<string>> CheckAsync(int max = 100, CancellationToken cancellation = default);

    /// <summary>Recounts totals and what meters counted, at one moment, while others read and write.</summary>
    /// <param name="max">The maximum number of differences to return.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <returns>One line, in French, for each difference; none when all agrees.</returns>
    /// <exception cref="RefusedException">The database cannot be opened, or lacks this program's tables.</exception>
    public Task<IReadOnlyList<string>> VerifyAsync(int max = 100, CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var session = await BeginReadAsync(cancellation);
        return await new Verification(session, max).RunAsync(cancellation);
    });

    /// <summary>Lists the compteurs whose meters count in several units, which their consumption adds up.</summary>
    /// <returns>One line, in French, for each: its client, produit and sequence, then each unit with its multiplier and the number of its meters.</returns>
    /// <exception cref="RefusedException">The database cannot be opened, or lacks this program's tables.</exception>
    public Task<IReadOnlyList<string>> FindMixedUnitsAsync(CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var session = await BeginReadAsync(cancellation);
        return await MixedUnits.FindAsync(session, cancellation);
    });

    /// <summary>Copies the database as it is at one moment, while others read and write it.</summary>
    /// <param name="file">A file that does not exist yet; it appears once the copy is complete.</param>
    /// <exception cref="RefusedException">
    /// The file exists or cannot be written, the database cannot be read, or only its administrator can copy it.
    /// </exception>
    public abstract Task BackupAsync(string file);

    /// <summary>Puts a backup in the place of the database. Whatever happens meanwhile, the whole of one or the other is there.</summary>
    /// <param name="file">A copy that <see cref="BackupAsync"/> made; it is left as it is.</param>
    /// <param name="aside">A file that does not exist yet, where the present database is kept.</param>
    /// <returns>Whether there was a database, and it is kept.</returns>
    /// <exception cref="RefusedException">
    /// The backup does not exist, is damaged, is another program's or a newer one's; a process has the database open; the files cannot be
    /// written; or only its administrator can restore the database. Nothing is changed.
    /// </exception>
    public abstract Task<bool> RestoreAsync(string file, string aside);

    /// <summary>Compares the migrations of the database with the program's; all are pending when there is no database yet.</summary>
    /// <exception cref="RefusedException">The database cannot be opened.</exception>
    public Task<SchemaState> ReadSchemaAsync(CancellationToken cancellation = default) =>
        ExplainAsync(() => ReadSchemaAsync(Patience, cancellation));

    /// <summary>
    /// Prepares the database to serve: applies pending migrations, or checks that there are none, as the settings say. It is created only
    /// if they say so.
    /// </summary>
    /// <returns>The schema before this call.</returns>
    /// <exception cref="RefusedException">
    /// There is no database, it cannot be opened or written, a newer program made it, or migrations are missing.
    /// </exception>
    public async Task<SchemaState> PrepareAsync(CancellationToken cancellation = default)
    {
        if (options.MigrateAtStart is not false)
            return await MigrateAsync(mayCreate: options.MigrateAtStart is true, cancellation);
        var schema = await ReadSchemaAsync(cancellation);
        if (schema.Applied.Count == 0)
            await RefuseAbsentAsync(cancellation);
        RefuseNewer(schema);
        if (schema.Pending.Count > 0)
            throw new RefusedException(
                $"Il manque à la base de données {Location} : {string.Join(", ", schema.Pending)}. Storage:MigrateAtStart est à false : "
                + "appliquez-les par « db migrate », ou par le script de « db script ».");
        return await ExplainAsync(async () =>
        {
            await ConfigureAsync(cancellation);
            return schema;
        });
    }

    /// <summary>Creates the database, or brings it up to this version. Does nothing when it already is.</summary>
    /// <returns>The schema before this call.</returns>
    /// <exception cref="RefusedException">It cannot be opened or written, or a newer program made it.</exception>
    public Task<SchemaState> MigrateAsync(CancellationToken cancellation = default) => MigrateAsync(mayCreate: true, cancellation);

    private Task<SchemaState> MigrateAsync(bool mayCreate, CancellationToken cancellation) => ExplainAsync(async () =>
    {
        await SeekAsync(mayCreate, cancellation);
        var before = await ReadSchemaAsync(timeout: null, cancellation);
        RefuseNewer(before);
        if (before.Pending.Count > 0)
        {
            await using var context = await factory.CreateDbContextAsync(cancellation);
            before = await MigrateAsync(context, before, cancellation);
        }
        await ConfigureAsync(cancellation);
        return before;
    });

    /// <summary>The SQL of the migrations, for an administrator to read and run; empty when there is nothing to do.</summary>
    /// <exception cref="RefusedException">The database cannot be opened, or a newer program made it.</exception>
    public Task<string> ScriptAsync(CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await ScriptAsync(context, cancellation);
    });

    /// <exception cref="RefusedException">There is no database.</exception>
    public async Task RefuseAbsentAsync(CancellationToken cancellation = default)
    {
        if (!await ExistsAsync(cancellation))
            throw Absent();
    }

    /// <summary>The refusal when there is no database.</summary>
    private protected RefusedException Absent() => new(
        $"La base de données {Location} n'existe pas : corrigez ConnectionStrings:Facturation, ou créez-la par « db migrate ».");

    /// <exception cref="RefusedException">A newer program made the database.</exception>
    public void RefuseNewer(SchemaState schema)
    {
        if (schema.Unknown is [.., var last])
            throw new RefusedException(
                $"La base de données {Location} est plus récente que ce programme, qui ne connaît pas sa migration {last} : "
                + "installez la version qui l'a faite, ou restaurez une sauvegarde.");
    }

    private protected abstract Task<ReadSession> BeginReadAsync(CancellationToken cancellation);

    /// <summary>Checks that there is a database, or creates an empty one.</summary>
    /// <exception cref="RefusedException">There is none, and none may be created.</exception>
    private protected abstract Task SeekAsync(bool mayCreate, CancellationToken cancellation);

    /// <summary>Applies pending migrations. EF Core lets one process in, and reads the schema again under its lock.</summary>
    /// <returns>The schema when this process got the lock.</returns>
    private protected virtual async Task<SchemaState> MigrateAsync(FacturationContext context, SchemaState before, CancellationToken cancellation)
    {
        await context.Database.MigrateAsync(cancellation);
        return before;
    }

    /// <summary>Applies or checks the database settings that the service needs.</summary>
    private protected abstract Task ConfigureAsync(CancellationToken cancellation);

    /// <summary>The migrations that the database has, in any order; none if there is no database.</summary>
    /// <param name="timeout">The timeout in seconds; null for that of a command.</param>
    /// <param name="cancellation">Gives up.</param>
    private protected abstract Task<IEnumerable<string>> ReadAppliedAsync(int? timeout, CancellationToken cancellation);

    private protected abstract Task<string> ScriptAsync(FacturationContext context, CancellationToken cancellation);

    /// <summary>Whether the database failed, and not the program.</summary>
    private protected abstract bool IsFailure(Exception exception);

    private protected async Task<T> ExplainAsync<T>(Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new RefusedException($"La base de données {Location} ne s'ouvre pas : {e.Message}", e);
        }
    }

    // Without EF Core, whose model takes half a second to build: most starts find nothing to apply.
    private protected async Task<SchemaState> ReadSchemaAsync(int? timeout, CancellationToken cancellation)
    {
        var known = contextType.Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == contextType)
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
            .OfType<string>()
            .Order(StringComparer.OrdinalIgnoreCase)
            .ToList();
        var found = (await ReadAppliedAsync(timeout, cancellation)).Order(StringComparer.OrdinalIgnoreCase).ToList();
        return new([.. known.Intersect(found)], [.. known.Except(found)], [.. found.Except(known)]);
    }
}

using System.Reflection;
using Facturation.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Facturation.Storage;

/// <summary>The migrations of a database, seen from this program.</summary>
/// <param name="Applied">Those the database has and the program knows, in order.</param>
/// <param name="Pending">Those the database lacks.</param>
/// <param name="Unknown">Those a newer program applied.</param>
public sealed record SchemaState(IReadOnlyList<string> Applied, IReadOnlyList<string> Pending, IReadOnlyList<string> Unknown);

/// <summary>How large a database is.</summary>
/// <param name="Data">Bytes of the file, or files.</param>
/// <param name="Journal">Bytes of the journal that waits to be folded into it, or of the log.</param>
public readonly record struct DatabaseSize(long Data, long Journal);

/// <summary>What an operator asks of the database as a whole: its state, its migrations, its soundness, its truth, a copy.</summary>
public abstract class DatabaseUpkeep
{
    /// <summary>Seconds a look at the database waits: a probe gives up long before a writer would.</summary>
    private protected const int Patience = 3;

    private readonly IDbContextFactory<FacturationContext> factory;
    private readonly StorageOptions options;
    private readonly Type contextType;

    private protected DatabaseUpkeep(IDbContextFactory<FacturationContext> factory, StorageOptions options, Type contextType) =>
        (this.factory, this.options, this.contextType) = (factory, options, contextType);

    /// <summary>Where the database is, without a secret.</summary>
    public abstract string Location { get; }

    /// <summary>Whether there is a database there.</summary>
    public abstract Task<bool> ExistsAsync(CancellationToken cancellation = default);

    /// <summary>How large the database is; zeros when there is none.</summary>
    public abstract Task<DatabaseSize> ReadSizeAsync(CancellationToken cancellation = default);

    /// <summary>Bytes this program may still write on the disk of the database; null where that is another machine's.</summary>
    public abstract long? ReadFreeSpace();

    /// <summary>Fails when the database does not answer within a few seconds.</summary>
    public abstract Task PingAsync(CancellationToken cancellation = default);

    /// <summary>Whether a check costs the database so much that only who asks for it should have it.</summary>
    public virtual bool IsCheckCostly => false;

    /// <summary>Looks for damage: broken pages, indexes that disagree with their table, rows that refer to none.</summary>
    /// <param name="max">How many problems are enough.</param>
    /// <param name="cancellation">Stops between two problems.</param>
    /// <returns>One line for each problem; none when the database is sound.</returns>
    /// <exception cref="RefusedException">The database cannot be opened, is none, or only its administrator may look.</exception>
    public abstract Task<IReadOnlyList<string>> CheckAsync(int max = 100, CancellationToken cancellation = default);

    /// <summary>Recounts totals and what meters counted, at one moment, while others read and write.</summary>
    /// <param name="max">How many differences are enough.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <returns>One line, in French, for each difference; none when all agrees.</returns>
    /// <exception cref="RefusedException">The database cannot be opened, or lacks this program's tables.</exception>
    public Task<IReadOnlyList<string>> VerifyAsync(int max = 100, CancellationToken cancellation = default) => ExplainAsync(async () =>
    {
        await using var session = await BeginReadAsync(cancellation);
        return await new Verification(session, max).RunAsync(cancellation);
    });

    /// <summary>Copies the database as it is at one moment, while others read and write it.</summary>
    /// <param name="file">A file that does not exist yet; it only does once the copy is whole.</param>
    /// <exception cref="RefusedException">
    /// The file exists, or cannot be written, or the database cannot be read, or it is its administrator's to copy.
    /// </exception>
    public abstract Task BackupAsync(string file);

    /// <summary>Compares the migrations of the database with the program's; all are pending when there is no database yet.</summary>
    /// <exception cref="RefusedException">The database cannot be opened.</exception>
    public Task<SchemaState> ReadSchemaAsync(CancellationToken cancellation = default) =>
        ExplainAsync(() => ReadSchemaAsync(Patience, cancellation));

    /// <summary>
    /// Makes the database fit to serve: brought up to this version, or, where the settings leave that to the administrator, found so. It is
    /// created only where they say so.
    /// </summary>
    /// <returns>What it was before.</returns>
    /// <exception cref="RefusedException">
    /// It is not: there is none, it cannot be opened or written, a newer program made it, migrations are missing.
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
    /// <returns>What it was before.</returns>
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

    /// <summary>What is said where there is no database.</summary>
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

    /// <summary>Sees to it that there is a database, perhaps an empty one.</summary>
    /// <exception cref="RefusedException">There is none, and none may be created.</exception>
    private protected abstract Task SeekAsync(bool mayCreate, CancellationToken cancellation);

    /// <summary>Applies what is missing: EF Core lets one process in, and looks again behind its lock.</summary>
    /// <returns>What was there when its turn came, as far as is known.</returns>
    private protected virtual async Task<SchemaState> MigrateAsync(FacturationContext context, SchemaState before, CancellationToken cancellation)
    {
        await context.Database.MigrateAsync(cancellation);
        return before;
    }

    /// <summary>Sets, or looks at, what the database must be beyond its schema.</summary>
    private protected abstract Task ConfigureAsync(CancellationToken cancellation);

    /// <summary>The migrations the database says it has, in any order; none when there is no database yet.</summary>
    /// <param name="timeout">Seconds to wait for the database; null for as long as a command may.</param>
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

    // Neither side asks EF Core, which needs half a second to make its services and models; a start finds all done, most times.
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

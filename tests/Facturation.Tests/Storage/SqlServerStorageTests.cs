using Facturation.Core;
using Facturation.Storage;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

/// <summary>The suite on SQL Server, each test in a database of its own.</summary>
[SqlServer]
public sealed class SqlServerStorageTests : StorageTests
{
    private readonly string database = $"Facturation_{Guid.NewGuid():N}";

    protected override void AddStorage(IServiceCollection services) => services.AddFacturationStorage(
        new StorageOptions { Database = DatabaseKind.SqlServer, MigrateAtStart = true },
        new SqlConnectionStringBuilder(SqlServerAttribute.Connection) { InitialCatalog = database }.ConnectionString,
        null,
        "");

    private protected override bool WritesInTurn => false;

    /// <summary>All find no database at first; one creates it, one at a time migrates it, all wait for its settings.</summary>
    [Test]
    public async Task MigrateStorageAsync_NodesThatStartAtOnce_AllServe()
    {
        await DropAsync();
        var nodes = Enumerable.Range(0, 4).Select(_ => new ServiceCollection()).ToList();
        nodes.ForEach(AddStorage);
        var started = nodes.Select(node => node.BuildServiceProvider()).ToList();

        await Task.WhenAll(started.Select(node => Task.Run(() => node.MigrateStorageAsync())));

        foreach (var node in started)
        {
            Assert.That(await node.GetRequiredService<IConsommationStore>().ListClientsAsync(), Is.Empty);
            await node.DisposeAsync();
        }
    }

    [Test]
    public async Task WriteAsync_ConnectionThatBreaks_IsRunAgain()
    {
        await ImportAsync(Line());
        var runs = 0;

        await Services.GetRequiredService<IMeterStore>().WriteAsync(async t =>
        {
            await t.FindAnswerAsync(Caller, "k", Now);
            if (++runs == 1)
                await BreakConnectionsAsync();
            return await t.FindAnswerAsync(Caller, "k", Now);
        });

        Assert.That(runs, Is.EqualTo(2));
    }

    [Test]
    public async Task BeginImportAsync_ConnectionThatBreaks_SaysWhy()
    {
        var failure = Assert.CatchAsync(async () =>
        {
            await using var import = await Services.GetRequiredService<IConsommationStore>().BeginImportAsync();
            await import.WriteAsync(Line());
            await BreakConnectionsAsync();
            await import.WriteAsync(Line(client: "D"));
        });

        Assert.That(failure, Is.TypeOf<SqlException>(), failure?.ToString());
        Assert.That(failure!.IsStorageUnavailable(), Is.True);
        Assert.That(await ReadAsync(), Is.Empty);
    }

    [Test]
    public async Task WriteAsync_WorksThatWaitForEachOther_AreBothDone()
    {
        await ImportAsync(Line());
        Guid[] meters = [(await CreateMeterAsync(6, 0, "a")).Id, (await CreateMeterAsync(6, 0, "b")).Id];
        using var both = new Barrier(2);
        var runs = 0;

        await Task.WhenAll(new[] { meters, [.. meters.Reverse()] }.Select(order => Task.Run(() => WriteAsync(order))));

        Assert.That(runs, Is.EqualTo(3), "one was the victim, and run again");

        Task<Meter?> WriteAsync(Guid[] order)
        {
            var isFirst = true;
            return Services.GetRequiredService<IMeterStore>().WriteAsync(async t =>
            {
                Interlocked.Increment(ref runs);
                await t.HoldAsync(Caller, order[0]);
                if (isFirst)
                    both.SignalAndWait();
                isFirst = false;
                return await t.HoldAsync(Caller, order[1]);
            });
        }
    }

    [Test]
    public async Task WriteAsync_CancelledWhileItWaits_EndsAndHoldsNothing()
    {
        await ImportAsync(Line());
        var (meter, meters) = ((await CreateMeterAsync(6, 0)).Id, Services.GetRequiredService<IMeterStore>());
        using var leaves = new CancellationTokenSource();

        var failure = await meters.WriteAsync(async t =>
        {
            await t.HoldAsync(Caller, meter);
            var waiting = meters.WriteAsync(other => other.HoldAsync(Caller, meter, leaves.Token), leaves.Token);
            await Task.Delay(300); // Until it waits; sooner or later, it ends alike.
            await leaves.CancelAsync();
            return Assert.CatchAsync(() => waiting)!;
        });

        Assert.That(failure.IsStorageCancelled(), Is.True, failure.ToString());
        Assert.That(await meters.WriteAsync(t => t.HoldAsync(Caller, meter)), Is.Not.Null);
    }

    /// <summary>As where the administrator gives an empty database, and no right to alter it.</summary>
    [Test]
    public async Task OpenAsync_DatabaseThatKeepsNoVersions_IsReadByLocks()
    {
        await ImportAsync(Line(quantite: 5));
        await RunOnServerAsync($"ALTER DATABASE [{database}] SET ALLOW_SNAPSHOT_ISOLATION OFF; ALTER DATABASE [{database}] SET READ_COMMITTED_SNAPSHOT OFF WITH ROLLBACK IMMEDIATE;");

        Assert.That((await ReadAsync()).Select(l => l.Quantite), Is.EqualTo(new[] { 5 }));
        Assert.That(await Services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
    }

    [Test]
    public async Task ExistsAsync_NoSuchDatabase_IsFalseUntilItIsCreated()
    {
        var upkeep = Services.GetRequiredService<DatabaseUpkeep>();
        await DropAsync();

        Assert.That(await upkeep.ExistsAsync(), Is.False);
        Assert.That(() => upkeep.RefuseAbsentAsync(), Throws.TypeOf<RefusedException>().With.Message.Contains("n'existe pas"));
        await upkeep.MigrateAsync();
        Assert.That(await upkeep.ExistsAsync(), Is.True);
    }

    /// <summary>Imports and readings change the same totals and add the same dossiers, and readings remove totals that imports add to.</summary>
    [Test]
    public async Task CommitAsync_BesideWritersOfTheSameTotals_LosesNothing()
    {
        const int days = 12, writers = 4;
        await ImportAsync(Line(produit: 5, date: "2026-01-01"));
        var meters = new List<Meter>();
        for (var i = 0; i < writers; i++)
            meters.Add(await CreateMeterAsync(6, 0, $"D{i}"));
        var (store, metering) = (Services.GetRequiredService<IMeterStore>(), new Metering(new(), TimeProvider.System));

        var recording = meters.Select((meter, i) => Task.Run(async () =>
        {
            for (var day = 1; day <= days; day++)
            {
                var at = new DateTimeOffset(2026, 3, day, 12, 0, 0, TimeSpan.Zero);
                var (reading, _) = await store.WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(1_000, at, null, null)));
                // All that it counted on the day goes with it, and the day's total with the last of them.
                await store.WriteAsync(t => metering.VoidAsync(t, Caller, meter.Id, reading.Id, Guid.NewGuid(), "faux"));
                await store.WriteAsync(t => metering.CreateAsync(
                    t, Caller, meter with { Id = Guid.NewGuid(), Serial = $"{i}", Dossier = $"N{day}", DateDossier = new(2026, 3, day), InstalledAt = at },
                    new(0, at, null, null)));
            }
        }));
        var importing = Task.Run(async () =>
        {
            for (var day = 1; day <= days; day++)
                await ImportAsync(
                    Line(produit: 5, dossier: $"N{day}", date: $"2026-03-{day:00}", quantite: day), Line(produit: 5, dossier: "X", date: $"2026-03-{day:00}"));
        });
        await Task.WhenAll([.. recording, importing]);

        Assert.That(await Services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
        Assert.That((await ReadAsync(produit: 5)).Sum(l => l.Quantite), Is.EqualTo(1 + Enumerable.Range(1, days).Sum() + days));
    }

    /// <summary>It is restored or restarts: EF Core takes its error for one that passes, and wraps those it does not try again.</summary>
    [Test]
    public async Task OpenAsync_CopyThatDoesNotOpen_IsUnavailable()
    {
        var away = new SqlConnectionStringBuilder(SqlServerAttribute.Connection) { InitialCatalog = $"{database}_Copie" }.ConnectionString;
        await using var copy = new ServiceCollection()
            .AddFacturationStorage(new StorageOptions { Database = DatabaseKind.SqlServer }, away, away, "").BuildServiceProvider();

        var failure = Assert.CatchAsync(() => copy.GetRequiredService<IConsommationStore>().ListClientsAsync())!;

        Assert.That(failure.IsStorageUnavailable(), Is.True, failure.ToString());
    }

    private Task BreakConnectionsAsync() => RunOnServerAsync(
        $"ALTER DATABASE [{database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; ALTER DATABASE [{database}] SET MULTI_USER;");

    private static async Task RunOnServerAsync(string sql)
    {
        await using var connection = new SqlConnection(
            new SqlConnectionStringBuilder(SqlServerAttribute.Connection) { InitialCatalog = "master" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private protected override async Task DropAsync()
    {
        SqlConnection.ClearAllPools();
        try
        {
            await RunOnServerAsync($"ALTER DATABASE [{database}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE");
        }
        catch (SqlException)
        {
            // It is gone, or the server alters none, and drops it though it is open.
        }
        await RunOnServerAsync($"DROP DATABASE IF EXISTS [{database}]");
    }
}

using Facturation.Core;
using Facturation.Storage;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
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

    /// <summary>A copy that is read may be another database than the one whose settings a start sees to.</summary>
    [Test]
    public async Task OpenAsync_DatabaseThatKeepsNoVersions_IsUnavailableAndNamed()
    {
        await RunOnServerAsync($"ALTER DATABASE [{database}] SET ALLOW_SNAPSHOT_ISOLATION OFF;");

        var failure = Assert.CatchAsync(() => ReadAsync());

        Assert.That(failure!.IsStorageUnavailable(), Is.True, failure.ToString());
        Assert.That(failure.Message, Does.Contain(database));
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
        await using var context = await Services.GetRequiredService<IDbContextFactory<FacturationContext>>().CreateDbContextAsync();
        await context.Database.EnsureDeletedAsync();
    }
}

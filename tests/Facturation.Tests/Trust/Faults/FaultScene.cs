using System.Diagnostics;
using Facturation.Storage;
using Facturation.Tests.Api;
using Facturation.Tests.Api.V1;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Trust.Faults;

/// <summary>The service as a process, behind a proxy, under load, with a disk of its own where one can be had.</summary>
internal sealed class FaultScene : IAsyncDisposable
{
    private const int Meters = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Scratch database = new();
    private readonly CuttingProxy proxy = new();
    private readonly ServiceProvider storage;
    private readonly List<Guid> meters = [];
    private ServiceProcess process = null!;
    private string key = "";

    private readonly StorageProvider provider;

    private FaultScene(StorageProvider provider)
    {
        this.provider = provider;
        storage = new ServiceCollection().AddLogging().AddFacturationStorage(database.Connection + ";Pooling=False", database.Root).BuildServiceProvider();
    }

    /// <summary>Whether the disk can be filled.</summary>
    public bool IsOnDiskOfItsOwn { get; private set; }

    public Scratch Database => database;

    public CuttingProxy Proxy => proxy;

    public ServiceProcess Process => process;

    public Load Load { get; private set; } = null!;

    public DatabaseUpkeep Upkeep => storage.GetRequiredService<DatabaseUpkeep>();

    /// <param name="provider">The storage.</param>
    /// <param name="clients">How many write, and as many read; 0 for a few.</param>
    /// <param name="disk">The size of a disk for the database alone, in megabytes; 0 for none.</param>
    public static async Task<FaultScene> StartAsync(StorageProvider provider, int clients, int disk)
    {
        var scene = new FaultScene(provider);
        scene.IsOnDiskOfItsOwn = disk > 0 && await SmallDisk.MountAsync(scene.database.Root, $"{disk}m");
        await using (var given = await MeterScene.StartAsync(scene.database))
        {
            scene.key = given.Key;
            for (var i = 0; i < (clients == 0 ? Meters : clients); i++)
                scene.meters.Add(await given.CreateMeterAsync(digits: 15, serial: $"S{i}", dossier: $"D{i}"));
            await given.SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"123457","currency":"EUR"}""");
        }
        await scene.StartProcessAsync();
        scene.Load = new Load(scene.proxy.Address, scene.key, scene.meters, readers: Math.Max(clients, 1));
        return scene;
    }

    public async Task StartProcessAsync()
    {
        process = await ServiceProcess.StartAsync(
            database, ("Storage__CommandTimeoutSeconds", "2"), ("Health__MinFreeDiskMegabytes", "1"), ("Logging__LogLevel__Facturation.Requests", "None"),
            ("Storage__Provider", $"{provider}"));
        proxy.Target = process.Client.BaseAddress;
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await process.DisposeAsync();
    }

    /// <summary>The status of /health/ready.</summary>
    public async Task<int> ReadyAsync()
    {
        using var answer = await process.Client.GetAsync("/health/ready");
        return (int)answer.StatusCode;
    }

    /// <summary>Waits until the service is ready by itself, and a write is answered.</summary>
    public async Task<TimeSpan> RecoverAsync()
    {
        var start = Stopwatch.GetTimestamp();
        var before = Load.Acknowledged.Count;
        while (await ReadyAsync() != 200 || Load.Acknowledged.Count == before)
        {
            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Patience), $"not ready again\n{string.Join('\n', process.Lines.TakeLast(40))}");
            Assert.That(Load.Wrong, Is.Empty);
            await Task.Delay(20);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Holds what is in the database against what the load was told.</summary>
    public async Task VerifyAsync(string after)
    {
        await Load.PauseAsync();
        Assert.That((Load.Wrong.FirstOrDefault(), Load.Broken), Is.EqualTo((default(string), default(Exception))), after);
        foreach (var meter in meters)
        {
            var found = await ReadAsync(meter);
            using var all = Assert.EnterMultipleScope();
            Assert.That(found.Select(reading => reading.At), Is.Unique, after);
            Assert.That(found.Select(reading => reading.Id), Is.Unique, after);
            var acknowledged = Load.Acknowledged.Where(told => told.Key.Meter == meter).Select(told => (told.Value, told.Key.At)).ToList();
            Assert.That(acknowledged.Except(found), Is.Empty, $"{after}: acknowledged and lost");
            // The first is the meter's own, of its installation.
            Assert.That(found.Skip(1).Where(reading => !Load.Sent.ContainsKey((meter, reading.At))), Is.Empty, $"{after}: never sent");
            Assert.That(found.Where(reading => Load.Refused.ContainsKey((meter, reading.At))), Is.Empty, $"{after}: refused and there");
        }
        var (bills, units) = await ReadBillsAsync();
        Assert.That(Load.Billed.Select(told => (told.Key, told.Value)).Except(bills), Is.Empty, $"{after}: billed and lost");
        Assert.That(units, Is.Empty, $"{after}: meters whose bills do not charge what their indexes say, once");
        Assert.That(await Upkeep.CheckAsync(), Is.Empty, after);
        Assert.That(await Upkeep.VerifyAsync(), Is.Empty, after);
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await process.DisposeAsync();
        proxy.Dispose();
        await storage.DisposeAsync();
        if (IsOnDiskOfItsOwn)
            await SmallDisk.UnmountAsync(database.Root);
        database.Dispose();
    }

    private async Task<List<(Guid Id, DateTimeOffset At)>> ReadAsync(Guid meter)
    {
        await using var connection = new SqliteConnection($"{database.Connection};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT r.Uid, r.ReadAt FROM Readings r JOIN Meters m ON m.Id = r.MeterId WHERE m.Uid = @meter ORDER BY r.ReadAt";
        command.Parameters.AddWithValue("@meter", meter);
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<(Guid, DateTimeOffset)>();
        while (await rows.ReadAsync())
            found.Add((rows.GetGuid(0), new DateTimeOffset(DateTime.SpecifyKind(rows.GetDateTime(1), DateTimeKind.Utc))));
        return found;
    }

    /// <summary>Bills by the readings that end them, and the meters whose billed units are not the whole index of their last billed reading.</summary>
    private async Task<(List<(Guid End, Guid Entry)> Bills, List<Guid> Wrong)> ReadBillsAsync()
    {
        await using var connection = new SqliteConnection($"{database.Connection};Pooling=False;Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT r.Uid, b.Uid FROM Bills b JOIN Readings r ON r.Id = b.EndReadingId";
        var bills = new List<(Guid, Guid)>();
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync())
                bills.Add((rows.GetGuid(0), rows.GetGuid(1)));
        command.CommandText = """
            SELECT m.Uid FROM Meters m
            JOIN (SELECT b.MeterId, MAX(r.IndexMilli) AS IndexMilli FROM Bills b JOIN Readings r ON r.Id = b.EndReadingId GROUP BY b.MeterId) l ON l.MeterId = m.Id
            LEFT JOIN (SELECT b.MeterId, SUM(l.Units) AS Units FROM Bills b JOIN BillLines l ON l.BillId = b.Id GROUP BY b.MeterId) u ON u.MeterId = m.Id
            WHERE COALESCE(u.Units, 0) <> l.IndexMilli / 1000
            """;
        var wrong = new List<Guid>();
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync())
                wrong.Add(rows.GetGuid(0));
        return (bills, wrong);
    }
}

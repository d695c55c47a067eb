using System.Globalization;
using Facturation.Storage;
using Microsoft.Data.Sqlite;

namespace Facturation.Tests.Trust.Faults;

/// <summary>
/// Faults under load: afterwards every acknowledged write is there once, what was refused is not, totals are those of the details, the
/// database is sound, and the service is ready again by itself. FACTURATION_FAULTS_ROUNDS repeats each, FACTURATION_FAULTS_SECONDS runs them in any
/// order for so long, FACTURATION_FAULTS_SEED in another, and FACTURATION_FAULTS_CLIENTS by so many that write and as many that read.
/// </summary>
[TestFixture(StorageProvider.Sql), NHibernate(StorageProvider.NHibernate)]
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class FaultTests(StorageProvider provider)
{
    /// <summary>The size of the disk that is filled. A second of readings, and its copy, take less than one more.</summary>
    private const int DiskMegabytes = 256;

    private static readonly Dictionary<string, Func<FaultScene, Random, Task>> Faults = new()
    {
        ["Kill"] = KillAsync,
        ["Lock"] = LockAsync,
        ["FullDisk"] = FillAsync,
        ["FileAway"] = MoveAwayAsync,
        ["FileReplaced"] = ReplaceAsync,
        ["Stop"] = StopAsync,
        ["Cut"] = CutAsync,
    };

    public static IEnumerable<string> Names => Faults.Keys;

    [TestCaseSource(nameof(Names))]
    [Platform(Include = "Linux", Reason = "Signals, and files that are moved while they are open.")]
    public async Task Fault_UnderLoad_LosesAndDoublesNothingAcknowledged(string name)
    {
        var seed = Number("FACTURATION_FAULTS_SEED", 2026);
        TestContext.Out.WriteLine($"seed {seed}");
        var rounds = Number("FACTURATION_FAULTS_ROUNDS", 2);
        var random = new Random(seed);
        await using var scene = await FaultScene.StartAsync(provider, Number("FACTURATION_FAULTS_CLIENTS", 0), disk: name == "FullDisk" ? DiskMegabytes : 0);
        if (name == "FullDisk" && !scene.IsOnDiskOfItsOwn)
            Assert.Ignore("No file system can be mounted here (root may, on Linux): the full disk is not tried.");
        for (var round = 0; round < rounds; round++)
            await TryAsync(scene, name, random);
        TestContext.Progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}, {rounds} times: {scene.Load.Acknowledged.Count} readings acknowledged, {scene.Load.Answers} answers, {scene.Load.Unavailable} of them 503, {scene.Load.Cut} requests without"));
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Signals, and files that are moved while they are open.")]
    public async Task Faults_InAnyOrderForAsLongAsAsked_LoseAndDoubleNothingAcknowledged()
    {
        var seconds = Number("FACTURATION_FAULTS_SECONDS", 0);
        if (seconds == 0)
            Assert.Ignore("By hand: FACTURATION_FAULTS_SECONDS says for how long.");
        var seed = Number("FACTURATION_FAULTS_SEED", 2026);
        var random = new Random(seed);
        var counts = new Dictionary<string, (int Times, int Acknowledged, int Unavailable, int Cut, TimeSpan Slowest)>();
        await using var scene = await FaultScene.StartAsync(provider, Number("FACTURATION_FAULTS_CLIENTS", 0), disk: DiskMegabytes + seconds);
        var end = DateTime.UtcNow.AddSeconds(seconds);
        while (DateTime.UtcNow < end)
        {
            var name = Names.ElementAt(random.Next(Faults.Count));
            if (name == "FullDisk" && !scene.IsOnDiskOfItsOwn)
                continue;
            var (acknowledged, unavailable, cut) = (scene.Load.Acknowledged.Count, scene.Load.Unavailable, scene.Load.Cut);
            var took = await TryAsync(scene, name, random);
            var known = counts.GetValueOrDefault(name);
            counts[name] = (known.Times + 1, known.Acknowledged + scene.Load.Acknowledged.Count - acknowledged,
                known.Unavailable + scene.Load.Unavailable - unavailable, known.Cut + scene.Load.Cut - cut, took > known.Slowest ? took : known.Slowest);
        }
        TestContext.Progress.WriteLine($"seed {seed}, {seconds} s, {scene.Load.Answers} answers, {scene.Load.Refused.Count} refusals");
        foreach (var (name, c) in counts.OrderBy(count => count.Key, StringComparer.Ordinal))
            TestContext.Progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {c.Times} | {c.Acknowledged} | {c.Unavailable} | {c.Cut} | {c.Slowest.TotalSeconds:0.0} |"));
    }

    private static async Task<TimeSpan> TryAsync(FaultScene scene, string name, Random random)
    {
        scene.Load.Go();
        await WhileWritingAsync(scene, 20 + random.Next(100));
        await Faults[name](scene, random);
        scene.Load.Go();
        var took = await scene.RecoverAsync();
        await WhileWritingAsync(scene, 20);
        await scene.VerifyAsync(name);
        return took;
    }

    private static async Task WhileWritingAsync(FaultScene scene, int readings)
    {
        var enough = scene.Load.Acknowledged.Count + readings;
        for (var end = DateTime.UtcNow.AddSeconds(60); scene.Load.Acknowledged.Count < enough; await Task.Delay(5))
            Assert.That((DateTime.UtcNow < end, scene.Load.Wrong.FirstOrDefault()), Is.EqualTo((true, default(string))), "the load goes on");
    }

    private static async Task KillAsync(FaultScene scene, Random random)
    {
        await scene.KillAsync();
        await scene.StartProcessAsync();
    }

    private static async Task LockAsync(FaultScene scene, Random random)
    {
        await using var other = new SqliteConnection(scene.Database.Connection + ";Pooling=False");
        await other.OpenAsync();
        await using var locked = other.BeginTransaction();
        await Task.Delay(random.Next(200, 4000)); // The service waits for 2 seconds.
        await locked.RollbackAsync();
    }

    private static async Task FillAsync(FaultScene scene, Random random)
    {
        var filler = Path.Combine(scene.Database.Root, "filler");
        try
        {
            await using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var end = DateTime.UtcNow.AddSeconds(30);
            do
            {
                try
                {
                    for (var part = new byte[64 * 1024]; ;)
                        await file.WriteAsync(part);
                }
                catch (IOException)
                {
                    // Full.
                }
                var unavailable = scene.Load.Unavailable;
                while (scene.Load.Unavailable == unavailable && DateTime.UtcNow < end)
                    await Task.Delay(20);
                Assert.That(scene.Load.Unavailable, Is.GreaterThan(unavailable), "writes are refused");
            }
            while (await scene.ReadyAsync() != 503); // Meanwhile the service may have freed what a long journal took, and be ready again.
            await Task.Delay(random.Next(1000));
        }
        finally
        {
            File.Delete(filler);
        }
    }

    /// <summary>Away and back, its journal first: as when a disk is unmounted for a moment.</summary>
    private static async Task MoveAwayAsync(FaultScene scene, Random random)
    {
        var files = new[] { "", "-wal", "-shm" }.Select(end => scene.Database.Database + end).ToList();
        var away = files.Where(file => TryMove(file, file + ".away")).ToList();
        Assert.That(await scene.ReadyAsync(), Is.EqualTo(503));
        await Task.Delay(random.Next(100, 2000));
        foreach (var file in away.AsEnumerable().Reverse())
            TryMove(file + ".away", file);
    }

    /// <summary>A copy of the database takes its place while the service runs, which nobody should do.</summary>
    private static async Task ReplaceAsync(FaultScene scene, Random random)
    {
        await scene.Load.PauseAsync();
        var copy = Path.Combine(scene.Database.Root, "copy.db");
        await scene.Upkeep.BackupAsync(copy);
        foreach (var end in new[] { "", "-wal", "-shm" })
            File.Delete(scene.Database.Database + end);
        File.Move(copy, scene.Database.Database);
    }

    private static async Task StopAsync(FaultScene scene, Random random)
    {
        scene.Process.Signal("STOP");
        await Task.Delay(random.Next(100, 8000)); // Clients give up after 6 seconds.
        scene.Process.Signal("CONT");
    }

    private static async Task CutAsync(FaultScene scene, Random random)
    {
        for (var times = random.Next(1, 20); times > 0; times--)
        {
            scene.Proxy.CutAll();
            await Task.Delay(random.Next(50));
        }
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false; // The last connection that closed took its journal along.
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;
}

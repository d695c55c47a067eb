using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

/// <summary>What SQLite alone can do to works that are committed together.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SqliteWriterTests
{
    private static readonly Caller Caller = new("C", null, "abcdefgh", new string('0', 32));

    private static readonly DateTimeOffset Installed = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Metering metering = new(new MeteringOptions(), TimeProvider.System);

    [Test]
    public async Task WriteAsync_WorkThatEndsTheTransaction_FailsAlone()
    {
        using var scratch = new Scratch();
        await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
        scratch.Execute("""
            INSERT INTO Clients (Id, Code) VALUES (1, 'C');
            CREATE TRIGGER Full BEFORE INSERT ON Readings WHEN new.IndexMilli = 5000 BEGIN SELECT RAISE(ROLLBACK, 'as a full disk does'); END;
            """);
        var store = services.GetRequiredService<IMeterStore>();
        var meter = await store.WriteAsync(t => metering.CreateAsync(t, Caller, NewMeter(), new(0, Installed, null, null)));
        var (isIn, mayGo) = (new TaskCompletionSource(), new TaskCompletionSource());
        var busy = store.WriteAsync(async _ =>
        {
            isIn.TrySetResult();
            await mayGo.Task;
            return true;
        });
        await isIn.Task;
        var works = Enumerable.Range(1, 8).Select(hour => store.WriteAsync(
            t => metering.RecordAsync(t, Caller, meter.Id, new(hour * 1_000, Installed.AddHours(hour), null, null)))).ToList();
        mayGo.SetResult();
        await busy;

        Assert.That(async () => await works[4], Throws.TypeOf<SqliteException>().With.Message.Contains("full disk"));
        foreach (var work in works.Where(w => w != works[4]))
            await work;
        var kept = await store.ListReadingsAsync(meter.Id, null, null, null, new(null, 100));
        Assert.That(kept.Items.Select(r => r.IndexMilli / 1_000), Is.EqualTo(new long[] { 8, 7, 6, 4, 3, 2, 1, 0 }));
        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().VerifyAsync(), Is.Empty);
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Files that are moved while they are open.")]
    public async Task CommitAsync_ImportIntoAFileThatWasReplaced_IsNotTakenForDone()
    {
        using var scratch = new Scratch();
        await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
        var copy = Path.Combine(scratch.Root, "copy.db");
        await services.GetRequiredService<DatabaseUpkeep>().BackupAsync(copy);
        await using var import = await services.GetRequiredService<IConsommationStore>().BeginImportAsync();
        await import.WriteAsync(new(new Lieu(1), "C", new(1, "Eau", "U", "D", new DateTime(2026, 3, 22), 1, "Froide", 5)));

        File.Move(copy, scratch.Database, overwrite: true);

        Assert.That(() => import.CommitAsync(), Throws.TypeOf<SqliteException>().With.Property("SqliteErrorCode").EqualTo(14));
    }

    [TestCase("UPDATE Totaux SET Plus = Plus + 1", "Total du 2026-01-02 (client C, produit 1, compteur 1, identifiant U) : 6 et 0 en 1 lignes, au lieu de 5 et 0 en 1 lignes")]
    [TestCase("UPDATE Totaux SET Lignes = 9", "5 et 0 en 9 lignes, au lieu de 5 et 0 en 1 lignes")]
    [TestCase("DELETE FROM Totaux", "absent, au lieu de 5 et 0 en 1 lignes")]
    [TestCase("UPDATE Totaux SET Jour = '2027-01-02'", "Total du 2027-01-02|5 et 0 en 1 lignes, au lieu de rien")]
    [TestCase("UPDATE Totaux SET ProduitId = 9", "Total du 2026-01-02 : son produit n'est pas celui de son compteur 1")]
    [TestCase("UPDATE MeterDays SET Units = 6", "Compteur 01020304|6 unités le 2026-01-02, ses relevés en comptent 5")]
    [TestCase("DELETE FROM MeterDays", "0 unités le 2026-01-02, ses relevés en comptent 5")]
    [TestCase("UPDATE Readings SET IndexMilli = 9000 WHERE IndexMilli = 0", "ses relevés du 2026-01-02 descendent sans passage par zéro")]
    [TestCase("UPDATE Readings SET VoidedAs = Id WHERE IndexMilli > 0", "5 unités le 2026-01-02, ses relevés en comptent 0")]
    [TestCase("UPDATE Meters SET IdentifiantId = 2", "son identifiant n'est pas celui de son dossier")]
    [TestCase("INSERT INTO Consommations SELECT 2, 1, '2026-01-03', Id, 1, 5 FROM Dossiers", "Ligne du 2026-01-03, dossier D du 2026-01-01|sa clé contredit")]
    [TestCase("UPDATE Readings SET Turns = 1 WHERE IndexMilli > 0", "1 tours au relevé du 2026-01-02, ses relevés en comptent 0")]
    [TestCase("UPDATE BilledDays SET Units = 6", "Compteur 01020304|ses factures comptent 5 unités, ses jours facturés 6")]
    [TestCase("DELETE FROM BillLines", "ses factures comptent 0 unités, ses jours facturés 5")]
    public async Task Verify_DatabaseThatContradictsItself_IsTold(string damage, string told)
    {
        using var scratch = new Scratch();
        await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
        scratch.Execute("INSERT INTO Clients (Id, Code) VALUES (1, 'C'); INSERT INTO Identifiants (Id, ClientId, Nom) VALUES (2, 1, 'V')");
        var store = services.GetRequiredService<IMeterStore>();
        var meter = await store.WriteAsync(t => metering.CreateAsync(t, Caller, NewMeter(), new(0, Installed, null, null)));
        var (end, _) = await store.WriteAsync(t => metering.RecordAsync(t, Caller, meter.Id, new(5_000, Installed.AddDays(1), null, null)));
        var billing = new Billing(TimeProvider.System);
        await store.WriteAsync(t => billing.SetPriceAsync(t, Caller, meter.ProduitId, meter.Sequence, new(new DateOnly(2026, 1, 1), 1, "EUR")));
        await store.WriteAsync(t => billing.BillAsync(t, Caller, meter.Id, new(end.Id, meter.Id, FolioKinds.Stay, new DateOnly(2026, 2, 1), false)));
        var upkeep = services.GetRequiredService<DatabaseUpkeep>();
        Assert.That(await upkeep.VerifyAsync(), Is.Empty);

        scratch.Execute(damage);

        var problems = string.Join('\n', await upkeep.VerifyAsync());
        Assert.That(told.Split('|'), Is.All.Matches<string>(problems.Contains), problems);
    }

    /// <summary>SQLite itself begins its journal anew only when a write meets no reader; here there always is one.</summary>
    [Test]
    public async Task RunAsync_ReadersThatNeverPause_JournalStaysShort([Values(1, 3)] int count)
    {
        using var scratch = new Scratch();
        await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
        scratch.Execute("INSERT INTO Clients (Id, Code) VALUES (1, 'C')");
        using var writer = new GroupCommit(() => SqliteDatabase.OpenAsync(scratch.Connection, default), TimeSpan.FromMinutes(1), longestJournal: 1 << 20);
        using var done = new CancellationTokenSource();
        // On threads of their own: a reader that other tests keep from ending is waited for 2 seconds, then the journal grows.
        var readers = Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var reader = Read();
                while (!done.IsCancellationRequested)
                {
                    Thread.Sleep(20);
                    var next = Read();
                    reader.Dispose();
                    reader = next;
                }
                reader.Dispose();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var longest = 0L;
        var body = new byte[100_000];
        for (var i = 0; i < 80; i++)
        {
            await writer.RunAsync(
                async statements =>
                {
                    await new MeterTransaction(statements, new(SqliteDialect.Instance), new(SqliteDialect.Instance)).KeepAnswerAsync(Caller, $"key {i}", new KeptAnswer(new byte[32], 201, null, body, Installed), Installed, default);
                    return true;
                },
                default);
            longest = Math.Max(longest, new FileInfo(scratch.Database + "-wal").Length);
        }
        await done.CancelAsync();
        await readers;

        Assert.That(longest, Is.InRange(1 << 19, 3 << 20), "8 MB were written");

        SqliteConnection Read()
        {
            var connection = new SqliteConnection(scratch.Connection + ";Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "BEGIN; SELECT count(*) FROM Clients";
            command.ExecuteScalar();
            return connection;
        }
    }

    /// <summary>SQLite itself would fill the disk, and could not make room afterwards: a checkpoint must first make the file longer.</summary>
    [Test]
    public async Task RunAsync_ReaderThatLetsTheJournalFillTheDisk_IsRefusedUntilItEndsAndNoLonger()
    {
        using var scratch = new Scratch();
        if (!await SmallDisk.MountAsync(scratch.Root, "64m"))
            Assert.Ignore("No file system can be mounted here (root may, on Linux).");
        try
        {
            await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
            await services.MigrateStorageAsync();
            scratch.Execute("INSERT INTO Clients (Id, Code) VALUES (1, 'C')");
            using var writer = new GroupCommit(
                () => SqliteDatabase.OpenAsync(scratch.Connection, default), TimeSpan.FromMinutes(1), maxRead: TimeSpan.FromMilliseconds(100));
            var written = 0;
            using (var reader = new SqliteConnection(scratch.Connection + ";Pooling=False"))
            {
                await reader.OpenAsync();
                using var command = reader.CreateCommand();
                command.CommandText = "BEGIN; SELECT count(*) FROM Clients";
                command.ExecuteScalar();

                var refusal = Assert.ThrowsAsync<SqliteException>(async () =>
                {
                    for (; written < 1000; written++)
                        await WriteAsync(writer, written);
                });
                Assert.That(refusal!.SqliteErrorCode, Is.EqualTo(SQLitePCL.raw.SQLITE_FULL));
            }
            await WriteAsync(writer, written);

            using var read = new SqliteConnection(scratch.Connection);
            await read.OpenAsync();
            using var count = read.CreateCommand();
            count.CommandText = "SELECT count(*) FROM KeptAnswers";
            Assert.That(count.ExecuteScalar(), Is.EqualTo(written + 1L), "nothing acknowledged is lost");
        }
        finally
        {
            await SmallDisk.UnmountAsync(scratch.Root);
        }

        static Task WriteAsync(GroupCommit writer, int i) => writer.RunAsync(
            async statements =>
            {
                await new MeterTransaction(statements, new(SqliteDialect.Instance), new(SqliteDialect.Instance))
                    .KeepAnswerAsync(Caller, $"key {i}", new KeptAnswer(new byte[32], 201, null, new byte[100_000], Installed), Installed, default);
                return true;
            },
            default);
    }

    /// <summary>Each of them alone would wait as long again as all of them did.</summary>
    [Test]
    public async Task RunAsync_DatabaseThatAnotherLocks_IsWaitedForOnce()
    {
        using var scratch = new Scratch();
        await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
        await using var other = new SqliteConnection(scratch.Connection + ";Pooling=False");
        await other.OpenAsync();
        var isServed = new TaskCompletionSource();
        using var areWaiting = new ManualResetEventSlim();
        var opened = 0;
        using var writer = new GroupCommit(
            () =>
            {
                if (++opened == 1)
                {
                    isServed.SetResult();
                    areWaiting.Wait();
                    throw new NotSupportedException();
                }
                if (opened == 2)
                    new SqliteCommand("BEGIN IMMEDIATE", other).ExecuteNonQuery();
                return SqliteDatabase.OpenAsync(scratch.Connection + ";Default Timeout=2", default);
            },
            TimeSpan.FromMinutes(1));

        var first = writer.RunAsync(_ => Task.FromResult(true), default);
        await isServed.Task;
        var works = Enumerable.Range(0, 8).Select(_ => writer.RunAsync(_ => Task.FromResult(true), default)).ToList();
        areWaiting.Set();

        Assert.That(async () => await first, Throws.TypeOf<NotSupportedException>());
        foreach (var work in works)
            Assert.That(async () => await work, Throws.Exception);
        Assert.That(opened, Is.LessThanOrEqualTo(2));
    }

    private static Meter NewMeter() => new()
    {
        Id = new Guid("01020304-0000-4000-8000-000000000001"),
        Serial = "S",
        Digits = 6,
        Register = new(Register.RolloverOf(6), Register.NoMultiplier),
        Unit = "kWh",
        Identifiant = "U",
        Dossier = "D",
        DateDossier = Installed.DateTime,
        ProduitId = 1,
        Sequence = 1,
        InstalledAt = Installed,
    };
}

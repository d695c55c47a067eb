using System.Text;
using System.Text.RegularExpressions;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.SqlServer;
using Facturation.Tests.Snapshots;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Facturation.Tests.Storage;

/// <summary>What SQL Server would be sent, seen and reviewed without one.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SqlServerSqlTests
{
    private static readonly Caller Caller = new("C", "U", "abcdefgh", new string('0', 32));

    private static readonly DateTimeOffset Noon = new(2026, 3, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Guid Uid = Guid.Empty;

    [Test]
    public async Task Script_OfMigrations_IsAsReviewed() =>
        Match(await new SqlServerUpkeep(new RecordingServer(), new StorageOptions(), Connections()).ScriptAsync());

    [Test]
    public void Model_OfSqlServer_HasItsMigrations()
    {
        using var context = new RecordingServer().CreateDbContext();

        Assert.That(context.Database.HasPendingModelChanges(), Is.False, "a migration is missing");
        Assert.That(context.Database.GetMigrations(), Is.Not.Empty);
    }

    [Test]
    public async Task Migrate_EmptyDatabase_LocksBeforeItLooksAndMigrates()
    {
        var server = new RecordingServer
        {
            Answer = sql => sql.Contains("sp_getapplock") ? [0] : sql.Contains("snapshot_isolation_state") ? [true] : null,
        };
        await new SqlServerUpkeep(server, new StorageOptions(), Connections()).MigrateAsync();

        var sent = server.Sent;
        int locked = sent.FindIndex(sql => sql.Contains("sp_getapplock")), created = sent.FindIndex(sql => sql.Contains("CREATE TABLE [Clients]"));
        Assert.That(locked, Is.GreaterThan(0), string.Join("\n", sent));
        Assert.That(sent.FindIndex(locked, sql => sql.Contains("FROM [__EFMigrationsHistory]")), Is.InRange(locked, created), "looked again");
        Assert.That(sent.FindIndex(created, sql => sql.Contains("sp_releaseapplock")), Is.GreaterThan(created));
    }

    [Test]
    public async Task Migrate_DatabaseThatKeepsNoVersions_TriesToSetThemAndSaysHow()
    {
        var server = new RecordingServer
        {
            Answer = sql => sql.Contains("sp_getapplock") ? [0] : sql.Contains("CASE WHEN is_read_committed_snapshot_on") ? [false] : null,
        };
        var upkeep = new SqlServerUpkeep(server, new StorageOptions(), Connections());

        await upkeep.MigrateAsync();

        Assert.That(upkeep.Weakness, Does.Contain("ALTER DATABASE [Facturation] SET ALLOW_SNAPSHOT_ISOLATION ON;"));
        Match(string.Join("\n\n", server.Sent.Where(sql => sql.Contains("sys.databases"))));
    }

    [Test]
    public async Task Verify_AnyDatabase_AsksAsReviewed()
    {
        var server = new RecordingServer();

        Assert.That(await new SqlServerUpkeep(server, new StorageOptions(), Connections()).VerifyAsync(), Is.Empty);
        Match(string.Join("\n\n", server.Sent));
    }

    [Test]
    public async Task Rename_TextsThatXmlCannotHold_AsksAsReviewed()
    {
        var server = new RecordingServer { Answer = sql => sql.Contains(" t JOIN ") ? ["C", 1L, "a\u0001"] : null };
        var repair = new XmlRepair(server.Database);

        foreach (var text in await repair.FindAsync())
            await repair.RenameAsync(text);

        Match(string.Join("\n\n", server.Sent));
    }

    /// <summary>An import speaks to SqlClient itself, for its bulk copies: its statements are seen without being run.</summary>
    [Test]
    public void Statements_OfAnImport_AreAsReviewed()
    {
        var constants = typeof(SqlServerImportSql).GetFields().Select(field => $"-- {field.Name}\n{field.GetRawConstantValue()}");
        var sql = string.Join("\n\n", [.. constants, .. Keys.SelectMany(key => new[]
        {
            SqlServerImportSql.Find(key.Table, key.Columns), SqlServerImportSql.Add(key.Table, key.Columns),
        })]);

        using var context = new RecordingServer().CreateDbContext();
        var tables = context.GetService<IDesignTimeModel>().Model.GetEntityTypes().ToDictionary(type => type.GetTableName()!);
        foreach (System.Text.RegularExpressions.Match insert in Regex.Matches(sql, @"INSERT INTO (\w+) \((.*?)\)"))
            Assert.That(
                insert.Groups[2].Value.Split(", "),
                Is.SupersetOf(tables[insert.Groups[1].Value].GetProperties()
                    .Where(column => !column.IsNullable && column.ValueGenerated == ValueGenerated.Never)
                    .Select(column => column.GetColumnName())),
                insert.Value);
        Match(sql);
    }

    /// <summary>The tables an import adds to by key.</summary>
    private static readonly (string Table, string[] Columns)[] Keys =
    [
        ("Clients", ["Code"]),
        ("Identifiants", ["ClientId", "Nom"]),
        ("Produits", ["ClientId", "Numero"]),
        ("Compteurs", ["ProduitId", "Sequence"]),
    ];

    [TestCase(true, 1)]
    [TestCase(false, 2)]
    public async Task WriteAsync_CommitWhoseAnswerIsLost_IsNotRepeatedIfItWasDone(bool wasDone, int runs)
    {
        var (worked, commits) = (0, 0);
        var server = new RecordingServer
        {
            Answer = sql => KnownClient(sql) ?? (sql == MeterSql.CountAudit ? [wasDone ? 1 : 0] : null),
            OnCommit = () =>
            {
                if (commits++ == 0)
                    throw new TimeoutException();
            },
        };

        var result = await new MeterStore(server.Database, TimeProvider.System).WriteAsync(
            async transaction =>
            {
                await transaction.AuditAsync(Caller, new(Noon, AuditActions.ReadingRecorded, null, Uid, null, null));
                return ++worked;
            },
            default);

        Assert.That((result, worked), Is.EqualTo((runs, runs)));
        if (wasDone)
            Match(string.Join("\n\n", server.Sent));
    }

    /// <summary>SqlClient closes a reader by reading all that is left, unless its command is cancelled before.</summary>
    [Test]
    public async Task Details_LeftBeforeTheirEnd_AreCancelled([Values] bool toTheEnd)
    {
        var server = new RecordingServer { Answer = _ => [1L, "D", Noon.DateTime, 1, 5L] };
        await using var session = await SqlServerDatabase.BeginReadAsync(server.CreateDbContext(), System.Data.IsolationLevel.Snapshot, default);
        await using (var details = new DetailReader(await session.Statements.OpenAsync("SELECT"), "U", hasEmptyRows: false))
        {
            await details.ReadAsync(default);
            if (toTheEnd)
                await details.ReadAsync(default);
        }

        Assert.That(server.Sent, toTheEnd ? Has.None.EqualTo("-- cancel") : Has.One.EqualTo("-- cancel"));
    }

    [Test]
    public async Task Queries_OfTheStores_AreAsReviewed()
    {
        var server = new RecordingServer { Answer = KnownClient };
        var (keys, consommations, meters) = (new ApiKeyStore(server.Database), new ConsommationStore(server.Database), new MeterStore(server.Database, TimeProvider.System));
        var slice = new Slice(new Position(Noon, 7), 10);
        var text = new StringBuilder();
        await Add("Key", () => keys.FindAsync("abcdefgh", default));
        await Add("Keys", () => keys.ListAsync(default));
        await Add("Revoke", () => keys.RevokeAsync("abcdefgh", Noon, default));
        await Add("Rotate", () => keys.RotateAsync("abcdefgh", $"fct_ABCDEFGH_{new string('x', 32)}", Noon, TimeSpan.FromDays(7), null, default));
        await Add("Add a key", async () =>
        {
            await keys.AddAsync(new ApiKey("abcdefgh", new byte[32], "C", null, Scopes.All, Noon), isNewClient: false, default);
            return 0;
        });
        await Add("Clients", () => consommations.ListClientsAsync(default));
        foreach (var ordre in Enum.GetValues<Ordre>())
            await Add($"Sums {ordre}", () => Sql(ConsommationSql.Sommes(new Demande("C", null, Mars, 1, ordre))));
        await Add("An answer of few lines", async () =>
        {
            await using var view = await consommations.OpenAsync(new Demande("C", "U", Mars, 1, Ordre.ParIdentifiant), default);
            return view.Groupes;
        });
        foreach (var isOne in new[] { true, false })
        {
            await Add($"Lines, {(isOne ? "of one identifiant" : "of all")}", () => Sql(ConsommationSql.Lignes(Mars, isOne, SqlServerContext.OrdinalOf)));
            await Add($"Meters, {(isOne ? "of one identifiant" : "of all")}", () => Sql(ConsommationSql.Meters(Mars, isOne, SqlServerContext.OrdinalOf)));
        }
        var report = new ConsumptionQuery("C", "U", Mars, 1, null, null, Grouping.Produit, Window.Month);
        await Add("Report", async () =>
        {
            await using var view = await consommations.OpenConsumptionAsync(report, default);
            return view.Groups;
        });
        await Add("Report of a dossier", () => Sql(ConsumptionSql.Cells(report with { Visible = null, Identifiant = "U", Dossier = "D" }, SqlServerDialect.Instance)));
        foreach (var grouping in new[] { Grouping.Produit | Grouping.Compteur, Grouping.Produit, Grouping.Identifiant })
            await Add($"Days by {grouping}", () => Sql(ConsumptionSql.GroupDays(report with { Grouping = grouping }, SqlServerDialect.Instance, grouping != Grouping.Produit)));
        await Add("Days by dossier", () => Sql(ConsumptionSql.DossierDays(report, SqlServerDialect.Instance, hasMeters: true)));
        await Add("Lines of a spread report", () => Sql(ConsumptionSql.Lines(report, SqlServerDialect.Instance, ofIdentifiant: true, hasMeters: true)));
        await Add("Lines of a spread report of a dossier", () => Sql(ConsumptionSql.Lines(report with { Dossier = "D" }, SqlServerDialect.Instance, ofIdentifiant: true, hasMeters: true)));
        await Add("Readings of a spread report", () => Sql(ConsumptionSql.Readings(report, ofIdentifiant: true)));
        await Add("Spread report by dossier", () => Sql(ConsumptionSql.DossierReadings(report, SqlServerDialect.Instance)));
        await Add("Days of a meter", () => meters.ReadDaysAsync(Uid, Mars, default));
        await Add("Meter", () => meters.FindAsync(Caller, Uid, default));
        await Add("Meters", () => meters.ListAsync(Caller, new("S", "U", "D", 1) { NotReadSince = Noon }, true, slice, default));
        await Add("Changes of readings", () => meters.ListChangesAsync(Caller with { Identifiant = "U" }, slice, default));
        await Add("Readings", () => meters.ListReadingsAsync(Uid, Noon, Noon, Noon, slice, default));
        await Add("Suspects", () => meters.ListSuspectsAsync(Caller, slice, default));
        await Add("Reading", () => meters.FindReadingAsync(Uid, Uid, default));
        await Add("Series", () => Sql(new MeterSql(SqlServerDialect.Instance).ReadSeries(13)));
        await Add("Series without history", () => Sql(new MeterSql(SqlServerDialect.Instance).ReadSeries(0)));
        await Add("Hold a meter", () => meters.WriteAsync(t => t.HoldAsync(Caller, Uid), default));
        await Add("Hold all meters of a client", () => meters.WriteAsync(t => t.HoldMetersAsync(Caller), default));
        await Add("Suspects of a client", () => meters.WriteAsync(t => t.ListSuspectsAsync(Caller), default));
        await Add("Set that suspects are held out", () => meters.WriteAsync(
            async t =>
            {
                await t.SetHoldsSuspectsAsync(Caller, true);
                return 0;
            },
            default));
        await Add("Kept answer", () => meters.WriteAsync(t => t.FindAnswerAsync(Caller, "k", Noon), default));
        await Add("Keep an answer", () => meters.WriteAsync(
            async t =>
            {
                await t.KeepAnswerAsync(Caller, "k", new KeptAnswer(new byte[32], 201, null, new byte[1], Noon), Noon);
                return 0;
            },
            default));
        var bills = new BillStore(server.Database);
        await Add("Prices", () => bills.ListPricesAsync(Caller, 1, 1, slice, default));
        await Add("Bills", () => bills.ListBillsAsync(Uid, slice, default));
        await Add("Folio", () => bills.ListFolioAsync(Caller, Uid, slice, default));
        await Add("Bill", () => bills.FindBillAsync(Caller, Uid, default));
        await Add("Last bill", () => meters.WriteAsync(t => t.FindLastBillAsync(Uid), default));
        await Add("Bill that a reading ends", () => meters.WriteAsync(t => t.FindBillEndingAsync(Uid), default));
        await Add("Hold prices", () => meters.WriteAsync(t => t.HoldPricesAsync(Caller, 1, 1), default));
        Match(text.ToString());

        async Task Add<T>(string title, Func<Task<T>> ask)
        {
            server.Sent.Clear();
            await ask();
            text.Append("-- ").Append(title).Append('\n').AppendJoin("\n\n", server.Sent).Append("\n\n\n");
        }

        Task<int> Sql(string sql)
        {
            server.Sent.Add(sql);
            return Task.FromResult(0);
        }
    }

    [Test]
    public async Task CreateAsync_NewMeter_InsertsAsReviewed()
    {
        var server = new RecordingServer { Answer = KnownClient };
        var metering = new Metering(new MeteringOptions(), TimeProvider.System);
        var meter = new Meter
        {
            Id = Guid.Empty,
            Serial = "S",
            Digits = 6,
            Register = new(Register.RolloverOf(6), Register.NoMultiplier),
            Unit = "kWh",
            Identifiant = "U",
            Dossier = "D",
            DateDossier = new DateTime(2026, 3, 22),
            ProduitId = 5,
            Sequence = 1,
            InstalledAt = Noon,
        };

        await new MeterStore(server.Database, TimeProvider.System).WriteAsync(t => metering.CreateAsync(t, Caller, meter, new(0, Noon, null, null)), default);

        Match(string.Join("\n\n", server.Sent));
    }

    /// <summary>Answers that the client C has the number 1, and that any other row of a new meter has a number of its own; every key is known.</summary>
    private static object[]? KnownClient(string sql) =>
        sql == MeterSql.FindClient || sql == BillSql.FindCompteur ? [1] : sql.Contains("SCOPE_IDENTITY") ? [7L] : sql == MeterSql.FindNames ? ["Eau", "Froide"]
        : sql.StartsWith("SELECT k.Id, k.Sequence", StringComparison.Ordinal) ? [1, 1, "Froide", 1, "Eau"]
        : sql.EndsWith("WHERE k.Prefix = @1", StringComparison.Ordinal) ? ["abcdefgh", new byte[32], "C", DBNull.Value, "", Noon, DBNull.Value, DBNull.Value]
        : null;

    /// <summary>An entry with a lower number may still be committed, and those who continue after this one would miss it.</summary>
    [TestCase(6, true)]
    [TestCase(4, false)]
    public async Task ListChangesAsync_YoungEntry_IsNotToldYet(int minutes, bool isTold)
    {
        var now = DateTimeOffset.UtcNow;
        var server = new RecordingServer
        {
            Answer = _ => [Uid.ToByteArray(bigEndian: true), 1L, 0, now, DBNull.Value, DBNull.Value, now, false, 0L, DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value, DBNull.Value,
                Uid.ToByteArray(bigEndian: true), 7L, now.AddMinutes(-minutes)],
        };

        var page = await new MeterStore(server.Database, TimeProvider.System).ListChangesAsync(Caller, new(null, 10), default);

        Assert.That(page.Changes, Has.Count.EqualTo(isTold ? 1 : 0));
    }

    [Test]
    public void WriteAsync_WorkThatTakesTooLong_IsRolledBackAndUnavailable()
    {
        var committed = false;
        var server = new RecordingServer { OnCommit = () => committed = true };
        var database = new SqlServerDatabase(server, server, "") { MaxWrite = TimeSpan.Zero };

        var failure = Assert.CatchAsync(() => database.WriteAsync(_ => Task.FromResult(0), default));

        Assert.That((failure!.IsStorageUnavailable(), committed), Is.EqualTo((true, false)));
    }

    /// <summary>A server may ignore a lock hint: every hold is a write, and every sum is changed by what is added.</summary>
    [Test]
    public void Statements_ThatWrite_RestOnNoLockHint()
    {
        var texts = new[] { typeof(MeterSql), typeof(BillSql), typeof(SqlServerImportSql) }
            .SelectMany(type => type.GetFields()).Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Keys.Select(key => SqlServerImportSql.Add(key.Table, key.Columns))).ToList();
        var sums = texts.SelectMany(sql => sql.Split(';')).Select(sql => sql[Math.Max(sql.IndexOf("UPDATE", StringComparison.Ordinal), 0)..])
            .Where(sql => sql.StartsWith("UPDATE Totaux", StringComparison.Ordinal) || sql.StartsWith("UPDATE MeterDays", StringComparison.Ordinal)
                || (sql.StartsWith("UPDATE t ", StringComparison.Ordinal) && sql.Contains("FROM Totaux")));

        Assert.That(texts, Has.Count.GreaterThan(40));
        Assert.That(texts, Has.None.Match("(UPD|HOLD|X|ROW|PAG|TAB|TABX)LOCK|READPAST|SERIALIZABLE"));
        Assert.That(sums, Has.Exactly(3).Matches(@"\bPlus = (t\.)?Plus \+|Units = Units \+"));
        Assert.That(new[] { MeterSql.HoldMeter, MeterSql.HoldMeters, MeterSql.HoldClient, MeterSql.HoldCompteur, MeterSql.HoldUnit }, Has.All.StartsWith("UPDATE"));
    }

    private static Periode Mars => new(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31));

    private static Connections Connections() => new("Server=sql;Database=Facturation", "Server=sql;Database=Facturation");

    private static void Match(string sql, [System.Runtime.CompilerServices.CallerFilePath] string testFile = "") =>
        Snapshot.Match(Encoding.UTF8.GetBytes(sql.ReplaceLineEndings("\n").TrimEnd() + "\n"), "sql", testFile);
}

using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.Storage;

/// <summary>What SQLite alone must do.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SqliteDatabaseTests
{
    [Test]
    public async Task Migrate_NewFile_IsReadyForManyReaders()
    {
        using var scratch = new Scratch();
        await using var services = Build($"Data Source=a/b/facturation.db", scratch);
        await services.MigrateStorageAsync();
        await services.MigrateStorageAsync();

        Assert.That(File.Exists(Path.Combine(scratch.Root, "a", "b", "facturation.db")), "relative to the root, in directories made for it");
        await using var context = await services.GetRequiredService<IDbContextFactory<FacturationContext>>().CreateDbContextAsync();
        Assert.That(await Scalar(context, "PRAGMA foreign_keys"), Is.EqualTo("1"));
        Assert.That(await Scalar(context, "SELECT sql FROM sqlite_schema WHERE name = 'Consommations'"), Does.Contain("WITHOUT ROWID"));
        Assert.That(await Scalar(context, "PRAGMA journal_mode"), Is.EqualTo("wal"), "asked after a read: a pooled connection tells what it last knew");
        Assert.That(await Scalar(context, "PRAGMA synchronous"), Is.EqualTo("2"), "FULL: what is answered is on the disk");
        Assert.That(await Scalar(context, "PRAGMA cache_size"), Is.EqualTo("-2000"), "2 MB, which is also what a sort takes before it spills");
        Assert.That(await Scalar(context, "PRAGMA temp_store"), Is.EqualTo("0"));
        Assert.That(
            await Scalar(context, "SELECT group_concat(compile_options) FROM pragma_compile_options"),
            Does.Not.Contain("TEMP_STORE=2").And.Not.Contain("TEMP_STORE=3"), "what spills goes to a file");
        Assert.That(await Scalar(context, "PRAGMA soft_heap_limit"), Is.EqualTo("16777216"), "16 MB for all connections together");
        Assert.That(await Scalar(context, "PRAGMA mmap_size"), Is.EqualTo("0"), "mapped pages would count as working set");
        Assert.That(context.Database.HasPendingModelChanges(), Is.False, "a migration is missing");
        Microsoft.Data.Sqlite.SqliteConnection.ClearPool((Microsoft.Data.Sqlite.SqliteConnection)context.Database.GetDbConnection());
    }

    [Test]
    public async Task Plan_OfSums_ReadsTheDaysOfAPeriodAndSortsNothing(
        [Values] Ordre ordre, [Values(null, 1)] int? produit, [Values(null, "U")] string? identifiant, [Values] bool bounded)
    {
        var plan = await ExplainAsync(ConsommationSql.Sommes(new Demande("C", identifiant, Mars(bounded), produit, ordre)));

        Assert.That(plan, Has.None.StartsWith("SCAN").And.None.Contain("TEMP B-TREE"));
        Assert.That(plan, Has.Some.EndsWith("t USING PRIMARY KEY (CompteurId=? AND IdentifiantId=?" + (bounded ? " AND Jour>? AND Jour<?)" : ")")));
    }

    [Test]
    public async Task Plan_OfAnAnswerOfFewLines_FindsAllByKeysAndSortsNothing(
        [Values(null, 1)] int? produit, [Values(null, "U")] string? identifiant, [Values] bool bounded)
    {
        var demande = new Demande("C", identifiant, Mars(bounded), produit, Ordre.ParProduit);
        var days = bounded ? " AND Jour>? AND Jour<?)" : ")";

        var lignes = await ExplainAsync(ConsommationSql.FewLignes(demande, "LIMIT 1001"));
        Assert.That(lignes, Has.None.StartsWith("SCAN").And.None.Contain("TEMP B-TREE"));
        Assert.That(lignes, Has.Some.EndsWith("l USING PRIMARY KEY (ProduitId=? AND IdentifiantId=?" + days));
        var meters = await ExplainAsync(ConsommationSql.FewMeters(demande, "LIMIT 1001"));
        Assert.That(meters, Has.None.StartsWith("SCAN").And.None.Contain("TEMP B-TREE"));
        Assert.That(meters, Has.Some.EndsWith("j USING PRIMARY KEY (MeterId=?" + days));
        Assert.That(await ExplainAsync(ConsommationSql.Compteurs(demande, "LIMIT 1001")), Has.None.StartsWith("SCAN").And.None.Contain("TEMP B-TREE"));
    }

    [Test]
    public async Task Plan_OfLines_ReadsTheDaysInOrderAndSortsEachAlone([Values] bool ofIdentifiant, [Values] bool bounded)
    {
        var plan = await ExplainAsync(ConsommationSql.Lignes(Mars(bounded), ofIdentifiant, Ordinal));

        var days = bounded ? " AND Jour>? AND Jour<?)" : ")";
        Assert.That(plan, Has.None.StartsWith("SCAN"));
        Assert.That(plan[0], Does.EndWith(ofIdentifiant
            ? "l USING PRIMARY KEY (ProduitId=? AND IdentifiantId=?" + days
            : "t USING COVERING INDEX IX_Totaux_ProduitId_Jour_IdentifiantId (ProduitId=?" + days));
        if (!ofIdentifiant)
            Assert.That(plan, Has.Some.EndWith("l USING PRIMARY KEY (ProduitId=? AND IdentifiantId=? AND Jour>? AND Jour<?)"), "one day at a time");
        Assert.That(plan.Where(step => step.Contains("TEMP B-TREE")), Is.EqualTo(new[]
        {
            // All terms but the day: a block of each day.
            $"USE TEMP B-TREE FOR LAST {(ofIdentifiant ? 3 : 4)} TERMS OF ORDER BY",
        }));
    }

    [Test]
    public async Task Plan_OfMeters_FindsTheirDaysByKeys([Values] bool ofIdentifiant, [Values] bool bounded)
    {
        var plan = await ExplainAsync(ConsommationSql.Meters(Mars(bounded), ofIdentifiant, Ordinal));

        Assert.That(plan, Has.None.StartsWith("SCAN"));
        Assert.That(plan, Has.Some.EndWith(
            "m USING INDEX IX_Meters_CompteurId_IdentifiantId (CompteurId=?" + (ofIdentifiant ? " AND IdentifiantId=?)" : ")")));
        Assert.That(plan, Has.Some.EndWith("j USING PRIMARY KEY (MeterId=?" + (bounded ? " AND Jour>? AND Jour<?)" : ")")));
    }

    [Test]
    public async Task Plan_OfASpreadReport_FindsReadingsByKeysInOrder(
        [Values(Grouping.Identifiant, Grouping.Produit, Grouping.Produit | Grouping.Compteur)] Grouping grouping,
        [Values] bool ofIdentifiant, [Values] bool bounded, [Values(null, "D")] string? dossier)
    {
        var query = new ConsumptionQuery("C", null, Mars(bounded), null, null, dossier, grouping, Window.Day) { Spreads = true };
        var instants = bounded ? " AND ReadAt>? AND ReadAt<?)" : ")";

        var readings = await ExplainAsync(ConsumptionSql.Readings(query, ofIdentifiant));
        Assert.That(readings, Has.None.StartsWith("SCAN").And.Some.EndsWith("r USING INDEX IX_Readings_MeterId_ReadAt_VoidedAs (MeterId=?" + instants));
        if (grouping.HasFlag(Grouping.Produit))
            Assert.That(readings, Has.None.Contain("TEMP B-TREE"));
        Assert.That(await ExplainAsync(ConsumptionSql.Lines(query, SqliteDialect.Instance, ofIdentifiant, hasMeters: true)), Has.None.StartsWith("SCAN").And.None.Contain("TEMP B-TREE"));
        Assert.That(await ExplainAsync(ConsumptionSql.DossierReadings(query, SqliteDialect.Instance)), Has.None.StartsWith("SCAN"));
    }

    [Test]
    public async Task Plan_OfAWrite_FindsAllByKeys()
    {
        foreach (var text in new[]
        {
            MeterSql.FindMeter, MeterSql.HoldMeters, MeterSql.SetHoldsSuspects, MeterSql.FindReading, MeterSql.AddUp, MeterSql.DropAnswers, MeterSql.ChangeTotal, MeterSql.FindInstalled,
        })
            Assert.That(await ExplainAsync(text), Has.None.StartsWith("SCAN").And.None.Contain("TEMP B-TREE"));
        Assert.That(
            (await ExplainAsync(new MeterSql(SqliteDialect.Instance).ReadSeries(13))).Where(step => step.StartsWith("SCAN", StringComparison.Ordinal)),
            Is.EquivalentTo(new[] { "SCAN older", "SCAN newer" }), "what their own queries found");
    }

    [Test]
    public async Task Plan_OfAList_FindsAllByKeys([Values] bool ofIdentifiant, [Values] bool after)
    {
        var sql = new MeterSql(SqliteDialect.Instance);

        foreach (var withLast in new[] { false, true })
        {
            var plan = await ExplainAsync(sql.ListMeters(ofIdentifiant, after, default, withLast, 101));
            Assert.That(plan, Has.None.StartsWith("SCAN").And.None.EqualTo("USE TEMP B-TREE FOR ORDER BY"));
        }
        Assert.That(await ExplainAsync(sql.ListMeters(ofIdentifiant, after, new(null, "U", "D", 1), false, 101)), Has.None.StartsWith("SCAN"));
        Assert.That(
            await ExplainAsync(sql.ListChanges(ofIdentifiant, 101)),
            Has.None.StartsWith("SCAN").And.None.EqualTo("USE TEMP B-TREE FOR ORDER BY"));
        Assert.That(
            await ExplainAsync(sql.ListReadings(first: ofIdentifiant, last: ofIdentifiant, after, since: ofIdentifiant, 101)),
            Has.None.StartsWith("SCAN").And.None.EqualTo("USE TEMP B-TREE FOR ORDER BY"));
        Assert.That(
            await ExplainAsync(sql.ListSuspects(ofIdentifiant, after, 101)),
            Has.None.StartsWith("SCAN").And.Some.Contains("IX_Readings_Suspect"));
        var bills = new BillSql(SqliteDialect.Instance);
        foreach (var text in new[] { bills.ListPrices(after, 101), bills.ListBills(after, 101), bills.ListFolio(after, 101), bills.FindLast, BillSql.FindEnding, BillSql.FindBill })
            Assert.That(await ExplainAsync(text), Has.None.StartsWith("SCAN").And.None.EqualTo("USE TEMP B-TREE FOR ORDER BY"), text);
    }

    private static string Ordinal(string column) => $"{column} COLLATE {SqliteDatabase.Ordinal}";

    private static Periode Mars(bool bounded) => bounded ? new(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31)) : default;

    private static async Task<List<string>> ExplainAsync(string sql)
    {
        using var scratch = new Scratch();
        await using var services = Build(scratch.Connection, scratch);
        await services.MigrateStorageAsync();
        await using var context = await services.GetRequiredService<IDbContextFactory<FacturationContext>>().CreateDbContextAsync();
        await context.Database.OpenConnectionAsync();
        SqliteDatabase.AddOrdinal((Microsoft.Data.Sqlite.SqliteConnection)context.Database.GetDbConnection());
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        foreach (System.Text.RegularExpressions.Match match in System.Text.RegularExpressions.Regex.Matches(sql, "[@?][a-z0-9]+"))
            if (!command.Parameters.Contains(match.Value))
                command.Parameters.Add(new Microsoft.Data.Sqlite.SqliteParameter(match.Value, 1));
        await using var reader = await command.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(3));
        TestContext.Out.WriteLine(sql + "\n\n" + string.Join('\n', plan));
        return plan;
    }

    [TestCase("0001-01-01 00:00:00")]
    [TestCase("9999-12-31 23:59:59")]
    [TestCase("2024-02-29 13:07:45")]
    [TestCase("2026-03-22 00:33:32.0494548")]
    [TestCase("9999-12-31 23:59:59.9999999")]
    [TestCase("2024-02-29")]
    public void Parse_DateAsSqliteKeepsIt_IsThatDate(string text) => Assert.That(
        SqliteDates.Parse(text), Is.EqualTo(DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));

    [TestCase("")]
    [TestCase("Data Source=")]
    [TestCase("Data Source=:memory:")]
    [TestCase("Server=.;Database=x")]
    [TestCase("nonsense")]
    public void AddFacturationStorage_ConnectionWithoutFile_IsRefused(string connection) => Assert.That(
        () => new ServiceCollection().AddFacturationStorage(connection, "/"),
        Throws.TypeOf<RefusedException>().With.Message.Contains("ConnectionStrings:Facturation"));

    [Test]
    public async Task Migrate_FileThatIsNoDatabase_IsRefusedByName()
    {
        using var scratch = new Scratch();
        scratch.Write("facturation.db", [.. "this is a text, and long enough not to look like an empty file"u8]);
        await using var services = Build(scratch.Connection, scratch);

        Assert.That(() => services.MigrateStorageAsync(), Throws.TypeOf<RefusedException>().With.Message.Contains("facturation.db"));
    }

    [Test]
    public async Task Look_LockedFile_GivesUpSoonAndLeavesWritersTheirPatience()
    {
        using var scratch = new Scratch();
        await using var services = Build($"{scratch.Connection};Pooling=False", scratch);
        await services.MigrateStorageAsync();
        var upkeep = services.GetRequiredService<DatabaseUpkeep>();
        ((IDisposable)upkeep).Dispose(); // Its connection keeps others from taking the whole file.
        await using var holder = new Microsoft.Data.Sqlite.SqliteConnection($"{scratch.Connection};Pooling=False");
        await holder.OpenAsync();
        await using var command = holder.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync();

        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.That(() => upkeep.PingAsync(), Throws.TypeOf<Microsoft.Data.Sqlite.SqliteException>());
        Assert.That(() => upkeep.ReadSchemaAsync(), Throws.TypeOf<RefusedException>());
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)), "a writer would wait 30 s each time");
        await using var context = await services.GetRequiredService<IDbContextFactory<FacturationContext>>().CreateDbContextAsync();
        Assert.That(context.Database.GetCommandTimeout(), Is.Null, "the context that looked, back from the pool");
    }

    [Test]
    public async Task Stores_OfADatabaseThatIsReady_AskEfCoreForNothing()
    {
        using var scratch = new Scratch();
        await using (var maker = Build(scratch.Connection, scratch))
            await maker.MigrateStorageAsync();
        var log = new EfCoreLog();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))
            .AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();

        await services.MigrateStorageAsync();
        var (keys, meters) = (services.GetRequiredService<IApiKeyStore>(), services.GetRequiredService<IMeterStore>());
        await keys.AddAsync(
            new ApiKey("abcdefgh", new byte[32], "C", null, Scopes.All, DateTimeOffset.UnixEpoch), isNewClient: true);
        Assert.That((await keys.ListAsync()).Single(), Is.EqualTo(await keys.FindAsync("abcdefgh")).Using<ApiKey>((a, b) => a.Prefix == b.Prefix));
        Assert.That((await meters.ListAsync(new("C", null, "abcdefgh", ""), default, false, new(null, 10))).Items, Is.Empty);
        await using (var view = await services.GetRequiredService<IConsommationStore>().OpenAsync(new Demande("C", null, default, null, Ordre.ParIdentifiant)))
            Assert.That(view.Groupes, Is.Empty);

        Assert.That(log.Lines, Is.Empty, "its services and model cost half a second");
        await using var context = await services.GetRequiredService<IDbContextFactory<FacturationContext>>().CreateDbContextAsync();
        Assert.That(await context.Clients.CountAsync(), Is.EqualTo(1));
        Assert.That(log.Lines, Is.Not.Empty, "so would it have told");
    }

    /// <summary>What EF Core tells of itself, from the first context that is used.</summary>
    private sealed class EfCoreLog : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }

    private static ServiceProvider Build(string connection, Scratch scratch) =>
        new ServiceCollection().AddFacturationStorage(connection, scratch.Root).BuildServiceProvider();

    private static async Task<string?> Scalar(FacturationContext context, string sql)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}

using System.Text.RegularExpressions;
using Facturation.Api.Import;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Tests.Api.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using static Facturation.Tests.Api.Commands.CommandTests;

namespace Facturation.Tests.Api;

/// <summary>Which database the service works on, and who brings it up to date.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class StorageSettingsTests
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n";

    private const string NHibernate = "--Storage:Provider=NHibernate";

    /// <summary>The standard error of a command that may have waited for its turn to migrate.</summary>
    private const string Waited = @"^(\S+Z info: Facturation\.Storage\[\d+\]\s+Waiting for the process that holds .*-migration: it migrates the database\n)?$";

    [TestCase("Storage:Database=Oracle", "Storage:Database")]
    [TestCase("Storage:Database=1", "Storage:Database")]
    [TestCase("Storage:Databse=SqlServer", "Storage:Databse")]
    [TestCase("Storage:MigrateAtStart=oui", "Storage:MigrateAtStart")]
    [TestCase("Storage:CommandTimeoutSeconds=-1", "Storage:CommandTimeoutSeconds")]
    [TestCase("Storage:CommandTimeoutSeconds=1 s", "Storage:CommandTimeoutSeconds")]
    [TestCase("Storage:Database=SqlServer", "ConnectionStrings:Facturation")]
    [TestCase("ConnectionStrings:FacturationReadOnly=Server=.", "ConnectionStrings:FacturationReadOnly")]
    public void Start_SettingThatIsWrong_IsRefusedByName(string setting, string name) => Assert.That(
        async () => await (await Service.StartAsync(settings: $"--{setting}")).DisposeAsync(),
        Throws.TypeOf<RefusedException>().With.Message.StartsWith(name).And.Message.Not.Contains("\n"));

#if !NHIBERNATE
    [Test]
    public void Start_ProviderThatIsNotBuilt_SaysHowToBuildIt() => Assert.That(
        async () => await (await Service.StartAsync(settings: NHibernate)).DisposeAsync(),
        Throws.TypeOf<RefusedException>().With.Message.StartsWith("Storage:Provider").And.Message.Contains("-p:NHibernate=true").And.Message.Not.Contains("\n"));
#else
    /// <summary>The tables are compared with the mappings before anything is served.</summary>
    [Test]
    public async Task Start_NHibernateOnOtherTables_IsRefused()
    {
        using var scratch = Scratch.WithDatabase();
        scratch.Execute("ALTER TABLE Readings RENAME COLUMN Turns TO Tours");

        Assert.That(
            async () => await (await Service.StartAsync(database: scratch, settings: NHibernate)).DisposeAsync(),
            Throws.TypeOf<RefusedException>().With.Message.Contains("Missing column: Turns in Readings").And.Message.Not.Contains("\n"));
    }
#endif

    /// <summary>A mistyped path must not be a healthy, empty service, nor a command's success.</summary>
    [TestCase("Production", "--urls=http://127.0.0.1:0")]
    [TestCase("", "--urls=http://127.0.0.1:0")]
    [TestCase("Staging", "--urls=http://127.0.0.1:0")]
    [TestCase("Production", "--Storage:MigrateAtStart=false", "--urls=http://127.0.0.1:0")]
    [TestCase("Development", "--Storage:MigrateAtStart=false", "--urls=http://127.0.0.1:0")]
    [TestCase("Production", "keys", "list")]
    [TestCase("Production", "keys", "create", "--client", "C", "--new-client")]
    [TestCase("Production", "keys", "revoke", "abcdefgh")]
    [TestCase("Production", "import", "f.csv", "--client", "C")]
    public async Task Run_NoDatabase_IsRefusedInOneLineAndMakesNothing(string environment, params string[] args)
    {
        using var scratch = new Scratch();
        var file = Path.Combine(scratch.Root, "absent", "facturation.db");

        var answer = await RunAsItIsAsync(environment, file, args);

        Assert.That(answer, Is.EqualTo((1, "", Absent(file))));
        Assert.That(Directory.GetFileSystemEntries(scratch.Root), Is.Empty);
    }

    [Test]
    public async Task Migrate_InProduction_CreatesTheDatabaseThatCommandsAndStartsThenTake()
    {
        using var scratch = new Scratch();
        var file = Path.Combine(scratch.Root, "absent", "facturation.db");
        Assert.That((await RunAsItIsAsync("Production", file, "db", "migrate")).Text, Does.Contain("_Initial appliquée."));

        Assert.That(await RunAsItIsAsync("Production", file, "keys", "list"), Is.EqualTo((0, "", "")));
    }

    [Test]
    public async Task Run_NoDatabaseInDevelopment_CreatesIt()
    {
        using var scratch = new Scratch();
        Assert.That(await RunAsItIsAsync("Development", scratch.Database, "keys", "list"), Is.EqualTo((0, "", "")));
        Assert.That(scratch.Database, Does.Exist);
    }

    [Test]
    public async Task Start_AnyDatabase_TellsVersionPathAndWhetherItIsNew()
    {
        using var scratch = new Scratch();
        foreach (var state in new[] { "new", "up to date" })
        {
            var log = new CapturedLog();
            await (await Service.StartAsync(
                database: scratch,
                configure: services => services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(log),
                settings: "--Logging:LogLevel:Default=Information")).DisposeAsync();
            var line = log.Lines.Single(line => line.Category == "Facturation.Api");
            Assert.That(line.Level, Is.EqualTo(LogLevel.Information));
            Assert.That(line.Message, Does.Match($"^Facturation [0-9]+[.][0-9]+[.][0-9]+[^ ]*, database {Regex.Escape(scratch.Database)}, {state}$"));
        }
    }

    [Test]
    public async Task Start_WithoutLeaveToMigrate_NamesWhatIsMissing()
    {
        using var scratch = new Scratch();
        const string leave = "--Storage:MigrateAtStart=false";
        scratch.Write("facturation.db", []);

        var (code, output, error) = await RunAsync(scratch, leave, "--urls=http://127.0.0.1:0");

        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match("^Il manque à la base de données .*facturation\\.db : [0-9]{14}_Initial, [0-9]{14}_Billing, [0-9]{14}_Corrections, [0-9]{14}_HeldSuspects[.] .*Storage:MigrateAtStart.*\n$"));
        Assert.That(new FileInfo(scratch.Database).Length, Is.Zero);
        Assert.That((await RunAsync(scratch, "db", "migrate")).Code, Is.Zero);
        await using var service = await Service.StartAsync(database: scratch, settings: leave);
    }

    [Test]
    public async Task Migrate_SeveralProcessesAtOnce_MakeOneSoundDatabase()
    {
        using var scratch = new Scratch();

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync(scratch, "db", "migrate")));

        Assert.That(answers.Select(answer => answer.Code), Has.All.Zero);
        Assert.That(answers.Select(answer => answer.Errors), Has.All.Match(Waited));
        Assert.That(answers.Count(answer => answer.Text.Contains("_Initial appliquée", StringComparison.Ordinal)), Is.EqualTo(1), "one says it did");
        Assert.That(await RunAsync(scratch, "db", "check"), Is.EqualTo((0, "La base est saine.\n", "")));
        Assert.That(await RunAsync(scratch, "db", "migrate"), Is.EqualTo((0, "La base est à jour.\n", "")));
    }

    [Test]
    public async Task Start_WhileAnotherMigrates_TellsOnceThatItWaits()
    {
        using Scratch scratch = new(), free = new();
        var log = new CapturedLog();
        Task<Service> starting;
        await using (new FileStream(scratch.Database + "-migration", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            starting = StartAsync(scratch);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!Waits().Any() && !patience.IsCancellationRequested)
                await Task.Delay(20);
            await Task.Delay(200); // It looks again, and says no more.
        }
        await (await starting).DisposeAsync();
        await (await StartAsync(free)).DisposeAsync(); // Its turn comes at once.
        Assert.That(Waits().Select(line => (line.Level, line.Message)), Is.EqualTo(new[]
        {
            (LogLevel.Information, $"Waiting for the process that holds {scratch.Database}-migration: it migrates the database"),
        }));

        Task<Service> StartAsync(Scratch database) => Service.StartAsync(
            database: database,
            configure: services => services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(log),
            settings: "--Logging:LogLevel:Default=Information");

        IEnumerable<CapturedLog.Line> Waits() => log.Lines.Where(line => line.Category.StartsWith("Facturation.Storage", StringComparison.Ordinal));
    }

    /// <summary>What a command prints is read by scripts: the key that <c>keys create</c> prints, above all.</summary>
    [Test]
    public async Task Migrate_WhileAnotherMigrates_PrintsOnlyWhatItDid()
    {
        using var scratch = new Scratch();
        Task<(int Code, string Text, string Errors)> running;
        await using (new FileStream(scratch.Database + "-migration", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            running = RunAsync(scratch, "db", "migrate");
            while (!File.Exists(scratch.Database) && !running.IsCompleted)
                await Task.Delay(20);
            await Task.Delay(1000); // From the empty file to the lock; too short proves less, and fails nothing.
        }
        var (code, text, error) = await running;
        Assert.That(code, Is.Zero);
        Assert.That(error, Does.Match(Waited));
        Assert.That(text, Does.Match("^([0-9]{14}_[A-Za-z]+ appliquée\\.\n)+$"));
    }

    [Test]
    public async Task Script_OfSqlite_MakesTheDatabaseThatMigrateWouldMake()
    {
        using Scratch scripted = new(), migrated = new();
        var (code, sql, error) = await RunAsync(scripted, "db", "script");
        Assert.That((code, error), Is.EqualTo((0, "")));
        scripted.Execute(sql);
        await RunAsync(migrated, "db", "migrate");

        Assert.That(await RunAsync(scripted, "db", "script"), Is.EqualTo((0, "-- La base est à jour : il n'y a rien à appliquer.\n", "")));
        Assert.That((await RunAsync(scripted, "db", "status")).Text.Split('\n')[2..], Is.EqualTo(
            (await RunAsync(migrated, "db", "status")).Text.Split('\n')[2..]));
    }

    [Test]
    public async Task ReadOnlyConnection_OfACopy_IsWhatAnswersAreReadFromAndNothingIsWrittenTo()
    {
        using Scratch written = new(), copy = new();
        var earlier = copy.Database;
        await using (var before = await Service.StartAsync(database: written))
        {
            await before.ImportAsync(Header + "U;1;Eau;D;2026-03-22;1;Froide;5");
            await before.Services.GetRequiredService<DatabaseUpkeep>().BackupAsync(earlier);
        }
        var content = await File.ReadAllBytesAsync(earlier);

        await using (var service = await Service.StartAsync(
            database: written, settings: $"--ConnectionStrings:FacturationReadOnly={copy.Connection};Mode=ReadOnly"))
        {
            await service.ImportAsync(Header + "U;1;Eau;E;2026-03-22;1;Froide;7");
            var key = await service.CreateKeyAsync();
            foreach (var path in new[] { "api/Consommation", "api/ConsommationV2" })
                Assert.That((await service.PostAsync(path, key)).Text, Does.Contain("\"Quantite\":5").And.Not.Contain("\"Quantite\":7"), path);
        }

        Assert.That(await File.ReadAllBytesAsync(earlier), Is.EqualTo(content));
        await using var after = await Service.StartAsync(database: written);
        Assert.That((await after.PostAsync("api/ConsommationV2", await after.CreateKeyAsync())).Text, Does.Contain("\"Quantite\":12"));
    }

    /// <summary>What is said, in one line, where there is no database.</summary>
    internal static string Absent(string file) =>
        $"La base de données {file} n'existe pas : corrigez ConnectionStrings:Facturation, ou créez-la par « db migrate ».\n";

    /// <summary>Runs the program in an environment, which may be none, with the settings it ships with.</summary>
    private static Task<(int Code, string Text, string Errors)> RunAsItIsAsync(string environment, string file, params string[] args) => Command.RunAsync(
        Command.Dotnet, [typeof(Importer).Assembly.Location, .. args], null,
        ("ConnectionStrings__Facturation", $"Data Source={file}"), ("ASPNETCORE_ENVIRONMENT", environment));
}

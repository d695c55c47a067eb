using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Facturation.Api.Import;
using Facturation.Tests.Api.Operations;
using Microsoft.Data.Sqlite;
using static Facturation.Tests.Api.Commands.CommandTests;

namespace Facturation.Tests.Api.Commands;

/// <summary><c>db restore</c>: the backup comes back whole, and what does not fit changes nothing.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class DbRestoreTests
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n";

    [Test]
    public async Task Run_OfABackup_BringsBackWhatItHeld()
    {
        using var scratch = Scratch.WithDatabase();
        await ImportAsync(scratch, 1);
        Assert.That((await RunAsync(scratch, "db", "backup", "copy.db")).Code, Is.Zero);
        var copy = await File.ReadAllBytesAsync(Path.Combine(scratch.Root, "copy.db"));
        await ImportAsync(scratch, 2);

        var (code, text, error) = await RunAsync(scratch, "db", "restore", "copy.db");

        Assert.That((code, error), Is.EqualTo((0, "")));
        var aside = Directory.GetFiles(scratch.Root, "facturation.db.*Z").Single();
        Assert.That(text, Is.EqualTo($"Base {scratch.Database} restaurée de copy.db ; l'ancienne est gardée dans {aside}.\n"));
        Assert.That(Path.GetFileName(aside), Does.Match("^facturation\\.db\\.[0-9]{8}T[0-9]{6}Z$"));
        Assert.That(Directory.GetFiles(scratch.Root), Is.EquivalentTo(new[] { scratch.Database, aside, Path.Combine(scratch.Root, "copy.db") }));
        Assert.That((await QuantitesAsync(scratch.Database), await QuantitesAsync(aside)), Is.EqualTo((new[] { 1L }, new[] { 1L, 2L })));
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(scratch.Root, "copy.db")), Is.EqualTo(copy));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(scratch.Database), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        await ImportAsync(scratch, 3);
        Assert.That(await QuantitesAsync(scratch.Database), Is.EqualTo(new[] { 1L, 3L }), "and it serves");
    }

    [Test]
    public async Task Run_PathThatIsALink_ReplacesTheFileBehindIt()
    {
        using var scratch = Scratch.WithDatabase();
        await ImportAsync(scratch, 1);
        await RunAsync(scratch, "db", "backup", "copy.db");
        await ImportAsync(scratch, 2);
        var real = Path.Combine(Directory.CreateDirectory(Path.Combine(scratch.Root, "disk")).FullName, "real.db");
        File.Move(scratch.Database, real);
        File.CreateSymbolicLink(scratch.Database, real);

        var (code, _, error) = await RunAsync(scratch, "db", "restore", "copy.db");

        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(File.ResolveLinkTarget(scratch.Database, false)?.FullName, Is.EqualTo(real));
        Assert.That(await QuantitesAsync(real), Is.EqualTo(new[] { 1L }));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(real)!, "real.db.*Z"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Run_NoDatabase_MakesOne()
    {
        using var scratch = Scratch.WithDatabase();
        await ImportAsync(scratch, 1);
        await RunAsync(scratch, "db", "backup", "copy.db");
        File.Delete(scratch.Database);
        scratch.Write("facturation.db-wal", new byte[100]); // Of the database that is gone.

        Assert.That(await RunAsync(scratch, "db", "restore", "copy.db"), Is.EqualTo((0, $"Base {scratch.Database} restaurée de copy.db.\n", "")));

        Assert.That(scratch.Database + "-wal", Does.Not.Exist);
        Assert.That(await QuantitesAsync(scratch.Database), Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task Run_OverADamagedDatabase_KeepsItWithItsJournal([Values] bool isDatabase)
    {
        using var scratch = Scratch.WithDatabase();
        await ImportAsync(scratch, 1);
        await RunAsync(scratch, "db", "backup", "copy.db");
        byte[] damaged = isDatabase ? [.. (await File.ReadAllBytesAsync(scratch.Database)).Take(100), .. new byte[9000]] : [.. Enumerable.Repeat((byte)'x', 9000)];
        await File.WriteAllBytesAsync(scratch.Database, damaged);
        scratch.Write("facturation.db-wal", [1, 2, 3]);

        var (code, _, error) = await RunAsync(scratch, "db", "restore", "copy.db");

        Assert.That((code, error), Is.EqualTo((0, "")));
        Assert.That(await QuantitesAsync(scratch.Database), Is.EqualTo(new[] { 1L }));
        Assert.That(await RunAsync(scratch, "db", "check"), Is.EqualTo((0, "La base est saine.\n", "")));
        var aside = Directory.GetFiles(scratch.Root, "facturation.db.*Z").Single();
        Assert.That((await File.ReadAllBytesAsync(aside)).Length, Is.EqualTo(damaged.Length));
    }

    private static IEnumerable<TestCaseData> Unfit()
    {
        yield return Case("absent", _ => { }, "copy.db n'existe pas");
        yield return Case("damaged", file => Change(file, bytes => Array.Fill(bytes, (byte)0xA5, bytes.Length / 2, bytes.Length / 2)), "est abîmée|ne s'ouvre pas");
        yield return Case("cut", file =>
        {
            using var cut = File.OpenWrite(file);
            cut.SetLength(cut.Length / 2);
        }, "est abîmée|ne s'ouvre pas");
        yield return Case("no database", file => File.WriteAllText(file, new string('x', 9000)), "copy.db ne s'ouvre pas : SQLite Error 26");
        yield return Case("empty", file => File.WriteAllBytes(file, []), "copy.db n'est pas une sauvegarde de ce service");
        yield return Case("foreign", file =>
        {
            File.Delete(file);
            Execute(file, "CREATE TABLE Clients (Id INTEGER PRIMARY KEY)", create: true);
        }, "copy.db n'est pas une sauvegarde de ce service");
        yield return Case("newer", file => Execute(file, HealthTests.NewerProgram), "copy.db est plus récente que ce programme.*29990101000000_Later");
        yield return Case("with a journal", file => File.WriteAllBytes(file + "-wal", [1]), "copy.db a un journal");
        yield return Case("leftover", file => File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(file)!, "facturation.db.restoring"), [1]), "restoring existe déjà");

        static TestCaseData Case(string name, Action<string> spoil, string told) => new TestCaseData(spoil, told).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Unfit))]
    public async Task Run_UnfitBackup_IsRefusedAndChangesNothing(Action<string> spoil, string told)
    {
        using var scratch = Scratch.WithDatabase();
        await ImportAsync(scratch, 1);
        var copy = Path.Combine(scratch.Root, "copy.db");
        if (!told.Contains("n'existe pas", StringComparison.Ordinal))
            Assert.That((await RunAsync(scratch, "db", "backup", copy)).Code, Is.Zero);
        spoil(copy);
        var before = Files(scratch);

        var (code, text, error) = await RunAsync(scratch, "db", "restore", copy);

        Assert.That((code, text), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match($"^.*({told}).*\n$"));
        Assert.That(Files(scratch), Is.EqualTo(before));
    }

    [Test]
    public async Task Run_OfTheDatabaseItself_IsRefused()
    {
        using var scratch = Scratch.WithDatabase();

        Assert.That((await RunAsync(scratch, "db", "restore", scratch.Database)).Errors, Is.EqualTo($"{scratch.Database} est la base de données elle-même.\n"));
    }

    /// <summary>One that was asked nothing since it started, and one that answers.</summary>
    [Test]
    public async Task Run_WhileTheServiceRuns_IsRefused([Values] bool asked)
    {
        using var scratch = Scratch.WithDatabase();
        await RunAsync(scratch, "db", "backup", "copy.db");
        await using var service = await Service.StartAsync(database: scratch);
        if (asked)
            await service.ImportAsync($"{Header}U;1;Eau;D;2026-03-22;1;Froide;1\n");

        Assert.That(await RunAsync(scratch, "db", "restore", "copy.db"), Is.EqualTo(
            (1, "", $"La base de données {scratch.Database} est ouverte : arrêtez d'abord le service et toute commande.\n")));

        Assert.That(Directory.GetFiles(scratch.Root).Select(Path.GetExtension).Distinct(), Is.SubsetOf(new[] { ".db", ".db-wal", ".db-shm" }));
        await service.ImportAsync($"{Header}U;1;Eau;D;2026-03-22;2;Chaude;2\n");
        Assert.That(await QuantitesAsync(scratch.Database), Is.EqualTo(asked ? new[] { 1L, 2L } : [2L]));
    }

    /// <summary>At the sight of each of its files, and a little later.</summary>
    [TestCase("*.restoring", 0)]
    [TestCase("*.restoring", 60)]
    [TestCase("*.restoring-*", 0)]
    [TestCase("*Z", 0)]
    public async Task Run_Killed_LeavesOneOrTheOtherWhole(string sight, int milliseconds)
    {
        using var scratch = Scratch.WithDatabase();
        await ImportAsync(scratch, 1);
        await RunAsync(scratch, "db", "backup", "copy.db");
        await ImportAsync(scratch, 2);
        using (var process = Start(scratch, "db", "restore", "copy.db"))
        {
            while (!process.HasExited && Directory.GetFiles(scratch.Root, sight).Length == 0)
                Thread.Yield();
            await Task.Delay(milliseconds);
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.That(await RunAsync(scratch, "db", "check"), Is.EqualTo((0, "La base est saine.\n", "")));
        Assert.That(await QuantitesAsync(scratch.Database), Is.AnyOf(new[] { 1L }, new[] { 1L, 2L }));
        File.Delete(scratch.Database + ".restoring");
        await Task.Delay(1000); // The name of the old file has a second of its own.
        Assert.That((await RunAsync(scratch, "db", "restore", "copy.db")).Code, Is.Zero);
        Assert.That(await QuantitesAsync(scratch.Database), Is.EqualTo(new[] { 1L }));
    }

    private static async Task ImportAsync(Scratch scratch, long quantite)
    {
        var file = scratch.Write("in.csv", Encoding.UTF8.GetBytes($"{Header}U;1;Eau;D{quantite};2026-03-22;1;Froide;{quantite}\n"));
        Assert.That((await RunAsync(scratch, "import", file, "--client", "C")).Code, Is.Zero);
        File.Delete(file);
    }

    /// <summary>The quantities in a database file.</summary>
    private static async Task<long[]> QuantitesAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT Quantite FROM Consommations ORDER BY Quantite";
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<long>();
        while (await rows.ReadAsync())
            found.Add(rows.GetInt64(0));
        return [.. found];
    }

    private static void Execute(string file, string sql, bool create = false)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode={(create ? "ReadWriteCreate" : "ReadWrite")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Change(string file, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(file);
        change(bytes);
        File.WriteAllBytes(file, bytes);
    }

    private static Dictionary<string, string> Files(Scratch scratch) =>
        Directory.GetFiles(scratch.Root).ToDictionary(file => file, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    private static Process Start(Scratch scratch, params string[] args)
    {
        var start = new ProcessStartInfo(Command.Dotnet, [typeof(Importer).Assembly.Location, .. args])
        {
            WorkingDirectory = scratch.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__Facturation"] = scratch.Connection;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        return Process.Start(start)!;
    }
}

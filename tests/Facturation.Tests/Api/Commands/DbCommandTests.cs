using System.Text.Json;
using Facturation.Tests.Api.Operations;
using Facturation.Tests.Api.V1;
using static Facturation.Tests.Api.Commands.CommandTests;

namespace Facturation.Tests.Api.Commands;

/// <summary>The operator's commands, each a process beside the service.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class DbCommandTests
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n";

    [Test]
    public async Task Migrate_NoDatabase_MakesOneThatIsSound()
    {
        using var scratch = new Scratch();
        var absent = await RunAsync(scratch, "db", "status");
        Assert.That(absent.Code, Is.Zero, absent.Errors);
        Assert.That(absent.Text, Does.Contain("n'existe pas encore").And.Contain("Migrations appliquées : aucune"));
        Assert.That(scratch.Database, Does.Not.Exist, "looking makes nothing");

        Assert.That((await RunAsync(scratch, "db", "migrate")).Text, Does.Match("^([0-9]{14}_[A-Za-z]+ appliquée\\.\n)+$"));
        Assert.That(await RunAsync(scratch, "db", "migrate"), Is.EqualTo((0, "La base est à jour.\n", "")));
        Assert.That(await RunAsync(scratch, "db", "check"), Is.EqualTo((0, "La base est saine.\n", "")));
        Assert.That((await RunAsync(scratch, "db", "status")).Text,
            Does.Contain("Migrations en attente : aucune").And.Contain("Intégrité : bonne"));
    }

    [TestCase("check")]
    [TestCase("verify")]
    [TestCase("units")]
    [TestCase("backup", "copy.db")]
    public async Task Run_NoDatabase_IsRefusedAndMakesNothing(params string[] args)
    {
        using var scratch = new Scratch();

        var (code, _, error) = await RunAsync(scratch, ["db", .. args]);

        Assert.That((code, error), Is.EqualTo((1, StorageSettingsTests.Absent(scratch.Database))));
        Assert.That(Directory.GetFileSystemEntries(scratch.Root), Is.Empty);
    }

    [Test]
    public async Task Check_RowThatRefersToNone_ExitsWith1()
    {
        using var scratch = new Scratch();
        await using (await Service.StartAsync(database: scratch))
            scratch.Execute("INSERT INTO Identifiants (ClientId, Nom) VALUES (999, 'U')");

        Assert.That(await RunAsync(scratch, "db", "check"), Is.EqualTo(
            (1, "La base est abîmée.\n", "Identifiants : une ligne renvoie à Clients, qui ne l'a pas\n")));
        var status = await RunAsync(scratch, "db", "status");
        Assert.That(status.Code, Is.EqualTo(1), status.Errors);
        Assert.That(status.Text, Does.Contain("Intégrité : la base est abîmée"));
    }

    [Test]
    public async Task Texts_ThatXmlCannotHold_AreListedThenRenamedUnlessAnotherHasTheName()
    {
        using var scratch = new Scratch();
        await using (var service = await Service.StartAsync(database: scratch))
        {
            await service.ImportAsync(Header
                + "U\u0001;1;Ea\u0002u;D\uFFFF;2026-03-22;1;Froi\u0003de;5\n"
                + "U\u0001;1;Ea\u0002u;D\uFFFE;2026-03-22;1;Froi\u0003de;7\n");
            var (code, list, _) = await RunAsync(scratch, "db", "texts");
            Assert.That(code, Is.EqualTo(1));
            Assert.That(list.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(5), list);
            Assert.That(list, Does.Contain("produit « Ea\\u0002u » : le caractère U+0002 ne peut figurer dans du XML").And.Contain("dossier « D\uFFFF »"));

            var renamed = await RunAsync(scratch, "db", "texts", "--rename");
            Assert.That(renamed.Code, Is.EqualTo(1), "one of two dossiers");
            Assert.That(renamed.Text, Does.Contain("identifiant « U\\u0001 » : renommé « U\uFFFD »").And.Contain("garde son nom, car « D\uFFFD » existe déjà"));
            Assert.That((await RunAsync(scratch, "db", "texts")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));

            var answer = await service.PostAsync("api/ConsommationV2", await service.CreateKeyAsync(), headers: ("Accept", "text/xml"));
            Assert.That(answer.Text, Does.Contain(">U\uFFFD<").And.Contain(">Ea\uFFFDu<").And.Contain(">Froi\uFFFDde<"));
        }
        Assert.That((await RunAsync(scratch, "db", "verify")).Code, Is.Zero);
    }

    /// <summary>Older versions created meters of any unit; rows take their place.</summary>
    [Test]
    public async Task Units_MetersThatOlderVersionsMixed_AreListedWithTheirMultipliers()
    {
        using var scratch = new Scratch();
        await using var scene = await MeterScene.StartAsync(scratch);
        await scene.CreateMeterAsync();
        await scene.CreateMeterAsync(serial: "T");
        Assert.That(await RunAsync(scratch, "db", "units"), Is.EqualTo((0, "Chaque compteur de produit compte en une seule unité.\n", "")));

        foreach (var (unit, micros, count) in new[] { ("KWH ", 40_000_000, 1), ("Wh\u001b", 1_000, 2), ("MWh", 1_000_000, 1) })
            for (var i = 0; i < count; i++)
                scratch.Execute($"""
                    INSERT INTO Meters (Uid, ClientId, Serial, Digits, RolloverAt, MultiplierMicros, Unit, DossierId, CompteurId, IdentifiantId, InstalledAt)
                    SELECT '{Guid.NewGuid():D}', ClientId, '{unit}{i}', Digits, RolloverAt, {micros}, '{unit}', DossierId, CompteurId, IdentifiantId, InstalledAt
                    FROM Meters WHERE Serial = 'S'
                    """);

        Assert.That(await RunAsync(scratch, "db", "units"), Is.EqualTo((1,
            "Des compteurs de produit comptent en plusieurs unités : vérifiez que chaque multiplicateur convertit.\n",
            "client C, produit 7, compteur 1 : kWh × 1 (2), KWH  × 40 (1), Wh\\u001B × 0.001 (2), MWh × 1 (1)\n")));
    }

    [Test]
    public async Task Verify_TotalThatIsNotItsLines_ExitsWith1()
    {
        using var scratch = new Scratch();
        await using var service = await Service.StartAsync(database: scratch);
        await service.ImportAsync($"{Header}\"U\n\u001b\";1;Eau;D;2026-03-22;1;Froide;5\n\"U\n\u001b\";1;Eau;E;2026-03-22;1;Froide;-3\n");
        Assert.That(await RunAsync(scratch, "db", "verify"), Is.EqualTo(
            (0, "Les totaux sont la somme des lignes, et les compteurs ce que disent leurs relevés.\n", "")));

        scratch.Execute("UPDATE Consommations SET Quantite = 6 WHERE Quantite = 5");

        Assert.That(await RunAsync(scratch, "db", "verify"), Is.EqualTo((1, "La base se contredit.\n",
            "Total du 2026-03-22 (client C, produit 1, compteur 1, identifiant U\\u000A\\u001B) : 5 et -3 en 2 lignes, au lieu de 6 et -3 en 2 lignes\n")));
        Assert.That((await RunAsync(scratch, "db", "check")).Code, Is.Zero, "sound, but not true");
    }

    [Test]
    public async Task Verify_SuspectReadingThatCountsAlthoughItIsHeld_ExitsWith1()
    {
        using var scratch = new Scratch();
        await using var scene = await MeterScene.StartAsync(scratch);
        var meter = await scene.CreateMeterAsync();
        await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-01-11"));
        await scene.ReadAsync(meter, 510_000, MeterScene.At("2026-01-12"));

        scratch.Execute("UPDATE Clients SET HoldsSuspects = 1");

        Assert.That(await RunAsync(scratch, "db", "verify"), Is.EqualTo((1, "La base se contredit.\n",
            $"Compteur {meter} : 500 unités le 2026-01-12, ses relevés en comptent 0\n")));
    }

    [Test]
    public async Task Check_BrokenPages_ExitsWith1()
    {
        using var scratch = new Scratch();
        await RunAsync(scratch, "db", "migrate");
        await using (var file = File.OpenWrite(scratch.Database))
        {
            // Past the schema, which the first pages hold: every later page is noise.
            file.Position = file.Length / 2;
            file.Write([.. Enumerable.Repeat((byte)0xA5, (int)(file.Length / 2))]);
        }

        var (code, output, error) = await RunAsync(scratch, "db", "check");

        Assert.That((code, output), Is.EqualTo((1, "La base est abîmée.\n")), error);
        Assert.That(error, Is.Not.Empty.And.Not.Contain("   at ").And.Not.Contain("\\u000A"));
        Assert.That((await RunAsync(scratch, "db", "status")).Code, Is.EqualTo(1));
    }

    [Test]
    public async Task Backup_FileThatIsNoDatabase_IsToldOfTheDatabase()
    {
        using var scratch = new Scratch();
        scratch.Write("facturation.db", [.. Enumerable.Repeat((byte)'x', 5000)]);

        var (code, _, error) = await RunAsync(scratch, "db", "backup", "copy.db");

        Assert.That((code, error), Is.EqualTo((1, $"La base de données {scratch.Database} ne s'ouvre pas : SQLite Error 26: 'file is not a database'.\n")));
        Assert.That(Directory.GetFiles(scratch.Root), Is.EqualTo(new[] { scratch.Database }));
    }

    [TestCase("db", "migrate")]
    [TestCase("db", "verify")]
    [TestCase("keys", "list")]
    [TestCase("--urls=http://127.0.0.1:0")]
    public async Task Run_DatabaseOfANewerProgram_IsRefusedInOneLine(params string[] args)
    {
        using var scratch = new Scratch();
        await RunAsync(scratch, "db", "migrate");
        scratch.Execute(HealthTests.NewerProgram);

        var (code, output, error) = await RunAsync(scratch, args);

        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match("^La base de données .* est plus récente que ce programme.*29990101000000_Later.*\n$"));
        var status = await RunAsync(scratch, "db", "status");
        Assert.That(status.Code, Is.EqualTo(1), status.Errors);
        Assert.That(status.Text, Does.Contain("inconnues de ce programme : 29990101000000_Later"));
    }

    [Test]
    public async Task Backup_FileThatExists_IsLeftAlone([Values("copy.db", "copy.db.partial")] string existing)
    {
        using var scratch = new Scratch();
        await RunAsync(scratch, "db", "migrate");
        var file = scratch.Write(existing, [1, 2, 3]);

        var (code, _, error) = await RunAsync(scratch, "db", "backup", "copy.db");

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain($"{existing} existe déjà"));
        Assert.That(await File.ReadAllBytesAsync(file), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Files_OfTheDatabaseAndItsCopy_AreTheirOwnersAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("On Windows a file is read by whom its folder says.");
            return;
        }
        using var scratch = new Scratch();
        await RunAsync(scratch, "db", "migrate");

        var (code, _, error) = await RunAsync(scratch, "db", "backup", "copy.db");

        Assert.That(code, Is.Zero, error);
        var files = Directory.GetFiles(scratch.Root, "*.db"); // The database and its copy.
        Assert.That(files, Has.Length.EqualTo(2));
        foreach (var file in files)
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    [Test]
    public async Task Backup_DirectoryThatDoesNotExist_IsToldInOneLine()
    {
        using var scratch = new Scratch();
        await RunAsync(scratch, "db", "migrate");

        var (code, _, error) = await RunAsync(scratch, "db", "backup", Path.Combine("absent", "copy.db"));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain("ne s'écrit pas").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Backup_WhileAWriterWrites_RestoresWhatWasCommitted()
    {
        using var scratch = new Scratch();
        using var restored = new Scratch();
        await using var service = await Service.StartAsync(database: scratch);
        var committed = 0;
        await WriteAsync();
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await WriteAsync();
        });

        var before = Volatile.Read(ref committed);
        var (code, _, error) = await RunAsync(scratch, "db", "backup", restored.Database);
        var after = Volatile.Read(ref committed) + 1; // The one being written may be in already.
        await stop.CancelAsync();
        await writer;

        Assert.That(code, Is.Zero, error);
        Assert.That(after, Is.GreaterThan(before + 1), "it wrote meanwhile");
        Assert.That(Directory.GetFiles(restored.Root), Is.EqualTo(new[] { restored.Database }), "one file is all of it");
        Assert.That(await RunAsync(restored, "db", "check"), Is.EqualTo((0, "La base est saine.\n", "")));
        await using var other = await Service.StartAsync(database: restored);
        var key = await other.CreateKeyAsync();
        using var answer = JsonDocument.Parse((await other.PostAsync("api/ConsommationV2", key)).Body);
        var dossiers = answer.RootElement[0].GetProperty("ConsommationsDetails").EnumerateArray()
            .Select(detail => (detail.GetProperty("Dossier").GetString(), QuantiteOf(detail.GetProperty("Compteur")))).ToList();
        Assert.That(dossiers, Has.Count.InRange(before, after));
        Assert.That(dossiers, Is.EqualTo(Enumerable.Range(1, dossiers.Count).Select(n => ($"D{n:D6}", (long)n))));
        Assert.That(QuantiteOf(answer.RootElement[0].GetProperty("ConsommationsSomme")), Is.EqualTo(dossiers.Sum(d => d.Item2)));

        async Task WriteAsync()
        {
            var n = committed + 1;
            await service.ImportAsync($"{Header}U;1;Eau;D{n:D6};2026-03-22;1;Froide;{n}\n");
            Volatile.Write(ref committed, n);
        }

        static long QuantiteOf(JsonElement compteurs) => compteurs[0].GetProperty("Quantite").GetInt64();
    }
}

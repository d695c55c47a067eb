using System.Text;
using Facturation.Api.Import;
using Facturation.Core;
using Facturation.Tests.Api.V1;

namespace Facturation.Tests.Api.Commands;

/// <summary>The command line as a user meets it: a process, its two outputs and its exit code.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class CommandTests
{
    private const string Csv = """
        identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite
        U;1;Eau;D;2026-03-22;1;Froide;5

        """;

    [Test]
    public async Task Keys_FromCreateToRevoke_OpenAndCloseTheService()
    {
        using var scratch = Scratch.WithDatabase();
        var file = scratch.Write("é t.txt", Encoding.UTF8.GetBytes(Csv));
        Assert.That(await RunAsync(scratch, "import", file, "--client", "C"), Is.EqualTo((0, "1 ligne chargée.\n", "")));

        var (code, key, told) = await RunAsync(scratch, "keys", "create", "--client", "C", "--identifiant", "U", "--expires", "2999-12-31");
        Assert.That(code, Is.Zero, told);
        Assert.That(key, Does.Match("^fct_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}\n$"), "the key alone");
        var prefix = ApiKey.PrefixOf(key.Trim())!;
        Assert.That(told, Does.Contain(prefix).And.Not.Contain(key.Trim()));
        Assert.That((await RunAsync(scratch, "keys", "list")).Text, Does.Contain(prefix).And.Contain("identifiant U").And.Not.Contain(key.Trim()));

        await using var service = await Service.StartAsync(database: scratch);
        Assert.That((await service.PostAsync("api/ConsommationV2", key.Trim())).Text, Does.Contain("\"Quantite\":5"));
        foreach (var name in new[] { key.Trim(), prefix })
            Assert.That(await RunAsync(scratch, "keys", "revoke", name), Is.EqualTo((0, $"Clé {prefix} révoquée.\n", "")), "the secret is told nowhere");
        Assert.That((await service.PostAsync("api/ConsommationV2", key.Trim())).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Keys_Rotated_OpenTheServiceWithBothForATime()
    {
        using var scratch = Scratch.WithDatabase();
        await using var service = await Service.StartAsync(database: scratch);
        await service.ImportAsync(Csv);
        var old = (await RunAsync(scratch, "keys", "create", "--client", "C", "--identifiant", "U")).Text.Trim();
        var prefix = ApiKey.PrefixOf(old)!;
        Assert.That(await StatusAsync(old), Is.EqualTo(200));

        var (code, text, told) = await RunAsync(scratch, "keys", "rotate", old, "--expires", "2999-12-31");
        Assert.That(code, Is.Zero, told);
        Assert.That(text, Does.Match("^fct_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}\n$"), "the key alone");
        var added = text.Trim();
        Assert.That(told, Does.Match(
            $"^Clé {ApiKey.PrefixOf(added)}  C  identifiant U  consommation:read  créée .*  valable jusqu'au 2999-12-31 23:59\\. Notez-la : elle ne sera plus montrée\\. "
            + $"La clé {prefix} vaut encore jusqu'au [-0-9]{{10}} [:0-9]{{5}}\\.\n$"));
        Assert.That((await StatusAsync(old), await StatusAsync(added)), Is.EqualTo((200, 200)));
        Assert.That((await RunAsync(scratch, "keys", "list")).Text, Does.Match($"^{prefix}  .*  valable jusqu'au .*\n{ApiKey.PrefixOf(added)}  .*\n$"));

        var ended = await RunAsync(scratch, "keys", "rotate", ApiKey.PrefixOf(added)!, "--overlap", "0");
        Assert.That(ended.Errors, Does.EndWith($" La clé {ApiKey.PrefixOf(added)} ne vaut plus.\n"));
        Assert.That((await StatusAsync(old), await StatusAsync(added), await StatusAsync(ended.Text.Trim())), Is.EqualTo((200, 401, 200)));
        Assert.That((await RunAsync(scratch, "keys", "rotate", added)).Errors,
            Is.EqualTo($"La clé « {ApiKey.PrefixOf(added)} » est révoquée ou expirée : créez-en une autre par « keys create ».\n"));

        async Task<int> StatusAsync(string key) => (await service.PostAsync("api/ConsommationV2", key)).Status;
    }

    /// <summary>One that records readings before it has any consumption.</summary>
    [Test]
    public async Task Keys_OfANewClient_RecordReadings()
    {
        using var scratch = Scratch.WithDatabase();
        Assert.That((await RunAsync(scratch, "keys", "create", "--client", "", "--new-client")).Errors, Is.EqualTo("--client : vide\n"));
        var (code, key, told) = await RunAsync(scratch, "keys", "create", "--client", "C", "--new-client", "--scope", "readings:write", "--scope", "consommation:read");
        Assert.That(code, Is.Zero, told);
        Assert.That((await RunAsync(scratch, "keys", "create", "--client", "C", "--new-client")).Errors, Is.EqualTo("Le client « C » existe déjà.\n"));

        await using var service = await Service.StartAsync(database: scratch);
        var meter = await service.PostAsync("v1/meters", key.Trim(), """
            {"serial":"S","digits":6,"unit":"m³","dossier":{"identifiant":"U","reference":"D","date":"2026-04-01"},
             "produit":{"id":2},"sequence":1,"installedAt":"2026-04-01T00:00:00Z","indexValueMilli":"0"}
            """);
        Assert.That(meter.Status, Is.EqualTo(201), meter.Text);
    }

    /// <summary>The identifiant is the one that consumes later; the key sees nothing else the client gets.</summary>
    [Test]
    public async Task Keys_OfANewClientAndItsIdentifiant_SeeThatIdentifiantAlone()
    {
        using var scratch = Scratch.WithDatabase();
        Assert.That((await RunAsync(scratch, "keys", "create", "--client", "C", "--new-client", "--identifiant", "")).Errors, Is.EqualTo("--identifiant : vide\n"));
        var (code, key, told) = await RunAsync(scratch,
            "keys", "create", "--client", "C", "--new-client", "--identifiant", "U", "--scope", "readings:write", "--scope", "consommation:read");
        Assert.That(code, Is.Zero, told);

        var file = scratch.Write("f.csv", Encoding.UTF8.GetBytes(Csv + "V;1;Eau;D;2026-03-22;1;Froide;7\n"));
        Assert.That((await RunAsync(scratch, "import", file, "--client", "C")).Code, Is.Zero);
        await using var service = await Service.StartAsync(database: scratch);
        Assert.That((await service.PostAsync("api/ConsommationV2", key.Trim())).Text, Does.Contain("\"Quantite\":5").And.Not.Contain("\"Quantite\":7"));
        foreach (var (identifiant, status) in new[] { ("U", 201), ("V", 403) })
        {
            var meter = await service.PostAsync("v1/meters", key.Trim(), $$"""
                {"serial":"S","digits":6,"unit":"m³","dossier":{"identifiant":"{{identifiant}}","reference":"M","date":"2026-04-01"},
                 "produit":{"id":2},"sequence":1,"installedAt":"2026-04-01T00:00:00Z","indexValueMilli":"0"}
                """);
            Assert.That(meter.Status, Is.EqualTo(status), meter.Text);
        }
    }

    [Test]
    public async Task Keys_OfAnIdentifiantThatATerminalWouldObey_AreALineEach()
    {
        using var scratch = Scratch.WithDatabase();
        var file = scratch.Write("in.csv", Encoding.UTF8.GetBytes(Csv.Replace("\nU;", "\n\"U\n\u001b\";", StringComparison.Ordinal)));
        Assert.That((await RunAsync(scratch, "import", file, "--client", "C")).Code, Is.Zero);

        Assert.That((await RunAsync(scratch, "keys", "create", "--client", "C", "--identifiant", "U\n\u001b")).Code, Is.Zero);

        Assert.That((await RunAsync(scratch, "keys", "list")).Text, Does.Match("^[^\n]*  identifiant U\\\\u000A\\\\u001B  [^\n]*\n$"));
    }

    [Test]
    public async Task Clients_HoldSuspects_TakesThemOutOfAnswersUntilConfirmed()
    {
        using var scratch = Scratch.WithDatabase();
        await using var scene = await MeterScene.StartAsync(scratch);
        var meter = await scene.CreateMeterAsync();
        await scene.ReadAsync(meter, 10_000, MeterScene.At("2026-01-11"));
        await scene.ReadAsync(meter, 510_000, MeterScene.At("2026-01-12"));
        Assert.That(await scene.DossierAsync("D"), Is.EqualTo(510));

        Assert.That(await RunAsync(scratch, "clients", "hold-suspects", "C"), Is.EqualTo(
            (0, "Les relevés suspects du client C ne comptent qu'une fois confirmés (relevés : 1, compteurs : 1).\n", "")));
        Assert.That(await scene.DossierAsync("D"), Is.EqualTo(10));
        var next = (await scene.ReadAsync(meter, 900_000, MeterScene.At("2026-01-13"))).ReadingId;
        Assert.That(await scene.DossierAsync("D"), Is.EqualTo(400));

        await scene.SendAsync(HttpMethod.Put, "v1/produits/7/compteurs/1/prices/2026-01-01", """{"unitPriceMicros":"1","currency":"EUR"}""");
        await scene.PostAsync($"v1/meters/{meter}/removal",
            $$"""{"removedAt":"2026-01-13T00:00:00Z","lastIndexValueMilli":"900000","recordedBy":"{{MeterScene.Someone}}"}""");
        await scene.PostAsync($"v1/meters/{meter}/bill-consumption",
            $$"""{"endReadingId":"{{next}}","folioId":"{{next}}","folioKind":"stay","businessDate":"2026-02-01"}""");
        Assert.That(await RunAsync(scratch, "clients", "hold-suspects", "C", "--off"), Is.EqualTo(
            (0, "Les relevés suspects du client C comptent comme les autres (relevés : 1, compteurs : 1).\n",
                $"Compteur {meter} : facturé jusqu'à sa dépose, aucune facture ne portera ce changement.\n")));
        Assert.That(await scene.DossierAsync("D"), Is.EqualTo(900));
        Assert.That(await RunAsync(scratch, "clients", "hold-suspects", "C", "--off"), Is.EqualTo(
            (0, "Rien ne change. Les relevés suspects du client C comptent comme les autres.\n", "")));
        Assert.That((await RunAsync(scratch, "db", "verify")).Code, Is.Zero);
    }

    [Test]
    public async Task Import_BadLine_ExitsWith1AndTellsWhere()
    {
        using var scratch = Scratch.WithDatabase();
        var file = scratch.Write("f.csv", Encoding.UTF8.GetBytes(Csv + "U;1;Eau;D;2026-03-22;2;x;cinq\n"));

        Assert.That(await RunAsync(scratch, "import", file, "--client", "C"), Is.EqualTo(
            (1, "Rien n'est chargé : 1 mauvaise ligne, 1 bonne (--skip-bad charge les bonnes).\n",
                "ligne 3 : Quantite : « cinq » n'est pas un entier de 64 bits\n")));
        Assert.That((await RunAsync(scratch, "import", file, "--client", "C", "--skip-bad")).Text,
            Is.EqualTo("1 ligne chargée, 1 mauvaise ligne laissée.\n"));
    }

    [TestCase("n'existe pas", "import", "absent.csv", "--client", "C")]
    [TestCase("INCONNU", "keys", "create", "--client", "INCONNU")]
    [TestCase("INCONNU", "clients", "hold-suspects", "INCONNU")]
    [TestCase("--client", "keys", "create")]
    [TestCase("autre", "keys", "create", "--client", "C", "--scope", "autre")]
    [TestCase("demain", "keys", "create", "--client", "C", "--expires", "demain")]
    [TestCase("2020-01-01", "keys", "create", "--client", "C", "--expires", "2020-01-01")]
    [TestCase("inconnue", "keys", "revoke", "inconnue")]
    [TestCase("inconnue", "keys", "rotate", "inconnue")]
    [TestCase("7 jours", "keys", "rotate", "inconnue", "--overlap", "7 jours")]
    [TestCase("-1d", "keys", "rotate", "inconnue", "--overlap", "-1d")]
    [TestCase("99999d", "keys", "rotate", "inconnue", "--overlap", "99999d")]
    [TestCase("improt", "improt", "f.csv")]
    [TestCase("ConnectionStrings:Facturation", "keys", "list", "", "Server=.")]
    public async Task Run_MistakeOfTheUser_IsToldInOneLine(string told, params string[] args)
    {
        using var scratch = Scratch.WithDatabase();
        var connection = args is [.., "", var other] ? other : null;
        var (code, _, error) = await RunAsync(scratch, connection, connection is null ? args : args[..^2]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(error, Does.Contain(told).And.Not.Contain("   at "));
    }

    /// <summary>A file that is there and cannot be read, whoever asks.</summary>
    [Platform(Include = "Linux")]
    [TestCase("import", "/proc/self/mem", "--client", "C")]
    [TestCase("compare", "--old", "http://127.0.0.1:1", "--new", "http://127.0.0.1:2", "--requests", "/proc/self/mem")]
    public async Task Run_FileThatCannotBeRead_IsToldInOneLine(params string[] args)
    {
        using var scratch = Scratch.WithDatabase();
        var (code, output, error) = await RunAsync(scratch, args);
        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match("^.*/proc/self/mem.*\n$"));
    }

    /// <summary>It gives what it holds only once, and a file is read again from its start.</summary>
    [Platform(Include = "Linux")]
    [TestCase("import", "/dev/stdin", "--client", "C")]
    [TestCase("compare", "--old", "http://127.0.0.1:1", "--new", "http://127.0.0.1:2", "--requests", "/dev/stdin")]
    public async Task Run_PipeForAFile_IsToldInOneLine(params string[] args)
    {
        using var scratch = Scratch.WithDatabase();
        var (code, output, error) = await Command.RunAsync(
            "sh", ["-c", "echo | \"$@\"", "sh", Command.Dotnet, typeof(Importer).Assembly.Location, .. args], scratch.Root,
            ("ConnectionStrings__Facturation", scratch.Connection), ("ASPNETCORE_ENVIRONMENT", "Production"), ("Storage__MigrateAtStart", "true"));
        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Match("^/dev/stdin n'est pas un fichier.*\n$"));
    }

    [TestCase("import")]
    [TestCase("keys")]
    public async Task Run_FailureOfTheDatabase_IsToldInOneLine(string command)
    {
        using var scratch = Scratch.WithDatabase();
        scratch.Execute("CREATE TRIGGER t BEFORE INSERT ON Clients BEGIN SELECT RAISE(ABORT, 'so\nnot'); END");
        string[] args = command == "import"
            ? ["import", scratch.Write("f.csv", Encoding.UTF8.GetBytes(Csv)), "--client", "C"]
            : ["keys", "create", "--client", "C", "--new-client"];

        var (code, output, errors) = await RunAsync(scratch, args);

        Assert.That((code, output), Is.EqualTo((1, "")));
        Assert.That(errors, Does.Match("^La base de données refuse : [^\n]*so not[^\n]*\n$"));
    }

    [Test]
    public async Task Import_TextThatATerminalWouldObey_IsToldHarmlessly()
    {
        using var scratch = Scratch.WithDatabase();
        var file = scratch.Write("f.csv", Encoding.UTF8.GetBytes(Csv + "U;1;Eau;D;2026-03-22;2;x;\u001b[2J\u202e5\n"));

        Assert.That((await RunAsync(scratch, "import", file, "--client", "C")).Errors,
            Is.EqualTo("ligne 3 : Quantite : « \\u001B[2J\\u202E5 » n'est pas un entier de 64 bits\n"));
    }

    /// <summary>Runs a command in Production; it may create the database.</summary>
    internal static Task<(int Code, string Text, string Errors)> RunAsync(Scratch scratch, params string[] args) =>
        RunAsync(scratch, null, args);

    private static Task<(int Code, string Text, string Errors)> RunAsync(Scratch scratch, string? connection, string[] args) => Command.RunAsync(
        Command.Dotnet, [typeof(Importer).Assembly.Location, .. args], scratch.Root,
        ("ConnectionStrings__Facturation", connection ?? scratch.Connection), ("ASPNETCORE_ENVIRONMENT", "Production"), ("Storage__MigrateAtStart", "true"));
}

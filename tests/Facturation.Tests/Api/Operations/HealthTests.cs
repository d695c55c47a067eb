using System.Net;
using Facturation.Core;

namespace Facturation.Tests.Api.Operations;

/// <summary>What a probe sees, without a key.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HealthTests
{
    internal const string NewerProgram = """INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '10.0.0')""";

    [TestCase("/health/live", "{\n  \"status\": \"Healthy\",\n  \"checks\": {}\n}")]
    [TestCase("/health/ready", """
        {
          "status": "Healthy",
          "checks": {
            "service": "ok",
            "database": "ok",
            "schema": "ok",
            "writes": "ok",
            "disk": "ok"
          }
        }
        """)]
    public async Task Get_ServiceThatServes_Answers200(string path, string expected)
    {
        await using var service = await Service.StartAsync(settings: "--Health:MinFreeDiskMegabytes=0");

        using var response = await service.Client.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
        Assert.That(response.Headers.CacheControl?.NoStore, Is.True);
        Assert.That((await response.Content.ReadAsStringAsync()).ReplaceLineEndings("\n"), Is.EqualTo(expected.ReplaceLineEndings("\n")));
    }

    [TestCase("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%_Initial'""", "\"schema\": \"migrations pending: 1\"")]
    [TestCase(NewerProgram, "\"schema\": \"the database is newer than the program\"")]
    public async Task Ready_OtherSchema_Answers503(string sql, string told)
    {
        using var scratch = Scratch.WithDatabase();
        await using var service = await Service.StartAsync(database: scratch);
        scratch.Execute(sql);

        await AssertNotReadyAsync(service, told);
    }

    [Test]
    public async Task Ready_FullDisk_Answers503()
    {
        await using var service = await Service.StartAsync(settings: "--Health:MinFreeDiskMegabytes=2147483647");

        await AssertNotReadyAsync(service, "\"disk\": \"less than 2147483647 MB free\"");
    }

    [Test]
    public async Task Ready_FileThatIsNoDatabase_Answers503AndHidesWhere()
    {
        using var scratch = Scratch.WithDatabase();
        await using var service = await Service.StartAsync(database: scratch, settings: "--Logging:LogLevel:Default=None");
        foreach (var file in Directory.GetFiles(scratch.Root)) // Its WAL alone would bring the whole database back.
            File.Delete(file);
        await File.WriteAllTextAsync(scratch.Database, new string('x', 4096));

        var body = await AssertNotReadyAsync(service, "\"database\": \"does not answer\"");
        Assert.That(body, Does.Not.Contain("facturation").And.Not.Contain("SQLite"));
    }

    [Test]
    public async Task Ready_NoFile_Answers503AndMakesNone()
    {
        using var scratch = Scratch.WithDatabase();
        await using var service = await Service.StartAsync(database: scratch, settings: "--Logging:LogLevel:Default=None");
        File.Delete(scratch.Database);

        var body = await AssertNotReadyAsync(service, "\"database\": \"does not answer\"");
        Assert.That(body, Does.Not.Contain("pending"), "nothing to migrate: a file to find");
        Assert.That(scratch.Database, Does.Not.Exist);
    }

    [Test]
    [Platform("Linux")]
    public async Task Ready_DiskThatBecameReadOnly_Answers503()
    {
        using var scratch = Scratch.WithDatabase();
        await using var service = await Service.StartAsync(database: scratch, settings: "--Logging:LogLevel:Default=None");
        if (!Environment.IsPrivilegedProcess || (await Command.RunAsync("mount", ["--bind", scratch.Root, scratch.Root])).Code != 0)
            Assert.Ignore("Only root can mount a disk.");
        try
        {
            await Command.RunAsync("mount", ["-o", "remount,bind,ro", scratch.Root]);

            await AssertNotReadyAsync(service, "\"writes\": \"does not answer\"");
        }
        finally
        {
            await SmallDisk.UnmountAsync(scratch.Root);
        }
    }

    [Test]
    public async Task Ready_WhileAnotherWrites_Answers200()
    {
        using var scratch = Scratch.WithDatabase();
        await using var service = await Service.StartAsync(database: scratch, settings: "--Health:MinFreeDiskMegabytes=0");
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(scratch.Connection + ";Pooling=False");
        await connection.OpenAsync();
        await using var transaction = connection.BeginTransaction(deferred: false);

        using var ready = await service.Client.GetAsync("/health/ready");

        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("-1")]
    [TestCase("beaucoup")]
    [TestCase("")]
    public void Start_ThresholdThatIsNoNumber_IsRefused(string text) => Assert.That(
        () => Service.StartAsync(settings: $"--Health:MinFreeDiskMegabytes={text}"),
        Throws.TypeOf<RefusedException>().With.Message.Contains("Health:MinFreeDiskMegabytes"));

    /// <summary>Not ready, yet alive: an orchestrator must wait, not kill.</summary>
    private static async Task<string> AssertNotReadyAsync(Service service, string told)
    {
        using var ready = await service.Client.GetAsync("/health/ready");
        using var live = await service.Client.GetAsync("/health/live");
        var body = await ready.Content.ReadAsStringAsync();
        Assert.That(body, Does.Contain("\"Unhealthy\"").And.Contain(told));
        Assert.That((int)ready.StatusCode, Is.EqualTo(503));
        Assert.That((int)live.StatusCode, Is.EqualTo(200));
        return body;
    }
}

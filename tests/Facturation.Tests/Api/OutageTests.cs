using System.Net.Http.Headers;
using System.Text;
using Facturation.Api;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Tests.Api.V1;
using Facturation.Tests.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api;

/// <summary>A database that goes away: 503 in each API's shape, and service again when it is back.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class OutageTests
{
    private const string Csv =
        "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5";

    private const string Impatient = ";Pooling=False;Default Timeout=1";

    [Test]
    public async Task Post_WhileTheFileIsLocked_Is503ThenAnswered()
    {
        using var database = Scratch.WithDatabase();
        await using var service = await StartAsync(database);
        var key = await service.CreateKeyAsync(change: k => k with { Scopes = Scopes.All });
        ((IDisposable)service.Services.GetRequiredService<DatabaseUpkeep>()).Dispose(); // Its connection keeps others from taking the whole file.
        await using (var holder = new SqliteConnection(database.Connection + ";Pooling=False;Default Timeout=20"))
        {
            await holder.OpenAsync();
            await using var command = holder.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE"; // Waits for the connection that wrote the key.
            await command.ExecuteNonQueryAsync();

            await AssertUnavailableAsync(service.Client, key);
        }
        Assert.That((await service.PostAsync("api/ConsommationV2", key)).Status, Is.EqualTo(200));
    }

    /// <summary>The pages of the table of meters are no pages: the database is to be restored, and clients retry until it is.</summary>
    [Test]
    public async Task Request_OfADamagedFile_Is503AndNamedInTheLog()
    {
        using var database = Scratch.WithDatabase();
        string key;
        await using (var scene = await MeterScene.StartAsync(database))
        {
            await scene.CreateMeterAsync();
            key = scene.Key;
        }
        database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        await using (var connection = new SqliteConnection(database.Connection + ";Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT rootpage FROM sqlite_master WHERE tbl_name = 'Meters'";
            await using var pages = await command.ExecuteReaderAsync();
            await using var file = File.Open(database.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            while (await pages.ReadAsync())
            {
                file.Position = (pages.GetInt64(0) - 1) * 4096;
                file.Write([.. Enumerable.Repeat((byte)0xA5, 4096)]);
            }
        }
        await using var service = await ServiceProcess.StartAsync(database, ("Logging__LogLevel__Default", "Warning"), ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"));
        service.Client.DefaultRequestHeaders.Add("X-API-Key", key);

        using var read = await service.Client.GetAsync("v1/meters");
        using var written = await service.Client.PostAsync("v1/meters", new StringContent("""
            {"serial":"S","digits":6,"unit":"kWh","dossier":{"identifiant":"U","reference":"D","date":"2026-01-01"},
             "produit":{"id":7},"sequence":1,"installedAt":"2026-01-01T00:00:00Z","indexValueMilli":"0"}
            """, Encoding.UTF8, "application/json"));

        Assert.That(((int)read.StatusCode, (int)written.StatusCode), Is.EqualTo((503, 503)));
        Assert.That(service.Lines, Has.Some.Contain("malformed"));
    }

    [Test]
    public async Task Post_WhileTheFileIsAway_Is503MakesNoneThenAnswered()
    {
        using var database = Scratch.WithDatabase();
        await using var service = await StartAsync(database);
        var key = await service.CreateKeyAsync(change: k => k with { Scopes = Scopes.All });
        foreach (var file in Directory.GetFiles(database.Root))
            File.Move(file, file + ".away");

        await AssertUnavailableAsync(service.Client, key);
        foreach (var (path, status) in new[] { ("/health/live", 200), ("/health/ready", 503), ("/Help", 200), ("/swagger/v1/swagger.json", 200), ("/v1/none", 404), ("/api/none", 404), ("/none", 404) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("X-API-Key", key);
            using var answer = await service.Client.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.EqualTo(status), $"{path} needs no key, whichever is sent");
            Assert.That((await answer.Content.ReadAsByteArrayAsync()).Length, Is.Positive, path);
        }
        Assert.That(Directory.GetFiles(database.Root), Has.All.EndWith(".away"));

        foreach (var file in Directory.GetFiles(database.Root))
            File.Move(file, file[..^".away".Length]);
        Assert.That((await service.PostAsync("api/ConsommationV2", key)).Text, Does.Contain("\"Quantite\":5"));
    }

    [Test]
    public Task Post_WhileSqlServerIsDown_Is503() => AssertUnavailableAsync(SqlServerTests.Nowhere);

    /// <summary>Babelfish answers so while it stops.</summary>
    [Test]
    public async Task Post_WhileSqlServerRefusesLogins_Is503()
    {
        using var server = new RefusingServer(33557097, 16);
        await AssertUnavailableAsync(server.Connection);
    }

    /// <summary>Asks a service whose start did not look for the server, which would be refused.</summary>
    private static async Task AssertUnavailableAsync(string connection)
    {
        var builder = Program.CreateBuilder(
        [
            "--environment=Production", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None",
            "--Storage:Database=SqlServer", $"--ConnectionStrings:Facturation={connection}",
        ]);
        await using var app = Program.Build(builder);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        using var client = new HttpClient { BaseAddress = new Uri(addresses.First()) };

        await AssertUnavailableAsync(client, ApiKey.Generate());
        using var ready = await client.GetAsync("/health/ready");
        Assert.That((int)ready.StatusCode, Is.EqualTo(503));
    }

    private static async Task<Service> StartAsync(Scratch database)
    {
        var service = await Service.StartAsync(database: database, settings:
            [$"--ConnectionStrings:Facturation={database.Connection}{Impatient}", "--Logging:LogLevel:Default=None"]);
        await service.ImportAsync(Csv);
        return service;
    }

    private static async Task AssertUnavailableAsync(HttpClient client, string key)
    {
        foreach (var (path, accept, expected) in new[]
        {
            ("api/ConsommationV2", "application/json", "{\"Message\":\"The service is unavailable.\"}"),
            ("api/Consommation", "text/xml", "<Error><Message>The service is unavailable.</Message></Error>"),
            ("v1/meters/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0/readings/manual", "*/*", "SERVICE_UNAVAILABLE"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}")) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("Accept", accept);
            request.Headers.Add("X-API-Key", key);
            using var response = await client.SendAsync(request);

            var body = await response.Content.ReadAsStringAsync();
            Assert.That((int)response.StatusCode, Is.EqualTo(503), body);
            Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)), path);
            Assert.That(body, path.StartsWith("v1", StringComparison.Ordinal) ? Does.Contain(expected) : Is.EqualTo(expected));
        }
    }
}

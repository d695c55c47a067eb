using System.Text.Json;
using System.Text.Json.Nodes;
using Facturation.Core;
using Facturation.Storage;
using Facturation.Tests.Api;
using Facturation.Tests.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>
/// The service with two clients, keys of every kind, and two things that only tests have: each answer tells which operation gave it, and
/// the database counts what is written to it.
/// </summary>
internal sealed class FuzzScene : IAsyncDisposable
{
    /// <summary>The header that tells the area and the operation; absent where the server itself answered.</summary>
    public const string Answered = "X-Answered-By";

    private const string Csv = """"
        identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite
        U;2;<b>Eau</b>;"D ""1""";2026-03-22T10:00:00;1;Froide;5
        mairie.tréville;2;<b>Eau</b>;E;2026-04-02;2;Chaude;7
        """";

    private readonly Scratch scratch = Scratch.WithDatabase();
    private readonly SqliteConnection counter;

    private FuzzScene() => counter = new SqliteConnection($"{scratch.Connection};Pooling=False;Mode=ReadOnly");

    public Service Service { get; private set; } = null!;

    public JsonObject Document { get; private set; } = null!;

    public Known Known { get; private set; } = null!;

    /// <summary>Valid requests, of every operation of the document and of every page, by a name for each.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<RawRequest>> Seeds { get; private set; } = null!;

    /// <summary>What no answer may hold.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    public static async Task<FuzzScene> StartAsync()
    {
        var scene = new FuzzScene();
        scene.Service = await Service.StartAsync(database: scene.scratch, configure: services => services
            .AddSingleton<TimeProvider>(new StoppedClock()).AddSingleton<IStartupFilter>(new Telling()), settings: ["--Health:MinFreeDiskMegabytes=0", "--Logging:LogLevel:Default=None"]);
        await scene.Service.ImportAsync(Csv);
        await scene.Service.ImportAsync(Csv, "AUTRE");
        var keys = await scene.CreateKeysAsync();
        scene.Known = new Known([.. keys, "fct_demo0000_demodemodemodemodemodemodemodemo"]);
        scene.Secrets = [.. keys.Select(key => key[13..]), scene.scratch.Root, "   at Facturation", "   at Microsoft", "SQLite Error", "Sqlite", "root:x:0"];
        scene.Document = JsonNode.Parse(await scene.Service.Client.GetByteArrayAsync("swagger/v1/swagger.json"))!.AsObject();
        scene.CountWrites();
        await scene.LearnAsync(keys[0]);
        scene.Seeds = SeedRequests.Of(scene.Document, scene.Known, meters: keys[0], consommation: keys[1]);
        return scene;
    }

    /// <summary>How many rows were ever inserted, changed or deleted; what was rolled back is not among them.</summary>
    public long ReadWrites()
    {
        using var command = counter.CreateCommand();
        command.CommandText = "SELECT Writes FROM FuzzedWrites";
        return (long)command.ExecuteScalar()!;
    }

    public async Task<IReadOnlyList<string>> VerifyAsync()
    {
        var upkeep = Service.Services.GetRequiredService<DatabaseUpkeep>();
        return [.. await upkeep.CheckAsync(), .. await upkeep.VerifyAsync()];
    }

    public async ValueTask DisposeAsync()
    {
        await counter.DisposeAsync();
        await Service.DisposeAsync();
        scratch.Dispose();
    }

    /// <summary>The first works in meters, the second asks for consumption of another client, whose data stays small; the others are limited or dead.</summary>
    private async Task<List<string>> CreateKeysAsync() =>
    [
        await Service.CreateKeyAsync(change: key => key with { Scopes = Scopes.All }),
        await Service.CreateKeyAsync("AUTRE"),
        await Service.CreateKeyAsync("AUTRE", key => key with { Scopes = Scopes.All, Identifiant = "U" }),
        await Service.CreateKeyAsync(change: key => key with { Scopes = [Scopes.ReadingsRead] }),
        await Service.CreateKeyAsync(change: key => key with { Scopes = [] }),
        await Service.CreateKeyAsync(change: key => key with { Scopes = Scopes.All, ExpiresAt = StoppedClock.Now }),
        await Service.CreateKeyAsync(change: key => key with { Scopes = Scopes.All, RevokedAt = StoppedClock.Now }),
    ];

    private void CountWrites()
    {
        var tables = new List<string>();
        using (var connection = new SqliteConnection($"{scratch.Connection};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
            using var rows = command.ExecuteReader();
            while (rows.Read())
                tables.Add(rows.GetString(0));
        }
        scratch.Execute("CREATE TABLE FuzzedWrites (Writes INTEGER); INSERT INTO FuzzedWrites VALUES (0);" + string.Concat(
            from table in tables
            from change in new[] { "INSERT", "UPDATE", "DELETE" }
            select $"CREATE TRIGGER Fuzzed{change}{table} AFTER {change} ON \"{table}\" BEGIN UPDATE FuzzedWrites SET Writes = Writes + 1; END;"));
        counter.Open();
    }

    /// <summary>Meters in several states, for ids that lead somewhere.</summary>
    private async Task LearnAsync(string key)
    {
        await RecordAsync(key, await CreateMeterAsync(key, "F"), day: 10, milli: 600_000_000);
        Known.Suspect = Known.Last;
        for (var i = 0; i < 6; i++)
        {
            var id = await CreateMeterAsync(key, $"F{i}");
            for (var day = 10; day < 13; day++)
                await RecordAsync(key, id, day, 1_298_000 + (day * 1000));
            await SetPriceAsync(key);
            var last = Known.Last;
            var billed = await Service.PostAsync($"v1/meters/{last.Meter}/bill-consumption", key,
                $$"""{"endReadingId":"{{last.Reading}}","folioId":"{{last.Meter}}","folioKind":"stay","businessDate":"2026-05-01","acceptSuspect":true}""");
            Known.Learn("Bills_BillConsumption", "", JsonDocument.Parse(billed.Text).RootElement);
            using var list = new HttpRequestMessage(HttpMethod.Get, "v1/meters?limit=1") { Headers = { { "X-API-Key", key } } };
            using var page = await Service.Client.SendAsync(list);
            Known.Learn("Meters_List", "", JsonDocument.Parse(await page.Content.ReadAsStringAsync()).RootElement);
        }
    }

    private async Task<string> CreateMeterAsync(string key, string serial)
    {
        var create = Document["paths"]!["/v1/meters"]!["post"]!;
        var body = create["requestBody"]!["content"]!["application/json"]!["example"]!.DeepClone();
        body["serial"] = serial;
        var meter = JsonDocument.Parse((await Service.PostAsync("v1/meters", key, body.ToJsonString())).Text).RootElement;
        Known.Learn("Meters_Create", "", meter);
        return meter.GetProperty("data").GetProperty("id").GetString()!;
    }

    private async Task RecordAsync(string key, string meter, int day, long milli)
    {
        var reading = await Service.PostAsync($"v1/meters/{meter}/readings/manual", key,
            $$"""{"indexValueMilli":"{{milli}}","readAt":"2026-04-{{day}}T12:00:00Z","recordedBy":"{{meter}}"}""");
        Known.Learn("Readings_Record", meter, JsonDocument.Parse(reading.Text).RootElement);
    }

    private async Task SetPriceAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "v1/produits/2/compteurs/1/prices/2026-01-01")
        {
            Headers = { { "X-API-Key", key } },
            Content = new StringContent("""{"unitPriceMicros":"1234567","currency":"EUR"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        using var answer = await Service.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Has each answer tell who gave it.</summary>
    private sealed class Telling : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers[Answered] = $"{AreaOf(context.Request.Path)} {OperationOf(context)}";
                    return Task.CompletedTask;
                });
                return following(context);
            });
            next(app);
        };

        private static string AreaOf(PathString path) => new[] { "v1", "api", "help", "swagger", "health" }
            .FirstOrDefault(area => path.StartsWithSegments("/" + area, StringComparison.OrdinalIgnoreCase), "none");

        private static string? OperationOf(HttpContext context) =>
            context.GetEndpoint()?.Metadata.GetMetadata<ControllerActionDescriptor>() is { } action
                ? $"{action.ControllerName}_{action.ActionName}"
                : null;
    }
}

/// <summary>Noon on 1 July 2026.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Facturation.Api.V1;
using Facturation.Core;
using Facturation.Tests.Api;
using Facturation.Tests.OpenApi;

namespace Facturation.Tests.Trust;

/// <summary>
/// A client A against the data of a client B, through every operation of the OpenAPI document: with the ids, cursors, idempotency keys,
/// serial numbers and identifiants of B. Every text of B's says so.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class IsolationTests
{
    /// <summary>No part of it is hexadecimal: an id has been seen to hold "de-b".</summary>
    private const string Mark = "CHEZ-ROY";

    private static readonly string[] Verbs = ["get", "post", "put", "delete"];

    /// <summary>The folio of everybody's bills: an id that clients choose.</summary>
    private const string Folio = "f0110000-0000-4000-8000-000000000001";

    private Service service = null!;
    private JsonObject document = null!;
    private Given given = null!;

    /// <summary>What B has.</summary>
    private sealed record Given(string Key, string Serial, string Meter, string Reading, string Bill, string MeterCursor, string ReadingCursor, IReadOnlyList<string> Marks);

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync();
        document = JsonNode.Parse(await service.Client.GetByteArrayAsync("swagger/v1/swagger.json"))!.AsObject();
        await ImportAsync("B", "U", Mark, 777_123);
        given = await GiveAsync("B", "U");
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [TestCaseSource(nameof(Operations))]
    public async Task AnotherClient_WithTheIdsOfB_FindsNothingAndChangesNothing(string name)
    {
        var client = $"A de {name}";
        await ImportAsync(client, "U", "De A", 5);
        var key = await service.CreateKeyAsync(client, k => k with { Scopes = Scopes.All });
        await AssertNothingOfAsync(given, name, key);
    }

    /// <summary>Data of the same client, under another identifiant than the key's.</summary>
    [TestCaseSource(nameof(Operations))]
    public async Task KeyOfAnIdentifiant_WithTheIdsOfAnother_FindsNothingAndChangesNothing(string name)
    {
        var client = $"Les deux de {name}";
        await ImportAsync(client, "U", "De A", 5);
        await ImportAsync(client, "V", Mark, 777_123);
        var other = await GiveAsync(client, "V");
        var key = await service.CreateKeyAsync(client, k => k with { Scopes = Scopes.All, Identifiant = "U" });
        await AssertNothingOfAsync(other, name, key);
    }

    [TestCaseSource(nameof(Operations))]
    public async Task KeyWithoutTheScope_IsForbiddenWhateverTheOperation(string name)
    {
        var (path, method, _) = Find(name);
        string[] needed = path.StartsWith("/api/", StringComparison.Ordinal) ? [Scopes.ConsommationRead]
            : name.StartsWith("Consumption_", StringComparison.Ordinal) ? [Scopes.ConsommationRead]
            : BillingPath().IsMatch(path) ? method == "get" ? [Scopes.BillingRead, Scopes.BillingWrite] : [Scopes.BillingWrite]
            : method == "get" ? [Scopes.ReadingsRead, Scopes.ReadingsWrite] : [Scopes.ReadingsWrite];
        var client = $"Portées de {name}";
        await ImportAsync(client, "U", Mark, 5);
        foreach (var scope in Scopes.All.Append(null))
        {
            var key = await service.CreateKeyAsync(client, k => k with { Scopes = scope is null ? [] : [scope] });
            var (status, _) = await SendAsync(given, name, key, query: "");
            Assert.That(status == 403, Is.EqualTo(!needed.Contains(scope)), $"{scope}: {status}");
        }
    }

    [TestCaseSource(nameof(Operations))]
    public async Task KeyThatIsNone_IsRefusedWhateverTheOperation(string name)
    {
        string?[] keys =
        [
            null, "", "x", ApiKey.Generate(), given.Key[..^1] + (given.Key[^1] == 'a' ? 'b' : 'a'), given.Key.ToUpperInvariant(),
            await service.CreateKeyAsync("B", k => k with { Scopes = Scopes.All, ExpiresAt = DateTimeOffset.UtcNow }),
            await service.CreateKeyAsync("B", k => k with { Scopes = Scopes.All, RevokedAt = DateTimeOffset.UtcNow }),
        ];
        foreach (var key in keys)
        {
            var (status, text) = await SendAsync(given, name, key, query: "");
            Assert.That(status, Is.EqualTo(401), key);
            Assert.That(given.Marks.Where(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase)), Is.Empty, text);
        }
    }

    private static IEnumerable<string> Operations()
    {
        using var snapshot = JsonDocument.Parse(File.ReadAllBytes(Clone.PathOf("tests/Facturation.Tests/OpenApi/SwaggerTests.Document_AsJson.verified.json")));
        return [.. from path in snapshot.RootElement.GetProperty("paths").EnumerateObject()
                   from method in path.Value.EnumerateObject()
                   where Verbs.Contains(method.Name)
                   select method.Value.GetProperty("operationId").GetString()!];
    }

    private (string Path, string Method, JsonNode Operation) Find(string name) =>
        (from path in document["paths"]!.AsObject()
         from method in path.Value!.AsObject()
         where (string)method.Value!["operationId"]! == name
         select (path.Key, method.Key, method.Value!)).Single();

    private async Task AssertNothingOfAsync(Given other, string name, string key)
    {
        var before = await SeenByAsync(other);
        foreach (var query in Queries(other, name))
        {
            var (status, text) = await SendAsync(other, name, key, query);
            // An answer may quote its own request.
            var path = Find(name).Path;
            var quoted = path.Contains('{', StringComparison.Ordinal) ? [other.Meter, other.Reading, other.Bill]
                : name == "Meters_Create" ? new[] { Mark }
                : name == "Meters_RecordBatch" ? [other.Meter] : [];
            Assert.That(other.Marks.Except(quoted).Where(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase)), Is.Empty, $"{query} {text}");
            if (path.Contains("{billId}", StringComparison.Ordinal))
                Assert.That(text, Does.StartWith("{\"code\":\"BILL_NOT_FOUND\""), query);
            else if (path.Contains("{id}", StringComparison.Ordinal) && path.StartsWith("/v1/", StringComparison.Ordinal))
                Assert.That(text, Does.StartWith("{\"code\":\"METER_NOT_FOUND\""), query);
            else if (path.Contains("{folioId}", StringComparison.Ordinal))
                Assert.That(text, Is.EqualTo("{\"data\":[],\"nextCursor\":null}"), query);
            else if (name is "Prices_Set" or "Prices_Remove") // Its own price, which it may change unless it is bound to an identifiant.
                Assert.That(text, Does.StartWith("{\"code\":\"FORBIDDEN\"").Or.StartWith("{\"code\":\"PRICE_NOT_FOUND\"").Or.StartWith("{\"data\":"), query);
            else if (name == "Meters_Changes" && query.StartsWith("?cursor", StringComparison.Ordinal))
                Assert.That(text, Does.StartWith("{\"code\":\"CURSOR_UNKNOWN\""), query);
            else
                Assert.That(status, Is.AnyOf(200, 201), $"{query} {text}");
            if (name.StartsWith("Consommation", StringComparison.Ordinal))
                Assert.That(text, Does.Contain("\"Quantite\":5}"), "its own");
            if (name == "Consumption_Read" && query is "" or "?groupBy=produit,compteur,identifiant,dossier")
                Assert.That(text, Does.Contain("\"units\":\"5\"}"), "its own");
        }
        Assert.That(await SeenByAsync(other), Is.EqualTo(before), "what the other sees");
    }

    /// <summary>Each query parameter with what the other's lists gave, and none.</summary>
    private IEnumerable<string> Queries(Given other, string name) => (Find(name).Operation["parameters"]?.AsArray() ?? [])
        .Where(parameter => (string?)parameter!["in"] == "query")
        .Select(parameter => (string)parameter!["name"]! switch
        {
            "serial" => $"?serial={other.Serial}",
            "cursor" => $"?cursor={name switch
            {
                "Readings_List" => other.ReadingCursor,
                "Meters_List" => other.MeterCursor,
                _ => new Cursor(new(default, 10_000)).Write(Find(name).Path.TrimStart('/')),
            }}",
            "limit" => "?limit=1000",
            "from" or "to" when name.StartsWith("Consumption_", StringComparison.Ordinal) => $"?{(string)parameter["name"]!}=2026-03-22",
            "produitId" => "?produitId=2",
            "identifiant" => "?identifiant=V",
            "lastReading" => "?lastReading=true",
            "notReadSince" => "?notReadSince=2026-12-31",
            "dossier" => $"?dossier={Mark}",
            "groupBy" => "?groupBy=produit,compteur,identifiant,dossier",
            "window" or "fill" => "?window=day&fill=zero",
            "spread" => "?spread=days",
            "format" => "?format=csv&window=day",
            "changedSince" => "?changedSince=2026-04-02T00:00:00Z&window=day",
            var instant => $"?{instant}=2026-04-02T00:00:00Z",
        }).Where(query => name != "Readings_Allowed" || query.StartsWith("?readAt", StringComparison.Ordinal))
        .Concat(name == "Readings_Allowed" ? [] : [""]);

    /// <summary>Sends an operation's example, about what the other has, under the idempotency key the other used.</summary>
    private async Task<(int Status, string Text)> SendAsync(Given other, string name, string? key, string query)
    {
        var (path, method, operation) = Find(name);
        var target = Parameter().Replace(path, match => match.Value switch
        {
            "{readingId}" => other.Reading,
            "{billId}" => other.Bill,
            "{folioId}" => Folio,
            "{produitId}" => "2",
            "{sequence}" => "1",
            "{validFrom}" => "2026-04-03",
            _ => other.Meter,
        });
        using var request = new HttpRequestMessage(new HttpMethod(method), target + query);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "commune");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("X-API-Key", key);
        if (operation["requestBody"]?["content"]?["application/json"] is { } content)
        {
            var body = JsonNode.Parse(SchemaCheck.Write(document, content, "application/json"))!;
            if (name == "Meters_Create")
                body = MeterOf(other.Serial, "U", Mark); // As the other's: its own nevertheless.
            if (name == "Meters_RecordBatch")
                body["readings"]![0]!["meterId"] = other.Meter;
            if (name.StartsWith("Consommation", StringComparison.Ordinal))
                body = new JsonObject();
            request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        }
        using var response = await service.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>All that a client finds of its own.</summary>
    private async Task<string> SeenByAsync(Given client)
    {
        var seen = (await service.PostAsync("api/ConsommationV2", client.Key)).Text;
        foreach (var path in new[] { "v1/meters", $"v1/meters/{client.Meter}", $"v1/meters/{client.Meter}/readings", "v1/readings/suspects", "v1/readings?limit=2",
            "v1/produits/2/compteurs/1/prices", $"v1/meters/{client.Meter}/consumption", "v1/consumption?window=day", $"v1/meters/{client.Meter}/bills", $"v1/bills/{client.Bill}", $"v1/folios/{Folio}/entries" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-API-Key", client.Key } } };
            using var response = await service.Client.SendAsync(request);
            seen += await response.Content.ReadAsStringAsync();
        }
        return seen;
    }

    private Task ImportAsync(string client, string identifiant, string text, int quantite) => service.ImportAsync(
        $"identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n{identifiant};2;Eau;{text};2026-03-22;1;Froide;{quantite}", client);

    /// <summary>Meters and readings of a client's identifiant, made under the idempotency key everybody uses.</summary>
    private async Task<Given> GiveAsync(string client, string identifiant)
    {
        var key = await service.CreateKeyAsync(client, k => k with { Scopes = Scopes.All, Identifiant = identifiant });
        var (id, serial) = ("", "");
        foreach (var i in new[] { 1, 2 })
        {
            serial = $"{Mark}-{i}";
            var answer = await service.PostAsync(
                "v1/meters", key, MeterOf(serial, identifiant, Mark).ToJsonString(), headers: ("Idempotency-Key", i == 1 ? "" : "commune"));
            Assert.That(answer.Status, Is.EqualTo(201), answer.Text);
            id = JsonDocument.Parse(answer.Text).RootElement.GetProperty("data").GetProperty("id").GetString()!;
        }
        var reading = "";
        foreach (var day in new[] { 2, 3, 4 })
        {
            var answer = await service.PostAsync($"v1/meters/{id}/readings/manual", key,
                $$"""{"indexValueMilli":"{{day * 1000}}","readAt":"2026-04-0{{day}}T00:00:00Z","recordedBy":"{{id}}","proofRef":"{{Mark}}"}""",
                headers: ("Idempotency-Key", $"commune-{day}"));
            reading = JsonDocument.Parse(answer.Text).RootElement.GetProperty("data").GetProperty("readingId").GetString()!;
        }
        var whole = await service.CreateKeyAsync(client, k => k with { Scopes = [Scopes.BillingWrite] });
        using var price = new HttpRequestMessage(HttpMethod.Put, "v1/produits/2/compteurs/1/prices/2026-01-01")
        {
            Headers = { { "X-API-Key", whole } },
            Content = new StringContent("""{"unitPriceMicros":"7771230","currency":"EUR"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        using (var set = await service.Client.SendAsync(price))
            Assert.That((int)set.StatusCode, Is.EqualTo(201).Or.EqualTo(200));
        var billed = await service.PostAsync($"v1/meters/{id}/bill-consumption", key,
            $$"""{"endReadingId":"{{reading}}","folioId":"{{Folio}}","folioKind":"stay","businessDate":"2026-04-05"}""", headers: ("Idempotency-Key", "commune-5"));
        Assert.That(billed.Status, Is.EqualTo(201), billed.Text);
        var bill = JsonDocument.Parse(billed.Text).RootElement.GetProperty("data").GetProperty("folioEntryId").GetString()!;
        return new(key, serial, id, reading, bill, await CursorAsync("v1/meters?limit=1"), await CursorAsync($"v1/meters/{id}/readings?limit=1"), [Mark, id, reading, bill, ":777123", ",777123", "\"units\":\"777123"]);

        async Task<string> CursorAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-API-Key", key } } };
            using var response = await service.Client.SendAsync(request);
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("nextCursor").GetString()!;
        }
    }

    private static JsonNode MeterOf(string serial, string identifiant, string reference) => JsonNode.Parse($$"""
        {"serial":"{{serial}}","digits":6,"unit":"m³","dossier":{"identifiant":"{{identifiant}}","reference":"{{reference}}","date":"2026-04-01"},
         "produit":{"id":2},"sequence":1,"installedAt":"2026-04-01T00:00:00Z","indexValueMilli":"0"}
        """)!;

    [GeneratedRegex("/(bill|prices|folios)")]
    private static partial Regex BillingPath();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}

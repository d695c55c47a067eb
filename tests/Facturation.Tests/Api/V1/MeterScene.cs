using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Facturation.Api.V1;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.V1;

/// <summary>The service at noon on 1 July 2026, with a client that has a key and may create meters.</summary>
internal sealed class MeterScene : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Guid Someone = new("5a5a5a5a-0000-4000-8000-000000000001");

    private MeterScene(Service service)
    {
        Service = service;
        Described = service.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items
            .SelectMany(group => group.Items)
            .Where(api => api.RelativePath!.StartsWith("v1/", StringComparison.Ordinal))
            .ToDictionary(
                api => $"{api.HttpMethod} {api.RelativePath}",
                api => api.SupportedResponseTypes.OfType<V1Refusal>().SelectMany(refusal => refusal.Errors).ToArray());
    }

    public Service Service { get; }

    /// <summary>The errors each operation is described with; nothing here may answer another.</summary>
    public IReadOnlyDictionary<string, V1Error[]> Described { get; }

    /// <summary>Reads consumption, and writes readings.</summary>
    public string Key { get; private set; } = "";

    public static async Task<MeterScene> StartAsync(Scratch? database = null, params string[] settings)
    {
        var service = await Service.StartAsync(
            database: database, configure: services => services.AddSingleton<TimeProvider>(new StoppedClock()), settings: settings);
        var scene = new MeterScene(service);
        scene.Key = await scene.CreateKeyAsync("C");
        return scene;
    }

    /// <summary>A key of a client, which is created.</summary>
    public async Task<string> CreateKeyAsync(string client, string? identifiant = null, params string[] scopes)
    {
        await Service.ImportAsync(
            "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;Importé;2020-01-01;1;Froide;5", client);
        return await Service.CreateKeyAsync(client, k => k with { Identifiant = identifiant, Scopes = scopes.Length == 0 ? Scopes.All : scopes });
    }

    /// <summary>Creates a meter, installed at index 0 on 1 January 2026 in UTC, of dossier D and produit 7.</summary>
    public async Task<Guid> CreateMeterAsync(
        int digits = 6, long index = 0, string serial = "S", string dossier = "D", string? key = null, string installedAt = "2026-01-01T00:00:00Z")
    {
        var answer = await PostAsync("v1/meters", $$"""
            {"serial":"{{serial}}","digits":{{digits}},"unit":"kWh","dossier":{"identifiant":"U","reference":"{{dossier}}","date":"2026-01-01"},
             "produit":{"id":7,"nom":"Chaleur"},"sequence":1,"libelle":"Énergie","installedAt":"{{installedAt}}","indexValueMilli":"{{index}}"}
            """, key: key);
        Assert.That(answer.Status, Is.EqualTo(201), answer.Text);
        return answer.Data.GetProperty("id").GetGuid();
    }

    /// <summary>Holds the suspect readings of the client C out of consumption, or counts them again, as the command does.</summary>
    public Task HoldSuspectsAsync(bool holds = true) => Service.Services.GetRequiredService<IMeterStore>().WriteAsync(
        transaction => Service.Services.GetRequiredService<Metering>().HoldSuspectsAsync(
            transaction, new Caller("C", null, "console", new string('0', 32)), holds));

    public Task<V1Exchange> ReadAsync(Guid meter, long index, DateTimeOffset at, params (string, string)[] headers) =>
        PostAsync($"v1/meters/{meter}/readings/manual", Body(index, at), null, headers);

    public static string Body(long index, DateTimeOffset at) =>
        $$"""{"indexValueMilli":"{{index}}","readAt":"{{Instants.Write(at)}}","recordedBy":"{{Someone}}"}""";

    public Task<V1Exchange> PostAsync(string path, string body, string? key = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, key, headers);

    public Task<V1Exchange> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key);

    /// <summary>Sends a request with a key: the scene's when null, none when empty.</summary>
    public async Task<V1Exchange> SendAsync(
        HttpMethod method, string path, string? body, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (headers.All(h => h.Name != "Content-Type"))
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        if (key != "")
            request.Headers.Add("X-API-Key", key ?? Key);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        using var response = await Service.Client.SendAsync(request);
        var answer = new V1Exchange(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            response.Headers.Location?.OriginalString,
            response.Content.Headers.Allow.Count == 0 ? null : string.Join(", ", response.Content.Headers.Allow.Order(StringComparer.Ordinal)),
            await response.Content.ReadAsStringAsync());
        if (answer.Status >= 400 && answer.Code is { } code && OperationAt(method, path) is { } operation)
            Assert.That(Described[operation].Select(e => e.Code), Does.Contain(code), $"{operation}: {answer.Text}");
        return answer;
    }

    /// <summary>The operation at an address; null for none. A word is no id: another verb's address.</summary>
    private string? OperationAt(HttpMethod method, string path)
    {
        var segments = path.Split('?')[0].Trim('/').Split('/');
        return Described.Keys.Where(key => key.StartsWith(method + " ", StringComparison.Ordinal))
            .Where(key => key.Split(' ')[1].Split('/') is var parts && parts.Length == segments.Length
                && parts.Zip(segments).All(pair => pair.First[0] == '{' ? pair.Second is not ("manual" or "batch") : pair.First == pair.Second))
            .OrderBy(key => key.Count(c => c == '{')).FirstOrDefault();
    }

    /// <summary>What ConsommationV2 answers about produit 7 in a period, all dossiers together.</summary>
    public async Task<long> ConsommationAsync(string debut, string fin)
    {
        using var json = await AskAsync($$"""{"Debut":"{{debut}}","Fin":"{{fin}}","ProduitId":7}""");
        var sum = Quantities(json, "ConsommationsSomme").Sum();
        Assert.That(Quantities(json, "ConsommationsDetails").Sum(), Is.EqualTo(sum), "totals equal details");
        return sum;
    }

    /// <summary>What ConsommationV2 answers about one dossier.</summary>
    public async Task<long> DossierAsync(string dossier)
    {
        using var json = await AskAsync("""{"ProduitId":7}""");
        return Quantities(json, "ConsommationsDetails", d => d.GetProperty("Dossier").GetString() == dossier).Sum();
    }

    private async Task<JsonDocument> AskAsync(string body)
    {
        var answer = await Service.PostAsync("api/ConsommationV2", Key, body);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        return JsonDocument.Parse(answer.Text);
    }

    private static IEnumerable<long> Quantities(JsonDocument json, string member, Func<JsonElement, bool>? isAsked = null) =>
        from reponse in json.RootElement.EnumerateArray()
        from element in reponse.GetProperty(member).EnumerateArray()
        where isAsked is null || isAsked(element)
        from compteur in element.TryGetProperty("Compteur", out var compteurs) ? compteurs.EnumerateArray().ToArray() : [element]
        select compteur.GetProperty("Quantite").GetInt64();

    /// <summary>The readings of a meter, newest first.</summary>
    public async Task<List<JsonElement>> ReadingsAsync(Guid meter)
    {
        var readings = new List<JsonElement>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var answer = await GetAsync($"v1/meters/{meter}/readings?limit=1000{(cursor is null ? "" : "&cursor=" + cursor)}");
            readings.AddRange(answer.Data.EnumerateArray());
            next = answer.Json.GetProperty("nextCursor").GetString();
        }
        return readings;
    }

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

/// <summary>What v1 answered.</summary>
internal sealed record V1Exchange(int Status, string? ContentType, string? Location, string? Allow, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement Data => Json.GetProperty("data");

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public Guid ReadingId => Data.GetProperty("readingId").GetGuid();
}

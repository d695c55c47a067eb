using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.Api.Operations;

/// <summary>What is told of requests: one line each, and nothing of what they carry.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class LogTests
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n";

    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Test]
    public async Task Request_Answered_IsOneLineWithItsFacts()
    {
        var log = new CapturedLog();
        string key;
        await using (var service = await StartAsync(log))
        {
            await service.ImportAsync(Header + "U;1;Eau;D;2026-03-22;1;Froide;5\nU;1;Eau;E;2026-03-23;1;Froide;6\n");
            key = await service.CreateKeyAsync(change: k => k with { Identifiant = "U" });
            log.Clear();
            var answer = await service.PostAsync("api/ConsommationV2", key, "<ParamModel xmlns=\"http://schemas.datacontract.org/2004/07/Facturation.Api.Models\"/>",
                "application/xml", ("Accept", "text/json"), ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"));
            Assert.That(answer.Status, Is.EqualTo(200));
            await service.StopAsync();

            var line = log.Lines.Single(l => l.Level >= LogLevel.Information && l.Category != "Microsoft.Hosting.Lifetime");
            Assert.That((line.Category, line.Level), Is.EqualTo(("Facturation.Requests", LogLevel.Information)));
            Assert.That(line.Facts.Where(f => f.Key is not ("DurationMs" or "{OriginalFormat}")), Is.EquivalentTo(new Dictionary<string, string?>
            {
                ["Operation"] = "ConsommationV2",
                ["Status"] = "200",
                ["RequestFormat"] = "xml",
                ["Format"] = "json",
                ["Rows"] = "2",
                ["Bytes"] = answer.Body.Length.ToString(CultureInfo.InvariantCulture),
                ["Code"] = null,
                ["Key"] = ApiKey.PrefixOf(key),
                ["Client"] = "C",
                ["Identifiant"] = "U",
                ["TraceId"] = Trace,
            }));
            Assert.That(int.Parse(line.Facts["DurationMs"]!, CultureInfo.InvariantCulture), Is.Not.Negative);
        }
    }

    [Test]
    public async Task Requests_WhateverTheyGet_AreOneLineEachAndProbesNone()
    {
        var log = new CapturedLog();
        await using var service = await StartAsync(log);
        await service.ImportAsync(Header + "U;1;Eau;D;2026-03-22;1;Froide;5\n");
        var key = await service.CreateKeyAsync(change: k => k with { Scopes = Scopes.All });
        log.Clear();

        await service.PostAsync("api/ConsommationV2", key);
        await service.PostAsync("api/ConsommationV2", key, "{");
        await service.PostAsync("api/ConsommationV2", null);
        await service.PostAsync("api/Inconnu", key);
        await service.PostAsync("v1/meters", key, "{}");
        await service.PostAsync("v1/inconnu", key);
        using (await service.Client.GetAsync("/Help"))
        using (await service.Client.GetAsync("/rien"))
        using (await service.Client.GetAsync("/health/live"))
        using (await service.Client.GetAsync("/health/ready"))
        {
        }
        await service.StopAsync();

        var lines = log.Lines.Where(l => l.Level >= LogLevel.Information && l.Category != "Microsoft.Hosting.Lifetime").ToList();
        Assert.That(lines.Select(l => l.Category).Distinct(), Is.EqualTo(new[] { "Facturation.Requests" }));
        Assert.That(lines.Select(l => $"{l.Facts["Operation"]} {l.Facts["Status"]} {l.Facts["Code"]}".TrimEnd()), Is.EqualTo(new[]
        {
            "ConsommationV2 200", "ConsommationV2 400", "ConsommationV2 401", " 404", "Meters.Create 400 INVALID_BODY", " 404 ROUTE_NOT_FOUND",
            "/Help/ 200", " 404",
        }));
    }

    [Test]
    public async Task OwnLines_AtTrace_HoldNoSecretNoBodyNoQuery()
    {
        var log = new CapturedLog();
        await using var service = await StartAsync(log, "--Logging:LogLevel:Default=Trace");
        await service.ImportAsync(Header + "U;1;Eau;D;2026-03-22;1;Froide;5\n");
        var key = await service.CreateKeyAsync(change: k => k with { Scopes = Scopes.All });
        var guess = ApiKey.Generate();
        const string body = "corps-indiscret", query = "adresse-indiscrète";

        await service.PostAsync($"api/ConsommationV2?q={query}&key={key}", key, $"{{\"x\":\"{body}\"}}");
        await service.PostAsync($"api/ConsommationV2?q={query}", guess, $"{{\"Debut\":\"{body}\"");
        await service.PostAsync("api/Consommation", null, body, headers: ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"U:{key}"))));
        await service.PostAsync($"api/{query}", key, body);
        await service.PostAsync($"v1/meters?serial={query}", key, $"{{\"serial\":\"{body}\"}}", headers: ("Idempotency-Key", key));
        await service.PostAsync($"v1/meters/{body}/readings/manual", key, body);
        await service.PostAsync("v1/meters", key, Meter(body));
        using (await service.Client.GetAsync($"/Help/Api/{query}"))
        {
        }
        await service.StopAsync();

        var own = log.Lines.Where(l => l.Category.StartsWith("Facturation", StringComparison.Ordinal)).Select(l => l.Text).ToList();
        Assert.That(own, Has.Count.GreaterThanOrEqualTo(8));
        foreach (var secret in new[] { key, key[13..], guess, guess[13..], body, "indiscr", Uri.EscapeDataString(query), Convert.ToBase64String(Encoding.UTF8.GetBytes($"U:{key}")) })
            Assert.That(own, Has.None.Contain(secret));
        // The other categories as they are set for production.
        Assert.That(log.Lines.Where(l => l.Level >= LogLevel.Warning).Select(l => l.Text), Is.Empty);
    }

    [Test]
    public async Task Names_ThatWouldEndALine_StayInTheirs()
    {
        const string client = "C\r\ninfo: Facturation.Requests[1] faux\u2028\u001b[2J", identifiant = "U\nfaux\u0085";
        var log = new CapturedLog();
        await using var service = await StartAsync(log);
        await service.ImportAsync(Header + $"\"{identifiant}\";1;Eau;D;2026-03-22;1;Froide;5\n", client);
        var key = await service.CreateKeyAsync(client, k => k with { Identifiant = identifiant });
        log.Clear();
        Assert.That((await service.PostAsync("api/ConsommationV2", key)).Status, Is.EqualTo(200));
        await service.StopAsync();

        var line = log.Lines.Single(l => l.Category == "Facturation.Requests");
        Assert.That(line.Facts["Client"], Is.EqualTo(@"C\u000D\u000Ainfo: Facturation.Requests[1] faux\u2028\u001B[2J"));
        Assert.That(line.Facts["Identifiant"], Is.EqualTo(@"U\u000Afaux\u0085"));
        Assert.That(line.Text.Any(char.IsControl), Is.False);
    }

    [TestCase("api/ConsommationV2", "{\"Message\":\"An error has occurred.\"}")]
    [TestCase("v1/meters", "{\"code\":\"INTERNAL_ERROR\"")]
    public async Task Failure_IsLoggedOnceWithTheTraceOfItsLine(string path, string body)
    {
        using var scratch = new Scratch();
        var log = new CapturedLog();
        await using var service = await StartAsync(log, scratch);
        await service.ImportAsync(Header + "U;1;Eau;D;2026-03-22;1;Froide;5\n");
        var key = await service.CreateKeyAsync(change: k => k with { Scopes = Scopes.All });
        scratch.Execute("ALTER TABLE Cles RENAME TO Perdues");
        log.Clear();

        var answer = await service.PostAsync(path, key);
        Assert.That(answer.Status, Is.EqualTo(500));
        Assert.That(answer.Text, Does.StartWith(body));
        await service.StopAsync();

        var own = log.Lines.Where(l => l.Level >= LogLevel.Information && l.Category != "Microsoft.Hosting.Lifetime").ToList();
        Assert.That(own.Select(l => l.Level), Is.EqualTo(new[] { LogLevel.Error, LogLevel.Information }));
        Assert.That(own[0].Exception, Is.Not.Null);
        Assert.That(own[1].Facts["TraceId"], Has.Length.EqualTo(32));
        Assert.That(own[0].Facts["TraceId"], Is.EqualTo(own[1].Facts["TraceId"]));
    }

    [TestCase("api/ConsommationV2")]
    [TestCase("v1/meters")]
    public async Task Outage_IsLoggedInOneLineThatSaysWhy(string path)
    {
        using var scratch = new Scratch();
        var log = new CapturedLog();
        await using var service = await StartAsync(log, scratch, $"--ConnectionStrings:Facturation={scratch.Connection};Pooling=False");
        await service.ImportAsync(Header + "U;1;Eau;D;2026-03-22;1;Froide;5\n");
        var key = await service.CreateKeyAsync(change: k => k with { Scopes = Scopes.All });
        foreach (var file in Directory.GetFiles(scratch.Root))
            File.Move(file, file + ".away");
        log.Clear();

        Assert.That((await service.PostAsync(path, key)).Status, Is.EqualTo(503));
        await service.StopAsync();

        var told = log.Lines.Single(l => l.Level >= LogLevel.Warning);
        Assert.That(told.Exception, Is.Null, "every request fails alike: a stack for each would bury the rest");
        Assert.That(told.Facts["Reason"], Is.EqualTo("SqliteException, SQLite Error 14: 'unable to open database file'."));
        Assert.That(told.Facts["TraceId"], Has.Length.EqualTo(32));
    }

    [Test]
    public async Task Console_FormatterJson_WritesEveryLineAsJsonWithItsTime()
    {
        var begin = DateTimeOffset.UtcNow;
        var lines = (await RunAsync(("Logging__Console__FormatterName", "json"))).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.That(lines.Select(line => line.GetProperty("Category").GetString()), Has.Some.EqualTo("Microsoft.Hosting.Lifetime"));
        Assert.That(lines.Select(line => line.GetProperty("Timestamp").GetString()!), Has.All.Matches<string>(text => IsTime(text, begin)));
    }

    /// <summary>In this locale the year is another.</summary>
    [Test]
    public async Task Console_FormatterSimple_BeginsEveryLineWithItsTime()
    {
        var begin = DateTimeOffset.UtcNow;
        var lines = await RunAsync(("LC_ALL", "th_TH.UTF-8"), ("TZ", "Asia/Bangkok"));

        var heads = lines.Where(line => !line.StartsWith(' ')).Select(line => line.Split(' ')).ToList();
        Assert.That(heads.Select(head => head[1]), Is.Not.Empty.And.All.EqualTo("info:"));
        Assert.That(heads.Select(head => head[0]), Has.All.Matches<string>(text => IsTime(text, begin)));
    }

    /// <summary>The journal of systemd knows the time of each line; and who sets a form means it.</summary>
    [TestCase("^<6>[A-Z]", "systemd")]
    [TestCase("^[0-9]{2}h info: ", "simple", "HH'h '")]
    public async Task Console_OtherForm_IsLeftAsItIs(string head, string formatter, string? timestamp = null)
    {
        var lines = await RunAsync(
            [("Logging__Console__FormatterName", formatter), .. timestamp is null ? [] : new[] { ("Logging__Console__FormatterOptions__TimestampFormat", timestamp) }]);
        Assert.That(lines.Where(line => !line.StartsWith(' ')), Has.All.Match(head));
    }

    /// <summary>Nor keeps anything there: no keys, which ASP.NET Core would make to protect cookies.</summary>
    [Test]
    public async Task Start_InANewHome_WarnsOfNothing()
    {
        using var home = new Scratch();
        var lines = await RunAsync(("HOME", home.Root), ("Logging__Console__FormatterName", "systemd"));
        Assert.That(lines.Where(line => line[0] == '<'), Has.All.StartsWith("<6>"));
        Assert.That(Directory.GetFileSystemEntries(home.Root), Is.Empty);
    }

    /// <summary>What a service writes that starts, answers, and stops.</summary>
    private static async Task<List<string>> RunAsync(params (string Name, string Value)[] environment)
    {
        using var scratch = new Scratch();
        await using var process = await ServiceProcess.StartAsync(scratch, environment);
        using (await process.Client.GetAsync("/Help"))
        {
        }
        process.Kill();
        await process.WaitForExitAsync();
        return [.. process.Lines.SkipLast(1)]; // The last line may be cut: the process was killed.
    }

    private static bool IsTime(string text, DateTimeOffset begin) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time > begin.AddSeconds(-1) && time <= DateTimeOffset.UtcNow;

    private static string Meter(string secret) => $$"""
        {"serial":"S","digits":6,"unit":"kWh","dossier":{"identifiant":"U","reference":"{{secret}}","date":"2026-01-01"},
         "produit":{"id":7,"nom":"Chaleur"},"sequence":1,"installedAt":"2026-01-01T00:00:00Z","indexValueMilli":"0","proofRef":"{{secret}}"}
        """;

    private static Task<Service> StartAsync(CapturedLog log, params string[] settings) => StartAsync(log, null, settings);

    /// <summary>With the levels of appsettings.json, unless other ones are set.</summary>
    private static Task<Service> StartAsync(CapturedLog log, Scratch? database, params string[] settings) => Service.StartAsync(
        database: database,
        configure: services => services.RemoveAll<ILoggerProvider>().AddSingleton<ILoggerProvider>(log),
        settings: ["--Logging:LogLevel:Default=Information", .. settings]);
}

/// <summary>Every line of the log, with what it was made of.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> lines = new();

    public IReadOnlyList<Line> Lines => [.. lines];

    public void Clear() => lines.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    internal sealed record Line(
        string Category, LogLevel Level, string Message, Exception? Exception, IReadOnlyDictionary<string, string?> Facts)
    {
        /// <summary>All that a formatter could write.</summary>
        public string Text => $"{Message} {Exception} {string.Join(' ', Facts.Values)}";
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "HeartbeatSlow") // Kestrel's, of a machine that is busy, and no request's.
                return;
            var facts = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? pairs.GroupBy(p => p.Key).ToDictionary(p => p.Key, p => Convert.ToString(p.Last().Value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null)
                : [];
            log.lines.Enqueue(new Line(category, logLevel, formatter(state, exception), exception, facts));
        }
    }
}

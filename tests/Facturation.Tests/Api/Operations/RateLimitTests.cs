using System.Globalization;
using System.Text;
using Facturation.Api.Operations;
using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Operations;

[Parallelizable(ParallelScope.All)]
public sealed class RateLimitTests
{
    private const string Csv = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5\n";

    [Test]
    public async Task Key_InAWindow_IsAnsweredSoOftenAndToldSo()
    {
        var clock = new Clock();
        await using var service = await StartAsync(clock, "--RateLimits:PerKey=2");
        var (key, other) = (await service.CreateKeyAsync(), await service.CreateKeyAsync());

        Assert.That(await AskAsync(service, key), Is.EqualTo(new Told(200, "2", "1", "60", null)));
        clock.Advance(TimeSpan.FromSeconds(10.5));
        Assert.That(await AskAsync(service, key), Is.EqualTo(new Told(200, "2", "0", "50", null)));
        Assert.That(await AskAsync(service, key), Is.EqualTo(new Told(429, "2", "0", "50", "50")));
        Assert.That(await AskAsync(service, other), Is.EqualTo(new Told(200, "2", "1", "60", null)), "another key");
        Assert.That(await AskAsync(service, null), Is.EqualTo(new Told(401, null, null, null, null)), "no limit for addresses");
        clock.Advance(TimeSpan.FromSeconds(49.5));
        Assert.That(await AskAsync(service, key), Is.EqualTo(new Told(200, "2", "1", "60", null)), "the next window");
    }

    [Test]
    public async Task Limit_OfManyAtOnce_IsExact()
    {
        await using var service = await StartAsync(new Clock(), "--RateLimits:PerKey=10");
        var key = await service.CreateKeyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AskAsync(service, key)));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(10));
        Assert.That(answers.Where(a => a.Status == 200).Select(a => int.Parse(a.Remaining!, CultureInfo.InvariantCulture)).Order(),
            Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [TestCase("application/json", """{"Message":"Too many requests: the Retry-After header says when to come back."}""")]
    [TestCase("application/xml", "<Error><Message>Too many requests: the Retry-After header says when to come back.</Message></Error>")]
    public async Task LegacyApi_TooMany_IsAnHttpErrorInTheFormatAskedFor(string accept, string body)
    {
        await using var service = await StartAsync(new Clock(), "--RateLimits:PerAddress=1");
        await service.PostAsync("api/ConsommationV2", null);
        var answer = await service.PostAsync("api/ConsommationV2", null, headers: ("Accept", accept));
        Assert.That((answer.Status, answer.ContentType, answer.Text), Is.EqualTo((429, accept + "; charset=utf-8", body)));
    }

    /// <summary>A person is told in words: nobody else opens these.</summary>
    [Test]
    public async Task Page_TooMany_SaysWhenToComeBack()
    {
        await using var service = await StartAsync(new Clock(), "--RateLimits:PerAddress=1");
        using (await service.Client.GetAsync("/Help"))
        {
        }
        foreach (var path in new[] { "/", "/Help", "/Help/Api/POST-api-ConsommationV2", "/swagger", "/swagger/v1/swagger.json", "/redoc/index.html", "/rien" })
        {
            using var answer = await service.Client.GetAsync(path);
            Assert.That((int)answer.StatusCode, Is.EqualTo(429), path);
            Assert.That(answer.Headers.RetryAfter?.ToString(), Is.EqualTo("60"), path);
            Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; charset=utf-8"), path);
            Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("429 : trop de requêtes ; revenez dans 60 s.\n"), path);
        }
    }

    [Test]
    public async Task V1_TooMany_IsItsError()
    {
        await using var service = await StartAsync(new Clock(), "--RateLimits:PerAddress=1");
        await service.PostAsync("v1/meters", null);
        var answer = await service.PostAsync("v1/meters", null);
        Assert.That(answer.Status, Is.EqualTo(429));
        Assert.That(answer.Text, Does.StartWith("{\"code\":\"TOO_MANY_REQUESTS\""));
    }

    [Test]
    public async Task Address_ThatGuesses_IsStoppedBeforeItsKeysAreLookedUp()
    {
        var clock = new Clock();
        await using var service = await StartAsync(clock, "--RateLimits:PerAddress=3");
        var (known, unseen) = (await service.CreateKeyAsync(), await service.CreateKeyAsync());
        Assert.That((await AskAsync(service, known)).Status, Is.EqualTo(200));

        for (var remaining = 2; remaining >= 0; remaining--)
            Assert.That(await AskAsync(service, ApiKey.Generate()), Is.EqualTo(new Told(401, "3", $"{remaining}", "60", null)));
        Assert.That(await AskAsync(service, ApiKey.Generate()), Is.EqualTo(new Told(429, "3", "0", "60", "60")));
        Assert.That((await AskAsync(service, unseen)).Status, Is.EqualTo(429), "a good key is not even looked up");
        Assert.That(await AskAsync(service, known), Is.EqualTo(new Told(200, null, null, null, null)), "one that has worked is");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await AskAsync(service, unseen)).Status, Is.EqualTo(200), "the next window");
    }

    [Test]
    public async Task Probe_IsNeverCounted()
    {
        await using var service = await StartAsync(new Clock(), "--RateLimits:PerAddress=1", "--Health:MinFreeDiskMegabytes=0");
        for (var i = 0; i < 3; i++)
        {
            using var answer = await service.Client.GetAsync("/health/ready");
            Assert.That((int)answer.StatusCode, Is.EqualTo(200));
        }
        Assert.That((await AskAsync(service, null)).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Default_NoLimit_NoHeader()
    {
        await using var service = await StartAsync(new Clock());
        Assert.That(await AskAsync(service, await service.CreateKeyAsync()), Is.EqualTo(new Told(200, null, null, null, null)));
    }

    /// <summary>The platform's own limiter forgets a window once it says it is idle: that is what bounds its memory.</summary>
    [Test]
    public void Window_Over_IsIdle()
    {
        var clock = new Clock();
        using var window = new WindowLimiter(1, TimeSpan.FromMinutes(1), clock);
        using var lease = window.AttemptAcquire();
        Assert.That(window.IdleDuration, Is.Null);
        clock.Advance(TimeSpan.FromSeconds(90));
        Assert.That(window.IdleDuration, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    private static async Task<Service> StartAsync(Clock clock, params string[] settings)
    {
        var service = await Service.StartAsync(configure: services => services.AddSingleton<TimeProvider>(clock), settings: settings);
        await service.ImportAsync(Csv);
        return service;
    }

    private static async Task<Told> AskAsync(Service service, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/ConsommationV2") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        using var answer = await service.Client.SendAsync(request);
        return new Told(
            (int)answer.StatusCode, Header("RateLimit-Limit"), Header("RateLimit-Remaining"), Header("RateLimit-Reset"), Header("Retry-After"));

        string? Header(string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
    }

    private sealed record Told(int Status, string? Limit, string? Remaining, string? Reset, string? RetryAfter);

    private sealed class Clock : TimeProvider
    {
        private readonly DateTimeOffset start = DateTimeOffset.UtcNow;
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref ticks);

        public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

        public void Advance(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);
    }
}

namespace Facturation.Tests.Api.Operations;

/// <summary>What a proxy says of its client, and who is believed.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ProxyTests
{
    private static readonly (string, string)[] Forwarded =
        [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "api.exemple.fr")];

    [TestCase("https://api.exemple.fr", "--ForwardedHeaders:KnownProxies=127.0.0.1")]
    [TestCase("https://api.exemple.fr", "--ForwardedHeaders:KnownNetworks=127.0.0.0/8")]
    [TestCase(null, "--ForwardedHeaders:KnownProxies=10.9.9.9")]
    [TestCase(null)]
    public async Task NotFound_BehindAProxy_QuotesTheOuterAddressOfThoseWhoAreBelieved(string? outer, params string[] settings)
    {
        await using var service = await Service.StartAsync(settings: settings);
        var answer = await service.PostAsync("api/Inconnu?a=1", null, headers: Forwarded);
        var site = outer ?? service.Client.BaseAddress!.ToString().TrimEnd('/');
        Assert.That(answer.Text, Is.EqualTo(
            $$"""{"Message":"No HTTP resource was found that matches the request URI '{{site}}/api/Inconnu?a=1'."}"""));
    }

    [Test]
    public async Task RateLimit_BehindAProxy_CountsTheClientNotTheProxy()
    {
        await using var service = await Service.StartAsync(settings: ["--ForwardedHeaders:KnownProxies=127.0.0.1", "--RateLimits:PerAddress=1"]);
        var statuses = new List<int>();
        foreach (var address in new[] { "203.0.113.7", "203.0.113.8", "203.0.113.7" })
            statuses.Add((await service.PostAsync("api/ConsommationV2", null, headers: ("X-Forwarded-For", address))).Status);
        Assert.That(statuses, Is.EqualTo(new[] { 401, 401, 429 }));
    }
}

using Facturation.Api.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Operations;

/// <summary>Errors of addresses that are no API's: a browser shows what is in them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PlainErrorTests
{
    [TestCase("GET", "/rien", 404, "404 : il n'y a rien à cette adresse ; l'aide est à /Help.\n")]
    [TestCase("GET", "/swagger/rien", 404, "404 : il n'y a rien à cette adresse ; l'aide est à /Help.\n")]
    [TestCase("POST", "/Help", 405, "405 : cette adresse n'accepte que : GET, HEAD.\n")]
    [TestCase("GET", "/swagger/v1/swagger.json", 500, "500 : le service n'a pas pu répondre ; réessayez plus tard.\n")]
    [TestCase("HEAD", "/rien", 404, "")]
    public async Task Send_AddressOfAPage_IsToldInFrench(string method, string path, int status, string body)
    {
        await using var service = await Service.StartAsync(
            configure: services => services.AddSingleton<SwaggerDocument>(_ => throw new InvalidOperationException("as a test wants it")),
            settings: "--Logging:LogLevel:Default=None");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await service.Client.SendAsync(request);
        Assert.That(((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((status, body)));
        Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; charset=utf-8"));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }));
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
    }
}

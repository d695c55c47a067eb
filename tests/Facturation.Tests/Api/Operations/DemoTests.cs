using Facturation.Api.Operations;
using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Operations;

[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class DemoTests
{
    private const string March = """{"Debut":"2026-03-01","Fin":"2026-03-31"}""";

    [Test]
    public async Task Start_InDevelopmentOnAnEmptyDatabase_LoadsTheDemo()
    {
        await using var service = await Service.StartAsync("Development");

        var answer = await service.PostAsync("api/ConsommationV2", Demo.Key, March);
        Assert.That((answer.Status, answer.Text), Is.EqualTo((200, answer.Text)));
        Assert.That(answer.Text, Does.Contain("Électricité").And.Not.Contain("QUAI-7"), "the client of the demo, and it alone");
        Assert.That(await ClientsAsync(service), Is.EqualTo(new[] { "DEMO", "NORD" }));
    }

    [Test]
    public async Task Start_BuiltProgramFromAnotherDirectory_LoadsTheDemo()
    {
        using var database = new Scratch();
        await using var service = await ServiceProcess.StartAsync(database, ("ASPNETCORE_ENVIRONMENT", "Development"));

        using var request = new HttpRequestMessage(HttpMethod.Post, "api/ConsommationV2") { Content = new StringContent(March, null, "application/json") };
        request.Headers.Add("X-API-Key", Demo.Key);
        using var response = await service.Client.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        Assert.That(service.Lines, Has.Some.Contains("Demo set loaded"));
    }

    [Test]
    public async Task Start_InProductionOnTheDatabaseOfDevelopment_RefusesTheDemoKey([Values("Production", "Staging")] string environment)
    {
        using var database = new Scratch();
        await using (await Service.StartAsync("Development", database))
        {
        }
        await using var service = await Service.StartAsync(environment, database);

        Assert.That((await service.PostAsync("api/ConsommationV2", Demo.Key, March)).Status, Is.EqualTo(401));
        Assert.That((await service.PostAsync("api/ConsommationV2", await service.CreateKeyAsync("DEMO"), March)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Start_InProduction_LoadsNothing()
    {
        await using var service = await Service.StartAsync();
        Assert.That(await ClientsAsync(service), Is.Empty);
        Assert.That((await service.PostAsync("api/ConsommationV2", Demo.Key, March)).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Start_InDevelopmentWithOtherData_LoadsNothingAndHasNoDemoKey()
    {
        using var database = new Scratch();
        await using (var production = await Service.StartAsync(database: database))
            await production.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;x;5", "DEMO");
        await using var service = await Service.StartAsync("Development", database);

        Assert.That(await ClientsAsync(service), Is.EqualTo(new[] { "DEMO" }));
        Assert.That((await service.PostAsync("api/ConsommationV2", Demo.Key, March)).Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Start_TwiceInDevelopment_KeepsOneDemoAndItsRevocation()
    {
        using var database = new Scratch();
        await using (var first = await Service.StartAsync("Development", database))
            await first.Services.GetRequiredService<IApiKeyStore>().RevokeAsync(ApiKey.DemoPrefix, DateTimeOffset.UtcNow);
        await using var service = await Service.StartAsync("Development", database);

        Assert.That((await service.PostAsync("api/ConsommationV2", Demo.Key, March)).Status, Is.EqualTo(401));
    }

    private static Task<IReadOnlyList<string>> ClientsAsync(Service service) =>
        service.Services.GetRequiredService<IConsommationStore>().ListClientsAsync();
}

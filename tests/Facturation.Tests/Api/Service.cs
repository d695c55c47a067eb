using System.Net.Http.Headers;
using System.Text;
using Facturation.Api;
using Facturation.Api.Import;
using Facturation.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api;

/// <summary>The service itself on a real socket, with a database of its own, started as Program starts it.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Scratch? scratch;

    private Service(WebApplication app, Scratch? scratch)
    {
        this.app = app;
        this.scratch = scratch;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Client = new HttpClient { BaseAddress = new Uri(addresses.First()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>Starts the service; on a database that stays, when one is given.</summary>
    public static async Task<Service> StartAsync(
        string environment = "Production", Scratch? database = null, Action<IServiceCollection>? configure = null, params string[] settings)
    {
        var scratch = database ?? Scratch.WithDatabase();
        var builder = Program.CreateBuilder(
        [
            $"--environment={environment}", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Storage:MigrateAtStart=true",
            $"--ConnectionStrings:Facturation={scratch.Connection}", .. settings,
        ]);
        configure?.Invoke(builder.Services);
        var app = Program.Build(builder);
        await Program.StartAsync(app);
        return new Service(app, database is null ? scratch : null);
    }

    /// <summary>Imports a CSV text for a client; every line must be good.</summary>
    public async Task ImportAsync(string csv, string? client = "C")
    {
        var errors = new List<string>();
        await using var stream = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        await Importer.RunAsync(Services.GetRequiredService<IConsommationStore>(), stream, client, false, (_, why) => errors.Add(why), (_, _) => { }, default);
        Assert.That(errors, Is.Empty);
    }

    /// <summary>Creates a key that works, unless the change makes it otherwise.</summary>
    public async Task<string> CreateKeyAsync(string client = "C", Func<ApiKey, ApiKey>? change = null)
    {
        var secret = ApiKey.Generate();
        var key = new ApiKey(ApiKey.PrefixOf(secret)!, ApiKey.HashOf(secret), client, null, [Scopes.ConsommationRead], DateTimeOffset.UtcNow);
        await Services.GetRequiredService<IApiKeyStore>().AddAsync(change?.Invoke(key) ?? key);
        return secret;
    }

    /// <summary>Posts a body as it is.</summary>
    public async Task<Answer> PostAsync(
        string path, string? key, string body = "{}", string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Client.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            response.Headers.WwwAuthenticate.ToString(),
            await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Ends it, once every answer is written and told of; it may still be disposed of.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        scratch?.Dispose();
    }
}

/// <summary>What the service answered.</summary>
internal sealed record Answer(int Status, string? ContentType, string WwwAuthenticate, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

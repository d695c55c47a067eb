using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.WebApi2;

/// <summary>A small application on AddWebApi2, on a real port, with the options a test sets.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private EchoServer(WebApplication app)
    {
        this.app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public static async Task<EchoServer> StartAsync(Action<WebApi2Options>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddControllers()
            .ConfigureApplicationPartManager(parts =>
            {
                parts.ApplicationParts.Clear();
                parts.ApplicationParts.Add(new EchoPart());
                parts.FeatureProviders.Add(new ControllerFeatureProvider());
            })
            .AddWebApi2(configure);
        var app = builder.Build();
        app.UseWebApi2();
        app.MapControllers();
        await app.StartAsync();
        return new EchoServer(app);
    }

    public async Task<HttpResponseMessage> PostAsync(string body, string contentType = "application/xml", string path = "/api/Relais")
    {
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await Client.PostAsync(path, content);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>These controllers and no others: the test assembly sees those of the service too.</summary>
    private sealed class EchoPart : ApplicationPart, IApplicationPartTypeProvider
    {
        public override string Name => nameof(EchoPart);

        public IEnumerable<TypeInfo> Types => [typeof(RelaisController).GetTypeInfo()];
    }
}

public class Periode
{
    public DateTime? Debut { get; set; }

    public DateTime? Fin { get; set; }

    public List<Ligne>? Lignes { get; set; }

    public int? ProduitId { get; set; }
}

public class Ligne
{
    public string? Nom { get; set; }

    public int Numero { get; set; }
}

/// <summary>Relays what it receives.</summary>
[WebApi2]
public class RelaisController : ControllerBase
{
    [SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
    public Periode? Post(Periode? param) => param;
}

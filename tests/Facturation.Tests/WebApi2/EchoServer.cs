using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
        app.MapGet("/api/minimal", () => Results.NotFound());
        await app.StartAsync();
        return new EchoServer(app);
    }

    public Task<HttpResponseMessage> PostAsync(
        string body, string contentType = "application/xml", string path = "/api/Relais", string? accept = null) =>
        SendAsync(HttpMethod.Post, body, contentType, path, accept);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string body, string contentType, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        return await Client.SendAsync(request);
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

        public IEnumerable<TypeInfo> Types =>
        [
            typeof(RelaisController).GetTypeInfo(), typeof(ResultatsController).GetTypeInfo(),
            typeof(AnnoteController).GetTypeInfo(), typeof(OrdinaireController).GetTypeInfo(),
        ];
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
[WebApi2, SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
public class RelaisController : ControllerBase
{
    public Periode? Post(Periode? param) => param;
}

/// <summary>The same through MVC's results, which do not say their type.</summary>
[WebApi2]
public class ResultatsController : Controller
{
    public IActionResult Post(Periode? param) => Ok(param);

    public ActionResult<IEnumerable<Ligne>> Put(Periode? param) => Ok(param?.Lignes?.Where(ligne => ligne.Numero > 0));

    public IActionResult Patch(Periode? param) => Json(param);

    public string Get(int id = 7) => FormattableString.Invariant($"{id} {ModelState.IsValid}");

    public IActionResult Delete([FromQuery(Name = "quand")] DateTime quand) => Ok(quand);
}

/// <summary>[ApiController] beside [WebApi2]: the latter decides.</summary>
[WebApi2, ApiController, SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
public class AnnoteController : ControllerBase
{
    public Periode? Post(Periode param) => param;
}

/// <summary>A controller of the new kind under the same prefix.</summary>
[ApiController, Route("api/[controller]"), SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
public class OrdinaireController : ControllerBase
{
    [HttpPost]
    public Ligne Post(Ligne ligne) => ligne;

    [HttpPut]
    public IActionResult Put() => throw new InvalidOperationException("to be answered by the host");
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Web.Http.Controllers;
using System.Web.Http.Dispatcher;
using Facturation.Api.Models;

namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>The operation on the genuine Web API 2, from a database.</summary>
public class MonthsController : ApiController
{
    private readonly IConsommations store;

    internal MonthsController(IConsommations store) => this.store = store;

    /// <summary>The client's consumption of a period.</summary>
    public async Task<List<ReponseV2Model>> Post(ParamModel param) => Ligne.Group(await store.ReadAsync(
        int.Parse(((ClaimsPrincipal)User).FindFirst(ClaimTypes.NameIdentifier)!.Value, CultureInfo.InvariantCulture),
        DateOnly.FromDateTime(param.Debut!.Value),
        DateOnly.FromDateTime(param.Fin!.Value)));
}

/// <summary>Gives each controller the store.</summary>
internal sealed class ControllerActivator(IConsommations store) : IHttpControllerActivator
{
    public IHttpController Create(HttpRequestMessage request, HttpControllerDescriptor controllerDescriptor, Type controllerType) =>
        new MonthsController(store);
}

/// <summary>Authenticates by the header X-API-Key, and logs each request once it is answered.</summary>
internal sealed class KeyMessageHandler(IConsommations store, ILogger logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        request.Headers.TryGetValues("X-API-Key", out var values);
        var key = await Cle.FindAsync(store, values?.FirstOrDefault());
        if (key is not null)
            request.GetRequestContext().Principal = new ClaimsPrincipal(new ClaimsIdentity(
                [new(ClaimTypes.NameIdentifier, key.ClientId.ToString(CultureInfo.InvariantCulture)), new(ClaimTypes.Name, key.Client)], "Key"));
        var response = key is null ? request.CreateResponse(HttpStatusCode.Unauthorized) : await base.SendAsync(request, cancellationToken);
        logger.Answered("ConsommationV2", (int)response.StatusCode, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds, key?.Client);
        return response;
    }
}

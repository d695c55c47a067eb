using System.Diagnostics;
using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Facturation.Api.Models;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>The operation on ASP.NET Core MVC as it comes, from a database.</summary>
[ApiController, Microsoft.AspNetCore.Mvc.Route("api/ConsommationV2"), Microsoft.AspNetCore.Authorization.Authorize]
public class MonthController(IConsommations store) : ControllerBase
{
    /// <summary>The client's consumption of a period.</summary>
    [Microsoft.AspNetCore.Mvc.HttpPost]
    public async Task<List<ReponseV2Model>> Post(ParamModel param) => Ligne.Group(await store.ReadAsync(
        int.Parse(User.FindFirstValue(ClaimTypes.NameIdentifier)!, CultureInfo.InvariantCulture),
        DateOnly.FromDateTime(param.Debut!.Value),
        DateOnly.FromDateTime(param.Fin!.Value)));
}

/// <summary>Authenticates by the header X-API-Key.</summary>
internal sealed class KeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IConsommations store)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (await Cle.FindAsync(store, Request.Headers["X-API-Key"]) is not { } key)
            return AuthenticateResult.NoResult();
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, key.ClientId.ToString(CultureInfo.InvariantCulture)), new(ClaimTypes.Name, key.Client)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }
}

/// <summary>Logs each request once it is answered.</summary>
internal sealed class RequestLogging(RequestDelegate next, ILogger<RequestLogging> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        await next(context);
        logger.Answered("ConsommationV2", context.Response.StatusCode, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds, context.User.Identity?.Name);
    }
}

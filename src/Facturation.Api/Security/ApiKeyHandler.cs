using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.Security;

/// <summary>The claims of a key's principal.</summary>
internal static class ApiKeyClaims
{
    /// <summary>The code of the client.</summary>
    public const string Client = "client";

    /// <summary>The only identifiant that the key may see; absent if it may see all.</summary>
    public const string Identifiant = "identifiant";

    /// <summary>One claim per scope.</summary>
    public const string Scope = "scope";
}

/// <summary>
/// Authenticates by <c>X-API-Key: key</c>, or by HTTP Basic (<c>identifiant:key</c>), which old clients can send. Credentials
/// that cannot be parsed count as no key. The answer is 401, and the API that was called writes its body.
/// </summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IApiKeyStore keys,
    RateLimits limits,
    Outages outages,
    IHostEnvironment environment) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string Name = "ApiKey";

    private const string Header = "X-API-Key";

    /// <summary>Adds authentication by key, and a policy for each scope.</summary>
    public static void Add(IServiceCollection services)
    {
        // AddAuthentication would also add data protection for cookies, which warns at the start and is not used here.
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = Name).AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(Name, null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All)
            authorization.AddPolicy(scope, policy => policy.RequireClaim(ApiKeyClaims.Scope, Scopes.Allowing(scope)));
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Anonymous pages need no database, and must not allow guessing keys without rate limits.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return AuthenticateResult.NoResult();
        if (!Request.Headers.ContainsKey(Header) && !Request.Headers.ContainsKey(HeaderNames.Authorization))
            return AuthenticateResult.NoResult();

        var (user, secret) = ReadCredentials();
        if (secret is null || ApiKey.PrefixOf(secret) is not { } prefix)
            return AuthenticateResult.Fail("No key could be read.");
        // The demo key is public. A database made in Development may hold it, so it is refused elsewhere.
        if (prefix == ApiKey.DemoPrefix && !environment.IsDevelopment())
            return AuthenticateResult.Fail("The demo's key works in Development only.");

        if (!limits.MayTry(Context, prefix))
            return AuthenticateResult.Fail("Too many keys were tried from this address.");

        var key = await FindAsync(prefix);
        if (key is null || !key.Accepts(secret, TimeProvider.GetUtcNow()))
            return AuthenticateResult.Fail("The key is unknown, expired or revoked.");
        if (user is not null && key.Identifiant is not null && user != key.Identifiant)
            return AuthenticateResult.Fail("The key belongs to another identifiant.");

        var identity = new ClaimsIdentity(Scheme.Name, ClaimTypes.Name, null);
        identity.AddClaim(new Claim(ClaimTypes.Name, key.Prefix));
        identity.AddClaim(new Claim(ApiKeyClaims.Client, key.Client));
        if (key.Identifiant is not null)
            identity.AddClaim(new Claim(ApiKeyClaims.Identifiant, key.Identifiant));
        foreach (var scope in key.Scopes)
            identity.AddClaim(new Claim(ApiKeyClaims.Scope, scope));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Basic realm=\"Facturation\"";
        return Task.CompletedTask;
    }

    /// <summary>Finds a key. Returns null if the database does not answer and the address is unknown, which is then answered 404.</summary>
    private async Task<ApiKey?> FindAsync(string prefix)
    {
        try
        {
            return await keys.FindAsync(prefix, Context.RequestAborted);
        }
        catch (Exception e) when (Context.GetEndpoint() is null && outages.Includes(e))
        {
            return null;
        }
    }

    /// <summary>Reads the user name, which only Basic has, and the key; null if absent or invalid.</summary>
    private (string? User, string? Key) ReadCredentials()
    {
        if (Request.Headers.TryGetValue(Header, out var values))
            return (null, values is [var key] ? key : null);
        if (Request.Headers.Authorization is not [var authorization]
            || !AuthenticationHeaderValue.TryParse(authorization, out var header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return default;
        var bytes = new byte[(header.Parameter?.Length ?? 0) * 3 / 4];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
            return default;
        // Old clients encode accented identifiants in UTF-8 or Latin-1.
        var text = (Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes, 0, length);
        // Split at the last colon: an identifiant may contain one, a key never does.
        var colon = text.LastIndexOf(':');
        return colon < 0 ? default : (text[..colon], text[(colon + 1)..]);
    }
}

using System.Globalization;
using Facturation.WebApi2;

namespace Facturation.Api.Operations;

/// <summary>
/// Answers errors outside the two APIs with a line of text, in French like the help pages.
/// </summary>
internal static class PlainErrors
{
    public static void UsePlainErrors(this WebApplication app)
    {
        var legacy = app.Services.GetRequiredService<WebApi2Options>().PathPrefix();
        app.Use(async (context, next) =>
        {
            await next(context);
            if (!context.Request.Path.StartsWithSegments(legacy, StringComparison.OrdinalIgnoreCase))
                await WriteAsync(context);
        });
    }

    /// <summary>Writes the text of an error that has no body yet.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        if (response is not { StatusCode: >= 400, HasStarted: false, ContentType: null, ContentLength: null })
            return;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{response.StatusCode} : {Explain(context)}\n"));
    }

    private static string Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"il n'y a rien à cette adresse ; l'aide est à {context.Request.PathBase}/Help.",
        StatusCodes.Status405MethodNotAllowed => $"cette adresse n'accepte que : {context.Response.Headers.Allow}.",
        StatusCodes.Status429TooManyRequests => $"trop de requêtes ; revenez dans {context.Response.Headers.RetryAfter} s.",
        >= 500 => "le service n'a pas pu répondre ; réessayez plus tard.",
        _ => "la requête n'est pas acceptée.",
    };
}

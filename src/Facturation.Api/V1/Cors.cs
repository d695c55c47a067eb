using System.ComponentModel.DataAnnotations;

namespace Facturation.Api.V1;

/// <summary>The web pages whose scripts may call v1; section <c>Cors</c> of the configuration.</summary>
public sealed class CorsSettings
{
    /// <summary>The origins of those pages, for example <c>https://app.example.com</c>; none by default, so that browsers refuse all.</summary>
    [Origins]
    public string[] Origins { get; set; } = [];
}

/// <summary>Allows origins as browsers send them: a scheme, a host and perhaps a port.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OriginsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is string[] origins && Array.TrueForAll(origins, IsOrigin);

    public override string FormatErrorMessage(string name) => "des origines comme https://app.example.com, sans chemin";

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.GetLeftPart(UriPartial.Authority) == text;
}

/// <summary>Adds CORS to v1.</summary>
internal static class CorsExtensions
{
    /// <summary>Lets scripts of the configured origins call v1 and read its answers. They send a key, never cookies.</summary>
    public static void UseV1Cors(this IApplicationBuilder app)
    {
        var origins = app.ApplicationServices.GetRequiredService<CorsSettings>().Origins;
        if (origins.Length > 0)
            app.UseWhen(context => V1Middleware.Serves(context.Request), v1 => v1.UseCors(policy => policy
                .WithOrigins(origins)
                .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
                .WithHeaders("X-API-Key", "Authorization", "Content-Type", "Idempotency-Key", "traceparent")
                .WithExposedHeaders("Location", "Retry-After")
                .SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }
}

using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.Help;

/// <summary>A cached page or file. Browsers keep it and revalidate it by its ETag.</summary>
internal sealed record Page(byte[] Content, string ContentType)
{
    private readonly EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..20]}\"");

    /// <summary>The page, or 304 for a client that has it.</summary>
    public FileContentHttpResult Answer() => TypedResults.Bytes(Content, ContentType, entityTag: tag);

    /// <summary>Sets the security headers of pages, and requires revalidation.</summary>
    public static void Protect(HttpContext context, string contentSecurityPolicy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }
}

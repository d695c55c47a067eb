using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Facturation.Api.Help;

/// <summary>A page made once, for those who read: browsers keep it, and ask after it each time; its ETag answers.</summary>
internal sealed record Page(byte[] Content, string ContentType)
{
    private readonly EntityTagHeaderValue tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..20]}\"");

    /// <summary>The page, or 304 to who has it.</summary>
    public FileContentHttpResult Answer() => TypedResults.Bytes(Content, ContentType, entityTag: tag);

    /// <summary>What the pages of a kind may load and from where, and that they are asked after.</summary>
    public static void Protect(HttpContext context, string contentSecurityPolicy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }
}

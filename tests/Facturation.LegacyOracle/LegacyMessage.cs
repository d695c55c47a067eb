using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Facturation.LegacyOracle;

/// <summary>Carries a request and its answer between Kestrel and System.Net.Http without judging either.</summary>
internal static class LegacyMessage
{
    public static async Task<HttpRequestMessage> ReadAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var chunked = request.ContentLength == null && request.Headers.ContainsKey("Transfer-Encoding");
        var message = new HttpRequestMessage(Method(request.Method), RequestUri(request))
        {
            // A request always has a content, as under the legacy host; an empty chunked one does not know that it is empty.
            Content = chunked ? new UnmeasuredContent(body.ToArray()) : new ByteArrayContent(body.ToArray()),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
        return message;
    }

    public static async Task WriteAsync(HttpResponseMessage message, HttpResponse response)
    {
        var body = message.Content == null ? [] : await message.Content.ReadAsByteArrayAsync();
        response.StatusCode = (int)message.StatusCode;
        foreach (var (name, values) in message.Headers)
            response.Headers.Append(name, values.ToArray());
        foreach (var (name, values) in message.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                response.Headers.Append(name, values.ToArray());
        }
        if (message.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
            return;
        response.ContentLength = body.Length;
        // Kestrel knows HEAD in capitals only: a client that sends "head" waits for a body.
        if (response.HttpContext.Request.Method != "HEAD")
            await response.Body.WriteAsync(body);
    }

    /// <summary>
    /// The method as Web API 2's hosts give it to the pipeline: they write seven standard verbs in capitals and keep any other as it
    /// was sent. The hosts' own function is internal to the package; the attribute calls it.
    /// </summary>
    private static HttpMethod Method(string sent) => new System.Web.Http.AcceptVerbsAttribute(sent).HttpMethods[0];

    /// <summary>The address as it was sent: Kestrel's own Path is decoded, and Web API 2 decodes by its own rules.</summary>
    private static Uri RequestUri(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/') || !Uri.TryCreate(target, UriKind.Absolute, out var absolute)
            ? new Uri(request.Scheme + "://" + request.Host.Value + target)
            : absolute;
    }

    private sealed class UnmeasuredContent(byte[] body) : ByteArrayContent(body)
    {
        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

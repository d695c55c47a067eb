using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Facturation.WebApi2.Negotiation;

/// <summary>
/// The headers that decide on formats, parsed by System.Net.Http as Web API 2 had them parsed: one bad element voids its line
/// (WIRE.md N6, N7), which ASP.NET Core's own parsers do not do.
/// </summary>
internal sealed class RequestHeaders
{
    private readonly ConcurrentDictionary<Type, AnswerFormat> answers = new();

    public RequestHeaders(in RawHeaders raw)
    {
        using var message = new HttpRequestMessage { Content = new ByteArrayContent([]) };
        message.Headers.TryAddWithoutValidation("Accept", (IEnumerable<string?>)raw.Accept);
        message.Headers.TryAddWithoutValidation("Accept-Charset", (IEnumerable<string?>)raw.AcceptCharset);
        message.Content.Headers.TryAddWithoutValidation("Content-Type", (IEnumerable<string?>)raw.ContentType);
        Accept = [.. message.Headers.Accept];
        AcceptCharset = [.. message.Headers.AcceptCharset];
        ContentType = message.Content.Headers.ContentType;
        IsXmlHttpRequest = raw.XRequestedWith
            .Any(value => value is not null && value.Contains("XMLHttpRequest", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What the client accepts, in the order it wrote; void lines left out.</summary>
    public IReadOnlyList<MediaTypeWithQualityHeaderValue> Accept { get; }

    /// <summary>The charsets the client accepts, in the order it wrote.</summary>
    public IReadOnlyList<StringWithQualityHeaderValue> AcceptCharset { get; }

    /// <summary>The type of the body; null when missing or unparsable.</summary>
    public MediaTypeHeaderValue? ContentType { get; }

    /// <summary>Whether a script says that it asks (WIRE.md N8).</summary>
    public bool IsXmlHttpRequest { get; }

    /// <summary>The answer negotiated for a declared type, worked out once.</summary>
    public AnswerFormat AnswerFor(Type type, Func<RequestHeaders, Type, AnswerFormat> negotiate) =>
        answers.TryGetValue(type, out var answer) ? answer : answers.GetOrAdd(type, negotiate(this, type));
}

using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Facturation.WebApi2.Negotiation;

/// <summary>
/// The headers that determine formats, parsed by System.Net.Http as in Web API 2: one invalid element voids its line (WIRE.md N6, N7),
/// unlike in ASP.NET Core's own parsers.
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

    /// <summary>The accepted media types, in the order sent, without void lines.</summary>
    public IReadOnlyList<MediaTypeWithQualityHeaderValue> Accept { get; }

    /// <summary>The accepted charsets, in the order sent.</summary>
    public IReadOnlyList<StringWithQualityHeaderValue> AcceptCharset { get; }

    /// <summary>The media type of the body; null if it is missing or cannot be parsed.</summary>
    public MediaTypeHeaderValue? ContentType { get; }

    /// <summary>Whether the request declares itself an XMLHttpRequest (WIRE.md N8).</summary>
    public bool IsXmlHttpRequest { get; }

    /// <summary>The negotiated answer for a declared type, computed once.</summary>
    public AnswerFormat AnswerFor(Type type, Func<RequestHeaders, Type, AnswerFormat> negotiate) =>
        answers.TryGetValue(type, out var answer) ? answer : answers.GetOrAdd(type, negotiate(this, type));
}

using System.Text;
using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Negotiation;

/// <summary>The format, media type and encoding of an answer.</summary>
internal readonly record struct AnswerFormat(MediaFormat Format, string MediaType, Encoding Encoding)
{
    /// <summary>The media type, then the charset in this exact spelling (WIRE.md C2).</summary>
    public string ContentType { get; } = $"{MediaType}; charset={Encoding.WebName}";
}

/// <summary>Negotiates an answer's format as Web API 2 did (WIRE.md N1 to N9, C1). It never answers 406.</summary>
internal sealed class ContentNegotiator(IReadOnlyList<MediaFormat> formats, KnownHeaders headers)
{
    /// <summary>JSON, whatever the request accepts.</summary>
    public AnswerFormat Json { get; } = new(formats.OfType<JsonFormat>().First().Plain, formats[0].MediaTypes[0], MediaFormat.Encodings[0]);

    /// <summary>Negotiates the format of a value of a declared type.</summary>
    public AnswerFormat Negotiate(HttpRequest request, Type type) => headers.Of(request).AnswerFor(type, Choose);

    private AnswerFormat Choose(RequestHeaders request, Type type)
    {
        var writers = formats.Where(format => format.CanWrite(type)).ToArray();
        var (format, mediaType) = FromScript(request, writers)
            ?? FromAccept(request, writers)
            ?? FromContentType(request, writers)
            ?? (writers[0], writers[0].MediaTypes[0]);
        return new AnswerFormat(format, mediaType, Charset(request));
    }

    /// <summary>
    /// A script request (XMLHttpRequest) without Accept gets the first format, JSON (N8). One that accepts anything with a q above 1
    /// gets the next format, since the preference for JSON counts as 1.
    /// </summary>
    private static (MediaFormat, string)? FromScript(RequestHeaders request, MediaFormat[] writers)
    {
        if (!request.IsXmlHttpRequest || request.Accept is not ([] or [{ MediaType: "*/*" }]))
            return null;
        var format = request.Accept is [{ Quality: > 1.0 }] && writers.Length > 1 ? writers[1] : writers[0];
        return (format, format.MediaTypes[0]);
    }

    /// <summary>
    /// Each format is matched with the first range that covers it, in order of q. Among formats the highest q wins, then the more
    /// precise range, then JSON (N1, N3, N5). q=0 only removes its own element (N6).
    /// </summary>
    private static (MediaFormat, string)? FromAccept(RequestHeaders request, MediaFormat[] writers)
    {
        var ranges = request.Accept
            .Where(range => range is { Quality: not 0.0, MediaType: not null })
            .OrderByDescending(range => range.Quality ?? 1.0)
            .ThenBy(range => MediaTypeMatch.PrecisionOf(range.MediaType!))
            .ToArray();
        return writers
            .Select(format => (Format: format, Best: ranges
                .Select(range => (Match: format.Match(range.MediaType!), Quality: range.Quality ?? 1.0))
                .FirstOrDefault(candidate => candidate.Match is not null)))
            .Where(candidate => candidate.Best.Match is not null)
            .OrderByDescending(candidate => candidate.Best.Quality)
            .ThenBy(candidate => candidate.Best.Match!.Value.Precision)
            .Select(candidate => ((MediaFormat, string)?)(candidate.Format, candidate.Best.Match!.Value.MediaType))
            .FirstOrDefault();
    }

    /// <summary>The answer in the media type of the request (N2).</summary>
    private static (MediaFormat, string)? FromContentType(RequestHeaders request, MediaFormat[] writers)
    {
        foreach (var format in writers)
        {
            if (request.ContentType?.MediaType is { } mediaType && format.Match(mediaType) is { } match)
                return (format, match.MediaType);
        }
        return null;
    }

    /// <summary>Chooses Accept-Charset, or else the request's own charset, or else UTF-8 (C1).</summary>
    private static Encoding Charset(RequestHeaders request)
    {
        var accepted = request.AcceptCharset
            .Where(charset => charset.Quality is not 0.0)
            .OrderByDescending(charset => charset.Quality ?? 1.0)
            .ThenBy(charset => charset.Value == "*");
        foreach (var charset in accepted)
        {
            var encoding = MediaFormat.Encodings.FirstOrDefault(e =>
                charset.Value == "*" || charset.Value.Equals(e.WebName, StringComparison.OrdinalIgnoreCase));
            if (encoding is not null)
                return encoding;
        }
        return MediaFormat.EncodingOf(request.ContentType);
    }
}

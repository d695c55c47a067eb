using System.Net.Http.Headers;
using System.Text;
using Facturation.WebApi2.Streaming;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Formats;

/// <summary>One of the formats Web API 2 had: what it reads, what it writes, under which media types.</summary>
internal abstract class MediaFormat
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true);

    /// <summary>The encodings of every format, the default first (WIRE.md C1 to C3).</summary>
    public static IReadOnlyList<Encoding> Encodings { get; } = [Utf8, Utf16];

    /// <summary>The media types, the default first; an answer's type is always one of them (WIRE.md N3).</summary>
    public abstract IReadOnlyList<string> MediaTypes { get; }

    /// <summary>The format of a request, or null when its type is none of ours (WIRE.md R1, R2).</summary>
    public MediaTypeMatch? Match(string requested)
    {
        foreach (var type in MediaTypes)
        {
            if (MediaTypeMatch.Of(type, requested) is { } match)
                return match;
        }
        return null;
    }

    /// <summary>Whether a value of this declared type can be written; forms are only read.</summary>
    public virtual bool CanWrite(Type type) => false;

    /// <summary>
    /// Reads a body. What cannot be read is added to <paramref name="errors"/>, never thrown, but for a form that holds no pairs.
    /// </summary>
    /// <returns>What could be read, or null.</returns>
    public abstract object? Read(Type type, MemoryStream body, Encoding encoding, ParameterErrors errors);

    /// <summary>Writes a value of a declared type; indented, with line feeds, only for people to read.</summary>
    public virtual void Write(Type type, object? value, Stream output, Encoding encoding, bool indented = false) =>
        throw new NotSupportedException($"{GetType().Name} is only read.");

    /// <summary>What a streamed answer writes itself to in this format.</summary>
    public virtual AnswerOutput WriteTo(HttpResponse response, Encoding encoding) =>
        throw new NotSupportedException($"{GetType().Name} is only read.");

    /// <summary>The encoding that a Content-Type names, else UTF-8 (WIRE.md C3: a quoted or unknown charset counts for nothing).</summary>
    public static Encoding EncodingOf(MediaTypeHeaderValue? contentType)
    {
        var charset = contentType?.CharSet;
        return Encodings.FirstOrDefault(e => e.WebName.Equals(charset, StringComparison.OrdinalIgnoreCase)) ?? Utf8;
    }
}

using System.Net.Http.Headers;
using System.Text;
using Facturation.WebApi2.Streaming;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Formats;

/// <summary>A format of Web API 2: what it reads and writes, and its media types.</summary>
internal abstract class MediaFormat
{
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf16 = new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true);

    /// <summary>The encodings of all formats, default first (WIRE.md C1 to C3).</summary>
    public static IReadOnlyList<Encoding> Encodings { get; } = [Utf8, Utf16];

    /// <summary>The media types, default first. An answer's media type is always one of them (WIRE.md N3).</summary>
    public abstract IReadOnlyList<string> MediaTypes { get; }

    /// <summary>The match with a request's media type, or null if the format does not support it (WIRE.md R1, R2).</summary>
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

    /// <summary>Reads a body. Errors are added to <paramref name="errors"/> and not thrown.</summary>
    /// <returns>What could be read, or else the type's default.</returns>
    public object? Read(Type type, MemoryStream body, Encoding encoding, ParameterErrors errors)
    {
        try
        {
            return ReadValue(type, body, encoding, errors);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            errors.Add("", e is WrongNamespaceException ? e.Message : ReadErrors.ErrorOccurred);
            errors.Warning = WarningOf(e, type, body, encoding);
            return ModelTypes.DefaultOf(type);
        }
    }

    /// <summary>Writes a value of a declared type. Indentation is for human readers only.</summary>
    public virtual void Write(Type type, object? value, Stream output, Encoding encoding, bool indented = false) =>
        throw new NotSupportedException($"{GetType().Name} is only read.");

    /// <summary>Creates the output of a streamed answer in this format.</summary>
    public virtual AnswerOutput WriteTo(HttpResponse response, Encoding encoding) =>
        throw new NotSupportedException($"{GetType().Name} is only read.");

    /// <summary>Reads a body. What it throws becomes an error of the parameter.</summary>
    protected abstract object? ReadValue(Type type, MemoryStream body, Encoding encoding, ParameterErrors errors);

    /// <summary>What the <c>Warning</c> header says of a body that could not be read; null for nothing.</summary>
    protected virtual string? WarningOf(Exception failure, Type type, MemoryStream body, Encoding encoding) => null;

    /// <summary>The encoding that a Content-Type names, or else UTF-8. A quoted or unknown charset is ignored (WIRE.md C3).</summary>
    public static Encoding EncodingOf(MediaTypeHeaderValue? contentType)
    {
        var charset = contentType?.CharSet;
        return Encodings.FirstOrDefault(e => e.WebName.Equals(charset, StringComparison.OrdinalIgnoreCase)) ?? Utf8;
    }
}

using Facturation.WebApi2.Formats;

namespace Facturation.WebApi2;

/// <summary>
/// Writes values with the very formatters that serve the API, indented for a reader: what documentation shows cannot drift from
/// what the wire carries.
/// </summary>
public sealed class WebApi2Samples
{
    private readonly IReadOnlyList<MediaFormat> formats;

    internal WebApi2Samples(IReadOnlyList<MediaFormat> formats) => this.formats = formats;

    /// <summary>A body of this declared type in every format that is read; no text for one that is only read, as a form.</summary>
    public IReadOnlyList<WebApi2Sample> OfRequest(Type type, object? value) => Write(formats, type, value);

    /// <summary>An answer of this declared type in every format that is written.</summary>
    public IReadOnlyList<WebApi2Sample> OfResponse(Type type, object? value) =>
        Write(formats.Where(format => format.CanWrite(type)), type, value);

    /// <summary>One sample per text: formats that write the same share it.</summary>
    private static WebApi2Sample[] Write(IEnumerable<MediaFormat> formats, Type type, object? value) =>
        [.. formats
            .Select(format => (format.MediaTypes, Text: Write(format, type, value)))
            .GroupBy(written => written.Text)
            .Select(same => new WebApi2Sample([.. same.SelectMany(written => written.MediaTypes)], same.Key))];

    private static string? Write(MediaFormat format, Type type, object? value)
    {
        if (!format.CanWrite(type))
            return null;
        var utf8 = MediaFormat.Encodings[0];
        using var output = new MemoryStream();
        format.Write(type, value, output, utf8, indented: true);
        return utf8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }
}

/// <summary>A value as these media types carry it.</summary>
/// <param name="MediaTypes">The media types, the default first.</param>
/// <param name="Text">The value, indented by 2; null where the format does not write.</param>
public sealed record WebApi2Sample(IReadOnlyList<string> MediaTypes, string? Text);

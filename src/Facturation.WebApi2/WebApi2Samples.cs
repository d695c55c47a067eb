using Facturation.WebApi2.Formats;

namespace Facturation.WebApi2;

/// <summary>
/// Writes sample values with the formatters that serve the API, indented, so that documentation cannot drift from the wire.
/// </summary>
public sealed class WebApi2Samples
{
    private readonly IReadOnlyList<MediaFormat> formats;

    internal WebApi2Samples(IReadOnlyList<MediaFormat> formats) => this.formats = formats;

    /// <summary>Writes a request body of this declared type in every format. Forms, which are only read, have no text.</summary>
    public IReadOnlyList<WebApi2Sample> OfRequest(Type type, object? value) => Write(formats, type, value);

    /// <summary>Writes an answer of this declared type in every format that can be written.</summary>
    public IReadOnlyList<WebApi2Sample> OfResponse(Type type, object? value) =>
        Write(formats.Where(format => format.CanWrite(type)), type, value);

    /// <summary>Returns one sample per distinct text: formats with the same output share it.</summary>
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

/// <summary>A value as it is written for these media types.</summary>
/// <param name="MediaTypes">The media types, the default first.</param>
/// <param name="Text">The value, indented by 2; null if the format cannot be written.</param>
public sealed record WebApi2Sample(IReadOnlyList<string> MediaTypes, string? Text);

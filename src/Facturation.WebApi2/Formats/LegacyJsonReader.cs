using System.Text;
using Facturation.WebApi2.Time;
using Newtonsoft.Json;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Newtonsoft's reader, with dates in the legacy server's zone. The text of a date is looked up in the body, since the reader
/// keeps only the value that it made in the machine's zone.
/// </summary>
internal sealed class LegacyJsonReader : JsonTextReader
{
    private readonly MemoryStream body;
    private readonly Encoding encoding;
    private readonly LegacyTimeZone zone;
    private string? text;
    private int line = 1;
    private int lineStart;

    public LegacyJsonReader(MemoryStream body, Encoding encoding, LegacyTimeZone zone)
        : base(new StreamReader(body, encoding)) // A buffer of another size would find half a character at another place.
    {
        this.body = body;
        this.encoding = encoding;
        this.zone = zone;
    }

    public override bool Read()
    {
        var read = base.Read();
        if (TokenType == JsonToken.Date)
            Localise();
        return read;
    }

    public override DateTime? ReadAsDateTime()
    {
        var read = base.ReadAsDateTime();
        return read is null ? null : Localise() ?? read;
    }

    public override DateTimeOffset? ReadAsDateTimeOffset()
    {
        var read = base.ReadAsDateTimeOffset();
        if (read is null || Literal() is not { } literal)
            return read;
        var localised = LegacyDates.WithLegacyOffset(literal, read.Value, zone);
        SetToken(JsonToken.Date, localised, updateIndex: false);
        return localised;
    }

    private DateTime? Localise()
    {
        // What is neither local nor about today holds nothing of this machine.
        if (Value is not DateTime read
            || (read.Kind != DateTimeKind.Local && (read.Date - DateTime.Today).Duration() > TimeSpan.FromDays(1))
            || Literal() is not { } literal)
            return null;
        var localised = LegacyDates.FromJson(literal, read, zone);
        SetToken(JsonToken.Date, localised, updateIndex: false);
        return localised;
    }

    /// <summary>The string just read, unescaped; null when the token is no string.</summary>
    private string? Literal()
    {
        text ??= Decode();
        var end = LineStart() + LinePosition;
        // QuoteChar is that of the last name: the reader does not set it for a date.
        if (end < 2 || end > text.Length || text[end - 1] is not ('"' or '\''))
            return null;
        var start = text.LastIndexOf(text[end - 1], end - 2);
        if (start < 0)
            return null;
        using var literal = new JsonTextReader(new StringReader(text[start..end])) { DateParseHandling = DateParseHandling.None };
        return literal.ReadAsString();
    }

    /// <summary>The whole body; bytes that are no text must not end what was read before them.</summary>
    private string Decode()
    {
        var tolerant = (Encoding)encoding.Clone();
        tolerant.DecoderFallback = DecoderFallback.ReplacementFallback;
        using var reader = new StreamReader(new MemoryStream(body.ToArray()), tolerant);
        return reader.ReadToEnd();
    }

    /// <summary>Where the reader's line starts in the text; lines are counted on from the last one asked for.</summary>
    private int LineStart()
    {
        for (; line < LineNumber; line++)
        {
            lineStart = text!.AsSpan(lineStart).IndexOfAny('\r', '\n') + lineStart + 1;
            if (text![lineStart - 1] == '\r' && lineStart < text.Length && text[lineStart] == '\n')
                lineStart++;
        }
        return lineStart;
    }
}

using System.Text;
using Facturation.WebApi2.Time;
using Newtonsoft.Json;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Newtonsoft's reader, with dates in the legacy server's zone. It looks the text of a date up in the body, because the reader keeps
/// only the value in the machine's zone.
/// </summary>
internal sealed class LegacyJsonReader : JsonTextReader
{
    private const int MaxAscii = 1024;

    private readonly MemoryStream body;
    private readonly Encoding encoding;
    private readonly LegacyTimeZone zone;
    private bool isAtName;
    private string? text;
    private int line = 1;
    private int lineStart;

    public LegacyJsonReader(MemoryStream body, Encoding encoding, LegacyTimeZone zone)
        : this(body, encoding, zone, AsciiOf(body, encoding))
    {
    }

    private LegacyJsonReader(MemoryStream body, Encoding encoding, LegacyTimeZone zone, string? ascii)
        : base(ascii is null
            ? new StreamReader(body, encoding) // Another buffer size would split characters at other places.
            : new StringReader(ascii))
    {
        this.body = body;
        this.encoding = encoding;
        this.zone = zone;
        text = ascii;
        ArrayPool = Buffers.Instance;
    }

    /// <summary>
    /// Where the machine's clock was ahead of UTC in the year 1, as the legacy server's, Newtonsoft fails at a Microsoft date that it cannot read
    /// before it takes the text, and is still at the name.
    /// </summary>
    public override JsonToken TokenType => isAtName ? JsonToken.PropertyName : base.TokenType;

    public override bool Read()
    {
        isAtName = false;
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
        var isMember = TokenType == JsonToken.PropertyName;
        DateTimeOffset? read;
        try
        {
            read = base.ReadAsDateTimeOffset();
        }
        catch (JsonReaderException) when (isMember && TokenType == JsonToken.String && IsMicrosoftDate((string)Value!) && zone.IsAheadAtFirst)
        {
            isAtName = true;
            throw;
        }
        if (read is null || Literal() is not { } literal)
            return read;
        var localised = LegacyDates.FromJson(literal, read.Value, zone);
        SetToken(JsonToken.Date, localised, updateIndex: false);
        return localised;
    }

    private static bool IsMicrosoftDate(string text) =>
        text.Length >= "/Date(0)/".Length && text.StartsWith("/Date(", StringComparison.Ordinal) && text.EndsWith(")/", StringComparison.Ordinal);

    /// <summary>The body as text, if it is short and ASCII as most are: it then has no character to split, and needs no StreamReader's buffers.</summary>
    private static string? AsciiOf(MemoryStream body, Encoding encoding) =>
        encoding is UTF8Encoding && body.Length <= MaxAscii && Ascii.IsValid(body.GetBuffer().AsSpan(0, (int)body.Length))
            ? Encoding.ASCII.GetString(body.GetBuffer(), 0, (int)body.Length)
            : null;

    private DateTime? Localise()
    {
        // A value that is neither local nor relative to today does not depend on this machine.
        if (Value is not DateTime read
            || (read.Kind != DateTimeKind.Local && (read.Date - DateTime.Today).Duration() > TimeSpan.FromDays(1))
            || Literal() is not { } literal)
            return null;
        var localised = LegacyDates.FromJson(literal, read, zone);
        SetToken(JsonToken.Date, localised, updateIndex: false);
        return localised;
    }

    /// <summary>The string just read, unescaped; null if the token is not a string.</summary>
    private string? Literal()
    {
        text ??= Decode();
        var end = LineStart() + LinePosition;
        // QuoteChar is that of the last property name: the reader does not set it for a date.
        if (end < 2 || end > text.Length || text[end - 1] is not ('"' or '\''))
            return null;
        var start = text.LastIndexOf(text[end - 1], end - 2);
        if (start < 0)
            return null;
        using var literal = new JsonTextReader(new StringReader(text[start..end])) { DateParseHandling = DateParseHandling.None };
        return literal.ReadAsString();
    }

    /// <summary>Returns the whole body. Invalid bytes must not cut off the text before them.</summary>
    private string Decode()
    {
        var tolerant = (Encoding)encoding.Clone();
        tolerant.DecoderFallback = DecoderFallback.ReplacementFallback;
        using var reader = new StreamReader(new MemoryStream(body.ToArray()), tolerant);
        return reader.ReadToEnd();
    }

    /// <summary>Finds where the reader's current line starts in the text, counting on from the last request.</summary>
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

    /// <summary>Newtonsoft's reader rents a buffer of 1,024 chars.</summary>
    private sealed class Buffers : IArrayPool<char>
    {
        public static readonly Buffers Instance = new();

        public char[] Rent(int minimumLength) => System.Buffers.ArrayPool<char>.Shared.Rent(minimumLength);

        public void Return(char[]? array)
        {
            if (array is not null)
                System.Buffers.ArrayPool<char>.Shared.Return(array);
        }
    }
}

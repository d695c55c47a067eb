using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Streaming;

/// <summary>A streamed answer in JSON, its texts as Newtonsoft.Json writes them (WIRE.md O1).</summary>
public sealed class JsonOutput : AnswerOutput
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\', '\u0085', '\u2028', '\u2029']);

    private static readonly SearchValues<byte> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\', 0xC2, 0xE2]);

    internal JsonOutput(HttpResponse response, Encoding encoding, LegacyTimeZone zone, int full)
        : base(response, encoding, zone, full, Escaped, Suspects)
    {
    }

    /// <summary>Writes a quoted, escaped string; null becomes <c>null</c>.</summary>
    public void WriteString(string? text)
    {
        if (text is null)
        {
            Write("null"u8);
            return;
        }
        Write("\""u8);
        WriteText(text);
        Write("\""u8);
    }

    internal override Task WriteAsync(StreamedResult result, CancellationToken cancellation) => result.WriteAsync(this, cancellation);

    private protected override int WriteEscape(ReadOnlySpan<char> text)
    {
        switch (text[0])
        {
            case '"': Write("\\\""u8); break;
            case '\\': Write("\\\\"u8); break;
            case '\b': Write("\\b"u8); break;
            case '\t': Write("\\t"u8); break;
            case '\n': Write("\\n"u8); break;
            case '\f': Write("\\f"u8); break;
            case '\r': Write("\\r"u8); break;
            default:
                Span<byte> code = stackalloc byte[4];
                Utf8Formatter.TryFormat((ushort)text[0], code, out _, new StandardFormat('x', 4));
                Write("\\u"u8);
                Write(code);
                break;
        }
        return 1;
    }
}

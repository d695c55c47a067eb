using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Streaming;

/// <summary>A streamed answer in XML, its elements as DataContractSerializer writes them (WIRE.md O3).</summary>
public sealed class XmlOutput : AnswerOutput
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code).Where(c => c != '\t'), '&', '<', '>', '\ufffe', '\uffff']);

    private static readonly SearchValues<byte> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(code => code != '\t').Select(code => (byte)code), (byte)'&', (byte)'<', (byte)'>', 0xEF]);

    private readonly byte[] newLine;

    internal XmlOutput(HttpResponse response, Encoding encoding, LegacyTimeZone zone, int full, byte[] newLine)
        : base(response, encoding, zone, full, Escaped, Suspects) => this.newLine = newLine;

    /// <summary>Writes an element with text; null becomes a nil element.</summary>
    public void WriteElement(ReadOnlySpan<byte> name, string? text)
    {
        Write("<"u8);
        Write(name);
        if (text is null)
        {
            Write(" i:nil=\"true\" />"u8);
            return;
        }
        Write(">"u8);
        WriteText(text);
        WriteEnd(name);
    }

    /// <summary>Writes an element with a number.</summary>
    public void WriteElement(ReadOnlySpan<byte> name, long value)
    {
        Write("<"u8);
        Write(name);
        Write(">"u8);
        WriteNumber(value);
        WriteEnd(name);
    }

    internal override Task WriteAsync(StreamedResult result, CancellationToken cancellation) => result.WriteAsync(this, cancellation);

    private void WriteEnd(ReadOnlySpan<byte> name)
    {
        Write("</"u8);
        Write(name);
        Write(">"u8);
    }

    /// <remarks>Each line break (CR, LF or both) becomes <see cref="WebApi2Options.XmlNewLine"/>.</remarks>
    private protected override int WriteEscape(ReadOnlySpan<char> text)
    {
        switch (text[0])
        {
            case '&': Write("&amp;"u8); break;
            case '<': Write("&lt;"u8); break;
            case '>': Write("&gt;"u8); break;
            case '\r' or '\n': Write(newLine); break;
            default:
                Span<byte> code = stackalloc byte[4];
                Utf8Formatter.TryFormat((ushort)text[0], code, out var digits, new StandardFormat('X'));
                Write("&#x"u8);
                Write(code[..digits]);
                Write(";"u8);
                break;
        }
        return text.StartsWith("\r\n") ? 2 : 1;
    }
}

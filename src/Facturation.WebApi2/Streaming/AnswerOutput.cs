using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Streaming;

/// <summary>The output of a streamed answer: UTF-8 in one buffer, which is sent when it is full.</summary>
/// <remarks>
/// Writing allocates nothing. For a client that asked for UTF-16, each block is converted when it is sent, so a flush must not
/// split the bytes of a character.
/// </remarks>
public abstract class AnswerOutput : IDisposable
{
    /// <summary>The initial size of the buffer.</summary>
    private const int FirstBytes = 32 * 1024;

    /// <summary>How many times larger the buffer becomes, up to the size that is buffered: by default it is copied only once.</summary>
    private const int Growth = 16;

    /// <summary>The size of a chunk, once an answer is too long to be buffered.</summary>
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The maximum length of a number or date.</summary>
    private const int MaxScalar = 40;

    /// <summary>The length of <c>2026-03-22T</c>.</summary>
    private const int TimePosition = 11;

    /// <summary>The maximum number of UTF-8 bytes per char.</summary>
    private const int MaxBytesPerChar = 3;

    private readonly HttpResponse response;
    private readonly Encoding encoding;
    private readonly LegacyTimeZone zone;
    private readonly SearchValues<char> escaped;
    private readonly SearchValues<byte> suspects;
    private int full;
    private byte[] buffer;
    private int length;
    private bool hasSent;
    private long midnight = long.MaxValue; // The day whose text is cached, in ticks.
    private DayText dayText;

    /// <param name="response">The response to write to.</param>
    /// <param name="encoding">UTF-8 or UTF-16.</param>
    /// <param name="zone">The legacy server's time zone.</param>
    /// <param name="full">The size in bytes up to which the answer is buffered.</param>
    /// <param name="escaped">The characters that the format escapes.</param>
    /// <param name="suspects">Their first bytes in UTF-8. Few texts contain one, and searching bytes is faster than searching characters.</param>
    private protected AnswerOutput(
        HttpResponse response, Encoding encoding, LegacyTimeZone zone, int full, SearchValues<char> escaped, SearchValues<byte> suspects)
    {
        (this.response, this.encoding, this.zone, this.full) = (response, encoding, zone, full);
        (this.escaped, this.suspects) = (escaped, suspects);
        buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    }

    /// <summary>Writes bytes unchanged. They must be valid UTF-8, escaped as the format requires.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(GetSpan(utf8.Length));
        length += utf8.Length;
    }

    /// <summary>Writes an integer.</summary>
    public void WriteNumber(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(MaxScalar), out var written);
        length += written;
    }

    /// <summary>Writes an integer between two pieces of text, which must be valid UTF-8, escaped as the format requires.</summary>
    public void WriteNumber(ReadOnlySpan<byte> before, long value, ReadOnlySpan<byte> after)
    {
        var span = GetSpan(before.Length + MaxScalar + after.Length);
        before.CopyTo(span);
        Utf8Formatter.TryFormat(value, span[before.Length..], out var written);
        written += before.Length;
        after.CopyTo(span[written..]);
        length += written + after.Length;
    }

    /// <summary>Writes escaped text.</summary>
    /// <exception cref="EncoderFallbackException">The text contains a lone surrogate, which cannot be encoded (WIRE.md O4).</exception>
    public void WriteText(string text)
    {
        var bytes = Encode(text);
        if (!bytes.ContainsAny(suspects))
        {
            length += bytes.Length;
            return;
        }
        ReadOnlySpan<char> rest = text;
        while (rest.IndexOfAny(escaped) is >= 0 and var i)
        {
            WritePlain(rest[..i]);
            rest = rest[(i + WriteEscape(rest[i..]))..];
        }
        WritePlain(rest);
    }

    /// <summary>
    /// Writes a date as both formats do, unquoted: without offset, with Z, or, for Kind Local, with the legacy server's offset.
    /// </summary>
    public void WriteDate(DateTime date)
    {
        var span = GetSpan(MaxScalar);
        var ticks = date.Ticks - midnight;
        if ((ulong)ticks >= TimeSpan.TicksPerDay)
        {
            // Dates come in order, so the day is mostly that of the previous date.
            date.TryFormat(dayText, out _, "s", CultureInfo.InvariantCulture);
            midnight = date.Date.Ticks;
            ticks = date.Ticks - midnight;
        }
        dayText[..TimePosition].CopyTo(span);
        var seconds = (int)(ticks / TimeSpan.TicksPerSecond);
        WriteTwoDigits(span, TimePosition, seconds / 3600);
        span[TimePosition + 2] = (byte)':';
        WriteTwoDigits(span, TimePosition + 3, seconds / 60 % 60);
        span[TimePosition + 5] = (byte)':';
        WriteTwoDigits(span, TimePosition + 6, seconds % 60);
        var written = TimePosition + 8;
        if (ticks - seconds * TimeSpan.TicksPerSecond is not 0 and var fraction)
        {
            span[written] = (byte)'.';
            Utf8Formatter.TryFormat(fraction, span[(written + 1)..], out _, new StandardFormat('D', 7));
            written = span[..(written + 8)].LastIndexOfAnyExcept((byte)'0') + 1;
        }
        if (date.Kind == DateTimeKind.Utc)
            span[written++] = (byte)'Z';
        else if (date.Kind == DateTimeKind.Local)
            written += zone.FormatOffset(date, span[written..]);
        length += written;
    }

    /// <summary>The number of bytes written since the last flush.</summary>
    public int Position => length;

    /// <summary>Removes what was written since a position, for example to write it several times.</summary>
    public byte[] TakeBack(int position)
    {
        var taken = buffer.AsSpan(position, length - position).ToArray();
        length = position;
        return taken;
    }

    /// <summary>Sends the buffer if it is full, and waits until the client has received it.</summary>
    /// <exception cref="OperationCanceledException">The client has disconnected.</exception>
    public ValueTask FlushIfFullAsync(CancellationToken cancellation) =>
        length < full ? ValueTask.CompletedTask : SendAsync(cancellation);

    /// <summary>Returns the buffer to its pool.</summary>
    public void Dispose()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks a result to write itself in this format.</summary>
    internal abstract Task WriteAsync(StreamedResult result, CancellationToken cancellation);

    /// <summary>Sends the rest. If nothing was sent before, the answer carries its Content-Length.</summary>
    internal ValueTask EndAsync(CancellationToken cancellation) => SendAsync(cancellation, isLast: true);

    /// <summary>Makes room for at least this many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected Span<byte> GetSpan(int count)
    {
        if (buffer.Length - length < count)
            Grow(count);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), length), buffer.Length - length);
    }

    /// <summary>Writes what stands for the first character of a text.</summary>
    /// <returns>The number of characters that it stands for.</returns>
    private protected abstract int WriteEscape(ReadOnlySpan<char> text);

    private void WritePlain(ReadOnlySpan<char> text) => length += Encode(text).Length;

    /// <summary>Encodes a text into the buffer, after the bytes already written.</summary>
    private Span<byte> Encode(ReadOnlySpan<char> text)
    {
        var span = GetSpan(text.Length * MaxBytesPerChar);
        return Utf8.FromUtf16(text, span, out _, out var encoded, replaceInvalidSequences: false) == OperationStatus.Done
            ? span[..encoded]
            : throw new EncoderFallbackException("A text holds half a surrogate pair.");
    }

    private static void WriteTwoDigits(Span<byte> span, int position, int value)
    {
        span[position] = (byte)('0' + value / 10);
        span[position + 1] = (byte)('0' + value % 10);
    }

    private void Grow(int count)
    {
        var wanted = Math.Max(Math.Min(buffer.Length * Growth, full), buffer.Length * 2);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, length + count));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private async ValueTask SendAsync(CancellationToken cancellation, bool isLast = false)
    {
        var block = encoding is UnicodeEncoding ? ToUtf16() : new ArraySegment<byte>(buffer, 0, length);
        if (!hasSent)
        {
            if (isLast)
                response.ContentLength = block.Count;
            hasSent = true;
            await response.StartAsync(cancellation); // Otherwise the server would copy the block twice.
        }
        response.BodyWriter.Write(block);
        (length, full) = (0, Math.Min(full, ChunkBytes));
        if (block.Array != buffer)
            ArrayPool<byte>.Shared.Return(block.Array!);
        if (isLast)
            Dispose(); // The server has its copy, and a slow client takes its time.
        if ((await response.BodyWriter.FlushAsync(cancellation)).IsCanceled)
            throw new OperationCanceledException(cancellation);
    }

    /// <summary>Converts the buffer to UTF-16 in a rented array; the first one starts with a byte order mark (WIRE.md C2).</summary>
    private ArraySegment<byte> ToUtf16()
    {
        var rented = ArrayPool<byte>.Shared.Rent(2 + 2 * length); // UTF-16 takes at most twice the bytes of UTF-8.
        var mark = hasSent ? 0 : encoding.Preamble.Length;
        encoding.Preamble[..mark].CopyTo(rented);
        var chars = Encoding.UTF8.GetChars(buffer.AsSpan(0, length), MemoryMarshal.Cast<byte, char>(rented.AsSpan(mark)));
        return new(rented, 0, mark + 2 * chars);
    }

    /// <summary><c>2026-03-22T00:00:00</c></summary>
    [InlineArray(19)]
    private struct DayText
    {
        private byte first;
    }
}

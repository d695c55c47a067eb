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

/// <summary>What a streamed answer is written to: UTF-8, gathered in one buffer that is sent when it is full.</summary>
/// <remarks>
/// Nothing is allocated for what is written. A client that asked for UTF-16 gets each block converted on its way, so a flush
/// must not stand between the bytes of one character.
/// </remarks>
public abstract class AnswerOutput : IDisposable
{
    /// <summary>What the buffer holds before it grows.</summary>
    private const int FirstBytes = 32 * 1024;

    /// <summary>The size of a chunk, once an answer has proved long.</summary>
    private const int ChunkBytes = 64 * 1024;

    /// <summary>No number and no date is longer.</summary>
    private const int MaxScalar = 40;

    /// <summary>The length of <c>2026-03-22T</c>.</summary>
    private const int TimePosition = 11;

    /// <summary>So many bytes of UTF-8 at most for a char.</summary>
    private const int MaxBytesPerChar = 3;

    private readonly HttpResponse response;
    private readonly Encoding encoding;
    private readonly LegacyTimeZone zone;
    private int full;
    private byte[] buffer;
    private int length;
    private bool hasSent;
    private long midnight = long.MaxValue; // In ticks: of the day whose text is kept.
    private DayText dayText;

    private protected AnswerOutput(HttpResponse response, Encoding encoding, LegacyTimeZone zone, int full)
    {
        (this.response, this.encoding, this.zone, this.full) = (response, encoding, zone, full);
        buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    }

    /// <summary>Bytes as they are: valid UTF-8, escaped where the format asks for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(GetSpan(utf8.Length));
        length += utf8.Length;
    }

    /// <summary>A whole number.</summary>
    public void WriteNumber(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(MaxScalar), out var written);
        length += written;
    }

    /// <summary>A text, escaped.</summary>
    /// <exception cref="EncoderFallbackException">Half a surrogate pair has no encoding (WIRE.md O4).</exception>
    public abstract void WriteText(string text);

    /// <summary>
    /// A date as both formats write it, without quotes: without offset, with Z, or, of Kind Local, with the legacy server's
    /// offset.
    /// </summary>
    public void WriteDate(DateTime date)
    {
        var span = GetSpan(MaxScalar);
        var ticks = date.Ticks - midnight;
        if ((ulong)ticks >= TimeSpan.TicksPerDay)
        {
            // Dates come in order, so mostly the day is that of the date before.
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

    /// <summary>How much is gathered since the last flush.</summary>
    public int Position => length;

    /// <summary>Takes back what was written since a position, for instance to write it several times.</summary>
    public byte[] TakeBack(int position)
    {
        var taken = buffer.AsSpan(position, length - position).ToArray();
        length = position;
        return taken;
    }

    /// <summary>Sends what is gathered once it is enough, and waits until the client has taken it.</summary>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public ValueTask FlushIfFullAsync(CancellationToken cancellation) =>
        length < full ? ValueTask.CompletedTask : SendAsync(cancellation);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        GC.SuppressFinalize(this);
    }

    /// <summary>Asks a result to write itself in this format.</summary>
    internal abstract Task WriteAsync(StreamedResult result, CancellationToken cancellation);

    /// <summary>Sends the rest. An answer of which nothing is sent yet goes out with its length.</summary>
    internal ValueTask EndAsync(CancellationToken cancellation) => SendAsync(cancellation, isLast: true);

    /// <summary>Room for at least so many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected Span<byte> GetSpan(int count)
    {
        if (buffer.Length - length < count)
            Grow(count);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), length), buffer.Length - length);
    }

    /// <summary>Text in which nothing needs an escape.</summary>
    private protected void WritePlain(ReadOnlySpan<char> text) => length += Encode(text).Length;

    /// <summary>Text in which nothing needs an escape; false, with nothing written, when a byte of it is among those that may.</summary>
    private protected bool TryWritePlain(ReadOnlySpan<char> text, SearchValues<byte> suspects)
    {
        var bytes = Encode(text);
        if (bytes.ContainsAny(suspects))
            return false;
        length += bytes.Length;
        return true;
    }

    /// <summary>The bytes of a text, behind those that are written.</summary>
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
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 4, length + count));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private async ValueTask SendAsync(CancellationToken cancellation, bool isLast = false)
    {
        var converted = encoding is UnicodeEncoding ? ToUtf16() : default;
        try
        {
            var block = converted.Array is null ? new ArraySegment<byte>(buffer, 0, length) : converted;
            if (isLast && !hasSent)
                response.ContentLength = block.Count;
            hasSent = true;
            await response.Body.WriteAsync(block, cancellation);
            (length, full) = (0, Math.Min(full, ChunkBytes));
        }
        finally
        {
            if (converted.Array is { } rented)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The buffer in UTF-16, the first one after a byte order mark (WIRE.md C2); rented.</summary>
    private ArraySegment<byte> ToUtf16()
    {
        var rented = ArrayPool<byte>.Shared.Rent(2 + 2 * length); // No character is longer in UTF-16 than twice its UTF-8.
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

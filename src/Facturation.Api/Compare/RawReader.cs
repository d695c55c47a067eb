using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Facturation.Api.Compare;

/// <summary>Reads HTTP/1.1 answers from a connection without changing them.</summary>
internal sealed class RawReader(Stream stream)
{
    private const int MaxLine = 64 * 1024;

    private readonly PipeReader input = PipeReader.Create(stream, new(bufferSize: 64 * 1024, leaveOpen: true));

    /// <summary>Whether any byte of the last answer was received.</summary>
    public bool HasRead { get; private set; }

    /// <summary>Reads the final answer, and skips interim ones (100).</summary>
    /// <returns>The answer, and whether the connection ends with it.</returns>
    /// <exception cref="FormatException">The answer is not HTTP/1.1.</exception>
    /// <exception cref="IOException">The connection ended before the answer was complete.</exception>
    public async Task<(int Status, List<(string Name, string Value)> Headers, byte[] Body, bool IsLast)> ReadAnswerAsync(
        bool isHead, CancellationToken cancellation)
    {
        HasRead = false;
        while (true)
        {
            var start = (await ReadLineAsync(cancellation)).Split(' ');
            if (start.Length < 2 || !start[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
                || !int.TryParse(start[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                throw new FormatException("la réponse n'est pas du HTTP/1.1");
            var headers = new List<(string Name, string Value)>();
            while (await ReadLineAsync(cancellation) is { Length: > 0 } line)
            {
                var parts = line.Split(':', 2);
                headers.Add((parts[0], parts.Length > 1 ? parts[1].Trim(' ', '\t') : ""));
            }
            if (status is >= 100 and < 200)
                continue;

            string? length = ValueOf(headers, "Content-Length"), encoding = ValueOf(headers, "Transfer-Encoding");
            var isLast = start[0] == "HTTP/1.0" || "close".Equals(ValueOf(headers, "Connection"), StringComparison.OrdinalIgnoreCase);
            var body = new MemoryStream();
            if (isHead || status is 204 or 304)
                return (status, headers, [], isLast);
            if (encoding is not null)
                await ReadChunksAsync(body, cancellation);
            else if (length is not null)
                await CopyAsync(ReadNumber(length, NumberStyles.None), body, cancellation);
            else
            {
                await input.CopyToAsync(body, cancellation);
                isLast = true;
            }
            return (status, headers, body.ToArray(), isLast);
        }
    }

    private static string? ValueOf(List<(string Name, string Value)> headers, string name) =>
        headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static int ReadNumber(string text, NumberStyles style) =>
        int.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw new FormatException($"longueur illisible : {text}");

    private async Task ReadChunksAsync(MemoryStream body, CancellationToken cancellation)
    {
        while (ReadNumber((await ReadLineAsync(cancellation)).Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier) is > 0 and var size)
        {
            await CopyAsync(size, body, cancellation);
            await ReadLineAsync(cancellation);
        }
        while ((await ReadLineAsync(cancellation)).Length > 0)
        {
            // Trailers are not compared.
        }
    }

    /// <summary>A line without its end; Latin-1 keeps every byte.</summary>
    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            HasRead |= !read.Buffer.IsEmpty;
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.Latin1.GetString(read.Buffer.Slice(0, end));
                input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line.TrimEnd('\r');
            }
            if (read.IsCompleted)
                throw Ended();
            if (read.Buffer.Length > MaxLine)
                throw new FormatException("une ligne d'en-tête de la réponse n'en finit pas");
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task CopyAsync(int count, MemoryStream body, CancellationToken cancellation)
    {
        if (count == 0)
            return; // Reading would wait for the next answer.
        var read = await input.ReadAtLeastAsync(count, cancellation);
        if (read.Buffer.Length < count)
            throw Ended();
        var part = read.Buffer.Slice(0, count);
        foreach (var bytes in part)
            body.Write(bytes.Span);
        input.AdvanceTo(part.End);
    }

    private static IOException Ended() => new("la connexion s'est fermée avant la fin de la réponse");
}

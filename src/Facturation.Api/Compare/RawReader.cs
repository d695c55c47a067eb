using System.Globalization;
using System.Text;

namespace Facturation.Api.Compare;

/// <summary>Reads HTTP/1.1 answers from a connection, and changes nothing in them.</summary>
internal sealed class RawReader(Stream stream)
{
    private const int MaxLine = 64 * 1024;

    private readonly byte[] buffer = new byte[64 * 1024];
    private int next, filled;

    /// <summary>Whether any byte came since this was last set to false.</summary>
    public bool HasRead { get; set; }

    /// <summary>Reads the final answer; interim ones (100) are passed over.</summary>
    /// <returns>Also whether the connection ends with it.</returns>
    /// <exception cref="FormatException">This is no HTTP/1.1.</exception>
    /// <exception cref="IOException">The connection ended before the answer did.</exception>
    public async Task<(int Status, List<(string Name, string Value)> Headers, byte[] Body, bool IsLast)> ReadAnswerAsync(
        bool isHead, CancellationToken cancellation)
    {
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
                await CopyToEndAsync(body, cancellation);
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
        var line = new StringBuilder();
        while (true)
        {
            if (next == filled && !await FillAsync(cancellation))
                throw new IOException("la connexion s'est fermée avant la fin de la réponse");
            var part = buffer.AsSpan(next, filled - next);
            var end = part.IndexOf((byte)'\n');
            line.Append(Encoding.Latin1.GetString(end < 0 ? part : part[..end]));
            next += end < 0 ? part.Length : end + 1;
            if (end >= 0)
                return line.ToString().TrimEnd('\r');
            if (line.Length > MaxLine)
                throw new FormatException("une ligne d'en-tête de la réponse n'en finit pas");
        }
    }

    private async Task CopyAsync(int count, MemoryStream body, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (next == filled && !await FillAsync(cancellation))
                throw new IOException("la connexion s'est fermée avant la fin de la réponse");
            var part = Math.Min(count, filled - next);
            body.Write(buffer, next, part);
            next += part;
            count -= part;
        }
    }

    private async Task CopyToEndAsync(MemoryStream body, CancellationToken cancellation)
    {
        do
        {
            body.Write(buffer, next, filled - next);
            next = filled;
        }
        while (await FillAsync(cancellation));
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        (next, filled) = (0, await stream.ReadAsync(buffer, cancellation));
        HasRead |= filled > 0;
        return filled > 0;
    }
}

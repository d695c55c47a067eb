using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>
/// One TCP connection kept alive, raw bytes out, a parsed answer in. HttpClient would correct or refuse half of what is sent here.
/// </summary>
public sealed class RawHttpClient(Uri address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _connection;
    private NetworkStream? _stream;
    private int _read, _filled;

    public async Task<RawAnswer> SendAsync(RawRequest request)
    {
        // A connection kept alive may have been closed meanwhile for having been idle: only a fresh one proves anything.
        if (_stream != null && await TrySendAsync(request) is { } answer)
            return answer;
        return await TrySendAsync(request) ?? RawAnswer.None;
    }

    private async Task<RawAnswer?> TrySendAsync(RawRequest request)
    {
        using var patience = new CancellationTokenSource(Patience);
        if (_stream == null)
            await ConnectAsync(patience.Token);
        try
        {
            await _stream!.WriteAsync(request.ToBytes(), patience.Token);
        }
        catch (IOException)
        {
            // The server may refuse a request before its end; the answer is then waiting to be read.
        }
        try
        {
            var answer = await ReadAnswerAsync(request.IsHead, patience.Token);
            if (answer.Closes)
                Dispose();
            return answer;
        }
        catch (IOException)
        {
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
        _stream = null;
        _read = _filled = 0;
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        _connection = new TcpClient { NoDelay = true };
        await _connection.ConnectAsync(address.Host, address.Port, cancellation);
        _stream = _connection.GetStream();
    }

    private async Task<RawAnswer> ReadAnswerAsync(bool head, CancellationToken cancellation)
    {
        while (true)
        {
            var status = int.Parse((await ReadLineAsync(cancellation)).Split(' ')[1], CultureInfo.InvariantCulture);
            var headers = new List<(string, string)>();
            while (await ReadLineAsync(cancellation) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers.Add((line[..colon], line[(colon + 1)..].Trim()));
            }
            if (status is >= 100 and < 200)
                continue;
            var answer = new RawAnswer(status, headers, []);
            return head || status is 204 or 304 ? answer : answer with { Body = await ReadBodyAsync(answer, cancellation) };
        }
    }

    private async Task<byte[]> ReadBodyAsync(RawAnswer answer, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        if (answer.Header("Content-Length") is { } length)
        {
            await CopyAsync(int.Parse(length, CultureInfo.InvariantCulture), body, cancellation);
        }
        else if (answer.Header("Transfer-Encoding") == "chunked")
        {
            while (int.Parse(await ReadLineAsync(cancellation), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
            {
                await CopyAsync(size, body, cancellation);
                await ReadLineAsync(cancellation);
            }
            await ReadLineAsync(cancellation);
        }
        return body.ToArray();
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (true)
        {
            if (_read == _filled)
                await FillAsync(cancellation);
            var next = _buffer[_read++];
            if (next == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(next);
        }
    }

    private async Task CopyAsync(int count, MemoryStream body, CancellationToken cancellation)
    {
        while (count > 0)
        {
            if (_read == _filled)
                await FillAsync(cancellation);
            var part = Math.Min(count, _filled - _read);
            body.Write(_buffer, _read, part);
            _read += part;
            count -= part;
        }
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        (_read, _filled) = (0, await _stream!.ReadAsync(_buffer, cancellation));
        if (_filled == 0)
            throw new IOException("The connection was closed.");
    }
}

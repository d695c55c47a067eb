using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Facturation.Api.Compare;

/// <summary>One of the two services, and how requests are changed for it.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Address">Its address: http or https, host, port, and optionally a base path.</param>
/// <param name="Headers">Headers that replace the recorded ones; an empty value removes one.</param>
/// <param name="Timeout">The timeout of an answer.</param>
internal sealed record Side(string Name, Uri Address, IReadOnlyList<(string Name, string Value)> Headers, TimeSpan Timeout);

/// <summary>An answer as it was received.</summary>
/// <param name="Status">Its status; 0 if it is incomplete.</param>
/// <param name="Headers">Its headers in order.</param>
/// <param name="Body">Its body, without chunk framing.</param>
/// <param name="Duration">From the first byte sent to the last received.</param>
/// <param name="Failure">Why there is no complete answer; null if there is one.</param>
internal sealed record RawAnswer(
    int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, TimeSpan Duration, string? Failure = null);

/// <summary>
/// An HTTP/1.1 connection that sends requests exactly as old programs do. HttpClient would normalize the path and headers.
/// </summary>
internal sealed class RawConnection(Side side) : IDisposable
{
    /// <summary>Headers of the recorded connection, which are not sent.</summary>
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "Expect", "TE", "Trailer",
    };

    private TcpClient? client;
    private RawReader? reader;
    private Stream? stream;

    public async Task<RawAnswer> SendAsync(RecordedRequest request, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(side.Timeout);
        try
        {
            return await SendAsync(ToBytes(request), request, start, patience.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or FormatException or System.Security.Authentication.AuthenticationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Dispose();
            var why = e is OperationCanceledException ? $"rien de complet en {side.Timeout.TotalSeconds:0} s" : e.Message;
            return new RawAnswer(0, [], [], Stopwatch.GetElapsedTime(start), why);
        }
    }

    public void Dispose()
    {
        stream?.Dispose();
        client?.Dispose();
        (client, stream, reader) = (null, null, null);
    }

    private async Task<RawAnswer> SendAsync(byte[] bytes, RecordedRequest request, long start, CancellationToken cancellation)
    {
        // The server may have closed an idle connection. Only requests that change nothing are sent again.
        var isReused = stream is not null && request.IsReadOnly;
        if (!request.IsReadOnly)
            Dispose();
        try
        {
            if (stream is null)
                await ConnectAsync(cancellation);
            await WriteAsync(bytes, cancellation);
            var (status, headers, body, isLast) = await reader!.ReadAnswerAsync(request.Method == "HEAD", cancellation);
            if (isLast)
                Dispose();
            return new RawAnswer(status, headers, body, Stopwatch.GetElapsedTime(start));
        }
        catch (IOException) when (isReused && reader is { HasRead: false })
        {
            Dispose();
            return await SendAsync(bytes, request, start, cancellation);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(side.Address.IdnHost.Trim('[', ']'), side.Address.Port, cancellation);
        stream = client.GetStream();
        if (side.Address.Scheme == Uri.UriSchemeHttps)
        {
            var secure = new SslStream(stream);
            stream = secure;
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = side.Address.IdnHost }, cancellation);
        }
        reader = new RawReader(stream);
    }

    private async Task WriteAsync(byte[] bytes, CancellationToken cancellation)
    {
        try
        {
            await stream!.WriteAsync(bytes, cancellation);
        }
        catch (IOException)
        {
            // A server may refuse a request before it is complete; its answer can then be read.
        }
    }

    private byte[] ToBytes(RecordedRequest request)
    {
        var replaced = side.Headers.Select(header => header.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var recorded = request.Headers.Where(header => !replaced.Contains(header.Name)).ToList();
        var host = side.Headers.Concat(recorded).FirstOrDefault(header => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value;
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{request.Method} {side.Address.AbsolutePath.TrimEnd('/')}{request.Path} HTTP/1.1\r\n")
            .Append(CultureInfo.InvariantCulture, $"Host: {host ?? side.Address.Authority}\r\n");
        foreach (var (name, value) in recorded.Concat(side.Headers.Where(header => header.Value.Length > 0)))
            if (!OfTheConnection.Contains(name))
                head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        var isChunked = request.Headers.Any(header => header.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        var body = request.Body ?? [];
        if (isChunked)
            head.Append("Transfer-Encoding: chunked\r\n");
        else if (request.Body is not null || request.Method is not ("GET" or "HEAD"))
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        byte[] sent = isChunked && body.Length > 0 ? [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n"u8] : body;
        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. sent, .. isChunked ? "0\r\n\r\n"u8 : []];
    }
}

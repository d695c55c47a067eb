using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Facturation.Tests.Api.Legacy.Streaming;

/// <summary>A client that reads as slowly as it likes, and leaves when it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 32 * 1024 };

    /// <summary>Asks for all the consommations there are.</summary>
    public static Task<RawConnection> PostAsync(Uri address, string key, string headers = "") => SendAsync(
        address,
        $"POST /api/ConsommationV2 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\n{headers}"
        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");

    /// <summary>Gets what is at a path.</summary>
    public static Task<RawConnection> GetAsync(Uri address, string path, string key, string headers = "") =>
        SendAsync(address, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\n{headers}\r\n");

    private static async Task<RawConnection> SendAsync(Uri address, string request)
    {
        var connection = new RawConnection();
        await connection.socket.ConnectAsync(address.Host, address.Port);
        await connection.socket.SendAsync(Encoding.ASCII.GetBytes(request));
        return connection;
    }

    /// <summary>Reads so many bytes, or fewer when the connection ends before, in whatever way.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (read.Length < count
                && await socket.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count - read.Length)), patience.Token) is > 0 and var received)
                read.Write(buffer, 0, received);
        }
        catch (SocketException)
        {
            // The server broke the connection.
        }
        return read.ToArray();
    }

    /// <summary>Whether the last of a body's chunks is there: without it, no client takes the body for whole.</summary>
    public static bool IsWhole(byte[] answer)
    {
        var rest = answer.AsSpan(answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4);
        while (rest.IndexOf("\r\n"u8) is >= 0 and var end)
        {
            var size = int.Parse(Encoding.ASCII.GetString(rest[..end]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
                return true;
            if (rest.Length < end + 2 + size + 2)
                return false;
            rest = rest[(end + 2 + size + 2)..];
        }
        return false;
    }

    public void Dispose() => socket.Dispose();
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Facturation.Tests.Storage;

/// <summary>Speaks as much TDS as it takes to refuse every login, as a SQL Server does that starts, stops, or knows no such login.</summary>
internal sealed class RefusingServer : IDisposable
{
    public const string Reason = "Not now.";

    private const byte Answer = 4;

    /// <summary>The options of its prelogin message: a version, and that it cannot encrypt.</summary>
    private static readonly byte[] Prelogin = [0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xFF, 16, 0, 0, 0, 0, 0, 2];

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private int logins;

    /// <param name="number">The number of its error.</param>
    /// <param name="severity">The class of its error.</param>
    public RefusingServer(int number, byte severity)
    {
        listener.Start();
        _ = RunAsync(Refusal(number, severity));
    }

    /// <summary>Of a login with a password, as <see cref="SqlServerTests.Nowhere"/>.</summary>
    public string Connection => SqlServerTests.Nowhere.Replace("127.0.0.1,1;", $"127.0.0.1,{((IPEndPoint)listener.LocalEndpoint).Port};", StringComparison.Ordinal);

    /// <summary>How many logins it has refused.</summary>
    public int Logins => logins;

    public void Dispose() => listener.Dispose();

    private async Task RunAsync(byte[] refusal)
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await listener.AcceptTcpClientAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
            _ = AnswerAsync(client, refusal);
        }
    }

    private async Task AnswerAsync(TcpClient client, byte[] refusal)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await ReceiveAsync(stream);
                await stream.WriteAsync(Packet(Prelogin));
                await ReceiveAsync(stream);
                Interlocked.Increment(ref logins);
                await stream.WriteAsync(Packet(refusal));
                await stream.CopyToAsync(Stream.Null); // Until the client has read it, and leaves.
            }
            catch (IOException)
            {
                // The client left.
            }
        }
    }

    /// <summary>Reads a message to the end of its last packet.</summary>
    private static async Task ReceiveAsync(NetworkStream stream)
    {
        var header = new byte[8];
        do
        {
            await stream.ReadExactlyAsync(header);
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)) - header.Length]);
        }
        while ((header[1] & 1) == 0);
    }

    /// <summary>A message of one packet.</summary>
    private static byte[] Packet(byte[] message) => [Answer, 1, 0, (byte)(8 + message.Length), 0, 0, 1, 0, .. message];

    /// <summary>The tokens ERROR and DONE.</summary>
    private static byte[] Refusal(int number, byte severity)
    {
        var text = Encoding.Unicode.GetBytes(Reason);
        byte[] error = [.. BitConverter.GetBytes(number), 1, severity, (byte)Reason.Length, 0, .. text, 0, 0, 1, 0, 0, 0];
        return [0xAA, (byte)error.Length, 0, .. error, 0xFD, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }
}

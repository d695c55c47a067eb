using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Facturation.Tests.Trust.Faults;

/// <summary>Hands bytes on between clients and the service, on one port whatever the service's; and cuts every connection when told.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> open = [];

    public CuttingProxy()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Where the service listens now.</summary>
    public Uri? Target { get; set; }

    /// <summary>Resets all connections, in the middle of whatever they carry.</summary>
    public void CutAll()
    {
        foreach (var socket in open.Keys)
            Cut(socket);
    }

    public void Dispose()
    {
        listener.Dispose();
        CutAll();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = JoinAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task JoinAsync(Socket client)
    {
        var service = new Socket(SocketType.Stream, ProtocolType.Tcp);
        (open[client], open[service]) = (true, true);
        try
        {
            if (Target is not { } target)
                return;
            await service.ConnectAsync(target.Host, target.Port);
            await Task.WhenAny(PumpAsync(client, service), PumpAsync(service, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The service is not there: the client meets a closed connection.
        }
        finally
        {
            Cut(client);
            Cut(service);
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
                await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private void Cut(Socket socket)
    {
        if (!open.TryRemove(socket, out _))
            return;
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}

using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Facturation.Api.Operations;

/// <summary>
/// Accepts connections only as fast as Kestrel closes those beyond its limit. Kestrel accepts a burst first and closes it afterwards: with few
/// file descriptors none may be left in between, and .NET ends the process ("Out of memory").
/// </summary>
internal sealed class BoundedTransport(SocketTransportFactory sockets, IOptions<KestrelServerOptions> kestrel)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>Connections that may be open beyond the limit, while Kestrel closes them.</summary>
    private const int BeingClosed = 16;

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await sockets.BindAsync(endpoint, cancellationToken);
        return kestrel.Value.Limits.MaxConcurrentConnections is { } limit and < int.MaxValue - BeingClosed
            ? new Listener(listener, (int)limit + BeingClosed)
            : listener;
    }

    private sealed class Listener(IConnectionListener sockets, int limit) : IConnectionListener
    {
        private readonly SemaphoreSlim free = new(limit);
        private readonly CancellationTokenSource unbound = new();

        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await free.WaitAsync(unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null; // As sockets that are unbound answer.
            }
            return await sockets.AcceptAsync(cancellationToken) is { } connection ? new Connection(connection, free) : null;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await unbound.CancelAsync();
            await sockets.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }

    private sealed class Connection(ConnectionContext socket, SemaphoreSlim free) : ConnectionContext
    {
        private int isClosed;

        public override string ConnectionId
        {
            get => socket.ConnectionId;
            set => socket.ConnectionId = value;
        }

        public override IFeatureCollection Features => socket.Features;

        public override IDictionary<object, object?> Items
        {
            get => socket.Items;
            set => socket.Items = value;
        }

        public override IDuplexPipe Transport
        {
            get => socket.Transport;
            set => socket.Transport = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => socket.ConnectionClosed;
            set => socket.ConnectionClosed = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => socket.LocalEndPoint;
            set => socket.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => socket.RemoteEndPoint;
            set => socket.RemoteEndPoint = value;
        }

        public override void Abort(ConnectionAbortedException abortReason) => socket.Abort(abortReason);

        public override void Abort() => socket.Abort();

        public override async ValueTask DisposeAsync()
        {
            await socket.DisposeAsync();
            await base.DisposeAsync();
            if (Interlocked.Exchange(ref isClosed, 1) == 0)
                free.Release();
        }
    }
}

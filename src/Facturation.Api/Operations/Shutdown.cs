using System.ComponentModel.DataAnnotations;
using System.Net.Sockets;
using System.Text;

namespace Facturation.Api.Operations;

/// <summary>How the service stops; section <c>Shutdown</c> of the configuration.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>
    /// How long the service still accepts requests after it is told to stop, while <c>/health/ready</c> answers 503, so that a load
    /// balancer can notice. 0 by default.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Delay { get; set; }

    /// <summary>How long running requests may take to finish after that, before they are aborted. 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>Delays the shutdown, and notifies systemd of start and stop if it started the service (Type=notify).</summary>
internal sealed class Shutdown : IHostedLifecycleService
{
    private readonly ShutdownOptions options;

    public Shutdown(ShutdownOptions options, IHostApplicationLifetime lifetime)
    {
        this.options = options;
        lifetime.ApplicationStarted.Register(() => Notify("READY=1"));
        lifetime.ApplicationStopping.Register(() => Notify("STOPPING=1"));
    }

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var options = services.AddSettings<ShutdownOptions>(configuration, "Shutdown");
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Delay + options.Timeout);
        services.AddHostedService<Shutdown>();
    }

    /// <summary>The server closes its listeners in StopAsync, which comes after this.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken) =>
        await Task.Delay(options.Delay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends a datagram to the socket of systemd (sd_notify). In its name, @ stands for the zero byte of an abstract socket.</summary>
    private static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path || !OperatingSystem.IsLinux())
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException)
        {
            // systemd is not listening; its own timeouts apply.
        }
    }
}

namespace Facturation.Tests.Wire;

/// <summary>The processes every wire test talks to: started when first asked for, ended with the test run.</summary>
[SetUpFixture]
public sealed class WireServers
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById(WireSetting.Legacy.TimeZone);

    private static readonly Lazy<WireServer> LazyOracle = new(WireServer.StartOracle);

    private static readonly Dictionary<WireSetting, Lazy<WireServer>> LazyHosts =
        WireSetting.All.ToDictionary(setting => setting, setting => new Lazy<WireServer>(() => WireServer.StartHost(setting)));

    public static WireServer Oracle => LazyOracle.Value;

    public static IEnumerable<WireServer> Hosts => LazyHosts.Values.Select(host => host.Value);

    public static WireServer Host(WireSetting setting) => LazyHosts[setting].Value;

    /// <summary>A time alone is one of today: waits until both sides will be asked on the same day of Paris.</summary>
    public static Task LetMidnightPassAsync()
    {
        var left = TimeSpan.FromDays(1) - TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, Paris).TimeOfDay;
        return left < TimeSpan.FromSeconds(10) ? Task.Delay(left + TimeSpan.FromSeconds(1)) : Task.CompletedTask;
    }

    [OneTimeTearDown]
    public void EndAll()
    {
        foreach (var server in LazyHosts.Values.Append(LazyOracle).Where(server => server.IsValueCreated))
            server.Value.Dispose();
    }
}

using System.Globalization;
using System.Net;

namespace Facturation.Wire;

/// <summary>
/// The life of a wire process: two Kestrel ports, one that refuses invalid model state and one that runs the action all the same.
/// Arguments: <c>[refuse port] [accept port] [culture]</c>, 0 or nothing for any free port. Each address is printed once it listens.
/// </summary>
public static class WireProcess
{
    /// <summary>A test passes it so that the process ends with the test, however the test ends: its standard input closes.</summary>
    public const string EndWithInput = "--end-with-input";

    /// <summary>
    /// Serves samples/port-your-api with its own configuration instead of the controllers of this folder: on the first port with
    /// DataContractSerializer, on the second with XmlSerializer.
    /// </summary>
    public const string Ported = "--ported";

    public static async Task RunAsync(string[] args, Func<WebApplicationBuilder, bool, WebApplication> build)
    {
        var values = args.Where(arg => arg is not (EndWithInput or Ported)).ToArray();
        if (values.Length > 2)
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(values[2]);

        await using var refusing = build(Builder(Port(values, 0)), true);
        await using var accepting = build(Builder(Port(values, 1)), false);
        await refusing.StartAsync();
        await accepting.StartAsync();
        Console.WriteLine("refuse " + Address(refusing));
        Console.WriteLine("accept " + Address(accepting));

        if (args.Contains(EndWithInput))
            await Console.In.ReadToEndAsync();
        else
            await refusing.WaitForShutdownAsync();
    }

    private static WebApplicationBuilder Builder(int port)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, null);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return builder;
    }

    private static int Port(string[] values, int index) =>
        index < values.Length ? int.Parse(values[index], CultureInfo.InvariantCulture) : 0;

    private static string Address(WebApplication app) => app.Urls.Single();
}

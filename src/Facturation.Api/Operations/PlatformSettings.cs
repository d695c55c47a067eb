using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Facturation.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Console;

namespace Facturation.Api.Operations;

/// <summary>
/// Checks settings of ASP.NET Core, which ignores some mistakes and throws at others. Here each mistake ends the start with a one-line
/// message.
/// </summary>
internal static class PlatformSettings
{
    /// <summary>
    /// Disables the reloading of configuration files, since settings are read once. Reloading takes one of the user's inotify watchers,
    /// of which Linux has 128 by default, and without a free one the service would not start.
    /// </summary>
    public const string ReadOnce = "--hostBuilder:reloadConfigOnChange=false";

    private static readonly string[] Formatters = ["simple", "json", "systemd"];
    private static readonly string[] OfKestrel = ["Certificates", "EndpointDefaults", "Endpoints"];

    /// <summary>Without the settings that .NET 5 replaced: they have no effect if a formatter is named, and here one always is.</summary>
    private static readonly string[] OfConsole = ["FormatterName", "FormatterOptions", "LogLevel", "LogToStandardErrorThreshold", "MaxQueueLength", "QueueFullMode"];

    /// <summary>Creates a builder, which reads files, environment and arguments.</summary>
    /// <exception cref="RefusedException">One of them cannot be read; the message says which.</exception>
    public static WebApplicationBuilder CreateBuilder(WebApplicationOptions options)
    {
        CheckArguments(options.Args!);
        try
        {
            return WebApplication.CreateBuilder(options);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or IOException)
        {
            throw new RefusedException($"La configuration ne se lit pas : {e.Message} {e.InnerException?.GetBaseException().Message}".TrimEnd(), e);
        }
    }

    /// <summary>The host reads <c>--name=value</c> and <c>--name value</c>, and ignores other arguments.</summary>
    private static void CheckArguments(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new RefusedException($"{args[i]} : cet argument ne se lit pas ; un réglage s'écrit --Section:Nom=valeur.");
            if (args[i].Contains('='))
                continue;
            if (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal))
                throw new RefusedException($"{args[i - 1]} : il manque la valeur ; un réglage s'écrit --Section:Nom=valeur.");
        }
    }

    /// <exception cref="RefusedException">A log level, a log format, a section of Kestrel or an address is invalid.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (configuration["Logging:Console:FormatterName"] is { } formatter && !Formatters.Contains(formatter, StringComparer.OrdinalIgnoreCase))
            throw new RefusedException($"Logging:Console:FormatterName : « {formatter} » ne se lit pas ; attendu : {string.Join(" ou ", Formatters)}.");
        CheckConsole(configuration.GetSection("Logging:Console"));
        foreach (var (name, level) in configuration.GetSection("Logging").AsEnumerable())
            if (name.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && level is { Length: > 0 }
                && !Enum.GetNames<LogLevel>().Contains(level, StringComparer.OrdinalIgnoreCase))
                throw new RefusedException($"{name} : « {level} » ne se lit pas ; attendu : {string.Join(" ou ", Enum.GetNames<LogLevel>())}.");
        CheckNames(configuration.GetSection("Kestrel"), OfKestrel);
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            CheckAddress($"{endpoint.Path}:Url", endpoint["Url"] ?? "");
        foreach (var address in Split(configuration["urls"]))
            CheckAddress("urls", address);
        foreach (var name in new[] { "http_ports", "https_ports" })
            foreach (var port in Split(configuration[name]))
                if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                    throw new RefusedException($"{name} : « {port} » n'est pas un port.");
    }

    private static void CheckNames(IConfigurationSection section, string[] names)
    {
        foreach (var setting in section.GetChildren())
            if (!names.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                throw new RefusedException($"{setting.Path} : ce réglage n'existe pas ; ceux de {section.Path} : {string.Join(", ", names)}.");
    }

    /// <summary>Checks the settings at which the console logger would throw, when it is created or for each line.</summary>
    private static void CheckConsole(IConfigurationSection console)
    {
        CheckNames(console, OfConsole);
        var form = console.GetSection("FormatterOptions");
        try
        {
            console.Get<ConsoleLoggerOptions>();
            form.Get<SimpleConsoleFormatterOptions>();
            form.Get<JsonConsoleFormatterOptions>();
        }
        catch (Exception e) when (e is InvalidOperationException or TargetInvocationException)
        {
            throw new RefusedException(
                $"Logging:Console ne se lit pas : {(e is TargetInvocationException ? e.InnerException! : e).Message}".ReplaceLineEndings(" "), e);
        }
        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(form["TimestampFormat"], CultureInfo.InvariantCulture);
        }
        catch (FormatException e)
        {
            throw new RefusedException($"{form.Path}:TimestampFormat : « {form["TimestampFormat"]} » ne se lit pas ; attendu : une forme de date, par exemple HH:mm:ss.", e);
        }
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="RefusedException">It cannot; the message says why.</exception>
    public static async Task ListenAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or CryptographicException or InvalidOperationException)
        {
            var why = e.Message.Contains(e.GetBaseException().Message, StringComparison.Ordinal) ? e.Message : $"{e.Message} {e.GetBaseException().Message}";
            throw new RefusedException((e.InnerException is AddressInUseException
                ? $"L'adresse est déjà prise ; donnez-en une autre par --urls : {e.Message}"
                : $"Le service ne peut pas écouter (urls, Kestrel:Endpoints) : {why}").ReplaceLineEndings(" "), e);
        }
    }

    private static string[] Split(string? list) =>
        (list ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Checks an address. If Kestrel cannot parse the host or port, it listens on all addresses of the machine.</summary>
    private static void CheckAddress(string name, string address)
    {
        try
        {
            var read = BindingAddress.Parse(address);
            if (read.IsUnixPipe || read.IsNamedPipe)
                return;
            if (read.Scheme is "http" or "https" && read.PathBase.Length == 0 && read.Port is >= 0 and <= ushort.MaxValue
                && (IPAddress.TryParse(read.Host, out _) || (read.Host.Any(char.IsLetter) && !read.Host.Contains(':')) || read.Host is "*" or "+"))
                return;
        }
        catch (FormatException)
        {
        }
        throw new RefusedException($"{name} : « {address} » n'est pas une adresse où écouter, par exemple http://127.0.0.1:5080.");
    }
}

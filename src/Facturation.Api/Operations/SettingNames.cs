using Facturation.Core;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace Facturation.Api.Operations;

/// <summary>
/// Finds unknown settings. All settings in files and arguments must be known. The environment is shared with other programs: there, only
/// names similar to ours are refused.
/// </summary>
internal static class SettingNames
{
    private static readonly string[] Connections = ["Facturation", "FacturationReadOnly"];

    /// <summary>Names of settings and sections of ASP.NET Core and of the .NET host.</summary>
    private static readonly HashSet<string> Platform = new(StringComparer.OrdinalIgnoreCase)
    {
        "$schema", "AllowedHosts", "applicationName", "Authentication", "captureStartupErrors", "contentRoot", "detailedErrors", "environment",
        "hostBuilder", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies", "http_ports", "https_port", "https_ports", "Kestrel",
        "Logging", "Metrics", "preferHostingUrls", "preventHostingStartup", "shutdownTimeoutSeconds", "startupAssembly",
        "suppressStatusMessages", "urls", "webRoot",
    };

    /// <summary>Checks every source of the configuration. Call it after all sections are registered.</summary>
    /// <exception cref="RefusedException">A name is unknown; the message says which, and suggests a similar one.</exception>
    public static void Check(IServiceCollection services, IConfigurationRoot configuration)
    {
        foreach (var connection in configuration.GetSection("ConnectionStrings").GetChildren())
            if (!Connections.Contains(connection.Key.Replace("_ProviderName", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)) // Azure adds it.
                throw new RefusedException(
                    $"{connection.Path} : ce réglage n'existe pas ; ceux de ConnectionStrings : {string.Join(", ", Connections)}.");

        var sections = services.Select(service => service.ImplementationInstance).OfType<SettingsSection>().ToList();
        string[] ours = [.. sections.Select(section => section.Name), "ConnectionStrings"];
        var settings = sections
            .SelectMany(section => Settings.PropertiesOf(section.Type).Select(property => (section.Name, Setting: property.Name)))
            .ToDictionary(name => name.Name + name.Setting, StringComparer.OrdinalIgnoreCase);
        foreach (var provider in configuration.Providers)
            foreach (var name in provider.GetChildKeys([], null).Distinct(StringComparer.OrdinalIgnoreCase))
                if (!ours.Contains(name, StringComparer.OrdinalIgnoreCase))
                    Check(provider, name);

        void Check(IConfigurationProvider provider, string name)
        {
            if (provider is JsonConfigurationProvider or CommandLineConfigurationProvider)
            {
                if (!Platform.Contains(name) && !name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase))
                    throw new RefusedException(
                        $"{name} : ce réglage n'existe pas ; les sections : {string.Join(", ", ours.Order(StringComparer.Ordinal))}.");
            }
            else if (provider is EnvironmentVariablesConfigurationProvider)
            {
                if (settings.TryGetValue(name.Replace("_", "", StringComparison.Ordinal), out var meant))
                    throw new RefusedException($"{name} : ce réglage n'existe pas ; {meant.Name}__{meant.Setting} s'écrit avec deux traits.");
                var hasChildren = provider.GetChildKeys([], name).Any();
                if (Array.Find(hasChildren ? ours : [Telemetry.Endpoint], candidate => IsNearly(name, candidate)) is { } near)
                    throw new RefusedException($"{name} : ce réglage n'existe pas ; est-ce {near} ?");
            }
        }
    }

    /// <summary>Whether a name differs from another by at most two letters.</summary>
    private static bool IsNearly(string name, string candidate) =>
        Math.Abs(name.Length - candidate.Length) <= 2 && !name.Equals(candidate, StringComparison.OrdinalIgnoreCase)
        && NameSuggestions.Letters(name.ToUpperInvariant(), candidate.ToUpperInvariant()) <= 2;
}

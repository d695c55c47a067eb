using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Facturation.Tests;

/// <summary>Programs that run to their end.</summary>
internal static class Command
{
    /// <summary>The dotnet that runs these tests.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs a program.</summary>
    /// <param name="program">Its name, or path.</param>
    /// <param name="arguments">Each as it is, spaces and quotes included.</param>
    /// <param name="folder">Where it runs; null for where the tests do.</param>
    /// <param name="environment">What it finds in its environment beside what the tests have.</param>
    /// <returns>Its exit code, and what it wrote on its two outputs, with line feeds.</returns>
    /// <exception cref="Win32Exception">It is not installed.</exception>
    public static async Task<(int Code, string Text, string Errors)> RunAsync(
        string program, IEnumerable<string> arguments, string? folder = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        // Both at once: a program waits for whoever does not read what it writes.
        var (text, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, (await text).ReplaceLineEndings("\n"), (await errors).ReplaceLineEndings("\n"));
    }

    /// <summary>Passes over the test, by name, where a tool is missing.</summary>
    public static async Task NeedAsync(params string[] tools)
    {
        foreach (var tool in tools)
            if (!await IsInstalledAsync(tool))
                Assert.Ignore($"{tool} is not installed here.");
    }

    private static async Task<bool> IsInstalledAsync(string tool)
    {
        try
        {
            return (await RunAsync(tool, tool == "sh" ? ["-c", "true"] : ["--version"])).Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

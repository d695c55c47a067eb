using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Facturation.Tests;

/// <summary>The packages of <c>tests/npm</c>, installed once by whichever test needs them first.</summary>
internal static class Npm
{
    private static readonly Lazy<Task<string?>> Ready = new(InstallAsync);

    /// <summary>The path of an installed file; where there is no npm, the test is passed over.</summary>
    public static async Task<string> FindAsync(string file)
    {
        if (await Ready.Value is { } why)
            Assert.Ignore(why);
        return Path.Combine(Folder(), "node_modules", file);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Directory.GetParent(here)!.Parent!.FullName, "npm");

    /// <summary>Null, or why there are no packages.</summary>
    private static async Task<string?> InstallAsync()
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--ignore-scripts"])
        {
            WorkingDirectory = Folder(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"npm ci failed in tests/npm: {errors}{await output}";
        }
        catch (Win32Exception)
        {
            return "npm is not installed here.";
        }
    }
}

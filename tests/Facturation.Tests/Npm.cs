using System.ComponentModel;

namespace Facturation.Tests;

/// <summary>The packages of <c>tests/npm</c>, installed once by whichever test needs them first.</summary>
internal static class Npm
{
    private static readonly string Folder = Clone.PathOf("tests/npm");
    private static readonly Lazy<Task<string?>> Ready = new(TryInstallAsync);

    /// <summary>The path of an installed file.</summary>
    public static string PathOf(string file) => Path.Combine(Folder, "node_modules", file);

    /// <summary>Sees to it that the packages are there; where they cannot be, the test is passed over.</summary>
    public static async Task InstallAsync()
    {
        if (await Ready.Value is { } why)
            Assert.Ignore(why);
    }

    /// <summary>Null, or why there are no packages.</summary>
    private static async Task<string?> TryInstallAsync()
    {
        var (wanted, installed) = (Path.Combine(Folder, "package-lock.json"), PathOf("package-lock.json"));
        try
        {
            if (await RunAsync("node", "--version") is { } noNode)
                return noNode;
            if (File.Exists(installed) && File.ReadAllText(installed) == File.ReadAllText(wanted))
                return null;
            if (await RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci", "--ignore-scripts") is { } failure)
                return failure;
            File.Copy(wanted, installed, overwrite: true);
            return null;
        }
        catch (Win32Exception)
        {
            return "node or npm is not installed here.";
        }
    }

    /// <summary>Null, or what a program said that failed.</summary>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        var (code, text, errors) = await Command.RunAsync(program, arguments, Folder);
        return code == 0 ? null : $"{program} failed in tests/npm: {errors}{text}";
    }
}

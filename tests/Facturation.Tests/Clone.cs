using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Facturation.Tests;

/// <summary>The clone these tests were built from.</summary>
internal static class Clone
{
    public static string Root { get; } = Find();

    /// <summary>Debug or Release: how the tests, and what is built with them, were built.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative)).ReplaceLineEndings("\n");

    /// <summary>Every file that is, or is about to be, under version control, with slashes.</summary>
    public static IReadOnlyList<string> Files()
    {
        // Whoever owns the clone: it is only read.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            if (git.ExitCode == 0)
                return [.. files.Where(file => File.Exists(PathOf(file))).Order(StringComparer.Ordinal)];
        }
        catch (Win32Exception)
        {
        }
        Assert.Ignore("git is not installed here, or this is no clone.");
        return [];
    }

    private static string Find([CallerFilePath] string file = "")
    {
        var directory = new FileInfo(file).Directory!;
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}

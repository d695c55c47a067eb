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
    public static async Task<IReadOnlyList<string>> ListAsync()
    {
        await Command.NeedAsync("git");
        // Whoever owns the clone: it is only read.
        var (code, text, errors) = await Command.RunAsync(
            "git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], Root);
        if (code != 0)
            Assert.Ignore($"This is no clone: {errors}");
        return [.. text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(PathOf(file))).Order(StringComparer.Ordinal)];
    }

    private static string Find([CallerFilePath] string file = "")
    {
        var directory = new FileInfo(file).Directory!;
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}

using System.Runtime.CompilerServices;

namespace Facturation.Tests;

/// <summary>The clone the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string testFile = "")
    {
        var directory = new FileInfo(testFile).Directory!;
        while (!File.Exists(Path.Combine(directory.FullName, "README.md")))
            directory = directory.Parent!;
        return directory.FullName;
    }
}

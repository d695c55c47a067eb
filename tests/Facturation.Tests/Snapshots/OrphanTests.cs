using System.Runtime.CompilerServices;

namespace Facturation.Tests.Snapshots;

public sealed class OrphanTests
{
    [Test]
    public void Snapshots_AllOfThem_BelongToATest()
    {
        var methods = typeof(OrphanTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}")).ToHashSet();
        var orphans = Directory.EnumerateFiles(TestsRoot(), "*.verified.*", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(file))
            .Where(file => !methods.Contains(file[..file.IndexOf(".verified.", StringComparison.Ordinal)]));

        Assert.That(orphans, Is.Empty, "remove them, or mend the name");
    }

    private static string TestsRoot([CallerFilePath] string file = "") => Directory.GetParent(file)!.Parent!.FullName;
}

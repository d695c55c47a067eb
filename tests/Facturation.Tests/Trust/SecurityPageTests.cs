using System.Reflection;
using System.Text.RegularExpressions;

namespace Facturation.Tests.Trust;

/// <summary>docs/security.md names the tests that cover each threat: they are there.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class SecurityPageTests
{
    private static readonly string Page = Clone.Read("docs/security.md");

    [Test]
    public void Tests_NamedOnThePage_Exist()
    {
        var tests = typeof(SecurityPageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.GetCustomAttributes().Any(attribute => attribute is TestAttribute or TestCaseAttribute or TestCaseSourceAttribute))
            .Select(method => $"{type.Name}.{method.Name}")).ToHashSet();
        var named = Named().Matches(Page).Select(match => match.Value.Trim('`')).ToList();

        Assert.That(named, Has.Count.GreaterThan(20));
        Assert.That(named.Where(name => !tests.Contains(name)), Is.Empty);
    }

    [Test]
    public void Threats_EachOfThem_HaveATestOrSayNone()
    {
        var rows = Row().Matches(Page).Skip(2).ToList();

        Assert.That(rows, Has.Count.GreaterThan(12));
        Assert.That(rows.Where(row => !Named().IsMatch(row.Value) && !row.Value.Contains("no test", StringComparison.Ordinal)).Select(row => row.Value), Is.Empty);
    }

    [GeneratedRegex(@"`[A-Za-z0-9]+Tests\.\w+`")]
    private static partial Regex Named();

    [GeneratedRegex(@"^\|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}

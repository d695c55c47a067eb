using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Facturation.Tests;

/// <summary>The walls of the house: what may refer to what, and how large a file may grow.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class HouseTests
{
    /// <summary>Of each project under src, the projects of ours it refers to. A new project is a new line here.</summary>
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["Facturation.Core"] = [],
        ["Facturation.Storage"] = ["Facturation.Core"],
        ["Facturation.WebApi2"] = [],
        ["Facturation.Api"] = ["Facturation.Core", "Facturation.Storage", "Facturation.WebApi2"],
    };

    /// <summary>Where tracked files may lead. The hosts of package registries are the machine's affair.</summary>
    private static readonly string[] Hosts =
    [
        "localhost", "127.0.0.1", "ailleurs", "example.com", "facturation.example", "dotnet.microsoft.com", "learn.microsoft.com",
        "schemas.datacontract.org", "schemas.microsoft.com", "schemas.xmlsoap.org", "www.w3.org",
    ];

    private IReadOnlyList<string> files = [];

    [OneTimeSetUp]
    public void List() => files = Clone.Files();

    [Test]
    public void ProjectReferences_UnderSrc_AreThoseAllowed()
    {
        var found = files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), ReferencesOf);
        Assert.That(found.Keys, Is.EquivalentTo(References.Keys));
        using var all = Assert.EnterMultipleScope();
        foreach (var (project, references) in References)
            Assert.That(found[project], Is.EquivalentTo(references), project);
    }

    [Test]
    public void ProjectReferences_OfSamples_AreNone()
    {
        var projects = files.Where(file => file.StartsWith("samples/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal)).ToList();
        Assert.That(projects, Is.Not.Empty);
        using var all = Assert.EnterMultipleScope();
        foreach (var project in projects)
        {
            Assert.That(ReferencesOf(project), Is.Empty, project);
            Assert.That(Clone.Read(project), Does.Not.Contain(".."), "nor sources of ours");
        }
    }

    [TestCase("Facturation.Core", "Microsoft.AspNetCore", "Microsoft.Extensions.Hosting", "Microsoft.EntityFrameworkCore", "Microsoft.Data")]
    [TestCase("Facturation.Storage", "Microsoft.AspNetCore")]
    [TestCase("Facturation.WebApi2", "Microsoft.EntityFrameworkCore", "Microsoft.Data", "Facturation")]
    public void Assemblies_OfAProject_AreNotThoseOfAnother(string project, params string[] forbidden)
    {
        var references = System.Reflection.Assembly.Load(project).GetReferencedAssemblies().Select(name => name.Name!).ToList();
        Assert.That(references, Is.Not.Empty);
        foreach (var name in forbidden)
            Assert.That(references, Has.None.StartsWith(name));
    }

    [Test]
    public void Sources_AllOfThem_AreShort()
    {
        var sources = files.Where(file => Source().IsMatch(file) && !file.Contains("/Migrations/", StringComparison.Ordinal)).ToList();
        Assert.That(sources, Has.Count.GreaterThan(100));
        Assert.That(sources.Where(file => LinesOf(file) > 400), Is.Empty);
    }

    [TestCase("Program.cs", 120)]
    [TestCase("Controller.cs", 150)]
    public void Sources_OfTheHost_AreShorter(string end, int limit)
    {
        var sources = files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(end, StringComparison.Ordinal)).ToList();
        Assert.That(sources, Is.Not.Empty);
        Assert.That(sources.Where(file => LinesOf(file) >= limit), Is.Empty);
    }

    [Test]
    public void Decisions_AllOfThem_AreShortAndNumberedOnce()
    {
        var decisions = files.Where(file => file.StartsWith("docs/decisions/", StringComparison.Ordinal)).ToList();
        Assert.That(decisions, Has.Count.GreaterThan(10));
        Assert.That(decisions.Select(file => Path.GetFileName(file)[..4]), Is.Unique);
        using var all = Assert.EnterMultipleScope();
        foreach (var file in decisions)
        {
            Assert.That(Path.GetFileName(file), Does.Match("^[0-9]{4}-[a-z0-9-]+[.]md$"));
            Assert.That(Clone.Read(file), Does.Match($"^# 0*{Path.GetFileName(file)[..4].TrimStart('0')}\\. "), file);
            Assert.That(LinesOf(file), Is.LessThan(60), file);
        }
    }

    [Test]
    public void Links_OfTheDocs_LeadToFilesThatAreThere()
    {
        var links = files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(file => Link().Matches(Clone.Read(file)).Select(match => Path.Combine(Path.GetDirectoryName(file)!, match.Groups["path"].Value)))
            .ToList();
        Assert.That(links, Has.Count.GreaterThan(3));
        Assert.That(links.Where(link => !Path.Exists(Clone.PathOf(link))), Is.Empty);
    }

    [Test]
    public void Map_OfTheReadme_NamesWhatIsThere()
    {
        var places = Place().Matches(Clone.Read("README.md"))
            .SelectMany(row => Code().Matches(row.Groups["where"].Value).Select(match => match.Groups["path"].Value)).ToList();
        using var all = Assert.EnterMultipleScope();
        Assert.That(places.Where(place => !Path.Exists(Clone.PathOf(place))), Is.Empty);
        Assert.That(
            files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(file => Path.GetDirectoryName(file)!.Replace('\\', '/'))
                .Where(project => !places.Any(place => project == place || project.StartsWith(place + "/", StringComparison.Ordinal))),
            Is.Empty, "on no line of the map");
    }

    [Test]
    public void Files_AllOfThem_NameNoMachine()
    {
        var found = files.Where(file => Text().IsMatch(file)).SelectMany(file =>
        {
            var text = Clone.Read(file);
            var hosts = Url().Matches(text).Where(match => !Hosts.Contains(match.Groups["host"].Value)).Select(match => match.Value);
            return MachinePath().Matches(text).Select(match => match.Value).Concat(hosts).Select(what => $"{file}: {what}");
        });
        Assert.That(found, Is.Empty);
    }

    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(Clone.PathOf(project)).Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static int LinesOf(string file) => File.ReadLines(Clone.PathOf(file)).Count();

    [GeneratedRegex(@"\.(cs|js|mjs|css|py|sh)$")]
    private static partial Regex Source();

    [GeneratedRegex(@"\.(cs|csproj|props|targets|sln|config|editorconfig|md|json|xml|xsd|txt|html|css|js|mjs|svg|csv|py|sh|http|yml|yaml)$|/run$")]
    private static partial Regex Text();

    [GeneratedRegex(@"\]\((?<path>[^):#]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<=^## The house\n\n(\|.*\n)*)\|(?<where>[^|]+)\|", RegexOptions.Multiline)]
    private static partial Regex Place();

    [GeneratedRegex(@"`(?<path>[\w./-]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"https?://(?<host>[A-Za-z0-9.-]*[A-Za-z0-9])")]
    private static partial Regex Url();

    // Of a Unix or Windows machine; an address's path, or a pattern of ours, has something before it.
    [GeneratedRegex(@"(?<![\w.~}>)*\]/-])/(work|root|home|tmp|usr/local|Users)/\w+|\b[A-Za-z]:\\(Users|work|src|home)\b")]
    private static partial Regex MachinePath();
}

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
        ["Facturation.Storage.NHibernate"] = ["Facturation.Core", "Facturation.Storage"],
        ["Facturation.WebApi2"] = [],
        ["Facturation.Api"] = ["Facturation.Core", "Facturation.Storage", "Facturation.Storage.NHibernate", "Facturation.WebApi2"],
    };

    /// <summary>Where tracked files may lead, subdomains too. The hosts of package registries are the machine's affair.</summary>
    private static readonly string[] Hosts =
    [
        "localhost", "127.0.0.1", "ailleurs", "example", "example.com", "exemple.fr", "microsoft.com", "schemas.datacontract.org",
        "schemas.xmlsoap.org", "w3.org",
    ];

    private IReadOnlyList<string> files = [];

    [OneTimeSetUp]
    public async Task ListAsync() => files = await Clone.ListAsync();

    [Test]
    public void ProjectReferences_UnderSrc_AreThoseAllowed()
    {
        var found = Under("src/", ".csproj").ToDictionary(file => Path.GetFileNameWithoutExtension(file), ReferencesOf);
        Assert.That(found.Keys, Is.EquivalentTo(References.Keys));
        using var all = Assert.EnterMultipleScope();
        foreach (var (project, references) in References)
            Assert.That(found[project], Is.EquivalentTo(references), project);
    }

    [Test]
    public void ProjectReferences_OfSamples_AreNone()
    {
        var projects = Under("samples/", ".csproj").ToList();
        Assert.That(projects, Is.Not.Empty);
        using var all = Assert.EnterMultipleScope();
        foreach (var project in projects)
        {
            Assert.That(ReferencesOf(project), Is.Empty, project);
            Assert.That(Clone.Read(project), Does.Not.Contain(".."), "nor sources of ours");
        }
    }

    [TestCase("Facturation.Core", "Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Data")]
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
        var sources = Under("src/", end).ToList();
        Assert.That(sources, Is.Not.Empty);
        Assert.That(sources.Where(file => LinesOf(file) >= limit), Is.Empty);
    }

    [Test]
    public void Decisions_AllOfThem_AreShortAndNumberedOnce()
    {
        var decisions = Under("docs/decisions/", "").ToList();
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
        var links = Under("", ".md")
            .SelectMany(file => Link().Matches(Clone.Read(file))
                .Select(match => Path.Combine(Path.GetDirectoryName(file)!, match.Groups["path"].Value)))
            .ToList();
        Assert.That(links, Has.Count.GreaterThan(3));
        Assert.That(links.Where(link => !Path.Exists(Clone.PathOf(link))), Is.Empty);
    }

    [Test]
    public void Anchors_OfTheDocs_LeadToHeadings()
    {
        var links = Under("", ".md").SelectMany(file => Anchor().Matches(Clone.Read(file)).Select(match => (
            Page: match.Groups["path"].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, match.Groups["path"].Value),
            Heading: match.Groups["anchor"].Value.Replace('-', ' ')))).ToList();
        Assert.That(links, Is.Not.Empty);
        Assert.That(
            links.Where(link => !Clone.Read(link.Page).Split('\n').Any(line => line.StartsWith('#') && line.TrimStart('#', ' ').Equals(link.Heading, StringComparison.OrdinalIgnoreCase))),
            Is.Empty);
    }

    [Test]
    public void Map_OfTheArchitecturePage_NamesWhatIsThere()
    {
        var places = Place().Matches(Clone.Read("docs/architecture.md"))
            .SelectMany(row => Code().Matches(row.Groups["where"].Value).Select(match => match.Groups["path"].Value)).ToList();
        Assert.That(places, Is.Not.Empty);
        using var all = Assert.EnterMultipleScope();
        Assert.That(places.Where(place => !Path.Exists(Clone.PathOf(place))), Is.Empty);
        Assert.That(
            Under("", ".csproj").Select(file => Path.GetDirectoryName(file)!.Replace('\\', '/'))
                .Where(project => !places.Any(place => project == place || project.StartsWith(place + "/", StringComparison.Ordinal))),
            Is.Empty, "on no line of the map");
    }

    [Test]
    public void Files_AllOfThem_NameNoMachine()
    {
        var found = files.Where(file => Text().IsMatch(file)).SelectMany(file =>
        {
            var text = Clone.Read(file);
            // A lock also tells where its packages ask for money: there only what is fetched counts.
            var hosts = (file.EndsWith("-lock.json", StringComparison.Ordinal) ? Fetched() : Url()).Matches(text)
                .Where(url => !Hosts.Any(host => ("." + url.Groups["host"].Value).EndsWith("." + host, StringComparison.Ordinal)));
            return MachinePath().Matches(text).Concat(hosts).Select(match => $"{file}: {match.Value}");
        });
        Assert.That(found, Is.Empty);
    }

    private IEnumerable<string> Under(string folder, string end) => files.Where(
        file => file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(end, StringComparison.Ordinal));

    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(Clone.PathOf(project)).Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static int LinesOf(string file) => File.ReadLines(Clone.PathOf(file)).Count();

    [GeneratedRegex(@"\.(cs|js|mjs|css|py|sh)$")]
    private static partial Regex Source();

    [GeneratedRegex(@"\.(cs|csproj|props|targets|sln|config|editorconfig|md|json|xml|xsd|txt|html|css|js|mjs|svg|csv|py|sh|http|yml|yaml)$|/run$")]
    private static partial Regex Text();

    [GeneratedRegex(@"\]\((?<path>[^):#]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\]\((?<path>[^):#]*)#(?<anchor>[^)]+)\)")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"(?<=^## Projects\n\n(\|.*\n)*)\|(?<where>[^|]+)\|", RegexOptions.Multiline)]
    private static partial Regex Place();

    [GeneratedRegex(@"`(?<path>[\w./-]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"https?://(?<host>[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z0-9])")]
    private static partial Regex Url();

    [GeneratedRegex(@"""resolved"": ""https?://(?<host>[^/""]+)")]
    private static partial Regex Fetched();

    // Of a Unix or Windows machine; an address's path, or a pattern of ours, has something before it.
    [GeneratedRegex(@"(?<![\w.~}>)*\]/-])/(work|root|home|tmp|usr/local|Users)/\w+|\b[A-Za-z]:\\(Users|work|src|home)\b")]
    private static partial Regex MachinePath();
}

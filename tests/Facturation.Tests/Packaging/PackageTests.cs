using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using Facturation.Tests.Wire;

namespace Facturation.Tests.Packaging;

/// <summary>The package of Facturation.WebApi2, made from copies of its sources in repositories of their own.</summary>
[Category("Slow")]
public sealed class PackageTests
{
    private const string Id = "Facturation.WebApi2";

    /// <summary>The kind of a portable PDB's source link.</summary>
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private readonly Scratch scratch = new();
    private string feed = "";
    private string otherFeed = "";

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        await Command.NeedAsync("git");
        var feeds = await Task.WhenAll(PackAsync("one"), PackAsync("another/folder"));
        (feed, otherFeed) = (feeds[0], feeds[1]);
    }

    [OneTimeTearDown]
    public void Leave() => scratch.Dispose();

    [Test]
    public void Package_OfTheLibrary_HasReadmeDocumentationAndItsOnlyDependency()
    {
        using var package = Open(feed, "nupkg");
        using var nuspec = package.GetEntry($"{Id}.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        var ns = metadata.Name.Namespace;

        Assert.That(package.Entries.Select(entry => entry.FullName), Is.SupersetOf(
            new[] { "README.md", $"lib/net10.0/{Id}.dll", $"lib/net10.0/{Id}.xml" }));
        Assert.That(Encoding.UTF8.GetString(Read(package, $"lib/net10.0/{Id}.xml")), Does.Contain("T:Facturation.WebApi2.WebApi2Attribute"));
        Assert.That(metadata.Element(ns + "readme")?.Value, Is.EqualTo("README.md"));
        Assert.That(metadata.Descendants(ns + "dependency").Select(dependency => (string?)dependency.Attribute("id")), Is.EqualTo(new[] { "Newtonsoft.Json" }));
        Assert.That(metadata.Descendants(ns + "frameworkReference").Select(reference => (string?)reference.Attribute("name")), Is.EqualTo(new[] { "Microsoft.AspNetCore.App" }));
    }

    [Test]
    public async Task Symbols_OfTheLibrary_LinkToTheCommitOfTheirSources()
    {
        var (_, commit, _) = await Command.RunAsync("git", ["rev-parse", "HEAD"], Path.Combine(scratch.Root, "one"));

        using var symbols = MetadataReaderProvider.FromPortablePdbImage([.. Symbols(feed)]);
        var reader = symbols.GetMetadataReader();
        var link = reader.GetCustomDebugInformation(EntityHandle.ModuleDefinition).Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLink)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)))
            .SingleOrDefault();

        Assert.That(link, Does.Contain($"example/facturation/{commit.Trim()}/*"));
    }

    [Test]
    public void Package_OfTheSameCommitInAnotherFolder_HasTheSameAssemblyAndSymbols()
    {
        using var package = Open(feed, "nupkg");
        using var other = Open(otherFeed, "nupkg");

        Assert.That(Read(other, $"lib/net10.0/{Id}.dll"), Is.EqualTo(Read(package, $"lib/net10.0/{Id}.dll")));
        Assert.That(Symbols(otherFeed), Is.EqualTo(Symbols(feed)));
    }

    /// <summary>The wire host again, which knows the library from the package only, and no source of packages but the feed.</summary>
    [Test]
    public async Task Package_InAFreshApplication_AnswersAsTheGenuinePipeline()
    {
        var app = Path.Combine(scratch.Root, "app");
        Copy("tests/Facturation.WireHost/", app, await Clone.ListAsync(), ".cs");
        Copy("tests/Wire/", Path.Combine(app, "Wire"), await Clone.ListAsync(), ".cs");
        Copy("src/Facturation.Api/Models/", Path.Combine(app, "Models"), await Clone.ListAsync(), ".cs");
        Copy("samples/port-your-api/", Path.Combine(app, "Ported"), await Clone.ListAsync(), ".cs");
        File.Delete(Path.Combine(app, "Ported", "Program.cs")); // The wire host has its own.
        await File.WriteAllTextAsync(Path.Combine(app, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Id}" Version="*" />
              </ItemGroup>
            </Project>
            """);
        await BuildAsync(app);
        using var server = WireServer.Start("the fresh application", Path.Combine(app, "out", "App.dll"), WireSetting.Legacy);

        RawRequest[] requests =
        [
            RawRequest.Get("/api/liste/imbrique").With("Accept", "application/xml"),
            RawRequest.Get("/api/suite/date-sql").With("Accept", "text/xml").With("Accept-Charset", "utf-16"),
            RawRequest.Post("/api/ConsommationV2").Xml(
                """<ParamModel xmlns="http://schemas.datacontract.org/2004/07/Facturation.Api.Models"><Debut>2026-03-22T00:00:00+05:00</Debut><ProduitId>1</ProduitId></ParamModel>"""),
            RawRequest.Post("/api/Rapport").Xml("<ParamModel>").With("Accept", "application/xml"),
            RawRequest.Get("/api/nullepart").With("Accept", "application/xml"),
        ];
        using var all = Assert.EnterMultipleScope();
        foreach (var request in requests)
        {
            var legacy = await WireServers.Oracle.SendAsync(request, refuse: true);
            Assert.That(legacy.ContentType, Does.Contain("xml"));
            Assert.That(WireDifference.Between(legacy, await server.SendAsync(request, refuse: true)), Is.Empty, request.Target);
        }
    }

    [Test]
    public async Task Sample_OfThePortingPage_BuildsFromThePackage()
    {
        var app = Path.Combine(scratch.Root, "sample");
        Copy("samples/port-your-api/", app, await Clone.ListAsync());

        await BuildAsync(app);
    }

    private async Task BuildAsync(string app)
    {
        await File.WriteAllTextAsync(Path.Combine(app, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{PackagesOfTheMachine()}" /></fallbackPackageFolders>
            </configuration>
            """);
        var (code, output, errors) = await Command.RunAsync(
            Command.Dotnet, ["build", "-v", "q", "-o", "out"], app, ("NUGET_PACKAGES", Path.Combine(scratch.Root, "packages")));
        if (output.Contains("NU1101", StringComparison.Ordinal) && !output.Contains($"NU1101: Unable to find package {Id}", StringComparison.Ordinal))
            Assert.Ignore("What the package depends on is in no folder of this machine.");
        Assert.That(code, Is.Zero, output + errors);
    }

    /// <summary>Copies what is under version control, as a commit with a remote, and packs it as a build server would.</summary>
    private async Task<string> PackAsync(string name)
    {
        var folder = Path.Combine(scratch.Root, name);
        var files = await Clone.ListAsync();
        Copy("src/Facturation.WebApi2/", Path.Combine(folder, "src", Id), files);
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "nuget.config", ".editorconfig" })
            File.Copy(Clone.PathOf(file), Path.Combine(folder, file));
        await GitAsync("init", "--quiet");
        await GitAsync("remote", "add", "origin", "git@github.com:example/facturation.git");
        await GitAsync("add", "--all");
        await GitAsync("-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "commit", "--quiet", "--message", "everything");

        var feed = Path.Combine(folder, "feed");
        var (code, output, errors) = await Command.RunAsync(
            Command.Dotnet, ["pack", $"src/{Id}", "-v", "q", "-o", feed, "--artifacts-path", Path.Combine(folder, "artifacts")], folder, ("CI", "true"));
        if (output.Contains("NU1301", StringComparison.Ordinal))
            Assert.Ignore("No source of packages answers here.");
        Assert.That(code, Is.Zero, output + errors);
        return feed;

        async Task GitAsync(params string[] arguments)
        {
            var (code, _, errors) = await Command.RunAsync(
                "git", arguments, folder, ("GIT_AUTHOR_DATE", "2026-03-22T00:00:00Z"), ("GIT_COMMITTER_DATE", "2026-03-22T00:00:00Z"));
            Assert.That(code, Is.Zero, errors);
        }
    }

    private static void Copy(string from, string to, IReadOnlyList<string> files, string end = "")
    {
        foreach (var file in files.Where(file => file.StartsWith(from, StringComparison.Ordinal) && file.EndsWith(end, StringComparison.Ordinal)))
        {
            var copy = Path.Combine(to, file[from.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Clone.PathOf(file), copy);
        }
    }

    private static string PackagesOfTheMachine() => typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Packages").Value!;

    private static ZipArchive Open(string feed, string extension) => ZipFile.OpenRead(Directory.GetFiles(feed, $"*.{extension}").Single());

    private static byte[] Symbols(string feed)
    {
        using var package = Open(feed, "snupkg");
        return Read(package, $"lib/net10.0/{Id}.pdb");
    }

    private static byte[] Read(ZipArchive package, string name)
    {
        using var entry = package.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }
}

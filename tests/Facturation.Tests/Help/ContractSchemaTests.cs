using System.Runtime.CompilerServices;
using System.Xml;
using System.Xml.Schema;
using Facturation.Tests.Api;

namespace Facturation.Tests.Help;

/// <summary>The schema the service gives away describes what it says and what it reads.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ContractSchemaTests
{
    private const string Start = "<ParamModel xmlns=\"http://schemas.datacontract.org/2004/07/Facturation.Api.Models\">";

    private XmlSchemaSet schemas = null!;

    [OneTimeSetUp]
    public async Task Download()
    {
        await using var service = await Service.StartAsync();
        using var response = await service.Client.GetAsync("/help/schema.xsd");
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/xml"));
        // It stands alone: nothing else is loaded.
        schemas = new XmlSchemaSet { XmlResolver = null };
        using var reader = XmlReader.Create(await response.Content.ReadAsStreamAsync());
        schemas.Add(null, reader);
        schemas.Compile();
    }

    [TestCaseSource(nameof(Answers))]
    public void Schema_VerifiedAnswer_IsValid(string file)
    {
        using var stream = File.OpenRead(Path.Combine(SnapshotsRoot(), file));
        Assert.That(Problems(settings => XmlReader.Create(stream, settings)), Is.Empty);
    }

    [TestCase("<Debut>2026-03-01T00:00:00</Debut><Fin>2026-03-31T00:00:00+01:00</Fin><ProduitId>2</ProduitId>", true)]
    [TestCase("<ProduitId>2</ProduitId>", true)]
    [TestCase("", true)]
    [TestCase("<ProduitId>2</ProduitId><Debut>2026-03-01T00:00:00</Debut>", false)]
    [TestCase("<ProduitId>deux</ProduitId>", false)]
    public void Schema_Request_IsValidWhenItsOrderIs(string content, bool isValid) =>
        Assert.That(
            Problems(settings => XmlReader.Create(new StringReader($"{Start}{content}</ParamModel>"), settings)),
            isValid ? Is.Empty : Is.Not.Empty);

    private static IEnumerable<string> Answers() =>
        Directory.EnumerateFiles(SnapshotsRoot(), "DemoAnswerTests.*.verified.xml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private static string SnapshotsRoot([CallerFilePath] string file = "") => Path.Combine(Directory.GetParent(file)!.Parent!.FullName, "Snapshots");

    private List<string> Problems(Func<XmlReaderSettings, XmlReader> open)
    {
        var problems = new List<string>();
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings, // An element it does not know is a warning.
            Schemas = schemas,
            CheckCharacters = false, // As the legacy service wrote them.
        };
        settings.ValidationEventHandler += (_, e) => problems.Add(e.Message);
        using var reader = open(settings);
        while (reader.Read())
        {
        }
        return problems;
    }
}

using System.Net;

namespace Facturation.Tests.WebApi2;

/// <summary>WIRE.md X1: elements out of order are dropped; the answer says which, or LenientXml reads them all the same.</summary>
[Parallelizable]
public class XmlOrderTests
{
    private const string Namespace = "http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2";

    [TestCase("<Debut>2026-03-01</Debut><Fin>2026-03-31</Fin><ProduitId>1</ProduitId>", null)]
    [TestCase("<ProduitId>1</ProduitId><Debut>2026-03-01</Debut><Fin>2026-03-31</Fin>", "Debut, Fin")]
    [TestCase("<ProduitId>1</ProduitId><ProduitId>2</ProduitId>", "ProduitId")]
    [TestCase("<Inconnu>1</Inconnu><ProduitId>2</ProduitId>", null)]
    [TestCase("<Debut xmlns='autre'>2026-03-01</Debut><ProduitId>2</ProduitId>", null)]
    [TestCase("<Debut i:nil='true'/><Fin i:nil=' 1 '></Fin><ProduitId>1</ProduitId>", null)]
    [TestCase("<Debut i:nil='tru&#101;'>x</Debut><Inconnu i:nil='0'/><ProduitId>1</ProduitId>", null)]
    [TestCase("<ProduitId>1</ProduitId><Debut i:nil='false'>2026-03-01</Debut>", "Debut")]
    [TestCase("<Lignes><Ligne><Numero>1</Numero><Nom>a</Nom></Ligne></Lignes>", "Nom")]
    public async Task Post_ElementsOutOfOrder_AreNamedInAWarning(string elements, string? ignored)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync(Body(elements));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var warning = answer.Headers.TryGetValues("Warning", out var values) ? string.Join('|', values) : null;
        Assert.That(
            warning,
            Is.EqualTo(ignored is null ? null : $"299 - \"Ignored, out of the order of the contract or repeated: {ignored}\""));
    }

    [Test]
    public async Task Post_ElementsOutOfOrder_StayDropped()
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync(Body("<ProduitId>1</ProduitId><Debut>2026-03-01</Debut>"));

        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("""<Debut i:nil="true" />""").And.Contains("<ProduitId>1</ProduitId>"));
    }

    [Test]
    public async Task Post_ElementsOutOfOrder_AreReadWhenLenient()
    {
        await using var server = await EchoServer.StartAsync(options => options.LenientXml = true);

        var answer = await server.PostAsync(Body(
            "<!-- any order --><ProduitId>1</ProduitId><Inconnu/>"
            + "<Lignes><Ligne><Numero>7</Numero><Nom> é </Nom></Ligne><Ligne><Nom>b</Nom></Ligne></Lignes>"
            + "<Fin>2026-03-31</Fin><Debut>2026-03-01T00:33:00+01:00</Debut>"));

        Assert.That(answer.Headers.Contains("Warning"), Is.False);
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(
            $"""<Periode xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="{Namespace}">"""
            + "<Debut>2026-03-01T00:33:00+01:00</Debut><Fin>2026-03-31T00:00:00</Fin>"
            + "<Lignes><Ligne><Nom> é </Nom><Numero>7</Numero></Ligne><Ligne><Nom>b</Nom><Numero>0</Numero></Ligne></Lignes>"
            + "<ProduitId>1</ProduitId></Periode>"));
    }

    [TestCase("<Periode xmlns='autre'/>", "Periode", "autre", Namespace)]
    [TestCase("<Periode/>", "Periode", "", Namespace)]
    [TestCase($"<Periode xmlns='{Namespace}'><Debut xmlns='autre'>2026-03-01</Debut></Periode>", "Debut", "autre", Namespace)]
    [TestCase($"<p:Periode xmlns:p='{Namespace}'><Fin>2026-03-01</Fin></p:Periode>", "Fin", "", Namespace)]
    public async Task Post_WrongNamespace_IsNamedWhenLenient(string body, string element, string found, string expected)
    {
        await using var server = await EchoServer.StartAsync(options => options.LenientXml = true);

        var answer = await server.PostAsync(body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(
            "<Error><Message>The request is invalid.</Message><ModelState>"
            + $"<param>The element '{element}' is in the namespace '{found}'; it belongs to '{expected}'.</param></ModelState></Error>"));
    }

    [TestCase("<Periode")]
    [TestCase("<!DOCTYPE Periode [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Periode>&e;</Periode>")]
    [TestCase("")]
    public async Task Post_BrokenXml_Is400WhenLenient(string body)
    {
        await using var server = await EchoServer.StartAsync(options => options.LenientXml = true);

        var answer = await server.PostAsync(body + " ");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("<param>An error has occurred.</param>"));
    }

    private static string Body(string elements) =>
        $"""<Periode xmlns="{Namespace}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{elements}</Periode>""";
}

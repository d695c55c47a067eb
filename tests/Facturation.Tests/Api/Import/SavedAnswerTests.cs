using System.Text;
using Facturation.Api.Import;
using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Import;

[Parallelizable(ParallelScope.All)]
public sealed class SavedAnswerTests
{
    private const string Xml = """
        <ArrayOfReponseV2Model xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.datacontract.org/2004/07/Facturation.Api.Models"><ReponseV2Model><ConsommationsDetails><ConsoV2Model><Compteur><CompteurModel><Libelle i:nil="true" /><Quantite>5</Quantite><Sequence>1</Sequence></CompteurModel></Compteur><DateDossier>2026-03-21T23:33:32Z</DateDossier><Dossier> D&#x1; </Dossier><Identifiant>U</Identifiant></ConsoV2Model></ConsommationsDetails><ConsommationsSomme><CompteurModel><Libelle i:nil="true" /><Quantite>5</Quantite><Sequence>1</Sequence></CompteurModel></ConsommationsSomme><Identifiant>U</Identifiant><NomProduit>Eau</NomProduit><ProduitId>1</ProduitId></ReponseV2Model></ArrayOfReponseV2Model>
        """;

    private const string Json = """
        [{"ProduitId":1,"NomProduit":"Eau","Identifiant":"U","ConsommationsSomme":[{"Sequence":1,"Libelle":null,"Quantite":5}],"ConsommationsDetails":[{"Dossier":" D\u0001 ","DateDossier":"2026-03-21T23:33:32Z","Identifiant":"U","Compteur":[{"Sequence":1,"Libelle":null,"Quantite":5}]}]}]
        """;

    private static readonly LigneConsommation Expected = new(1, "Eau", "U", " D\u0001 ", new(2026, 3, 22, 0, 33, 32), 1, null, 5);

    [Test]
    public void Read_Answer_GivesItsDetails(
        [Values("Xml", "Json")] string format, [Values("utf-8", "utf-8 with mark", "utf-16 with mark", "utf-16BE with mark")] string encoding)
    {
        var target = Encoding.GetEncoding(encoding.Split(' ')[0]);
        var mark = encoding.EndsWith("mark", StringComparison.Ordinal) ? target.Preamble : [];
        var lue = ImportFile.Read(new MemoryStream([.. mark, .. target.GetBytes(Text(format))]), "C").Single();

        Assert.That((lue.Erreur, lue.Ligne.Client, lue.Ligne.Ligne), Is.EqualTo(((string?)null, "C", Expected)));
    }

    [Test]
    public void Read_EmptyAnswer_HasNoLine()
    {
        Assert.That(Read("[]"), Is.Empty);
        Assert.That(Read("""<ArrayOfReponseV2Model xmlns="http://schemas.datacontract.org/2004/07/Facturation.Api.Models" />"""), Is.Empty);
        Assert.That(Read("""[{"ProduitId":1,"NomProduit":null,"Identifiant":"U","ConsommationsSomme":null,"ConsommationsDetails":null}]"""), Is.Empty);
    }

    [Test]
    public void Read_SumsThatDiffer_RefuseTheWholeAnswer([Values("Xml", "Json")] string format)
    {
        var wrong = Text(format).Replace("<Quantite>5</Quantite><Sequence>1</Sequence></CompteurModel></ConsommationsSomme>", "<Quantite>6</Quantite><Sequence>1</Sequence></CompteurModel></ConsommationsSomme>")
            .Replace("""null,"Quantite":5}],"ConsommationsDetails""", """null,"Quantite":6}],"ConsommationsDetails""");
        Assert.That(Read(wrong).Single().Erreur,
            Is.EqualTo("produit 1, identifiant « U » : la somme du compteur 1 est 6, celle de ses détails 5"));
    }

    [Test]
    public void Read_MissingSums_AreADifference() => Assert.That(
        Read(Json.Replace("""[{"Sequence":1,"Libelle":null,"Quantite":5}],"ConsommationsDetails""", "null,\"ConsommationsDetails")).Single().Erreur,
        Does.Contain("la somme du compteur 1 est 0"));

    [Test]
    public void Read_OtherIdentifiantInADossier_IsABadLine() =>
        Assert.That(Read(Json.Replace("\"Identifiant\":\"U\",\"Compteur", "\"Identifiant\":\"V\",\"Compteur")).Single().Erreur, Does.Contain("« V »"));

    [TestCase("\"Dossier\":null", "Dossier absent")]
    [TestCase("\"Dossier\":\"\"", "Dossier absent")]
    public void Read_DossierThatCannotBe_IsABadLine(string dossier, string error) =>
        Assert.That(Read(Json.Replace("\"Dossier\":\" D\\u0001 \"", dossier)).Single().Erreur, Does.Contain(error));

    [TestCase("Xml")]
    [TestCase("Json")]
    public void Read_CutFile_KeepsWhatCameBeforeAndTellsWhere(string format)
    {
        // Cut inside a second answer: the first is whole.
        var text = format == "Xml"
            ? Xml.Replace("</ArrayOfReponseV2Model>", Xml[Xml.IndexOf("<ReponseV2Model>", StringComparison.Ordinal)..])[..^60]
            : Json.TrimEnd()[..^1] + "," + Json[1..120];
        var lues = Read(text);
        Assert.That(lues, Has.Count.EqualTo(2));
        Assert.That(lues[0].Ligne.Ligne, Is.EqualTo(Expected));
        Assert.That(lues[1].Erreur, Does.Contain($"le {format.ToUpperInvariant()} est rompu"));
        Assert.That(lues[1].Lieu.Colonne, Is.Positive);
    }

    [TestCase("<Error><Message>x</Message></Error>")]
    [TestCase("<ArrayOfReponseModel xmlns=\"http://schemas.datacontract.org/2004/07/Facturation.Api.Models\" />")]
    [TestCase("<ArrayOfReponseV2Model />")]
    [TestCase("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>")]
    [TestCase("<")]
    [TestCase("{\"Message\":\"x\"}")]
    [TestCase("[1]")]
    [TestCase("[null]")]
    [TestCase("[[]]")]
    [TestCase("[{\"ProduitId\":{}}]")]
    [TestCase("[]x")]
    [TestCase("[")]
    public void Read_SomethingElse_IsToldAndNotThrown(string text)
    {
        var lues = Read(text);
        Assert.That(lues, Has.Count.EqualTo(1));
        Assert.That(lues[0].Erreur, Is.Not.Null);
    }

    [Test]
    public async Task Import_OfOurOwnAnswers_AnswersTheSame(
        [Values("application/json", "application/xml")] string accept, [Values("utf-8", "utf-16")] string charset)
    {
        await using var service = await Service.StartAsync("Development");
        (string, string)[] headers = [("Accept", accept), ("Accept-Charset", charset)];
        var saved = await service.PostAsync("api/ConsommationV2", Facturation.Api.Operations.Demo.Key, headers: headers);
        Assert.That(saved.Body, Has.Length.GreaterThan(100_000));

        var errors = new List<string>();
        await Importer.RunAsync(
            service.Services.GetRequiredService<IConsommationStore>(), new MemoryStream(saved.Body), "COPIE", false, (l, e) => errors.Add($"{l} : {e}"), (_, _) => { }, default);
        Assert.That(errors, Is.Empty);
        var again = await service.PostAsync("api/ConsommationV2", await service.CreateKeyAsync("COPIE"), headers: headers);
        Assert.That(again.Body.AsSpan().SequenceEqual(saved.Body));
    }

    private static string Text(string format) => format == "Xml" ? Xml : Json;

    private static List<LigneLue> Read(string text) => [.. ImportFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "C")];
}

using System.Text;
using Facturation.Api.Import;
using Facturation.Core;

namespace Facturation.Tests.Api.Import;

[Parallelizable(ParallelScope.All)]
public sealed class CsvImportTests
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite";

    private const string Line = "U;1;Eau;D;2026-03-22;1;Froide;5";

    [Test]
    public void Read_GoodLines_AreKeptExactly([Values("\n", "\r\n")] string newLine, [Values] bool withMark)
    {
        var lues = Read(string.Join(newLine, Header, Line, " U ;1;  Eau  ;\"D;\"\"1\"\"\";2026-03-22T08:30;2;\"a\nb\r\nc\";-5", "Zoé 😀\u2028;1;;\u0001;2026-03-22 08:30:15.1234567;3;\"\";0", ""), withMark);

        Assert.That(lues.Select(l => l.Erreur), Is.All.Null);
        Assert.That(lues.Select(l => l.Ligne.Ligne), Is.EqualTo(new[]
        {
            new LigneConsommation(1, "Eau", "U", "D", new(2026, 3, 22), 1, "Froide", 5),
            new LigneConsommation(1, "  Eau  ", " U ", "D;\"1\"", new(2026, 3, 22, 8, 30, 0), 2, "a\nb\r\nc", -5),
            new LigneConsommation(1, "", "Zoé 😀\u2028", "\u0001", new DateTime(2026, 3, 22, 8, 30, 15).AddTicks(1234567), 3, "", 0),
        }));
        Assert.That(lues.Select(l => l.Ligne.Client), Is.All.EqualTo("C"));
    }

    [Test]
    public void Read_BadLines_AreToldWithTheirNumber()
    {
        var lues = Read(string.Join('\n', Header, Line, "U;1;Eau", "\"a\nb\";1;Eau;D;2026-03-22;1;x;5", "", "U;1;Eau;D;22/03/2026;1;x;5", Line + ";9", "U;x;Eau;;2026-03-22;1;x;1,5"));

        Assert.That(lues.Select(l => (l.Lieu.Ligne, IsBad: l.Erreur is not null)), Is.EqualTo(new[]
        {
            (2, false), (3, true), (4, false), (7, true), (8, true), (9, true),
        }));
        Assert.That(lues[^1].Erreur, Does.Contain("ProduitId").And.Contain("Dossier").And.Contain("Quantite"));
    }

    [TestCase("U;1;Eau;5\" pipe;2026-03-22;1;x;5", TestName = "Read_QuoteInAnUnquotedField")]
    [TestCase("U;1;Eau;\"D\"x;2026-03-22;1;x;5", TestName = "Read_TextAfterAQuotedField")]
    [TestCase("U;1;Eau;\"D;2026-03-22;1;x;5", TestName = "Read_QuoteThatNeverEnds")]
    public void Read_MisplacedQuote_IsABadLine(string line)
    {
        var lues = Read(string.Join('\n', Header, Line, line));
        Assert.That(lues[1].Erreur, Is.Not.Null);
        Assert.That(lues[1].Lieu.Ligne, Is.EqualTo(3));
    }

    [Test]
    public void Read_QuoteThatNeverEnds_LosesNoLineSilently()
    {
        var lues = Read(string.Join('\n', Header, "U;1;Eau;\"D;2026-03-22;1;x;5", Line, Line, ""));
        Assert.That(lues.Single().Erreur, Is.Not.Null);
    }

    [Test]
    public void Read_Latin1_IsABadLineAndNotMangled()
    {
        var bytes = Encoding.Latin1.GetBytes(string.Join('\n', Header, Line, "Zoé;1;Eau;D;2026-03-22;1;x;5"));
        var lues = ImportFile.Read(new MemoryStream(bytes), "C").ToList();
        Assert.That(lues[0].Erreur, Is.Null);
        Assert.That(lues[1].Erreur, Does.Contain("UTF-8"));
    }

    [Test]
    public void Read_Latin1InTheClientColumn_IsABadLineAndNoClient()
    {
        var bytes = Encoding.Latin1.GetBytes(string.Join('\n', "client;" + Header, "Société;" + Line));
        Assert.That(ImportFile.Read(new MemoryStream(bytes), null).Single().Erreur, Does.Contain("UTF-8"));
    }

    [Test]
    public void Read_ReplacementCharacter_IsATextLikeAnother() =>
        Assert.That(Read(string.Join('\n', Header, Line.Replace("Eau", "\uFFFD"))).Single().Erreur, Is.Null);

    [TestCase("")]
    [TestCase("U;1;Eau;D;2026-03-22;1;x;5")]
    [TestCase("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle")]
    [TestCase("identifiant,produitId,nomProduit,dossier,dateDossier,sequence,libelle,quantite")]
    public void Read_OtherHeader_IsRefusedAtLine1(string header)
    {
        var lue = Read(header + "\n" + Line).Single();
        Assert.That((lue.Lieu.Ligne, lue.Erreur), Is.EqualTo((1, $"l'en-tête attendu est « {Header} », éventuellement précédé de « client; »")));
    }

    [Test]
    public void Read_HeaderOnly_HasNoLine() => Assert.That(Read(Header), Is.Empty);

    [Test]
    public void Read_ClientColumn_NamesTheClientOrMustAgree()
    {
        var file = string.Join('\n', "client;" + Header, "C;" + Line, "N;" + Line, ";" + Line);

        var free = ImportFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(file)), null).ToList();
        Assert.That(free.Select(l => l.Erreur is null), Is.EqualTo(new[] { true, true, false }));
        Assert.That(free.Take(2).Select(l => l.Ligne.Client), Is.EqualTo(new[] { "C", "N" }));
        Assert.That(Read(file).Select(l => l.Erreur is null), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public void Read_NoClientAnywhere_IsRefused() =>
        Assert.That(ImportFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(Header + "\n" + Line)), null).Single().Erreur, Does.Contain("--client"));

    private static List<LigneLue> Read(string text, bool withMark = false) =>
        [.. ImportFile.Read(new MemoryStream([.. withMark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)]), "C")];
}

using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

public abstract partial class StorageTests
{
    [Test]
    public async Task RenameAsync_TextsThatXmlCannotHold_ReplacesThemUnlessAnotherHasTheName()
    {
        await ImportAsync(
            Line(identifiant: "U\u0001", dossier: "D\u0002", nom: "Ea\u0003u", libelle: "Froi\uFFFFde"),
            Line(identifiant: "U\u0001", dossier: "D\uFFFD", nom: "Ea\u0003u", libelle: "Froi\uFFFFde") with { Lieu = new Lieu(3) },
            Line(identifiant: "V", dossier: "D\u0002", client: "E") with { Lieu = new Lieu(4) });
        var repair = Services.GetRequiredService<XmlRepair>();

        var renamed = new List<string>();
        foreach (var text in await repair.FindAsync())
            renamed.Add($"{text.Client} {text.Kind} {await repair.RenameAsync(text)}");

        Assert.That(renamed, Is.EquivalentTo(
            ["C produit True", "C compteur True", "C identifiant True", "C dossier False", "E dossier True"]));
        Assert.That((await repair.FindAsync()).Select(text => text.Text), Is.EqualTo(["D\u0002"]));
        Assert.That((await ReadAsync()).Select(line => (line.NomProduit, line.Libelle, line.Identifiant)), Is.All.EqualTo(("Ea\uFFFDu", "Froi\uFFFDde", "U\uFFFD")));
        Assert.That(await ReadAsync("E"), Has.One.Property("Dossier").EqualTo("D\uFFFD"));
    }

    [Test]
    public async Task WriteAsync_SameFileTwice_ChangesNothing()
    {
        LigneImport[] file = [Line(5), Line(6, sequence: 2), Line(7, produit: 2)];
        await ImportAsync(file);
        var once = await ReadAsync();
        await ImportAsync(file);

        Assert.That(await ReadAsync(), Is.EqualTo(once));
    }

    [Test]
    public async Task WriteAsync_KnownLine_ReplacesItsQuantity()
    {
        await ImportAsync(Line(5), Line(6, sequence: 2));
        await ImportAsync(Line(-8));

        Assert.That((await ReadAsync()).Select(l => l.Quantite), Is.EqualTo(new long[] { -8, 6 }));
    }

    [Test]
    public async Task WriteAsync_SameLineTwiceInOneImport_IsRefused()
    {
        var errors = await TryImportAsync(Line(5), Line(6) with { Lieu = new Lieu(3) }, Line(6, date: "2026-03-22T00:00:01"));

        Assert.That(errors, Is.EqualTo(new[] { null, "la même ligne est déjà plus haut, ligne 2", null }));
        Assert.That((await ReadAsync()).Select(l => l.Quantite), Is.EqualTo(new long[] { 5, 6 }));
    }

    [Test]
    public async Task WriteAsync_TotalBeyond64Bits_IsRefused()
    {
        await ImportAsync(Line(long.MaxValue - 5, identifiant: "U"), Line(long.MinValue, identifiant: "V"));

        // Whatever the period, V1 adds all identifiants: a negative line elsewhere does not make room.
        var errors = await TryImportAsync(
            Line(6, identifiant: "W"), Line(5, identifiant: "W"), Line(-1, identifiant: "X"), Line(long.MaxValue, sequence: 2));
        Assert.That(errors, Is.EqualTo(new[]
        {
            "le total du compteur 1 du produit 1 ne tiendrait plus dans 64 bits", null,
            "le total du compteur 1 du produit 1 ne tiendrait plus dans 64 bits", null,
        }));
        Assert.That((await ReadAsync()).Select(l => l.Identifiant), Has.No.Member("X"));
    }

    [Test]
    public async Task WriteAsync_ReplacingALargeQuantity_MakesRoom()
    {
        await ImportAsync(Line(long.MaxValue));
        await ImportAsync(Line(1), Line(long.MaxValue - 1, dossier: "E"));

        Assert.That((await ReadAsync()).Select(l => l.Quantite), Is.EqualTo(new[] { 1, long.MaxValue - 1 }));
    }

    [Test]
    public async Task DisposeAsync_WithoutCommit_LoadsNothing()
    {
        await using (var import = await Store.BeginImportAsync())
            Assert.That(await import.WriteAsync(Line()), Is.Null);

        Assert.That(await ReadAsync(), Is.Empty);
        Assert.That(await Store.ListClientsAsync(), Is.Empty);
    }

    [Test]
    public async Task WriteAsync_Names_LastOneWinsForItsClientOnly()
    {
        await ImportAsync(Line(nom: "Eau", libelle: "Froide"), Line(client: "AUTRE", nom: "Water", libelle: null));
        await ImportAsync(Line(nom: "Eaux", libelle: "x", dossier: "E"), Line(nom: null, libelle: "Tiède", dossier: "F"));

        Assert.That((await ReadAsync()).Select(l => (l.NomProduit, l.Libelle)), Is.All.EqualTo(((string?)null, "Tiède")));
        Assert.That((await ReadAsync("AUTRE")).Select(l => (l.NomProduit, l.Libelle)), Is.EqualTo(new[] { ("Water", (string?)null) }));
        Assert.That(await Store.ListClientsAsync(), Is.EqualTo(new[] { "AUTRE", "C" }));
    }

    [Test]
    public async Task WriteAsync_RefusedLine_NamesNothing()
    {
        await TryImportAsync(Line(nom: "Eau"), Line(nom: "Autre"));

        Assert.That((await ReadAsync()).Single().NomProduit, Is.EqualTo("Eau"));
    }

    [Test]
    public async Task WriteAsync_Texts_AreKeptExactly()
    {
        string[] texts =
        [
            " ", "  a  ", "a;b", "\"a\"", "a'b", "a\nb", "a\r\nb", "a\tb", "é", "e\u0301", "😀", "\u2028\u2029\u0085", "\u0001\u001F\u007F",
            "\uFEFFa", "a\0b", "\0", "\uFFFE\uFFFF", "%_[]", "' OR 1=1 --", new string('é', LigneBrute.MaxIdentifiant),
        ];
        await ImportAsync([.. texts.Select(t => Line(identifiant: t, dossier: t, nom: t, libelle: t, client: t.Length <= 64 ? t : "long"))]);

        foreach (var text in texts)
        {
            var ligne = (await ReadAsync(text.Length <= 64 ? text : "long", identifiant: text)).Single();
            Assert.That((ligne.Identifiant, ligne.Dossier, ligne.NomProduit, ligne.Libelle), Is.EqualTo((text, text, text, text)));
        }
    }

    [TestCase("0001-01-01")]
    [TestCase("9999-12-31T23:59:59.9999999")]
    [TestCase("2026-03-29T02:30:00")]
    [TestCase("2026-03-22T00:33:32.0494548")]
    [TestCase("2026-03-22T00:33:32.5")]
    public async Task WriteAsync_Dates_AreKeptToTheTick(string date)
    {
        await ImportAsync(Line(date: date), Line(date: "2026-01-01"));
        await ImportAsync(Line(2, date: date));

        var day = DateOnly.FromDateTime(Line(date: date).Ligne.DateDossier);
        var ligne = (await ReadAsync(periode: new(day, day))).Single();
        Assert.That(ligne, Is.EqualTo(Line(2, date: date).Ligne));
        Assert.That(ligne.DateDossier.Kind, Is.EqualTo(DateTimeKind.Unspecified));
    }

    [Test]
    public async Task ReadAsync_DuringAnImport_SeesWhatWasCommitted()
    {
        await ImportAsync(Line(1));
        await using var import = await Store.BeginImportAsync();
        await import.WriteAsync(Line(2));
        await import.WriteAsync(Line(3, dossier: "E"));

        Assert.That((await ReadAsync()).Select(l => l.Quantite), Is.EqualTo(new long[] { 1 }));
        await import.CommitAsync();
        Assert.That((await ReadAsync()).Select(l => l.Quantite), Is.EqualTo(new long[] { 2, 3 }));
    }
}

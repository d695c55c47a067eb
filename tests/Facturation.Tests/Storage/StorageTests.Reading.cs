using Facturation.Core;

namespace Facturation.Tests.Storage;

public abstract partial class StorageTests
{
    [Test]
    public async Task ReadAsync_Period_IncludesBothDays()
    {
        await ImportAsync(
            Line(dossier: "avant", date: "2026-03-21T23:59:59.9999999"),
            Line(dossier: "debut", date: "2026-03-22"),
            Line(dossier: "fin", date: "2026-03-23T23:59:59.9999999"),
            Line(dossier: "apres", date: "2026-03-24"));
        DateOnly debut = new(2026, 3, 22), fin = new(2026, 3, 23);

        Assert.That(Dossiers(await ReadAsync(periode: new(debut, fin))), Is.EqualTo(new[] { "debut", "fin" }));
        Assert.That(Dossiers(await ReadAsync(periode: new(debut, null))), Is.EqualTo(new[] { "debut", "fin", "apres" }));
        Assert.That(Dossiers(await ReadAsync(periode: new(null, fin))), Is.EqualTo(new[] { "avant", "debut", "fin" }));
        Assert.That(Dossiers(await ReadAsync()), Has.Count.EqualTo(4));
        Assert.That(Dossiers(await ReadAsync(periode: new(fin.AddDays(5), null))), Is.Empty);
    }

    [Test]
    public async Task ReadAsync_Strings_CompareOrdinally()
    {
        // The last three sort otherwise by UTF-8 bytes, the order of SQLite, and by any culture.
        string[] names = ["É", "a", "B", "é", "b", "A", "aa", "a ", "10", "9", "Z", "\uFF21", "😀", "\uE000x"];
        await ImportAsync([.. names.Select(name => Line(identifiant: name)), .. names.Select(name => Line(identifiant: "0", dossier: name))]);
        var ordinal = names.Order(StringComparer.Ordinal).ToList();

        var lignes = await ReadAsync();
        Assert.That(Dossiers(lignes.Where(l => l.Identifiant == "0")), Is.EqualTo(ordinal));
        Assert.That(lignes.Select(l => l.Identifiant).Where(i => i != "0"), Is.EqualTo(ordinal));
    }

    [Test]
    public async Task ReadAsync_Strings_CompareOrdinallyWhateverTheyAre()
    {
        var random = new Random(20261001);
        string[] pieces = ["a", "\u007F", "é", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFD", "\uFFFF", "😀", "𐀀", "\U0010FFFF"];
        var names = Enumerable.Range(0, 300)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => pieces[random.Next(pieces.Length)])))
            .Distinct().ToList();
        await ImportAsync([.. names.Select(name => Line(dossier: name))]);

        Assert.That(Dossiers(await ReadAsync()), Is.EqualTo(names.Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task ReadAsync_ParIdentifiant_OrdersByProduitIdentifiantDateDossierSequence()
    {
        var lignes = ShuffledLines();
        await ImportAsync(lignes);

        Assert.That(await ReadAsync(ordre: Ordre.ParIdentifiant), Is.EqualTo(lignes.Select(l => l.Ligne)
            .OrderBy(l => l.ProduitId).ThenBy(l => l.Identifiant, StringComparer.Ordinal).ThenBy(l => l.DateDossier)
            .ThenBy(l => l.Dossier, StringComparer.Ordinal).ThenBy(l => l.Sequence)));
    }

    [Test]
    public async Task ReadAsync_ParProduit_OrdersByProduitDateDossierIdentifiantSequence()
    {
        var lignes = ShuffledLines();
        await ImportAsync(lignes);

        Assert.That(await ReadAsync(ordre: Ordre.ParProduit), Is.EqualTo(lignes.Select(l => l.Ligne)
            .OrderBy(l => l.ProduitId).ThenBy(l => l.DateDossier).ThenBy(l => l.Dossier, StringComparer.Ordinal)
            .ThenBy(l => l.Identifiant, StringComparer.Ordinal).ThenBy(l => l.Sequence)));
    }

    [Test]
    public async Task ReadAsync_Filters_LeaveTheRestOut()
    {
        await ImportAsync(
            Line(identifiant: "U", produit: 1), Line(identifiant: "U", produit: -2), Line(identifiant: "V", produit: 1), Line(client: "AUTRE"));

        Assert.That(await ReadAsync(produit: -2), Has.Count.EqualTo(1));
        Assert.That(await ReadAsync(identifiant: "U"), Has.Count.EqualTo(2));
        Assert.That(await ReadAsync(identifiant: "u"), Is.Empty);
        Assert.That(await ReadAsync(produit: 99), Is.Empty);
        Assert.That(await ReadAsync(client: "INCONNU"), Is.Empty);
        Assert.That(await ReadAsync(client: "c"), Is.Empty);
        Assert.That(await ReadAsync(), Has.Count.EqualTo(3));
    }

    private static LigneImport[] ShuffledLines()
    {
        var lignes = (
            from produit in new[] { 1, 10, 9 }
            from identifiant in new[] { "a", "B", "é" }
            from date in new[] { "2026-03-22", "2026-03-22T00:00:00.0000001", "2025-12-31" }
            from dossier in new[] { "x", "Y" }
            from sequence in new[] { 2, 1, 10 }
            select Line(produit + sequence, identifiant, produit, dossier, date, sequence)).ToArray();
        new Random(7).Shuffle(lignes);
        return lignes;
    }

    private static List<string> Dossiers(IEnumerable<LigneConsommation> lignes) => [.. lignes.Select(l => l.Dossier)];
}

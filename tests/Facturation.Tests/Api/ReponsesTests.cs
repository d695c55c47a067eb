using System.Text.Json;
using Facturation.Api;
using Facturation.Api.Models;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api;

/// <summary>Random consumption, through the database, against a calculation that shares nothing with it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReponsesTests
{
    private static readonly string[] Names = ["a", "B", "é", "É", "😀", "\uFF21", "a b"];

    [Test]
    public async Task Answer_OfRandomLines_EqualsAnIndependentCalculation([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        var lignes = RandomLines(random);
        using var scratch = new Scratch();
        await using var services = new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root).BuildServiceProvider();
        await services.MigrateStorageAsync();
        var store = services.GetRequiredService<IConsommationStore>();
        await using (var import = await store.BeginImportAsync())
        {
            foreach (var ligne in lignes)
                Assert.That(await import.WriteAsync(new LigneImport(new Lieu(1), "C", ligne)), Is.Null);
            await import.CommitAsync();
        }

        var options = new ConsommationOptions();
        for (var i = 0; i < 20; i++)
        {
            var debut = random.Next(3) == 0 ? (DateOnly?)null : Day(random);
            var fin = random.Next(3) == 0 ? (DateOnly?)null : Day(random);
            var produit = random.Next(2) == 0 ? (int?)null : random.Next(4);
            var identifiant = random.Next(3) == 0 ? Names[random.Next(Names.Length)] : null;
            var chosen = lignes.Where(l =>
                (debut is null || DateOnly.FromDateTime(l.DateDossier) >= debut) && (fin is null || DateOnly.FromDateTime(l.DateDossier) <= fin)
                && (produit is null || l.ProduitId == produit) && (identifiant is null || l.Identifiant == identifiant)).ToList();
            Demande Ask(Ordre ordre) => new("C", identifiant, new Periode(debut, fin), produit, ordre);

            var v2 = await options.AnswerV2Async(store.ReadAsync(Ask(Ordre.ParIdentifiant)));
            var v1 = await options.AnswerV1Async(store.ReadAsync(Ask(Ordre.ParProduit)));
            Assert.That(JsonSerializer.Serialize(v2), Is.EqualTo(JsonSerializer.Serialize(ExpectV2(chosen))), $"V2 of {Ask(Ordre.ParIdentifiant)}");
            Assert.That(JsonSerializer.Serialize(v1), Is.EqualTo(JsonSerializer.Serialize(ExpectV1(chosen))), $"V1 of {Ask(Ordre.ParProduit)}");
            foreach (var reponse in v2)
                Assert.That(Sum(reponse.ConsommationsSomme!), Is.EqualTo(Sum(reponse.ConsommationsDetails!.SelectMany(d => d.Compteur!))));
        }
    }

    [Test]
    public async Task Answer_SeveralDaysOfOneCompteur_AddUpInOneDossier()
    {
        var ligne = new LigneConsommation(1, "Eau", "U", "D", new(2026, 3, 22), 1, "Froide", 5);
        var reponse = (await new ConsommationOptions().AnswerV2Async(Stream(ligne, ligne with { Quantite = 7 }, ligne with { Sequence = 2, Quantite = 1 }))).Single();

        Assert.That(reponse.ConsommationsDetails!.Single().Compteur!.Select(c => c.Quantite), Is.EqualTo(new long[] { 12, 1 }));
        Assert.That(reponse.ConsommationsSomme!.Select(c => c.Quantite), Is.EqualTo(new long[] { 12, 1 }));
    }

    private static List<ReponseV2Model> ExpectV2(List<LigneConsommation> lignes) => [..
        from ligne in lignes
        group ligne by (ligne.ProduitId, ligne.Identifiant) into g
        orderby g.Key.ProduitId
        select g into g
        group g by g.Key.ProduitId into produit
        from g in produit.OrderBy(g => g.Key.Identifiant, StringComparer.Ordinal)
        select new ReponseV2Model
        {
            ProduitId = g.Key.ProduitId,
            NomProduit = g.First().NomProduit,
            Identifiant = g.Key.Identifiant,
            ConsommationsSomme = Compteurs(g),
            ConsommationsDetails = [.. g.GroupBy(l => (l.DateDossier, l.Dossier))
                .OrderBy(d => d.Key.DateDossier).ThenBy(d => d.Key.Dossier, StringComparer.Ordinal)
                .Select(d => new ConsoV2Model { Dossier = d.Key.Dossier, DateDossier = d.Key.DateDossier, Identifiant = g.Key.Identifiant, Compteur = Compteurs(d) })],
        }];

    private static List<ReponseModel> ExpectV1(List<LigneConsommation> lignes) => [..
        from ligne in lignes
        group ligne by ligne.ProduitId into g
        orderby g.Key
        select new ReponseModel
        {
            ProduitId = g.Key,
            NomProduit = g.First().NomProduit,
            ConsommationsSomme = Compteurs(g),
            ConsommationsDetails = [.. g.GroupBy(l => (l.DateDossier, l.Dossier, l.Identifiant))
                .OrderBy(d => d.Key.DateDossier).ThenBy(d => d.Key.Dossier, StringComparer.Ordinal).ThenBy(d => d.Key.Identifiant, StringComparer.Ordinal)
                .Select(d => new ConsoModel { Dossier = d.Key.Dossier, DateDossier = d.Key.DateDossier, Compteur = Compteurs(d) })],
        }];

    private static List<CompteurModel> Compteurs(IEnumerable<LigneConsommation> lignes) => [.. lignes
        .GroupBy(l => l.Sequence).OrderBy(g => g.Key)
        .Select(g => new CompteurModel { Sequence = g.Key, Libelle = g.First().Libelle, Quantite = g.Sum(l => l.Quantite) })];

    private static Dictionary<int, long> Sum(IEnumerable<CompteurModel> compteurs) =>
        compteurs.GroupBy(c => c.Sequence).ToDictionary(g => g.Key, g => g.Sum(c => c.Quantite));

    private static List<LigneConsommation> RandomLines(Random random) => [.. Enumerable.Range(0, 400)
        .Select(_ => (Produit: random.Next(4), Sequence: random.Next(-1, 3)))
        .Select(c => new LigneConsommation(
            c.Produit, $"P{c.Produit}", Names[random.Next(Names.Length)], Names[random.Next(Names.Length)],
            Day(random).ToDateTime(new TimeOnly(random.Next(2) * 863_999_999_999)), c.Sequence, $"L{c.Sequence}",
            random.Next(8) == 0 ? random.NextInt64(-(1L << 54), 1L << 54) : random.Next(-100, 100)))
        .DistinctBy(l => (l.ProduitId, l.Identifiant, l.Dossier, l.DateDossier, l.Sequence))];

    private static DateOnly Day(Random random) => new DateOnly(2026, 3, 25).AddDays(random.Next(8));

    private static async IAsyncEnumerable<LigneConsommation> Stream(params LigneConsommation[] lignes)
    {
        foreach (var ligne in lignes)
        {
            await Task.Yield();
            yield return ligne;
        }
    }
}

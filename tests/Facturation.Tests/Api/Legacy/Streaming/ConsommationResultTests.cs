using System.Text;
using Facturation.Api.Legacy;
using Facturation.Api.Legacy.Streaming;
using Facturation.Api.Models;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Legacy.Streaming;

/// <summary>Random consumption, through the database, against a calculation that shares nothing with it.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class ConsommationResultTests
{
    private static readonly string[] Names = ["a", "B", "é", "É", "😀", "\uFF21", "a b"];

    [Test]
    public async Task Stream_OfRandomLines_EqualsAnIndependentCalculation([Range(1, 12)] int seed)
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

            foreach (var (name, stream, format) in new Streamed(1 << random.Next(20)).Writers)
            {
                var v2 = await stream(new ConsommationResult(store, Ask(Ordre.ParIdentifiant), options, new RequestFacts()));
                var v1 = await stream(new ConsommationResult(store, Ask(Ordre.ParProduit), options, new RequestFacts()));
                Assert.That(Encoding.UTF8.GetString(v2), Is.EqualTo(Encoding.UTF8.GetString(format(ExpectV2(chosen)))), $"V2 {name}");
                Assert.That(Encoding.UTF8.GetString(v1), Is.EqualTo(Encoding.UTF8.GetString(format(ExpectV1(chosen)))), $"V1 {name}");
            }
        }
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

    private static List<LigneConsommation> RandomLines(Random random) => [.. Enumerable.Range(0, 400)
        .Select(_ => (Produit: random.Next(4), Sequence: random.Next(-1, 3)))
        .Select(c => new LigneConsommation(
            c.Produit, $"P{c.Produit}", Names[random.Next(Names.Length)], Names[random.Next(Names.Length)],
            Day(random).ToDateTime(new TimeOnly(random.Next(2) * 863_999_999_999)), c.Sequence, $"L{c.Sequence}",
            random.Next(8) == 0 ? random.NextInt64(-(1L << 54), 1L << 54) : random.Next(-100, 100)))
        .DistinctBy(l => (l.ProduitId, l.Identifiant, l.Dossier, l.DateDossier, l.Sequence))];

    private static DateOnly Day(Random random) => new DateOnly(2026, 3, 25).AddDays(random.Next(8));
}

using System.Net.Http.Formatting;
using Facturation.Api.Models;

namespace Facturation.Tests.Api.Legacy;

/// <summary>A program as old integrators wrote them, on Microsoft.AspNet.WebApi.Client: it must not notice anything.</summary>
[Parallelizable]
public sealed class OldClientTests
{
    private const string Lines = """"
        identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite
        a;1;Eau;D1;2026-03-01;1;Froide;5
        a;1;Eau;D1;2026-03-01;2;Chaude;7
        b;2;Gaz;"<&> ""é""";2026-03-31T23:59:59;1;;-3
        """";

    [Test]
    public async Task Read_WithTheFormattersOfTheOldClient_GivesTheObjects([Values("xml", "json")] string format)
    {
        await using var service = await Service.StartAsync();
        await service.ImportAsync(Lines);
        MediaTypeFormatter formatter = format == "xml" ? new XmlMediaTypeFormatter() : new JsonMediaTypeFormatter();
        service.Client.DefaultRequestHeaders.Add("X-API-Key", await service.CreateKeyAsync());
        service.Client.DefaultRequestHeaders.Accept.ParseAdd($"application/{format}");

        var response = await service.Client.PostAsync(
            "api/ConsommationV2", new ParamModel { Debut = new DateTime(2026, 3, 1), Fin = new DateTime(2026, 3, 31) }, formatter);
        var answers = await response.EnsureSuccessStatusCode().Content.ReadAsAsync<List<ReponseV2Model>>([formatter]);

        Assert.That(answers.Select(answer => (answer.ProduitId, answer.NomProduit, answer.Identifiant)), Is.EqualTo(new[]
        {
            (1, "Eau", "a"), (2, "Gaz", "b"),
        }));
        Assert.That(
            answers[0].ConsommationsSomme!.Select(compteur => (compteur.Sequence, compteur.Libelle, compteur.Quantite)),
            Is.EqualTo(new[] { (1, "Froide", 5L), (2, "Chaude", 7L) }));
        var detail = answers[1].ConsommationsDetails!.Single();
        Assert.That((detail.Dossier, detail.DateDossier, detail.DateDossier.Kind, detail.Compteur!.Single().Quantite), Is.EqualTo(
            ("<&> \"é\"", new DateTime(2026, 3, 31, 23, 59, 59), DateTimeKind.Unspecified, -3L)));
    }
}

using System.Text.Json;
using Facturation.Core;
using Facturation.Storage;

namespace Facturation.Tests.Api.Legacy;

[TestFixture(StorageProvider.Sql), NHibernate(StorageProvider.NHibernate)]
[Parallelizable(ParallelScope.All)]
public sealed class ConsommationTests(StorageProvider provider)
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n";

    private const string V1 = "api/Consommation", V2 = "api/ConsommationV2";

    private Service service = null!;
    private string key = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        service = await Service.StartAsync(settings: $"--Storage:Provider={provider}");
        await service.ImportAsync(Header + """
            b;2;Gaz;D2;2026-03-23;1;Énergie;10
            a;2;Gaz;D2;2026-03-23;1;Énergie;20
            a;1;Eau;D1;2026-03-22T23:59:59;2;Chaude;3
            a;1;Eau;D1;2026-03-22T23:59:59;1;Froide;4
            a;1;Eau;D0;2026-03-24;1;Froide;-1
            """);
        key = await service.CreateKeyAsync();
    }

    [OneTimeTearDown]
    public async Task Stop() => await service.DisposeAsync();

    [Test]
    public async Task PostV2_AllProducts_IsOneElementPerProduitAndIdentifiant() => Assert.That(
        (await service.PostAsync(V2, key)).Text,
        Is.EqualTo("""
            [{"ProduitId":1,"NomProduit":"Eau","Identifiant":"a","ConsommationsSomme":[{"Sequence":1,"Libelle":"Froide","Quantite":3},{"Sequence":2,"Libelle":"Chaude","Quantite":3}],"ConsommationsDetails":[{"Dossier":"D1","DateDossier":"2026-03-22T23:59:59","Identifiant":"a","Compteur":[{"Sequence":1,"Libelle":"Froide","Quantite":4},{"Sequence":2,"Libelle":"Chaude","Quantite":3}]},{"Dossier":"D0","DateDossier":"2026-03-24T00:00:00","Identifiant":"a","Compteur":[{"Sequence":1,"Libelle":"Froide","Quantite":-1}]}]},{"ProduitId":2,"NomProduit":"Gaz","Identifiant":"a","ConsommationsSomme":[{"Sequence":1,"Libelle":"Énergie","Quantite":20}],"ConsommationsDetails":[{"Dossier":"D2","DateDossier":"2026-03-23T00:00:00","Identifiant":"a","Compteur":[{"Sequence":1,"Libelle":"Énergie","Quantite":20}]}]},{"ProduitId":2,"NomProduit":"Gaz","Identifiant":"b","ConsommationsSomme":[{"Sequence":1,"Libelle":"Énergie","Quantite":10}],"ConsommationsDetails":[{"Dossier":"D2","DateDossier":"2026-03-23T00:00:00","Identifiant":"b","Compteur":[{"Sequence":1,"Libelle":"Énergie","Quantite":10}]}]}]
            """));

    [Test]
    public async Task PostV1_AllIdentifiants_KeepsTheirDossiersApart() => Assert.That(
        (await service.PostAsync(V1, key, """{"ProduitId":2}""")).Text,
        Is.EqualTo("""
            [{"ProduitId":2,"NomProduit":"Gaz","ConsommationsSomme":[{"Sequence":1,"Libelle":"Énergie","Quantite":30}],"ConsommationsDetails":[{"Dossier":"D2","DateDossier":"2026-03-23T00:00:00","Compteur":[{"Sequence":1,"Libelle":"Énergie","Quantite":20}]},{"Dossier":"D2","DateDossier":"2026-03-23T00:00:00","Compteur":[{"Sequence":1,"Libelle":"Énergie","Quantite":10}]}]}]
            """));

    [TestCase("""{"Debut":"2026-03-22","Fin":"2026-03-22"}""", "D1", TestName = "Post_OneDay")]
    [TestCase("""{"Debut":"2026-03-22T23:59:59.9999999","Fin":"2026-03-22T00:00:00"}""", "D1", TestName = "Post_HoursDoNotCount")]
    [TestCase("""{"Debut":"2026-03-21T23:00:00Z","Fin":"2026-03-22T22:59:59Z"}""", "D1", TestName = "Post_InstantsAreTakenToParis")]
    [TestCase("""{"Debut":"2026-03-22T23:00:00Z","Fin":"2026-03-22T23:00:00Z"}""", "D2 D2", TestName = "Post_LateInstantIsTheNextDay")]
    [TestCase("""{"Debut":"2026-03-22T00:33:32+01:00","Fin":"2026-03-22T00:33:32+01:00"}""", "D1", TestName = "Post_OffsetIsTakenToParis")]
    [TestCase("""{"Debut":"2026-03-23"}""", "D0 D2 D2", TestName = "Post_NoFin")]
    [TestCase("""{"Fin":"2026-03-22"}""", "D1", TestName = "Post_NoDebut")]
    [TestCase("""{"Debut":"0001-01-01T00:00:00Z","Fin":"9999-12-31T23:59:59.9999999Z"}""", "D1 D0 D2 D2", TestName = "Post_AllOfTime")]
    [TestCase("""{"Debut":"9999-12-31T23:59:59.9999999Z"}""", "", TestName = "Post_EndOfTime")]
    [TestCase("""{"ProduitId":99}""", "", TestName = "Post_UnknownProduit")]
    public async Task PostV2_Period_SelectsByTheDayInParis(string body, string dossiers)
    {
        var answer = await service.PostAsync(V2, key, body);
        Assert.That(answer.Status, Is.EqualTo(200));
        using var json = JsonDocument.Parse(answer.Body);
        Assert.That(
            string.Join(' ', json.RootElement.EnumerateArray()
                .SelectMany(r => r.GetProperty("ConsommationsDetails").EnumerateArray()).Select(d => d.GetProperty("Dossier").GetString())),
            Is.EqualTo(dossiers));
    }

    [Test]
    public async Task PostV2_InstantInAForm_IsTakenToParis()
    {
        var answer = await service.PostAsync(
            V2, key, "Debut=2026-03-21T23:30:00Z&Fin=2026-03-22T18:59:00-04:00", "application/x-www-form-urlencoded");
        Assert.That(answer.Text, Does.Contain("\"D1\"").And.Not.Contain("\"D2\""));
    }

    [Test]
    public async Task Post_DebutAfterFin_Is400([Values(V1, V2)] string path)
    {
        var answer = await service.PostAsync(path, key, """{"Debut":"2026-03-23","Fin":"2026-03-22"}""");
        Assert.That((answer.Status, answer.Text), Is.EqualTo(
            (400, """{"Message":"La période est inversée : Debut (2026-03-23) vient après Fin (2026-03-22)."}""")));
    }

    [Test]
    public async Task Post_NoBody_Is400ThatSaysWhatToSend([Values(V1, V2)] string path)
    {
        var answer = await service.PostAsync(path, key, "", "application/xml");
        Assert.That(answer.Status, Is.EqualTo(400));
        Assert.That(answer.Text, Does.StartWith("<Error><Message>").And.Contain("Debut, Fin, ProduitId").And.Contain("application/x-www-form-urlencoded"));
    }

    [TestCase("Unspecified", "\"2026-03-29T02:30:00\"")]
    [TestCase("Local", "\"2026-03-29T02:30:00+01:00\"")]
    [TestCase("Utc", "\"2026-03-29T01:30:00Z\"")]
    public async Task Post_DateDossierKind_IsAsConfigured(string kind, string written)
    {
        await using var other = await Service.StartAsync(settings: $"--Consommation:DateDossierKind={kind}");
        await other.ImportAsync(Header + "U;1;Eau;D;2026-03-29T02:30;1;x;5\nU;1;Eau;min;0001-01-01;1;x;5\nU;1;Eau;max;9999-12-31T23:59:59.9999999;1;x;5");
        foreach (var path in new[] { V1, V2 })
        {
            var answer = await other.PostAsync(path, await other.CreateKeyAsync());
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Text, Does.Contain(written));
        }
    }

    [Test]
    public void Start_UnknownDateDossierKind_IsRefusedWithItsName([Values("utc+1", "7", "")] string kind) => Assert.That(
        async () => await (await Service.StartAsync(settings: $"--Consommation:DateDossierKind={kind}")).DisposeAsync(),
        Throws.TypeOf<RefusedException>().With.Message.Contains("Consommation:DateDossierKind"));
}

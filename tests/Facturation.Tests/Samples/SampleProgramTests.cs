using System.Diagnostics;
using Facturation.Tests.Api.V1;

namespace Facturation.Tests.Samples;

/// <summary>The samples do what they promise, against the real service, on a good day and on a bad one.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class SampleProgramTests
{
    private const string At = "2026-04-15T12:00:00Z";
    private static readonly string Someone = MeterScene.Someone.ToString();

    private MeterScene scene = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        scene = await MeterScene.StartAsync();
        await scene.Service.ImportAsync("""
            identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite
            mairie.tréville;2;Eau & potable;D1;2026-03-01;1;Froide (m³);5
            mairie.tréville;2;Eau & potable;D2;2026-03-31;1;Froide (m³);9007199254740988
            U;3;Gaz;D3;2026-03-02;1;Énergie;-3
            """);
    }

    [OneTimeTearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.All))]
    public async Task Consommation_OfAPeriod_IsPrinted(SampleProgram program)
    {
        await using var front = await FlakyFront.StartAsync(scene.Service.Client, new Fault.Cut(), new Fault.Answered(503, "1"));
        var ran = await program.RunAsync(front.Address, scene.Key, Question(program, "2026-03-01", "2026-03-31"));

        var expected = program == SampleProgram.Curl
            ? (await scene.Service.PostAsync("api/ConsommationV2", scene.Key, """{"Debut":"2026-03-01","Fin":"2026-03-31"}""")).Text + "\n"
            : "2 Eau & potable\tmairie.tréville\t1 Froide (m³)\t9007199254740993\n3 Gaz\tU\t1 Énergie\t-3\n";
        Assert.That((ran.Code, ran.Text), Is.EqualTo((0, expected)), ran.Errors);
        Assert.That(front.Requests, Has.Count.EqualTo(3));
        Assert.That(Stopwatch.GetElapsedTime(front.Requests[1].At, front.Requests[2].At), Is.GreaterThan(TimeSpan.FromSeconds(0.9)), "Retry-After: 1");
    }

    [Test]
    public async Task Consommation_InXmlByCurl_IsTheAnswer() => Assert.That(
        (await SampleProgram.Curl.RunAsync(Service, scene.Key, "consommation", "2026-03-01", "2026-03-31", "xml")).Text,
        Does.StartWith("<ArrayOfReponseV2Model").And.Contain("<NomProduit>Eau &amp; potable</NomProduit>"));

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.All))]
    public async Task Consommation_OfAReversedPeriod_SaysWhy(SampleProgram program)
    {
        var ran = await program.RunAsync(Service, scene.Key, Question(program, "2026-03-31", "2026-03-01"));
        Assert.That((ran.Code, ran.Text), Is.EqualTo((1, "")));
        Assert.That(ran.Errors, Does.StartWith("400").And.Contain("La période est inversée"));
    }

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.All))]
    public async Task Consommation_WithAWrongKey_SaysSo(SampleProgram program)
    {
        await using var front = await FlakyFront.StartAsync(scene.Service.Client);
        var ran = await program.RunAsync(front.Address, "fct_12345678_wrongwrongwrongwrongwrongwrongwr", Question(program, "2026-03-01", "2026-03-31"));
        Assert.That((ran.Code, ran.Text), Is.EqualTo((1, "")));
        Assert.That(ran.Errors, Does.StartWith("401"));
        Assert.That(front.Requests, Has.Count.EqualTo(1), "asking again would not help");
    }

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.All))]
    public async Task Consommation_WhileTheServiceIsBusyForGood_IsGivenUp(SampleProgram program)
    {
        await using var front = await FlakyFront.StartAsync(scene.Service.Client, Enumerable.Repeat(new Fault.Answered(429, "0"), 100));
        var ran = await program.RunAsync(front.Address, scene.Key, Question(program, "2026-03-01", "2026-03-31"));
        Assert.That((ran.Code, ran.Text), Is.EqualTo((1, "")));
        Assert.That(ran.Errors, Does.StartWith("429"));
        Assert.That(front.Requests, Has.Count.EqualTo(5));
    }

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.All))]
    public async Task Consommation_WithoutItsArguments_TellsThem(SampleProgram program)
    {
        var ran = await program.RunAsync(Service, scene.Key);
        Assert.That((ran.Code, ran.Text), Is.EqualTo((2, "")));
        Assert.That(ran.Errors, Does.Contain("DEBUT FIN"));
    }

    [TestCase("eau")]
    [TestCase("2", "3")]
    public async Task IntegrateurXml_ToldOfNoProduit_TellsItsArguments(params string[] produit)
    {
        var ran = await SampleProgram.IntegrateurXml.RunAsync(Service, scene.Key, ["2026-03-01", "2026-03-31", .. produit]);
        Assert.That((ran.Code, ran.Text), Is.EqualTo((2, "")));
        Assert.That(ran.Errors, Does.Contain("DEBUT FIN [PRODUIT]"));
    }

    [Test]
    public async Task IntegrateurXml_ToldOfModelState_ShowsEachMember()
    {
        // Its own classes cannot write a bad date: what the service says of one is put in its way.
        var bad = await scene.Service.PostAsync(
            "api/ConsommationV2", scene.Key, """{"ProduitId":"x"}""", headers: ("Accept", "application/xml"));
        Assert.That(bad.Status, Is.EqualTo(400));
        await using var front = await FlakyFront.StartAsync(scene.Service.Client, new Fault.Answered(400, null, bad.ContentType!, bad.Text));
        var ran = await SampleProgram.IntegrateurXml.RunAsync(front.Address, scene.Key, "2026-03-01", "2026-03-31");
        Assert.That(ran.Errors, Does.StartWith("400 Bad Request: The request is invalid.\n  param.ProduitId: "));
    }

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.Recording))]
    public async Task Reading_ThroughFaults_IsRecordedOnce(SampleProgram program)
    {
        var meter = await scene.CreateMeterAsync(serial: program.Name, dossier: program.Name);
        await using var front = await FlakyFront.StartAsync(
            scene.Service.Client, new Fault.Cut(), new Fault.LostAnswer(), new Fault.Answered(503, "0"), new Fault.Answered(429, "0"));

        var ran = await program.RunAsync(front.Address, scene.Key, "reading", meter.ToString(), "1234567", At, Someone);

        Assert.That(ran.Code, Is.Zero, ran.Errors);
        var recorded = (await scene.ReadingsAsync(meter))[0];
        Assert.That(ran.Text, Does.Contain(recorded.GetProperty("id").GetString()));
        Assert.That(recorded.GetProperty("indexValueMilli").GetString(), Is.EqualTo("1234567"));
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(2), "that of the installation, and this one");
        Assert.That(await scene.DossierAsync(program.Name), Is.EqualTo(1234));
        Assert.That(front.Requests, Has.Count.EqualTo(5));
        Assert.That(front.Requests.Select(request => request.IdempotencyKey).Distinct(), Has.Exactly(1).Items.And.All.Not.Empty);
    }

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.Recording))]
    public async Task Reading_OfTwo_HasAKeyOfItsOwn(SampleProgram program)
    {
        var meter = await scene.CreateMeterAsync(serial: $"{program} twice", dossier: $"{program} twice");
        await using var front = await FlakyFront.StartAsync(scene.Service.Client);
        foreach (var (index, at) in new[] { ("1000", At), ("2000", "2026-04-16T12:00:00Z") })
            Assert.That((await program.RunAsync(front.Address, scene.Key, "reading", meter.ToString(), index, at, Someone)).Code, Is.Zero);
        Assert.That(front.Requests.Select(request => request.IdempotencyKey), Is.Unique);
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(3));
    }

    [TestCaseSource(typeof(SampleProgram), nameof(SampleProgram.Recording))]
    public async Task Reading_ThatTheRulesRefuse_SaysTheCodeAndWhy(SampleProgram program)
    {
        var meter = await scene.CreateMeterAsync(serial: $"{program} refused", dossier: $"{program} refused", index: 9_000_000);
        await using var front = await FlakyFront.StartAsync(scene.Service.Client);
        var ran = await program.RunAsync(front.Address, scene.Key, "reading", meter.ToString(), "1234567", At, Someone);
        Assert.That((ran.Code, ran.Text), Is.EqualTo((1, "")));
        Assert.That(ran.Errors, Does.StartWith("409").And.Contain("INDEX_BELOW_PREVIOUS").And.Contain("1234567").And.Contain("traceId"));
        Assert.That(front.Requests, Has.Count.EqualTo(1), "sending it again would not help");
    }

    private Uri Service => scene.Service.Client.BaseAddress!;

    private static string[] Question(SampleProgram program, params string[] period) =>
        program == SampleProgram.IntegrateurXml ? period : ["consommation", .. period];
}

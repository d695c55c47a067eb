using System.Diagnostics;
using Facturation.Storage;

namespace Facturation.Tests.Api.V1;

/// <summary>What is sent twice counts once; what is sent at once stays consistent.</summary>
[TestFixture(StorageProvider.Sql), NHibernate(StorageProvider.NHibernate)]
[Parallelizable(ParallelScope.All)]
public sealed class RetryTests(StorageProvider provider)
{
    private static readonly DateTimeOffset At = MeterScene.At("2026-04-15T12:00:00Z");

    private MeterScene scene = null!;

    [OneTimeSetUp]
    public async Task Start() => scene = await MeterScene.StartAsync(settings: $"--Storage:Provider={provider}");

    [OneTimeTearDown]
    public async Task Stop() => await scene.DisposeAsync();

    [Test]
    public async Task Post_SameReadingAgain_IsTheFirst()
    {
        var meter = await scene.CreateMeterAsync(serial: "again");
        var first = await scene.ReadAsync(meter, 5_000, At);
        var again = await scene.PostAsync($"v1/meters/{meter.ToString().ToUpperInvariant()}/readings/manual", $$"""
            {"readAt":"2026-04-15T14:00:00.000+02:00","indexValueMilli":"05000","recordedBy":"{{Guid.NewGuid()}}","proofRef":"other"}
            """);

        Assert.That((again.Status, again.Text, again.Location), Is.EqualTo((201, first.Text, first.Location)));
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Post_SameKeyAndRequest_GetsTheFirstAnswer()
    {
        var meter = await scene.CreateMeterAsync(serial: "key");
        var first = await scene.ReadAsync(meter, 5_000, At, ("Idempotency-Key", "k1"));
        await scene.PostAsync($"v1/meters/{meter}/readings/{first.ReadingId}/void", $$"""{"recordedBy":"{{MeterScene.Someone}}","reason":"essai"}""");
        var again = await scene.ReadAsync(meter, 5_000, At, ("Idempotency-Key", "k1"));

        Assert.That(again, Is.EqualTo(first), "even once the reading is voided");
        Assert.That((await scene.ReadingsAsync(meter)).Count(r => r.GetProperty("void").ValueKind == System.Text.Json.JsonValueKind.Null), Is.EqualTo(1));
    }

    [Test]
    public async Task Post_SameKeyAndAnotherRequest_Is409()
    {
        var (meter, other) = (await scene.CreateMeterAsync(serial: "k2"), await scene.CreateMeterAsync(serial: "k2b"));
        await scene.ReadAsync(meter, 5_000, At, ("Idempotency-Key", "k2"));
        foreach (var answer in new[]
        {
            await scene.ReadAsync(meter, 5_001, At, ("Idempotency-Key", "k2")),
            await scene.ReadAsync(other, 5_000, At, ("Idempotency-Key", "k2")),
        })
            Assert.That((answer.Status, answer.Code), Is.EqualTo((409, "IDEMPOTENCY_KEY_REUSED")));
        Assert.That(await scene.ReadingsAsync(other), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Post_KeyOfAnotherClient_IsAnother()
    {
        var theirs = await scene.CreateKeyAsync("K3");
        var meter = await scene.CreateMeterAsync(serial: "k3", key: theirs);
        await scene.ReadAsync(await scene.CreateMeterAsync(serial: "k3"), 1_000, At, ("Idempotency-Key", "k3"));
        var answer = await scene.PostAsync($"v1/meters/{meter}/readings/manual", MeterScene.Body(2_000, At), theirs, ("Idempotency-Key", "k3"));
        Assert.That(answer.Status, Is.EqualTo(201));
    }

    [Test]
    public async Task Post_RefusedRequest_LeavesItsKeyFree()
    {
        var meter = await scene.CreateMeterAsync(serial: "k4", index: 9_000);
        Assert.That((await scene.ReadAsync(meter, 5_000, At, ("Idempotency-Key", "k4"))).Status, Is.EqualTo(409));
        Assert.That((await scene.ReadAsync(meter, 15_000, At, ("Idempotency-Key", "k4"))).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task Post_EmptyKey_IsNone()
    {
        var meter = await scene.CreateMeterAsync(serial: "none");
        Assert.That((await scene.ReadAsync(meter, 5_000, At, ("Idempotency-Key", ""))).Status, Is.EqualTo(201));
        Assert.That((await scene.ReadAsync(meter, 6_000, At.AddDays(1), ("Idempotency-Key", ""))).Status, Is.EqualTo(201));
    }

    [TestCase("a b")]
    [TestCase("a\tb")]
    public async Task Post_KeyThatIsNone_Is400(string key)
    {
        foreach (var bad in new[] { key, new string('x', 256) })
        {
            var answer = await scene.ReadAsync(Guid.NewGuid(), 1, At, ("Idempotency-Key", bad));
            Assert.That((answer.Status, answer.Code), Is.EqualTo((400, "INVALID_PARAMETER")));
        }
    }

    [Test]
    public async Task Post_MeterTwice_IsOneMeter()
    {
        const string body = """
            {"serial":"TWICE","digits":6,"unit":"kWh","dossier":{"identifiant":"U","reference":"D","date":"2026-01-01"},
             "produit":{"id":7},"sequence":3,"installedAt":"2026-01-01T00:00:00Z","indexValueMilli":"0"}
            """;
        var first = await scene.PostAsync("v1/meters", body, null, ("Idempotency-Key", "m"));
        var again = await scene.PostAsync("v1/meters", body, null, ("Idempotency-Key", "m"));
        var without = await scene.PostAsync("v1/meters", body);

        Assert.That((first.Status, again), Is.EqualTo((201, first)));
        Assert.That((without.Status, without.Code), Is.EqualTo((409, "METER_ALREADY_EXISTS")));
        Assert.That(without.Text, Does.Contain(first.Data.GetProperty("id").GetString()));
        Assert.That((await scene.PostAsync("v1/meters", body.Replace("\"D\"", "\"D2\""))).Status, Is.EqualTo(201), "another dossier");
    }

    [Test]
    public async Task Post_AThousandIdenticalAtOnce_LeaveOneReading([Values(null, "thousand")] string? key)
    {
        var meter = await scene.CreateMeterAsync(serial: $"thousand {key}", dossier: $"thousand {key}");
        (string, string)[] headers = key is null ? [] : [("Idempotency-Key", key)];
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => scene.ReadAsync(meter, 5_000, At, headers)));
        TestContext.Out.WriteLine($"{1000 / watch.Elapsed.TotalSeconds:F0} posts a second");

        Assert.That(answers.Select(a => a.Status), Is.All.EqualTo(201));
        Assert.That(answers.Select(a => a.Text).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await scene.ReadingsAsync(meter), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Post_AThousandDifferentAtOnce_LeaveAConsistentSeries()
    {
        // Half of them disagree with the others: which are refused depends on the order, that the series is sound does not.
        const int seed = 20260701;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var meter = await scene.CreateMeterAsync(serial: "parallel", dossier: "parallel", digits: 7);
        var sent = Enumerable.Range(1, 1000).Select(i => (At: At.AddMinutes(i), Index: 10_000L * (random.Next(2) == 0 ? i : random.Next(1000)))).ToList();
        var answers = await Task.WhenAll(sent.Select(s => scene.ReadAsync(meter, s.Index, s.At)));

        Assert.That(answers.Select(a => a.Status).Distinct(), Is.SubsetOf(new[] { 201, 409 }));
        var readings = (await scene.ReadingsAsync(meter)).AsEnumerable().Reverse()
            .Select(r => long.Parse(r.GetProperty("indexValueMilli").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.That(readings, Is.Ordered);
        Assert.That(readings, Has.Count.EqualTo(1 + answers.Count(a => a.Status == 201)));
        Assert.That(await scene.DossierAsync("parallel"), Is.EqualTo(readings[^1] / 1000));
    }
}

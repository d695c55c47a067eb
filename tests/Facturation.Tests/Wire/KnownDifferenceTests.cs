namespace Facturation.Tests.Wire;

/// <summary>Pins both answers where they differ (docs/decisions/0003): a difference that goes away is news, too.</summary>
[Parallelizable(ParallelScope.All)]
public class KnownDifferenceTests
{
    [Test]
    public async Task BadRequest_ErrorsOfTheAction_StandInMvcsOrder()
    {
        var request = RawRequest.Get("/api/statut/mauvais-ordre");

        var (legacy, ours) = await SendAsync(request, refuse: true);

        Assert.That(legacy.Text, Does.Contain("""{"param.Debut":["d'abord"],"param.Fin":["ensuite"]}"""));
        Assert.That(ours.Text, Does.Contain("""{"param.Fin":["ensuite"],"param.Debut":["d'abord"]}"""));
    }

    [TestCase("?nom=")]
    [TestCase("?=")]
    public async Task Address_BlankOptionalParameter_IsItsDefaultForAnActionThatRunsAllTheSame(string query)
    {
        var request = RawRequest.Post("/api/echoadresse/5" + query).Json("{}");

        var (legacy, ours) = await SendAsync(request, refuse: false);

        const string error = "\"nom.String => A value is required but was not present in the request.\"";
        Assert.That(legacy.Text, Is.EqualTo($"""["5","(nul)","",{error}]"""));
        Assert.That(ours.Text, Is.EqualTo($"""["5","sans nom","",{error}]"""));
    }

    [Test]
    public async Task ModelState_KeyOfManyLevels_IsTheParametersForAnActionThatRunsAllTheSame()
    {
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", 256)) + "1" + new string('}', 256);
        var request = RawRequest.Post("/api/Rapport").Json($"{{\"X\":{nested}}}");

        var (legacy, ours) = await SendAsync(request, refuse: false);

        Assert.That(legacy.Text, Does.Contain("\"param.X.a.a.a"));
        Assert.That(ours.Text, Does.Contain("""["param => An error has occurred."]"""));
    }

    [Test]
    public async Task ModelState_KeyOfManyLevels_IsTheLegacyOnesInARefusal()
    {
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", 256)) + "1" + new string('}', 256);
        var request = RawRequest.Post("/api/Rapport").Json($"{{\"X\":{nested}}}");

        var (legacy, ours) = await SendAsync(request, refuse: true);

        Assert.That(ours.Text, Is.EqualTo(legacy.Text).And.Contains("\"param.X.a.a.a"));
    }

    [Test]
    public async Task ModelState_KeyOfANamelessMember_IsTheParametersForAnActionThatRunsAllTheSame()
    {
        var (legacy, ours) = await SendAsync(RawRequest.Post("/api/Rapport").Json("{\"Debut\":{{'':"), refuse: false);

        Assert.That(legacy.Text, Does.Contain("""["param.Debut => An error has occurred.","param.Debut. => An error has occurred."]"""));
        Assert.That(ours.Text, Does.Contain("""["param => An error has occurred.","param.Debut => An error has occurred."]"""));
    }

    [TestCase("/api/ConsommationV2", "")]
    [TestCase("/api/echoadresse/5", "&nom=x")]
    public async Task Address_BracketThatDoesNotClose_FailsNoMore(string path, string parameters)
    {
        var request = RawRequest.Post(path).Json("{}");

        var (legacy, ours) = await SendAsync(request.To($"{path}?a[=b{parameters}"), refuse: true);

        var (_, without) = await SendAsync(request, refuse: true);
        Assert.That((legacy.Status, ours.Status, ours.Text), Is.EqualTo((500, 200, without.Text)));
    }

    [Test]
    public async Task Address_SlashesForAnId_AreNone()
    {
        var request = new RawRequest("PUT", "/api/echoadresse//").Json("{}");

        var (legacy, ours) = await SendAsync(request, refuse: false);

        Assert.That(legacy.Text, Does.Contain("The value '/' is not valid"));
        Assert.That(ours.Status, Is.EqualTo(404));
    }

    private static async Task<(RawAnswer Legacy, RawAnswer Ours)> SendAsync(RawRequest request, bool refuse) =>
        (await WireServers.Oracle.SendAsync(request, refuse), await WireServers.Hosts.First().SendAsync(request, refuse));
}

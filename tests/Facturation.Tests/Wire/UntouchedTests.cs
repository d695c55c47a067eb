namespace Facturation.Tests.Wire;

/// <summary>A controller without [WebApi2] in the same host answers as ASP.NET Core does.</summary>
public sealed class UntouchedTests
{
    [Test]
    public async Task Get_PlainController_AnswersCamelCase()
    {
        var answer = await SendAsync(RawRequest.Get("/v1/plain").With("Accept", "application/xml"));

        Assert.That((answer.Status, answer.ContentType, answer.Text),
            Is.EqualTo((200, "application/json; charset=utf-8", """{"numero":1,"nom":"é<&>","jour":null}""")));
    }

    [Test]
    public async Task Get_NothingFound_Answers204() =>
        Assert.That((await SendAsync(RawRequest.Get("/v1/plain/nothing"))).Status, Is.EqualTo(204));

    [Test]
    public async Task Post_WhatOnlyTheLegacyReads_IsRefusedAsProblem()
    {
        var answer = await SendAsync(RawRequest.Post("/v1/plain").Json("{'Numero':010,}"));

        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((400, "application/problem+json; charset=utf-8")));
    }

    [TestCase("/v1/plain", "PUT", 405)]
    [TestCase("/v1/inconnu", "GET", 404)]
    [TestCase("/apinconnu", "GET", 404)]
    [TestCase("/", "GET", 404)]
    public async Task Send_ErrorOutsideThePrefix_HasNoLegacyBody(string target, string method, int status)
    {
        var answer = await SendAsync(new RawRequest(method, target));

        Assert.That((answer.Status, answer.Text, answer.Header("Pragma")), Is.EqualTo((status, "", default(string))));
    }

    private static Task<RawAnswer> SendAsync(RawRequest request) => WireServers.Host(WireSetting.Legacy).SendAsync(request, refuse: true);
}

using System.Net;

namespace Facturation.Tests.WebApi2;

/// <summary>Controllers as a port may write them: the answers are those of the plain form, and neighbours are left alone.</summary>
[Parallelizable]
public class MvcShapeTests
{
    private const string Namespace = "http://schemas.datacontract.org/2004/07/Facturation.Tests.WebApi2";
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";

    [Test]
    public async Task Ok_Null_IsWrittenAsWhatTheActionTakes()
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.PostAsync("null", "application/json", "/api/Resultats", "application/xml");

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(
            $"""<Periode i:nil="true" xmlns:i="{Instance}" xmlns="{Namespace}" />"""));
    }

    [Test]
    public async Task Ok_Query_IsWrittenAsTheSequenceDeclared()
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.SendAsync(
            HttpMethod.Put, """{"Lignes":[{"Numero":1},{"Numero":0}]}""", "application/json", "/api/Resultats", "application/xml");

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(
            $"""<ArrayOfLigne xmlns:i="{Instance}" xmlns="{Namespace}"><Ligne><Nom i:nil="true" /><Numero>1</Numero></Ligne></ArrayOfLigne>"""));
    }

    [Test]
    public async Task Json_Value_IsJsonOfWebApi2WhateverIsAccepted()
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.SendAsync(HttpMethod.Patch, """{"ProduitId":1}""", "application/json", "/api/Resultats", "application/xml");

        Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json; charset=utf-8"));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo("""{"Debut":null,"Fin":null,"Lignes":null,"ProduitId":1}"""));
    }

    [TestCase("x")]
    [TestCase("2147483648")]
    public async Task Address_UnreadableOptionalParameter_IsItsDefaultWhereTheActionRuns(string id)
    {
        await using var server = await EchoServer.StartAsync(options => options.RefuseInvalidModelState = false);

        var answer = await server.Client.GetStringAsync($"/api/Resultats/{id}");

        Assert.That(answer, Is.EqualTo("\"7 False\""));
    }

    [Test]
    public async Task Address_BracketThatDoesNotClose_NamesNothing()
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.Client.GetStringAsync("/api/Resultats/5?id[=6");

        Assert.That(answer, Is.EqualTo("\"5 True\""));
    }

    [TestCase("?quand=2026-03-22T00:00:00Z", "\"2026-03-22T01:00:00+01:00\"")]
    [TestCase("?quand=x", """{"Message":"The request is invalid.","ModelState":{"quand":["The value 'x' is not valid for DateTime."]}}""")]
    public async Task FromQuery_Date_IsReadAsAnyParameterOfTheAddress(string query, string expected)
    {
        await using var server = await EchoServer.StartAsync();

        var answer = await server.Client.DeleteAsync("/api/Resultats" + query);

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(expected));
    }

    [Test]
    public async Task ApiController_BesideWebApi2_DoesNotAnswer([Values] bool refuse)
    {
        await using var server = await EchoServer.StartAsync(options => options.RefuseInvalidModelState = refuse);

        var answer = await server.PostAsync("Debut=x", "application/x-www-form-urlencoded", "/api/Annote");
        var empty = await server.PostAsync("", "application/json", "/api/Annote");

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(refuse
            ? """{"Message":"The request is invalid.","ModelState":{"param.Debut":["The value 'x' is not valid for Debut."]}}"""
            : """{"Debut":null,"Fin":null,"Lignes":null,"ProduitId":null}"""));
        Assert.That(await empty.Content.ReadAsStringAsync(), Is.EqualTo("null"));
    }

    [Test]
    public async Task Neighbours_UnderThePrefix_AnswerInTheirOwnName()
    {
        await using var server = await EchoServer.StartAsync();

        var posted = await server.PostAsync("""{"nom":"é"}""", "application/json", "/api/Ordinaire");
        var wrongVerb = await server.Client.GetAsync("/api/Ordinaire");
        var failed = await server.Client.PutAsync("/api/Ordinaire", null);
        var slashes = await server.PostAsync("{}", "application/json", "/api/Ordinaire//");
        var minimal = await server.Client.GetAsync("/api/minimal");

        Assert.That(await posted.Content.ReadAsStringAsync(), Is.EqualTo("""{"nom":"é","numero":0}"""));
        Assert.That(posted.Headers.CacheControl, Is.Null);
        Assert.That((wrongVerb.StatusCode, string.Join(' ', wrongVerb.Content.Headers.Allow.Order())), Is.EqualTo((HttpStatusCode.MethodNotAllowed, "POST PUT")));
        Assert.That(wrongVerb.Content.Headers.ContentLength, Is.Zero);
        Assert.That(failed.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await failed.Content.ReadAsStringAsync(), Does.Not.Contain("Message"));
        Assert.That(slashes.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((minimal.StatusCode, minimal.Content.Headers.ContentLength), Is.EqualTo((HttpStatusCode.NotFound, 0)));
    }
}

using Facturation.WebApi2.Negotiation;
using Microsoft.AspNetCore.Http;

namespace Facturation.Tests.WebApi2;

[Parallelizable(ParallelScope.All)]
public sealed class KnownHeadersTests
{
    [Test]
    public void Of_TheSameText_IsParsedOnce()
    {
        var known = new KnownHeaders();
        var first = known.Of(Request("text/xml"));
        Assert.That(known.Of(Request("text/xml")), Is.SameAs(first));
    }

    [Test]
    public void Of_AnotherText_IsParsedByItself()
    {
        var known = new KnownHeaders();
        var one = known.Of(Request("text/xml"));
        Assert.That(known.Of(Request("Text/xml")), Is.Not.SameAs(one));
        Assert.That(known.Of(Request("text/xml", "utf-16")).AcceptCharset.Single().Value, Is.EqualTo("utf-16"));
        Assert.That(known.Of(Request("text/xml", contentType: "text/json")).ContentType?.MediaType, Is.EqualTo("text/json"));
        Assert.That(known.Of(Request("text/xml", requestedWith: "XMLHttpRequest")).IsXmlHttpRequest, Is.True);
        Assert.That(one.IsXmlHttpRequest, Is.False);
    }

    [Test]
    public void Of_MoreTextsThanAreKept_ForgetsTheFirst()
    {
        var known = new KnownHeaders();
        var first = known.Of(Request("text/xml"));
        for (var i = 0; i < 1000; i++)
            known.Of(Request($"text/x{i}"));
        Assert.That(known.Of(Request("text/xml")), Is.Not.SameAs(first));
    }

    [Test]
    public void Of_ALongText_IsNotKept()
    {
        var known = new KnownHeaders();
        var accept = "text/" + new string('x', 2000);
        var first = known.Of(Request(accept));
        Assert.That(known.Of(Request(accept)), Is.Not.SameAs(first));
    }

    private static HttpRequest Request(string accept, string? charset = null, string? contentType = null, string? requestedWith = null)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Accept = accept;
        request.Headers.AcceptCharset = charset;
        request.Headers.ContentType = contentType;
        request.Headers.XRequestedWith = requestedWith;
        return request;
    }
}

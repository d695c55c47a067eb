using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Facturation.Tests.Api.Operations;

/// <summary>What is compressed for those who ask, and what never is.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CompressionTests
{
    [TestCase("gzip")]
    [TestCase("br")]
    public async Task Help_WhenAsked_IsTheSamePageCompressed(string encoding)
    {
        await using var service = await Service.StartAsync();
        using var plain = await GetAsync(service, "/Help", null);
        using var packed = await GetAsync(service, "/Help", encoding);

        Assert.That(packed.Content.Headers.ContentEncoding, Is.EqualTo(new[] { encoding }));
        Assert.That(packed.Content.Headers.ContentLength, Is.Null);
        Assert.That(await UnpackAsync(packed), Is.EqualTo(await plain.Content.ReadAsStringAsync()));
        Assert.That(plain.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(plain.Content.Headers.ContentLength, Is.EqualTo((await plain.Content.ReadAsByteArrayAsync()).Length));
        Assert.That(new[] { plain, packed }.Select(r => string.Join(',', r.Headers.Vary)), Is.All.EqualTo("Accept-Encoding"));
    }

    [Test]
    public async Task Help_Tag_IsWeakWhereTheBytesAreOthersAndStillAnswers304()
    {
        await using var service = await Service.StartAsync();
        using var plain = await GetAsync(service, "/Help", null);
        using var packed = await GetAsync(service, "/Help", "gzip");
        var (strong, weak) = (plain.Headers.ETag!, packed.Headers.ETag!);
        Assert.That((strong.IsWeak, weak.IsWeak, weak.Tag), Is.EqualTo((false, true, strong.Tag)));

        foreach (var (tag, encoding) in new[] { (weak, "gzip"), (strong, null) })
        {
            using var again = await GetAsync(service, "/Help", encoding, tag);
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
            Assert.That(again.Headers.ETag, Is.EqualTo(tag), "the tag its 200 would have");
        }
    }

    [Test]
    public async Task V1_WhenAsked_IsCompressed()
    {
        await using var service = await Service.StartAsync();
        using var answer = await GetAsync(service, "/v1/meters", "gzip");
        Assert.That(await UnpackAsync(answer), Does.StartWith("{\"code\":\"UNAUTHENTICATED\""));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task LegacyApi_WhenAsked_IsCompressedOnlyIfConfigured(bool configured)
    {
        await using var service = await Service.StartAsync(settings: configured ? ["--Compression:LegacyApi=true"] : []);
        await service.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5\n");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/ConsommationV2") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", await service.CreateKeyAsync());
        request.Headers.Add("Accept-Encoding", "gzip, br");
        using var answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.That(answer.Content.Headers.ContentEncoding, configured ? Is.EqualTo(new[] { "br" }) : Is.Empty);
        Assert.That(answer.Headers.Vary, configured ? Is.EqualTo(new[] { "Accept-Encoding" }) : Is.Empty);
        Assert.That(answer.Content.Headers.ContentLength is null, Is.EqualTo(configured));
        Assert.That(configured ? await UnpackAsync(answer) : await answer.Content.ReadAsStringAsync(), Does.Contain("\"Quantite\":5"));
    }

    /// <summary>WIRE.md R4.</summary>
    [Test]
    public async Task LegacyApi_CompressedBody_IsReadAsItStands()
    {
        await using var service = await Service.StartAsync();
        await service.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5\n");
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write("{}"u8);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/ConsommationV2") { Content = new ByteArrayContent(body.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Add("X-API-Key", await service.CreateKeyAsync());
        using var answer = await service.Client.SendAsync(request);
        Assert.That(((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo(
            (400, """{"Message":"The request is invalid.","ModelState":{"param":["An error has occurred."]}}""")));
    }

    private static Task<HttpResponseMessage> GetAsync(Service service, string path, string? encoding, EntityTagHeaderValue? tag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (encoding is not null)
            request.Headers.Add("Accept-Encoding", encoding);
        if (tag is not null)
            request.Headers.IfNoneMatch.Add(tag);
        return service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // Buffered, it would have a length of its own.
    }

    private static async Task<string> UnpackAsync(HttpResponseMessage response)
    {
        var packed = await response.Content.ReadAsStreamAsync();
        await using Stream stream = response.Content.Headers.ContentEncoding.Single() == "br"
            ? new BrotliStream(packed, CompressionMode.Decompress)
            : new GZipStream(packed, CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Facturation.Tests.Wire;
using Facturation.Tests.Wire.Generator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static Facturation.Tests.Api.Commands.CommandTests;

namespace Facturation.Tests.Api.Compare;

/// <summary>The command against real services: the genuine Web API 2, ours on the same controllers, and ones that differ.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class CompareTests
{
    private const string Question = """{"method":"POST","path":"/api/ConsommationV2","headers":{"Content-Type":"application/json","Accept":"text/json"},"body":"{}"}""";

    /// <summary>The oracle is no IIS: it frames its answers otherwise and sends no caching headers (WIRE.md O5); Warning is our own (ADR 3).</summary>
    private static readonly string[] NotTheOracles =
        [.. new[] { "Cache-Control", "Pragma", "Expires", "Content-Length", "Warning" }.SelectMany(name => new[] { "--ignore-header", name })];

    [Test]
    public async Task Compare_GenuineWebApi2AndOurs_FindsNoDifference()
    {
        using var scratch = Scratch.WithDatabase();
        var generator = new RequestGenerator(7);
        var requests = Enumerable.Range(0, 600).Select(index => generator.Make(index).Request)
            .Where(request => request.Method is "GET" or "POST" && request.Target.StartsWith("/api/", StringComparison.Ordinal)
                && !KnownDifference.Applies(request, true, Facturation.Tests.Wire.RawAnswer.None))
            .Select(Line).Take(300).ToList();
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', requests)));
        // The address stands in answers of 404.
        var (code, output, error) = await RunAsync(scratch, ["compare", "--old", Oracle(true), "--new", Host(true), "--requests", file,
            "--parallel", "4", "--header", "Host: ancien.exemple.fr", "--allow-writes", .. NotTheOracles]);

        Assert.That(code, Is.Zero, output + error);
        Assert.That(output, Does.EndWith("Aucune différence ; requêtes : 300.\n"));
        Assert.That(output, Does.Match(@"POST /api/ConsommationV2 +200 +[1-9]\d* +0\n").And.Match(@"POST /api/ConsommationV2 +400 +[1-9]\d* +0\n"));
        Assert.That(output, Does.Match(@"ancien +: médiane [\d.]+ ms, 95 % sous [\d.]+ ms, au plus [\d.]+ ms\nnouveau +: médiane"));
    }

    [Test]
    public async Task Compare_AServiceThatRunsWhatTheOtherRefuses_TellsWhereTheyPart()
    {
        using var scratch = Scratch.WithDatabase();
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes(
            Question + "\n\n" + Question.Replace("\"{}\"", "\"{\\\"Debut\\\":\\\"demain\\\"}\"", StringComparison.Ordinal)));
        var (code, output, error) = await RunAsync(scratch, ["compare", "--old", Oracle(true), "--new", Host(false), "--requests", file, .. NotTheOracles]);

        Assert.That(code, Is.EqualTo(1), error);
        Assert.That(output, Does.StartWith("ligne 3, POST /api/ConsommationV2\n  statut : ancien 400, nouveau 200\n  corps, octet 0 : ancien «{\"Message\":"));
        Assert.That(output, Does.Contain("200               1            0\n").And.Contain("400 → 200         0            1\n"));
        Assert.That(output, Does.EndWith("Requêtes qui diffèrent : 1 sur 2.\n"));
    }

    [Test]
    public async Task Compare_OneByteOneHeaderOneCutAnswer_AreFoundAtTheirPlace()
    {
        using var scratch = Scratch.WithDatabase();
        var (longer, shorter) = (new string('a', 100) + "é\n" + new string('b', 100), new string('a', 100) + "è\n" + new string('b', 100));
        await using var old = await ServeAsync(async context =>
        {
            context.Response.Headers["X-One"] = "1";
            context.Response.Headers.Server = "IIS";
            await AnswerAsync(context, longer);
        });
        await using var @new = await ServeAsync(async context =>
        {
            if (context.Request.Path == "/coupe")
            {
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("a");
                context.Abort();
                return;
            }
            if (context.Request.Path == "/octet")
                context.Response.Headers["X-One"] = "1";
            await AnswerAsync(context, context.Request.Path == "/octet" ? shorter : longer);
        });
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes(
            """{"method":"GET","path":"/octet"}""" + "\n" + """{"method":"GET","path":"/entete"}""" + "\n" + """{"method":"GET","path":"/coupe"}"""));

        var (code, output, _) = await RunAsync(scratch, "compare", "--old", old.Urls.First(), "--new", @new.Urls.First(), "--requests", file);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.StartWith($"""
            ligne 1, GET /octet
              corps, octet 101 : ancien «…{new string('a', 39)}
            """.ReplaceLineEndings("\n")), "the second byte of é");
        Assert.That(output, Does.Contain("\\u000Abbb").And.Contain("(203 octets)"));
        Assert.That(output, Does.Contain("ligne 2, GET /entete\n  X-One : ancien « 1 », nouveau (absent)\nligne 3"));
        Assert.That(output, Does.Match("ligne 3, GET /coupe\n  pas de réponse : ancien 200, nouveau .+\n"));
        Assert.That(output, Does.Contain("Attention : aucune réponse 2xx n'est la même").And.EndWith("Requêtes qui diffèrent : 3 sur 3.\n"));
    }

    [Test]
    public async Task Compare_ErrorsAlike_ProveNothing()
    {
        using var scratch = Scratch.WithDatabase();
        static Task Deny(HttpContext context)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return AnswerAsync(context, "{}");
        }
        await using var old = await ServeAsync(Deny);
        await using var @new = await ServeAsync(Deny);
        var file = scratch.Write("r.jsonl", """{"method":"GET","path":"/"}"""u8.ToArray());

        var (code, output, _) = await RunAsync(scratch, "compare", "--old", old.Urls.First(), "--new", @new.Urls.First(), "--requests", file);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("Attention : aucune réponse 2xx").And.EndWith("Aucune différence ; requêtes : 1.\n"));
    }

    [Test]
    public async Task Compare_RequestsReachBothSidesAsRecorded_WithEachSidesOwnHeaders()
    {
        using var scratch = Scratch.WithDatabase();
        var seen = new Dictionary<string, string>();
        async Task Keep(HttpContext context, string side)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            lock (seen)
                seen[side] = $"{raw} {string.Join('|', context.Request.Headers.Where(h => h.Key != "Host").Select(h => $"{h.Key}={h.Value}"))} {Convert.ToHexString(body.ToArray())}";
            await AnswerAsync(context, "{}");
        }
        await using var old = await ServeAsync(context => Keep(context, "old"));
        await using var @new = await ServeAsync(context => Keep(context, "new"));
        var secret = scratch.Write("cle.txt", "clé-neuve\n"u8.ToArray());
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes(
            """{"method":"POST","path":"/api/%43onso?a=%c3%a9&b","headers":{"Accept":["*/*; q=.2","text/xml"],"X-API-Key":"ancienne","Connection":"close","Accept-Encoding":"gzip"},"bodyBase64":"AP8K"}"""));

        var (code, _, error) = await RunAsync(scratch, "compare", "--old", old.Urls.First(), "--new", @new.Urls.First() + "/site/", "--requests", file,
            "--header", "Accept-Encoding:", "--new-header", $"X-API-Key: @{secret}");
        Assert.That(code, Is.Zero, error);
        Assert.That(seen["old"], Is.EqualTo("/api/%43onso?a=%c3%a9&b Accept=*/*; q=.2,text/xml|Content-Length=3|X-API-Key=ancienne 00FF0A"));
        Assert.That(seen["new"], Is.EqualTo("/site/api/%43onso?a=%c3%a9&b Accept=*/*; q=.2,text/xml|Content-Length=3|X-API-Key=clé-neuve 00FF0A"));
    }

    [TestCase("""{"method":"POST","path":"/v1/meters","body":"{}"}""", "pourrait écrire")]
    [TestCase("""{"method":"DELETE","path":"/api/Consommation"}""", "pourrait écrire")]
    [TestCase("""{"method":"POST","path":"/api/../v1/meters"}""", "pourrait écrire")]
    [TestCase("""{"method":"POST","path":"/api/%2E%2e/v1/meters"}""", "pourrait écrire")]
    [TestCase("""{"method":"GET","path":"/api/x","headers":{"X-HTTP-Method-Override":"DELETE"}}""", "pourrait écrire")]
    [TestCase("""{"method":"GET","path":"http://ailleurs/"}""", "path doit commencer par /")]
    [TestCase("""{"method":"GET","path":"/a b"}""", "path doit commencer par /")]
    [TestCase("""{"method":"GE T","path":"/"}""", "method n'est pas un verbe")]
    [TestCase("""{"method":"GET","path":"/","headers":{"A":"b\r\nC: d"}}""", "ne tient pas sur une ligne")]
    [TestCase("""{"method":"GET","path":"/","boby":""}""", "« boby » n'est pas un membre")]
    [TestCase("""{"method":"GET","path":"/","\u001b":""}""", "« \\u001B » n'est pas un membre")]
    [TestCase("""{"method":"GET","path":"/","body":"","bodyBase64":""}""", "s'excluent")]
    [TestCase("""{"method":"GET","path":"/","headers":{"A":null}}""", "A : un texte est attendu")]
    [TestCase("""{"method":"GET","path":"/","headers":[]}""", "headers : un objet est attendu")]
    [TestCase("""{"method":"GET","path":"/","body":null}""", "body : un texte est attendu")]
    [TestCase("""{"method":"GET","path":"/","bodyBase64":"%"}""", "bodyBase64 n'est pas de la base64")]
    [TestCase("[1]", "un objet JSON est attendu")]
    [TestCase("{", "ce n'est pas du JSON")]
    public async Task Compare_LineThatIsNoReadOnlyRequest_SendsNothingAtAll(string line, string told)
    {
        using var scratch = Scratch.WithDatabase();
        var count = 0;
        await using var service = await ServeAsync(context =>
        {
            Interlocked.Increment(ref count);
            return Task.CompletedTask;
        });
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes("""{"method":"GET","path":"/"}""" + "\n" + line));
        var (code, _, error) = await RunAsync(scratch, "compare", "--old", service.Urls.First(), "--new", service.Urls.First() + "/b", "--requests", file);
        Assert.That((code, count), Is.EqualTo((1, 0)));
        Assert.That(error, Does.StartWith("ligne 2").And.Contain(told).And.Not.Contain("   at "));
    }

    [TestCase("--old", "http://a/", "--new", "http://a/")]
    [TestCase("--old", "ftp://a/", "--new", "http://a/")]
    [TestCase("--old", "http://a/", "--new", "http://b/", "--parallel", "0")]
    public async Task Compare_WrongOption_IsToldInOneLine(params string[] options)
    {
        using var scratch = Scratch.WithDatabase();
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes(Question));
        var (code, _, error) = await RunAsync(scratch, ["compare", "--requests", file, .. options]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error.TrimEnd('\n'), Does.StartWith("--").And.Not.Contain("\n"));
    }

    [Test]
    public async Task Compare_HeaderThatIsNone_NamesItsOption(
        [Values("--header", "--old-header", "--new-header")] string option, [Values("x", "x: @absent")] string header)
    {
        using var scratch = Scratch.WithDatabase();
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes(Question));
        var (code, _, error) = await RunAsync(scratch, "compare", "--requests", file, "--old", "http://a/", "--new", "http://b/", option, header);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(error.TrimEnd('\n'), Does.StartWith($"{option} x : ").And.Not.Contain("\n"));
    }

    [Test]
    public async Task Compare_CertificateNobodyVouchesFor_IsNoAnswer()
    {
        using var scratch = Scratch.WithDatabase();
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var old = await ServeAsync(context => AnswerAsync(context, "{}"));
        await using var @new = await ServeAsync(context => AnswerAsync(context, "{}"), certificate);
        var file = scratch.Write("r.jsonl", Encoding.UTF8.GetBytes(Question));

        var (code, output, _) = await RunAsync(scratch, "compare", "--old", old.Urls.First(), "--new", @new.Urls.First(), "--requests", file);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("pas de réponse : ancien 200, nouveau ").And.Contain("certificate"));
    }

    /// <summary>The sample shows the format, and asks what the demo can answer.</summary>
    [Test]
    public async Task Sample_AgainstTwoDemos_FindsNoDifference()
    {
        using var scratch = Scratch.WithDatabase();
        await using var old = await Service.StartAsync("Development");
        await using var @new = await Service.StartAsync("Development");
        var (code, output, error) = await RunAsync(scratch, "compare", "--old", $"{old.Client.BaseAddress}", "--new", $"{@new.Client.BaseAddress}",
            "--requests", Clone.PathOf("samples/compare/requests.jsonl"), "--header", "Host: facturation.exemple.fr");
        Assert.That(code, Is.Zero, output + error);
        Assert.That(output, Does.Match(@"POST /api/ConsommationV2 +200").And.Not.Contain("Attention"));
    }

    private static string Oracle(bool refuse) => WireServers.Oracle.AddressOf(refuse).ToString();

    private static string Host(bool refuse) => WireServers.Host(WireSetting.Legacy).AddressOf(refuse).ToString();

    private static string Line(RawRequest request) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["method"] = request.Method,
        ["path"] = request.Target,
        ["headers"] = request.Headers.Append(request.Chunked ? (Name: "Transfer-Encoding", Value: "chunked") : (Name: "Content-Length", Value: "0"))
            .Where(header => !header.Name.Contains("Override", StringComparison.Ordinal))
            .GroupBy(header => header.Name).ToDictionary(group => group.Key, group => group.Select(header => header.Value)),
    }.Concat(request.Body is null ? [] : [KeyValuePair.Create("bodyBase64", (object)Convert.ToBase64String(request.Body))]).ToDictionary());

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => _ = certificate is null ? listen : listen.UseHttps(certificate));
        });
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private static Task AnswerAsync(HttpContext context, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, 0, bytes.Length);
    }
}

using System.Net.Sockets;
using System.Text;
using Facturation.Api.Operations;

namespace Facturation.Tests.Api;

/// <summary>Requests that break while their body is read: an answer in the API's own shape, never 500.</summary>
[Parallelizable]
public sealed class BrokenRequestTests
{
    private const string Readings = "/v1/meters/2489E9AD-2EE2-8E00-8EC9-32D5F69181C0/readings/manual";

    [TestCase("/api/ConsommationV2", "ffffffffffffffff", "{\"Message\":")]
    [TestCase("/api/ConsommationV2", "zz", "{\"Message\":")]
    [TestCase(Readings, "ffffffffffffffff", "{\"code\":\"BAD_REQUEST\"")]
    [TestCase(Readings, "zz", "{\"code\":\"BAD_REQUEST\"")]
    public async Task Post_ChunkOfImpossibleSize_Is400(string path, string size, string body)
    {
        await using var service = await Service.StartAsync("Development");
        using var client = new TcpClient();
        await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {Demo.Key}\r\nContent-Type: application/json\r\n"
            + $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}"));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(answer, Does.StartWith("HTTP/1.1 400 Bad Request").And.Contains(body));
    }
}

using System.Net.Sockets;
using System.Text;

namespace Facturation.Tests.Api.Operations;

/// <summary>Connections that would hold the server for nothing.</summary>
[Parallelizable(ParallelScope.All)]
[Category("Slow")]
public sealed class ServerLimitTests
{
    [TestCase("HTTP/1.1 431 ", "--ServerLimits:HeadersBytes=8192", "GET /Help HTTP/1.1\r\nHost: x\r\nX: {9000}\r\n\r\n")]
    [TestCase("HTTP/1.1 408 ", "--ServerLimits:HeadersTimeout=00:00:01", "GET /Help HTTP/1.1\r\nHost: x\r\n")]
    [TestCase("HTTP/1.1 408 ", "--ServerLimits:MinBodyRate=1048576",
        "POST /api/Consommation HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")]
    [TestCase("", "--ServerLimits:Connections=1", "GET /Help HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Connection_ThatAsksTooMuch_IsEnded(string expected, string setting, string sent)
    {
        await using var service = await Service.StartAsync(settings: setting);
        await service.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5\n");
        using (await service.Client.GetAsync("/health/live")) // It keeps its connection: the only one, where one is all there is.
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                sent.Replace("{9000}", new string('x', 9000)).Replace("{key}", await service.CreateKeyAsync())));
            var answer = await ReadAsync(stream);
            Assert.That(answer, expected == "" ? Is.Empty : Does.StartWith(expected));
        }
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (IOException)
        {
            return ""; // Reset rather than closed.
        }
    }
}

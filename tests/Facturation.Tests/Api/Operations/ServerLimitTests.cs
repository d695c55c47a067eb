using System.Diagnostics;
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

    /// <summary>Without a limit, connections that ask nothing end the process: "Out of memory", SIGABRT.</summary>
    [Test]
    [Platform("Linux")]
    public async Task Connections_MoreThanTheProcessMayOpen_DoNotEndIt()
    {
        using var database = new Scratch();
        await using var service = await ServiceProcess.StartWithFewFilesAsync(database, 600);
        var address = service.Client.BaseAddress!;
        var clients = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1_000; i++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync(address.Host, address.Port);
                await client.GetStream().WriteAsync("GET /Help HTTP/1.1\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Beyond the limit, connections are closed as soon as they are made.
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await Eventually(async () => (await service.Client.GetAsync("/health/ready")).StatusCode == System.Net.HttpStatusCode.OK);
        Assert.That(service.Lines, Has.None.Contain("Out of memory").And.None.Contain("Too many open files"));
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (HttpRequestException) when (patience.Elapsed < TimeSpan.FromSeconds(60))
            {
                // Refused while the connections of before are being closed.
            }
            Assert.That(patience.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)));
            await Task.Delay(100);
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

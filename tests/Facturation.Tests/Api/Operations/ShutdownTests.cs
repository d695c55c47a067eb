using System.Net.Sockets;
using System.Text;

namespace Facturation.Tests.Api.Operations;

/// <summary>The service as a process that is told to stop in the middle of a request.</summary>
[Category("Slow")]
public sealed class ShutdownTests
{
    [Test]
    public async Task Sigterm_InTheMiddleOfARequest_IsNotReadyAtOnceThenAnswersThenEndsWell()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("ShutdownTests needs SIGTERM and systemd's socket, which only Linux has.");
        using var database = Scratch.WithDatabase();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        var path = Path.Combine(database.Root, "notify");
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        var key = default(string)!;
        await using (var before = await Service.StartAsync(database: database))
        {
            await before.ImportAsync("identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\nU;1;Eau;D;2026-03-22;1;Froide;5\n");
            key = await before.CreateKeyAsync();
        }
        await using var service = await ServiceProcess.StartAsync(
            database, ("Shutdown__Delay", "00:00:08"), ("NOTIFY_SOCKET", path), ("Health__MinFreeDiskMegabytes", "0"));
        Assert.That(await ReceiveAsync(systemd), Is.EqualTo("READY=1"));
        Assert.That((await ReadyAsync(service)).Status, Is.EqualTo(200));

        // The spaces keep the body above the server's slowest rate however long this takes.
        var (padding, end) = (new string(' ', 60_000), "{}");
        using var client = new TcpClient();
        await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var stream = client.GetStream();
        using var answer = new StreamReader(stream);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/ConsommationV2 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nContent-Type: application/json\r\n"
            + $"Expect: 100-continue\r\nContent-Length: {padding.Length + end.Length}\r\n\r\n"));
        Assert.That(await answer.ReadLineAsync(), Is.EqualTo("HTTP/1.1 100 Continue"), "the body is being read");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(padding));

        service.Terminate();
        Assert.That(await ReceiveAsync(systemd), Is.EqualTo("STOPPING=1"));
        for (var i = 0; i < 3; i++) // Each on a connection of its own: a server that no longer listens may finish with an old one.
        {
            var notReady = await ReadyAsync(service);
            Assert.That(notReady.Status, Is.EqualTo(503), "it still listens, and says not to send any more");
            Assert.That(notReady.Body, Does.Contain("\"service\": \"stopping\"").And.Contain("\"database\": \"ok\""));
        }
        while (await ListensAsync(service))
            await Task.Delay(50);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(end));
        Assert.That(await answer.ReadToEndAsync(), Does.Contain("HTTP/1.1 200 OK").And.Contain("\"Quantite\":5"));
        Assert.That(await service.WaitForExitAsync(), Is.Zero, string.Join('\n', service.Lines));
        Assert.That(service.Lines, Has.None.Contain("fail: ").And.None.Contain("warn: "), "to stop is no failure");
    }

    [Test]
    public async Task Sigterm_RequestThatNeverEnds_IsCutAfterTheTimeout()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("ShutdownTests needs SIGTERM, which Windows has not.");
        using var database = Scratch.WithDatabase();
        await using var service = await ServiceProcess.StartAsync(database, ("Shutdown__Timeout", "00:00:01"), ("ServerLimits__MinBodyRate", "0"));
        using var client = new TcpClient();
        await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        await client.GetStream().WriteAsync("POST /rien HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"u8.ToArray());

        service.Terminate();
        Assert.That(await service.WaitForExitAsync(), Is.Zero, string.Join('\n', service.Lines));
    }

    private static async Task<bool> ListensAsync(ServiceProcess service)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<(int Status, string Body)> ReadyAsync(ServiceProcess service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready") { Headers = { ConnectionClose = true } };
        using var answer = await service.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[100];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
    }
}

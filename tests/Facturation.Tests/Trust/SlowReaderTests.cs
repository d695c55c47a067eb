using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Facturation.Tests.Api.V1;

namespace Facturation.Tests.Trust;

/// <summary>
/// A client that reads a long answer slowly keeps all that is written meanwhile in the WAL. It is ended once that is too much, and no write
/// is refused for its sake.
/// </summary>
[Category("Slow")]
public sealed class SlowReaderTests
{
    private const int Bound = 16 << 20;

    [Test]
    public async Task Post_WhileAClientReadsSlowly_IsWrittenAndTheJournalStaysBounded()
    {
        using var database = Scratch.WithDatabase();
        await using var scene = await MeterScene.StartAsync(database, $"--Storage:MaxJournalMegabytes={Bound >> 20}");
        await scene.Service.ImportAsync(
            "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite\n"
            + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"U;1;Eau;Dossier de la mairie de Tréville {i};2026-03-22;1;Froide;5\n")));
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        var address = scene.Service.Client.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port);
        var slow = client.GetStream();
        await slow.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/ConsommationV2 HTTP/1.1\r\nHost: x\r\nX-API-Key: {scene.Key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"));
        Assert.That(await slow.ReadAsync(new byte[1024]), Is.Positive);

        var meter = await scene.CreateMeterAsync();
        var (longest, reading, begun) = (0L, 0, Stopwatch.StartNew());
        // The 5 seconds that a read is granted, and as much as the WAL may hold.
        while (begun.Elapsed < TimeSpan.FromSeconds(7) || longest < Bound)
        {
            longest = Math.Max(longest, await WriteAsync(500));
            Assert.That(longest, Is.LessThan(20 * Bound), "nobody ended the reader");
        }
        for (var i = 0; i < 20 && await WriteAsync(1) > Bound; i++)
            await Task.Delay(500);

        Assert.That(JournalLength(), Is.LessThanOrEqualTo(Bound), "it is folded, and no longer grows");
        Assert.That(await ReadToEndAsync(slow), Does.Not.EndWith("0\r\n\r\n"), "the answer is broken off, not shortened");
        Assert.That((await scene.ReadingsAsync(meter)), Has.Count.EqualTo(reading + 1));

        async Task<long> WriteAsync(int count)
        {
            var proof = new string('x', 500);
            var lines = Enumerable.Range(reading, count).Select(i => MeterScene.Body(i, MeterScene.At("2026-01-02").AddSeconds(i))
                .Replace("}", $",\"proofRef\":\"{proof}\"}}", StringComparison.Ordinal));
            var answer = await scene.PostAsync($"v1/meters/{meter}/readings/batch", $$"""{"readings":[{{string.Join(',', lines)}}]}""");
            Assert.That(answer.Status, Is.EqualTo(200), answer.Text[..Math.Min(300, answer.Text.Length)]);
            reading += count;
            return JournalLength();
        }

        long JournalLength() => new FileInfo(database.Database + "-wal").Length;
    }

    private static async Task<string> ReadToEndAsync(NetworkStream stream)
    {
        var text = new MemoryStream();
        try
        {
            await stream.CopyToAsync(text).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (IOException)
        {
            // Reset.
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }
}

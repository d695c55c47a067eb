using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Facturation.Tests.Api.V1;

/// <summary>The real service as a process, killed while readings stream in.</summary>
public sealed class KillTests
{
    private const int Meters = 4, Writers = 16;

    private static readonly DateTimeOffset First = MeterScene.At("2026-01-02T00:00:00Z");

    [Test]
    public async Task Kill_InAStreamOfPosts_LosesAndDoublesNothingAcknowledged()
    {
        const int seed = 42, rounds = 3;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var database = new Scratch();
        var (key, meters) = (default(string)!, new List<Guid>());
        await using (var scene = await MeterScene.StartAsync(database))
        {
            key = scene.Key;
            for (var i = 0; i < Meters; i++)
                meters.Add(await scene.CreateMeterAsync(serial: $"S{i}", dossier: $"D{i}"));
        }

        var acknowledged = new ConcurrentDictionary<(Guid Meter, int Hour), Guid>();
        var next = 0;
        for (var round = 0; round < rounds; round++)
        {
            await using var process = await ServiceProcess.StartAsync(database);
            var client = process.Client;
            client.DefaultRequestHeaders.Add("X-API-Key", key);
            var before = acknowledged.Count;
            var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    // Each writer repeats the readings that were not acknowledged before it, as a client that retries does.
                    var n = Interlocked.Increment(ref next);
                    var (meter, hour) = (meters[n % Meters], n / Meters);
                    if (await PostAsync(client, meter, hour) is not { } id)
                        return;
                    acknowledged[(meter, hour)] = id;
                }
            })).ToList();
            while (acknowledged.Count < before + 50 + random.Next(200))
                await Task.Delay(1);
            process.Kill();
            await process.WaitForExitAsync();
            await Task.WhenAll(writers);
            Interlocked.Add(ref next, -Writers);
        }

        await using var after = await MeterScene.StartAsync(database);
        TestContext.Out.WriteLine($"{acknowledged.Count} acknowledged");
        foreach (var (meter, i) in meters.Select((m, i) => (m, i)))
        {
            var readings = await after.ReadingsAsync(meter);
            var ids = readings.Select(r => r.GetProperty("id").GetGuid()).ToList();
            Assert.That(ids, Is.Unique);
            Assert.That(readings.Select(r => r.GetProperty("readAt").GetString()), Is.Unique);
            Assert.That(acknowledged.Where(a => a.Key.Meter == meter).Select(a => a.Value).Except(ids), Is.Empty);
            var last = long.Parse(readings[0].GetProperty("indexValueMilli").GetString()!, CultureInfo.InvariantCulture);
            Assert.That(await after.DossierAsync($"D{i}"), Is.EqualTo(last / 1000), "consumption is what the readings say");
        }
        var (known, reading) = acknowledged.First();
        Assert.That((await after.ReadAsync(known.Meter, Index(known.Hour), First.AddHours(known.Hour))).ReadingId, Is.EqualTo(reading), "a retry");
    }

    private static long Index(int hour) => 1_700L * hour;

    /// <summary>The id of the reading, or null once the service is gone.</summary>
    private static async Task<Guid?> PostAsync(HttpClient client, Guid meter, int hour)
    {
        using var content = new StringContent(MeterScene.Body(Index(hour), First.AddHours(hour)), Encoding.UTF8, "application/json");
        try
        {
            using var response = await client.PostAsync($"v1/meters/{meter}/readings/manual", content);
            var text = await response.Content.ReadAsStringAsync();
            Assert.That((int)response.StatusCode, Is.EqualTo(201), text);
            return new V1Exchange(201, null, null, null, text).ReadingId;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

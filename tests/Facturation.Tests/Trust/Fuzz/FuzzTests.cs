using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Facturation.Tests.Wire;
using Facturation.Tests.Wire.Generator;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>
/// Requests made from valid ones by changing them, in every operation; a request whose answer is of a new kind is changed further.
/// FACTURATION_FUZZ_REQUESTS asks for more of them, FACTURATION_FUZZ_SEED for others. Two services get half of them each, one at a time,
/// so that what is written is known to be that request's.
/// </summary>
[Category("Slow")]
public sealed partial class FuzzTests
{
    private const int ShownFaults = 20;

    /// <summary>Services that are fuzzed at the same time.</summary>
    private const int Halves = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Answers_ToFuzzedRequests_KeepTheRules()
    {
        var seed = Number("FACTURATION_FUZZ_SEED", 2026);
        var count = Number("FACTURATION_FUZZ_REQUESTS", 100_000);
        TestContext.Progress.WriteLine($"FACTURATION_FUZZ_SEED={seed} FACTURATION_FUZZ_REQUESTS={count}");
        await using var scenes = new Scenes(await Task.WhenAll(Enumerable.Range(0, Halves).Select(_ => FuzzScene.StartAsync())));
        var runs = scenes.All.Select((scene, half) => new Run(scene, new Random(seed + half))).ToList();
        await Task.WhenAll(runs.Select(run => Task.Run(async () =>
        {
            await run.SeedAsync();
            await run.FuzzAsync(count / Halves / 4);
        })));
        var before = MeasureServices();
        await Task.WhenAll(runs.Select(run => Task.Run(() => run.FuzzAsync(count / Halves * 3 / 4))));
        var grown = MeasureServices() - before;

        TestContext.Progress.WriteLine($"{runs.Sum(run => run.Signatures)} kinds of answers, {runs.Sum(run => run.Accepted)} requests that wrote, memory grew by {grown / 1024} KiB");
        TestContext.Progress.WriteLine(string.Join(", ", runs.SelectMany(run => run.Statuses).GroupBy(s => s.Key, s => s.Value).OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Sum()}")));
        Assert.That(runs.SelectMany(run => run.Faults).Take(ShownFaults), Is.Empty, $"seed {seed}");
        Assert.That(grown, Is.LessThan(32 << 20), "bytes kept");
        foreach (var scene in scenes.All)
            Assert.That(await scene.VerifyAsync(), Is.Empty);
        var operations = runs.SelectMany(run => run.Operations).ToHashSet();
        using (Assert.EnterMultipleScope())
            foreach (var operation in scenes.All[0].Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(o => (string)o.Value!["operationId"]!))
            {
                Assert.That(operations, Does.Contain((operation, 2)).And.Contain((operation, 4)), "reached, and refused");
            }
        runs.ForEach(run => run.Dispose());

        long MeasureServices()
        {
            runs.ForEach(run => run.Forget());
            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;

    private sealed record Scenes(FuzzScene[] All) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var scene in All)
                await scene.DisposeAsync();
        }
    }

    /// <summary>One run: what it learnt, and what it found.</summary>
    private sealed partial class Run(FuzzScene scene, Random random) : IDisposable
    {
        private readonly AnswerRules rules = new(scene.Document, scene.Secrets);
        private readonly Mutator mutator = new(random, scene.Known);
        private readonly HashSet<string> kinds = [];
        private readonly RawHttpClient client = new(scene.Service.Client.BaseAddress!);
        private readonly string[] names = [.. scene.Seeds.Keys.Where(name => name[0] != '/'), .. scene.Seeds.Keys];
        private HashSet<string> signatures = [];
        private Dictionary<string, List<RawRequest>> corpus = CorpusOf(scene);
        private long writes = scene.ReadWrites();
        /// <summary>A write that waits for its turn and is refused.</summary>
        private readonly RawRequest barrier = scene.Seeds["Readings_Record"][0].To($"/v1/meters/{Guid.Empty}/readings/manual");

        public List<string> Faults { get; } = [];

        public Dictionary<int, int> Statuses { get; } = [];

        public HashSet<(string Operation, int Class)> Operations { get; } = [];

        /// <summary>How many kinds of answers were seen. One that was forgotten may count again.</summary>
        public int Signatures { get; private set; }

        public int Accepted { get; private set; }

        public void Dispose() => client.Dispose();

        /// <summary>Starts again from the seeds: what it has learnt is larger than what a service may keep.</summary>
        public void Forget() => (signatures, corpus) = ([], CorpusOf(scene));

        /// <summary>Every seed as it is: valid, and answered so.</summary>
        public async Task SeedAsync()
        {
            foreach (var (name, requests) in scene.Seeds)
                foreach (var request in requests)
                    await SendAsync(name, request);
        }

        public async Task FuzzAsync(int count)
        {
            for (var done = 0; done < count; done++)
            {
                var name = random.Of(names);
                var known = corpus[name];
                var request = random.Percent(40) ? random.Of(scene.Seeds[name]) : random.Of(known);
                if (random.Percent(60))
                    request = scene.Known.Freshen(request, random);
                for (var changes = random.Of(0, 0, 1, 1, 1, 2, 3); changes > 0; changes--)
                    request = mutator.Mutate(request);
                if (random.Percent(6))
                    await SendDamagedAsync(request);
                else if (await SendAsync(name, random.Percent(10) && request.Body is not null ? request.AsChunked() : request))
                    known.Add(request);
            }
        }

        /// <summary>Sends a request, and judges its answer.</summary>
        /// <returns>Whether the answer is of a kind not seen before.</returns>
        private async Task<bool> SendAsync(string name, RawRequest request)
        {
            RawAnswer answer;
            try
            {
                answer = await client.SendAsync(request);
            }
            catch (OperationCanceledException)
            {
                client.Dispose();
                Tell("no answer in time", request, null);
                return false;
            }
            var (fault, signature) = rules.Judge(request, answer);
            var isRefused = answer.Status >= 400 || request.Method is "GET" or "HEAD";
            if (fault is null && CountWrites() && isRefused)
                fault = "a refused request wrote";
            if (fault is not null)
                Tell($"{fault} {signature}", request, answer);
            Statuses[answer.Status] = Statuses.GetValueOrDefault(answer.Status) + 1;
            Learn(request.Target, answer);
            if (!signatures.Add($"{name} {signature}"))
                return false;
            Signatures++;
            return answer.Header(FuzzScene.Answered) is not null; // What the server refuses itself leads nowhere.
        }

        private static Dictionary<string, List<RawRequest>> CorpusOf(FuzzScene scene) => scene.Seeds.ToDictionary(seed => seed.Key, seed => seed.Value.ToList());

        private void Learn(string target, RawAnswer answer)
        {
            if (answer.Header(FuzzScene.Answered)?.Split(' ') is not [var area, { Length: > 0 } operation])
                return;
            Operations.Add((operation, answer.Status / 100));
            if (area == "v1" && answer.Status is 200 or 201 && answer.Header("Content-Encoding") is null && answer.Body.Length > 0
                && answer.ContentType!.StartsWith("application/json", StringComparison.Ordinal))
                scene.Known.Learn(operation, target, JsonDocument.Parse(answer.Body).RootElement);
        }

        /// <summary>Damages the bytes of the whole request, head included, on a connection of its own, then sends no more.</summary>
        private async Task SendDamagedAsync(RawRequest request)
        {
            var bytes = request.ToBytes();
            foreach (var _ in Enumerable.Range(0, random.Next(1, 4)))
                bytes = random.Damage(bytes);
            using var tcp = new TcpClient();
            using var patience = new CancellationTokenSource(Patience);
            var read = new MemoryStream();
            try
            {
                await tcp.ConnectAsync(scene.Service.Client.BaseAddress!.Host, scene.Service.Client.BaseAddress.Port);
                var stream = tcp.GetStream();
                await stream.WriteAsync(bytes);
                tcp.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(read, patience.Token);
            }
            catch (IOException)
            {
                // Reset: refused before its end. What came before counts.
            }
            catch (SocketException)
            {
            }
            catch (OperationCanceledException)
            {
                Tell("no end in time", new RawRequest(Convert.ToBase64String(bytes), ""), null);
            }
            var text = Encoding.Latin1.GetString(read.ToArray());
            var statuses = Status().Matches(text).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            if (statuses.Any(status => status is >= 500 and not (501 or 505)) || scene.Secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)))
                Tell("damaged: 5xx or a secret", new RawRequest(Encoding.Latin1.GetString(bytes), text), null);
            if (statuses.Count == 0)
            {
                // The server has ended the connection, though it may still be writing: what follows waits for that, as all writes do.
                await client.SendAsync(barrier);
                CountWrites();
            }
            else if (CountWrites() && !statuses.Any(status => status is 200 or 201))
                Tell("damaged: wrote without saying so", new RawRequest(Encoding.Latin1.GetString(bytes), text), null);
        }

        private bool CountWrites()
        {
            var now = scene.ReadWrites();
            var wrote = now != writes;
            writes = now;
            Accepted += wrote ? 1 : 0;
            return wrote;
        }

        private void Tell(string kind, RawRequest request, RawAnswer? answer)
        {
            if (kinds.Add(Number().Replace(kind, "#")))
                Faults.Add($"{kind}\n{Visible.Text(request.Head(), 1500)}\n{Visible.Text(Encoding.UTF8.GetString(request.Body ?? []), 1500)}\n--> {answer}\n");
        }

        [GeneratedRegex(@"(?<=^|\n)HTTP/1\.1 (\d{3}) ")]
        private static partial Regex Status();

        [GeneratedRegex("[0-9a-f-]{3,}")]
        private static partial Regex Number();
    }
}

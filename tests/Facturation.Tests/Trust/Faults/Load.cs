using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Facturation.Core;
using Facturation.Tests.Api.V1;

namespace Facturation.Tests.Trust.Faults;

/// <summary>
/// Clients that record readings one by one and by batch, bill them, repeat what was not answered until it is, try what must be refused, and
/// ask for consumption. They remember what they were told.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly DateTimeOffset First = MeterScene.At("2026-01-02T00:00:00Z");

    private readonly HttpClient client;
    private readonly CancellationTokenSource stopping = new();
    private readonly List<Task> workers = [];
    private TaskCompletionSource going = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int working;

    public Load(Uri address, string key, IReadOnlyList<Guid> meters, int readers)
    {
        client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(6), DefaultRequestHeaders = { { "X-API-Key", key } } };
        foreach (var meter in meters)
            workers.Add(Task.Run(() => WriteAsync(meter)));
        for (var i = 0; i < readers; i++)
            workers.Add(Task.Run(AskAsync));
    }

    /// <summary>Of each reading that was acknowledged, its id.</summary>
    public ConcurrentDictionary<(Guid Meter, DateTimeOffset At), Guid> Acknowledged { get; } = [];

    /// <summary>Readings that were sent, and may or may not be there.</summary>
    public ConcurrentDictionary<(Guid Meter, DateTimeOffset At), bool> Sent { get; } = [];

    /// <summary>By the reading that ends it, the entry of each bill that was acknowledged.</summary>
    public ConcurrentDictionary<Guid, Guid> Billed { get; } = [];

    /// <summary>Readings that were refused.</summary>
    public ConcurrentDictionary<(Guid Meter, DateTimeOffset At), bool> Refused { get; } = [];

    /// <summary>Answers that no fault excuses.</summary>
    public ConcurrentQueue<string> Wrong { get; } = [];

    public int Unavailable, Cut, Answers;

    /// <summary>Why a client of the load ended though nobody told it to; null when all work.</summary>
    public Exception? Broken => workers.Find(worker => worker.IsFaulted)?.Exception;

    public void Go() => going.TrySetResult();

    /// <summary>Returns when nothing is under way.</summary>
    public async Task PauseAsync()
    {
        if (going.Task.IsCompleted)
            going = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (Volatile.Read(ref working) > 0)
            await Task.Delay(10);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Broken tells.
        client.Dispose();
        stopping.Dispose();
    }

    private async Task WriteAsync(Guid meter)
    {
        for (var n = 1; !stopping.IsCancellationRequested;)
        {
            var count = n % 5 == 0 ? 4 : 1;
            var batch = Enumerable.Range(n, count).Select(i => (Index: 1_700L * i, At: First.AddMinutes(i))).ToList();
            foreach (var (_, at) in batch)
                Sent[(meter, at)] = true;
            var body = count == 1
                ? MeterScene.Body(batch[0].Index, batch[0].At)
                : $$"""{"readings":[{{string.Join(',', batch.Select(reading => MeterScene.Body(reading.Index, reading.At)))}}]}""";
            var data = await InsistAsync($"v1/meters/{meter}/readings/{(count == 1 ? "manual" : "batch")}", body, $"{meter}-{n}", 201, 200);
            if (data is not { } told)
                return;
            IEnumerable<JsonElement> ids = count == 1 ? [told] : [.. told.GetProperty("readings").EnumerateArray()];
            foreach (var ((_, at), line) in batch.Zip(ids))
                Acknowledged[(meter, at)] = line.GetProperty("readingId").GetGuid();
            n += count;
            if (n % 6 == 0 && !await BillAsync(meter, Acknowledged[(meter, batch[^1].At)]))
                return;
            if (n % 7 == 0)
                await TryRefusedAsync(meter, First.AddMinutes(n - 1).AddSeconds(30));
        }
    }

    /// <summary>Bills up to a reading, without an idempotency key: the reading itself tells a repetition.</summary>
    private async Task<bool> BillAsync(Guid meter, Guid end)
    {
        var body = $$"""{"endReadingId":"{{end}}","folioId":"{{meter}}","folioKind":"stay","businessDate":"2026-02-28","acceptSuspect":true}""";
        if (await InsistAsync($"v1/meters/{meter}/bill-consumption", body, null, 201, 200) is not { } told)
            return false;
        Billed[end] = told.GetProperty("folioEntryId").GetGuid();
        return true;
    }

    /// <summary>An index below the one before: never to be found.</summary>
    private async Task TryRefusedAsync(Guid meter, DateTimeOffset at)
    {
        Refused[(meter, at)] = true;
        await InsistAsync($"v1/meters/{meter}/readings/manual", MeterScene.Body(1, at), $"{meter}-{Instants.Write(at)}", 409);
    }

    /// <summary>Sends until it is answered by more than "later".</summary>
    private async Task<JsonElement?> InsistAsync(string path, string body, string? idempotencyKey, params int[] expected)
    {
        while (await TurnAsync())
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                if (idempotencyKey is not null)
                    request.Headers.Add("Idempotency-Key", idempotencyKey);
                if (await SendAsync(request) is not var (status, text) || status == 503)
                    continue;
                if (!expected.Contains(status))
                {
                    Wrong.Enqueue($"{path}: {status} {text}");
                    return null;
                }
                return status == 409 ? default(JsonElement) : JsonDocument.Parse(text).RootElement.GetProperty("data");
            }
            finally
            {
                Interlocked.Decrement(ref working);
            }
        }
        return null;
    }

    /// <summary>Answers are whole, and totals are the sum of their details, at any moment.</summary>
    private async Task AskAsync()
    {
        while (await TurnAsync())
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "api/ConsommationV2") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
                if (await SendAsync(request) is not var (status, text) || status == 503)
                    continue;
                if (status != 200 || FindDifference(text) is not null)
                    Wrong.Enqueue($"ConsommationV2: {status} {FindDifference(text)}");
            }
            finally
            {
                Interlocked.Decrement(ref working);
            }
            await Task.Delay(20);
        }
    }

    private static string? FindDifference(string text)
    {
        using var json = JsonDocument.Parse(text);
        foreach (var reponse in json.RootElement.EnumerateArray())
        {
            var details = from detail in reponse.GetProperty("ConsommationsDetails").EnumerateArray()
                          from compteur in detail.GetProperty("Compteur").EnumerateArray()
                          group compteur.GetProperty("Quantite").GetInt64() by compteur.GetProperty("Sequence").GetInt32() into sequence
                          orderby sequence.Key
                          select (sequence.Key, sequence.Sum());
            var sums = reponse.GetProperty("ConsommationsSomme").EnumerateArray()
                .Select(sum => (sum.GetProperty("Sequence").GetInt32(), sum.GetProperty("Quantite").GetInt64()));
            if (!details.SequenceEqual(sums))
                return reponse.ToString();
        }
        return null;
    }

    /// <summary>Waits for its turn; false when it is over.</summary>
    private async Task<bool> TurnAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await going.Task.WaitAsync(stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            Interlocked.Increment(ref working);
            if (going.Task.IsCompleted)
                return true;
            Interlocked.Decrement(ref working); // Paused in between.
        }
        return false;
    }

    /// <summary>Null when there is no answer; then, and at 503, a moment passes.</summary>
    private async Task<(int Status, string Text)?> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using var response = await client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Interlocked.Increment(ref Answers);
            if ((int)response.StatusCode == 503)
            {
                Interlocked.Increment(ref Unavailable);
                await Task.Delay(50);
            }
            return ((int)response.StatusCode, text);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException or SocketException)
        {
            Interlocked.Increment(ref Cut);
            await Task.Delay(50);
            return null;
        }
    }
}

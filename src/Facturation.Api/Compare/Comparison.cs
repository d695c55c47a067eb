using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Facturation.Api.Compare;

/// <summary>Sends requests to both sides, and counts the differences.</summary>
internal sealed partial class Comparison(Side old, Side @new, IReadOnlySet<string> ignoredHeaders, Action<RecordedRequest, IReadOnlyList<string>> tell)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Operation, string Status), (int Equal, int Different)> counts = [];
    private readonly List<double> oldTimes = [], newTimes = [];

    /// <summary>The number of requests.</summary>
    public int Count => oldTimes.Count;

    /// <summary>The number of requests whose answers differ.</summary>
    public int Different { get; private set; }

    /// <summary>Whether any two answers are equal and successful.</summary>
    public bool HasSuccess { get; private set; }

    /// <summary>Sends all requests, each to both sides at once, with limited parallelism.</summary>
    public async Task RunAsync(IAsyncEnumerable<RecordedRequest> requests, int parallel, CancellationToken cancellation)
    {
        var idle = new ConcurrentBag<(RawConnection Old, RawConnection New)>();
        try
        {
            await Parallel.ForEachAsync(
                requests,
                new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellation },
                async (request, token) =>
                {
                    var pair = idle.TryTake(out var kept) ? kept : (Old: new RawConnection(old), New: new RawConnection(@new));
                    var answers = await Task.WhenAll(pair.Old.SendAsync(request, token), pair.New.SendAsync(request, token));
                    idle.Add(pair);
                    Judge(request, answers[0], answers[1]);
                });
        }
        finally
        {
            foreach (var (oldConnection, newConnection) in idle)
            {
                oldConnection.Dispose();
                newConnection.Dispose();
            }
        }
    }

    /// <summary>The number of equal and different answers by operation and status, then the response times of both sides.</summary>
    public IEnumerable<string> Summarize()
    {
        var width = counts.Keys.Max(key => key.Operation.Length);
        yield return $"{"opération".PadRight(width)}  {"statut",-9}  {"égales",8}  {"différentes",11}";
        foreach (var ((operation, status), (equal, different)) in counts)
            yield return $"{operation.PadRight(width)}  {status,-9}  {equal,8}  {different,11}";
        yield return "";
        yield return Times(old.Name, oldTimes);
        yield return Times(@new.Name, newTimes);

        static string Times(string name, List<double> times)
        {
            times.Sort();
            return FormattableString.Invariant(
                $"{name,-8} : médiane {times[times.Count / 2]:0.0} ms, 95 % sous {times[times.Count * 95 / 100]:0.0} ms, au plus {times[^1]:0.0} ms");
        }
    }

    private void Judge(RecordedRequest request, RawAnswer oldAnswer, RawAnswer newAnswer)
    {
        var differences = Differences.Between(oldAnswer, newAnswer, ignoredHeaders);
        var status = oldAnswer.Status == newAnswer.Status ? $"{oldAnswer.Status}" : $"{oldAnswer.Status} → {newAnswer.Status}";
        var key = (Identifier().Replace(request.Operation, "{id}"), status);
        lock (gate)
        {
            var (equal, different) = counts.GetValueOrDefault(key);
            counts[key] = differences.Count == 0 ? (equal + 1, different) : (equal, different + 1);
            oldTimes.Add(oldAnswer.Duration.TotalMilliseconds);
            newTimes.Add(newAnswer.Duration.TotalMilliseconds);
            HasSuccess |= differences.Count == 0 && oldAnswer.Status is >= 200 and < 300;
            if (differences.Count == 0)
                return;
            Different++;
            tell(request, differences);
        }
    }

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")]
    private static partial Regex Identifier();
}

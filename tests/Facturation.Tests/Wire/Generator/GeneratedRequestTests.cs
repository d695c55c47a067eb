using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Facturation.Tests.Wire.Generator;

/// <summary>
/// Requests nobody thought of, sent to the legacy and to our side in every setting. FACTURATION_WIRE_REQUESTS asks for more of them,
/// FACTURATION_WIRE_SEED for others; the default seed is fixed, so that a red build stays red until it is understood.
/// </summary>
[Category("Slow")]
public sealed partial class GeneratedRequestTests
{
    private const int Workers = 6;
    private const int ShownKinds = 25;

    [Test]
    public async Task Answers_ToGeneratedRequests_AreTheLegacyOnes()
    {
        var seed = Number("FACTURATION_WIRE_SEED", 2026);
        var count = Number("FACTURATION_WIRE_REQUESTS", 20_000);
        TestContext.Progress.WriteLine($"FACTURATION_WIRE_SEED={seed} FACTURATION_WIRE_REQUESTS={count}");
        var generator = new RequestGenerator(seed);
        var statuses = new ConcurrentDictionary<int, int>();
        var kinds = new ConcurrentDictionary<string, ConcurrentBag<(int Index, WireFailure Failure)>>();

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Workers }, async (index, _) =>
        {
            var (request, refuse) = generator.Make(index);
            var (status, failure) = await CompareAsync(request, refuse, Setting(index));
            statuses.AddOrUpdate(status, 1, (_, known) => known + 1);
            if (failure != null)
                kinds.GetOrAdd(Kind(failure), _ => []).Add((index, failure));
        });

        TestContext.Progress.WriteLine("legacy answers by status: " + string.Join(", ", statuses.OrderBy(pair => pair.Key)));
        var shown = new List<string>();
        foreach (var (kind, failures) in kinds.OrderByDescending(pair => pair.Value.Count).Take(ShownKinds))
        {
            var (index, failure) = failures.MinBy(found => found.Failure.Request.ToBytes().Length);
            var smallest = await ShrinkAsync(kind, failure, Setting(index));
            shown.Add($"=== {failures.Count} × {kind} (request {index} of seed {seed})\n{smallest}");
        }
        var found = kinds.Values.Sum(failures => failures.Count);
        if (found > 0)
            Assert.Fail($"{found} differences of {kinds.Count} kinds, seed {seed}\n{string.Join("\n", shown)}");
    }

    private static WireSetting Setting(int index) => WireSetting.All[index % WireSetting.All.Count];

    private static async Task<(int Status, WireFailure? Failure)> CompareAsync(RawRequest request, bool refuse, WireSetting setting)
    {
        var host = WireServers.Host(setting);
        await WireServers.LetMidnightPassAsync();
        var legacy = await WireServers.Oracle.SendAsync(request, refuse);
        if (KnownDifference.Applies(request, refuse, legacy))
            return (legacy.Status, null);
        var ours = await host.SendAsync(request, refuse);
        var differences = WireDifference.Between(legacy, ours);
        return (legacy.Status, differences.Count == 0 ? null : new WireFailure(request, refuse, host.Name, legacy, ours, differences));
    }

    private static async Task<WireFailure> ShrinkAsync(string kind, WireFailure failure, WireSetting setting)
    {
        var smallest = failure;
        var shrinker = new RequestShrinker(async request =>
        {
            var (_, found) = await CompareAsync(request, failure.Refuse, setting);
            if (found == null || Kind(found) != kind)
                return false;
            smallest = found;
            return true;
        });
        await shrinker.ShrinkAsync(failure.Request);
        return smallest;
    }

    /// <summary>A rough signature: what differs, how it was answered, and the format it was asked in.</summary>
    private static string Kind(WireFailure failure)
    {
        var type = failure.Request.Headers.FirstOrDefault(header => header.Name == "Content-Type").Value ?? "";
        var format = new[] { "json", "xml", "form" }
            .FirstOrDefault(name => type.Contains(name, StringComparison.OrdinalIgnoreCase), "other");
        var what = string.Join(", ", failure.Differences.Select(difference => difference.Split(':', ' ')[0]));
        var where = failure.Legacy.Status == failure.Ours.Status ? Around(failure) : "";
        return $"{format}: {what}; legacy {failure.Legacy.Status}, ours {failure.Ours.Status}{where}";
    }

    /// <summary>The words around the first difference, without what a request chose.</summary>
    private static string Around(WireFailure failure)
    {
        var at = failure.Legacy.Body.AsSpan().CommonPrefixLength(failure.Ours.Body);
        var words = new RawAnswer(0, [], failure.Legacy.Body[Math.Max(0, at - 20)..at]).Text;
        return " after " + Visible.Text(Variable().Replace(words, "#"));
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number : otherwise;

    [GeneratedRegex("[^A-Za-z]+")]
    private static partial Regex Variable();
}

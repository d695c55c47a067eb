using Facturation.Core;

namespace Facturation.Benchmarks.Storage;

/// <summary>The same questions, about one client's year, while other clients' and other years' rows grow around it.</summary>
internal static class GrowthBenchmark
{
    public static async Task RunAsync(int lines)
    {
        await using var store = await Store.CreateAsync();
        await store.ImportAsync(Store.Lines("C", lines));
        var size = 1;
        var (sums, details) = (new List<double>(), new List<double>());
        foreach (var target in new[] { 1, 10, 100 })
        {
            for (; size < target; size++)
                await store.ImportAsync(size % 3 == 0
                    ? Store.Lines("C", lines, year: 1926 + size)
                    : Store.Lines($"client {size % 10}", lines, year: 1926 + size));
            sums.Add(await TimeAsync(store, withDetails: false));
            details.Add(await TimeAsync(store, withDetails: true));
            Console.WriteLine(
                $"{target,4} ×, {(long)lines * target,10} lines: sums {sums[^1],8:F3} ms (× {sums[^1] / sums[0]:F2}), "
                + $"details {details[^1],8:F1} ms (× {details[^1] / details[0]:F2})");
        }
    }

    /// <summary>Milliseconds of processor time, the least of many rounds: what others run on the machine is not counted.</summary>
    private static async Task<double> TimeAsync(Store store, bool withDetails)
    {
        var demande = new Demande("C", null, new(new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31)), null, Ordre.ParIdentifiant);
        var times = new List<double>();
        for (var round = 0; round < 11; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < 10; i++)
            {
                await using var view = await store.Consommations.OpenAsync(demande);
                if (withDetails)
                    foreach (var groupe in view.Groupes)
                        await foreach (var _ in view.ReadDetailsAsync(groupe)) { }
            }
            times.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / 10);
        }
        return times.Min();
    }
}

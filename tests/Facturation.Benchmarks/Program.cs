using BenchmarkDotNet.Running;
using Facturation.Benchmarks;
using Facturation.Benchmarks.Contenders;
using Facturation.Benchmarks.Load;
using Facturation.Benchmarks.Storage;

return args switch
{
    ["load", .. var options] => await LoadCommand.RunAsync(options),
    ["store", .. var options] => await StoreCommand.RunAsync(options),
    // What the comparison starts as processes of their own.
    [Contender.Command, .. var contender] => await Contender.ServeAsync(contender),
    [LoadGenerator.Command, .. var run] => LoadGenerator.Run(run),
    [BareReader.Command, .. var database] => BareReader.Run(database),
    ["quick"] => Quick(),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Sample).Assembly).Run(args);
    return 0;
}

static int Quick()
{
    foreach (var isXml in new[] { false, true, false, true })
    {
        var rows = Sample.RowsFor(384_000, isXml);
        var response = new DefaultHttpContext { Response = { Body = Stream.Null } }.Response;
        var best = double.MaxValue;
        for (var i = 0; i < 3000; i++)
        {
            response.ContentLength = null;
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            Sample.WriteTo(response, rows, isXml).GetAwaiter().GetResult();
            best = Math.Min(best, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        Console.WriteLine($"{isXml} {rows} rows {best} us {best * 1000 / rows} ns/row");
    }
    return 0;
}

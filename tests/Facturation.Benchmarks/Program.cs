using BenchmarkDotNet.Running;
using Facturation.Benchmarks;
using Facturation.Benchmarks.Contenders;
using Facturation.Benchmarks.Load;
using Facturation.Benchmarks.Storage;

return args switch
{
    ["load", .. var options] => await LoadCommand.RunAsync(options),
    ["path", .. var options] => await PathCommand.RunAsync(options),
    ["reports", .. var options] => await ReportsCommand.RunAsync(options),
    ["store", .. var options] => await StoreCommand.RunAsync(options),
    // What the comparison starts as processes of their own.
    [Contender.Command, .. var contender] => await Contender.ServeAsync(contender),
    [LoadGenerator.Command, .. var run] => LoadGenerator.Run(run),
    [BareReader.Command, .. var database] => BareReader.Run(database),
    _ => RunBenchmarks(args),
};

static int RunBenchmarks(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Sample).Assembly).Run(args);
    return 0;
}

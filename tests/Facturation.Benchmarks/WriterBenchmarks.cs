using BenchmarkDotNet.Attributes;
using Facturation.Api.Models;
using Facturation.WebApi2.Formats;

namespace Facturation.Benchmarks;

/// <summary>An answer of about 384 KB: streamed from rows, and written whole by the formatters from models that are there.</summary>
[MemoryDiagnoser, ShortRunJob]
public class WriterBenchmarks
{
    private readonly HttpResponse response = new DefaultHttpContext { Response = { Body = Stream.Null } }.Response;

    private List<ReponseV2Model> models = [];
    private int rows;

    /// <summary>The format.</summary>
    [Params(false, true)]
    public bool IsXml { get; set; }

    /// <summary>Prepares the models.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        rows = Sample.RowsFor(384_000, IsXml);
        models = Sample.GatherAsync(rows).GetAwaiter().GetResult();
    }

    /// <summary>Ours.</summary>
    [Benchmark]
    public Task Streamed() => Sample.WriteTo(response, rows, IsXml);

    /// <summary>The formatter of the general path.</summary>
    [Benchmark(Baseline = true)]
    public void Formatted() => Sample.Format(IsXml).Write(models.GetType(), models, Stream.Null, MediaFormat.Encodings[0]);
}

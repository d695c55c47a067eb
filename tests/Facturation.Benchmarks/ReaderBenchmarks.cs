using System.Text;
using BenchmarkDotNet.Attributes;
using Facturation.Api.Models;
using Facturation.Benchmarks.Load;
using Facturation.WebApi2.Formats;

namespace Facturation.Benchmarks;

/// <summary>The request of every answer, read into its model.</summary>
[MemoryDiagnoser, ShortRunJob]
public class ReaderBenchmarks
{
    private readonly ParameterErrors errors = new(new ReadErrors(), "param");

    private byte[] body = [];

    /// <summary>The format.</summary>
    [Params(false, true)]
    public bool IsXml { get; set; }

    /// <summary>Prepares the body.</summary>
    [GlobalSetup]
    public void Prepare() => body = Encoding.UTF8.GetBytes(Question.BodyOf(IsXml, 5));

    /// <summary>With Newtonsoft.Json or DataContractSerializer, as Web API 2 read it.</summary>
    [Benchmark]
    public object? Read() => Sample.Format(IsXml).Read(
        typeof(ParamModel), new MemoryStream(body, 0, body.Length, writable: false, publiclyVisible: true), MediaFormat.Encodings[0], errors);
}

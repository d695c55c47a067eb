using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.Api.Operations;

/// <summary>A collector of metrics and traces over OTLP/HTTP, as much of one as the tests need.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/{**path}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            receiver.received.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>
    /// The last value of every series (metrics are cumulative) of one meter: name and tags in order, then the value, or the number of
    /// values of a histogram.
    /// </summary>
    public IReadOnlyDictionary<string, long> Metrics(string meter)
    {
        var series = new Dictionary<string, long>();
        foreach (var (_, body) in received.Where(r => r.Path == "/v1/metrics"))
        foreach (var scope in Nodes(body, 1, 2).Where(scope => Text(scope, 1, 1) == meter))
        foreach (var metric in Nodes(scope, 2))
        foreach (var (points, value, tags) in new[] { (Nodes(metric, 7, 1), 6, 7), (Nodes(metric, 9, 1), 4, 9) })
        foreach (var point in points)
        {
            var words = Nodes(point, tags).Select(tag => $"{Text(tag, 1)}={Value(tag)}").Order(StringComparer.Ordinal);
            series[string.Join(' ', words.Prepend(Text(metric, 1)))] = Number(point, value);
        }
        return series;
    }

    /// <summary>Spans: the source, the name, the trace and the parent's span; hex, empty for none.</summary>
    public IReadOnlyList<(string Source, string Name, string Trace, string Span, string Parent)> Spans() =>
    [
        .. from body in received
           where body.Path == "/v1/traces"
           from scope in Nodes(body.Body, 1, 2)
           from span in Nodes(scope, 2)
           select (Text(scope, 1, 1), Text(span, 5), Hex(span, 1), Hex(span, 2), Hex(span, 4)),
    ];

    /// <summary>Everything received, as text: what is in it, and what must not be.</summary>
    public string All => string.Concat(received.Select(r => Encoding.UTF8.GetString(r.Body)));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static string Value(byte[] tag)
    {
        var value = Nodes(tag, 2).Single();
        return Fields(value).Single() is (1, var text, _) ? Encoding.UTF8.GetString(text) : Fields(value).Single().Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Text(byte[] message, params int[] path) => Encoding.UTF8.GetString(Nodes(message, path).FirstOrDefault() ?? []);

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Nodes(message, field).FirstOrDefault() ?? []);

    private static long Number(byte[] message, int field) => Fields(message).Single(f => f.Field == field).Number;

    /// <summary>The submessages, or texts, at the end of a path of field numbers.</summary>
    private static IEnumerable<byte[]> Nodes(byte[] message, params int[] path) => path is [var first, .. var rest]
        ? Fields(message).Where(f => f.Field == first).SelectMany(f => Nodes(f.Bytes, rest))
        : [message];

    /// <summary>Protocol buffers: a key, then a variable number, 8 bytes, so many bytes, or 4 bytes.</summary>
    private static IEnumerable<(int Field, byte[] Bytes, long Number)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var bytes = Array.Empty<byte>();
            long number = 0;
            switch (key & 7)
            {
                case 0:
                    number = Varint(message, ref at);
                    break;
                case 1:
                    number = BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(at));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    bytes = message[at..(at + length)];
                    at += length;
                    break;
                default:
                    at += 4;
                    break;
            }
            yield return ((int)(key >> 3), bytes, number);
        }
    }

    private static long Varint(byte[] message, ref int at)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}

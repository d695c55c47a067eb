using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Facturation.Benchmarks.Load;

/// <summary>
/// Asks one question over and over on several connections, a thread each, in a process of its own. It reads answers only as far as
/// to know where they end, so that it is not what is measured.
/// </summary>
internal static class LoadGenerator
{
    public const string Command = "fire";

    /// <summary>No body of the sample holds a line's end, so these bytes at the end of what came are the last chunk.</summary>
    private static ReadOnlySpan<byte> LastChunk => "\r\n0\r\n\r\n"u8;

    /// <summary>Arguments: <see cref="LoadRun"/>. Prints what <see cref="LoadResult.Parse"/> reads.</summary>
    public static int Run(string[] args)
    {
        var run = LoadRun.Parse(args);
        var request = run.Target is { } target ? Question.ToBytes(target, run.Key) : Question.ToBytes(run.IsXml, run.Rows, run.Key, run.Month);
        var end = Stopwatch.GetTimestamp() + (long)(run.Seconds * Stopwatch.Frequency);
        var latencies = new List<long>[run.Connections];
        var bytes = new long[run.Connections];
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, run.Connections).Select(i => new Thread(() => (latencies[i], bytes[i]) = Fire(run.Port, request, end))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var elapsed = Stopwatch.GetElapsedTime(start);

        var all = latencies.SelectMany(l => l).Order().Select(ticks => ticks * 1e6 / Stopwatch.Frequency).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{all.Length} {bytes.Sum()} {elapsed.TotalSeconds} {all[all.Length / 2]} {all[(int)(all.Length * 0.99)]}"));
        return 0;
    }

    /// <summary>One connection's requests, each after the answer to the one before; at least one.</summary>
    private static (List<long> Latencies, long Bytes) Fire(int port, byte[] request, long end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var buffer = new byte[256 * 1024];
        var latencies = new List<long>();
        long bytes = 0;
        do
        {
            var start = Stopwatch.GetTimestamp();
            socket.Send(request);
            bytes += ReadAnswer(socket, buffer);
            latencies.Add(Stopwatch.GetTimestamp() - start);
        }
        while (Stopwatch.GetTimestamp() < end);
        return (latencies, bytes);
    }

    /// <summary>Reads an answer that is a success, and returns the length of its body.</summary>
    public static long ReadAnswer(Socket socket, byte[] buffer)
    {
        var filled = 0;
        var head = -1;
        while (head < 0)
        {
            filled += Receive(socket, buffer.AsSpan(filled));
            head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }
        var headers = buffer.AsSpan(0, head + 2);
        if (!headers.StartsWith("HTTP/1.1 20"u8))
            throw new InvalidOperationException($"The server answered {Encoding.ASCII.GetString(buffer, 0, filled)}");
        long received = filled - head - 4;
        if (LengthIn(headers) is { } length)
        {
            while (received < length)
                received += Receive(socket, buffer);
            return received;
        }
        // The end of an answer may come in two parts: its last bytes are carried over.
        var last = filled;
        while (!buffer.AsSpan(0, last).EndsWith(LastChunk))
        {
            var kept = Math.Min(LastChunk.Length, last);
            buffer.AsSpan(last - kept, kept).CopyTo(buffer);
            var read = Receive(socket, buffer.AsSpan(kept));
            received += read;
            last = kept + read;
        }
        return received;
    }

    private static int Receive(Socket socket, Span<byte> buffer) =>
        socket.Receive(buffer) is > 0 and var read ? read : throw new IOException("The server broke the connection.");

    private static long? LengthIn(ReadOnlySpan<byte> headers)
    {
        var name = "\r\nContent-Length: "u8;
        if (headers.IndexOf(name) is not (>= 0 and var start))
            return null;
        var value = headers[(start + name.Length)..];
        return long.Parse(value[..value.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}

/// <summary>What is asked, of whom, for how long.</summary>
internal sealed record LoadRun(int Port, bool IsXml, int Rows, int Connections, double Seconds, string Key)
{
    /// <summary>What is got; null for the question of api/ConsommationV2.</summary>
    public string? Target { get; init; }

    /// <summary>The first day of the month that is asked for; null for all days.</summary>
    public DateOnly? Month { get; init; }

    public string[] Arguments =>
        FormattableString.Invariant($"{LoadGenerator.Command} {Port} {IsXml} {Rows} {Connections} {Seconds} {Key} {Month?.ToString("O", CultureInfo.InvariantCulture) ?? Any} {Target ?? Any}").Split(' ');

    public static LoadRun Parse(string[] args) => new(
        int.Parse(args[0], CultureInfo.InvariantCulture), bool.Parse(args[1]), int.Parse(args[2], CultureInfo.InvariantCulture),
        int.Parse(args[3], CultureInfo.InvariantCulture), double.Parse(args[4], CultureInfo.InvariantCulture), args[5])
    {
        Month = args[6] == Any ? null : DateOnly.Parse(args[6], CultureInfo.InvariantCulture),
        Target = args[7] == Any ? null : args[7],
    };

    private const string Any = "-";
}

/// <summary>What came of it; latencies in microseconds.</summary>
internal sealed record LoadResult(long Answers, long Bytes, double Seconds, double P50, double P99)
{
    /// <summary>What the server's process took of the processors meanwhile: unlike the rest, no matter what else runs.</summary>
    public TimeSpan Processor { get; init; }

    /// <summary>What the server allocated meanwhile, in bytes.</summary>
    public long Allocated { get; init; }

    public double PerSecond => Answers / Seconds;

    public static LoadResult Parse(string line)
    {
        var values = line.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
        return new LoadResult((long)values[0], (long)values[1], values[2], values[3], values[4]);
    }
}

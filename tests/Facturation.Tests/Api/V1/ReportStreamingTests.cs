using System.Runtime.CompilerServices;
using System.Text;
using Facturation.Core;
using Facturation.Tests.Api.Legacy.Streaming;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.V1;

/// <summary>What becomes of a report that is long, that fails, or that no one reads, on a real socket.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReportStreamingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly string[] Formats = ["json", "jsonl", "csv", "excel"];

    [TestCaseSource(nameof(Formats))]
    public async Task Report_ThatIsShort_HasItsLength(string format)
    {
        await using var scene = await Scene.StartAsync(3, fails: false);
        var answer = await scene.AskAsync(format, "Connection: close\r\n");
        var text = Encoding.Latin1.GetString(answer);
        Assert.That(text, Does.Contain($"\r\nContent-Length: {answer.Length - text.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4}\r\n").And.Not.Contain("chunked"));
        Assert.That(text.Contains("\r\nContent-Disposition: attachment; filename=\"consommation.csv\"\r\n"), Is.EqualTo(format is "csv" or "excel"));
    }

    [TestCaseSource(nameof(Formats))]
    public async Task Report_ThatIsLong_IsChunkedAndWhole(string format)
    {
        await using var scene = await Scene.StartAsync(20_000, fails: false);
        var answer = await scene.AskAsync(format, "Connection: close\r\n");
        Assert.That(Encoding.Latin1.GetString(answer), Does.Contain("\r\nTransfer-Encoding: chunked\r\n").And.Contain("\r\nCache-Control: no-store\r\n"));
        Assert.That(RawConnection.IsWhole(answer), Is.True);
    }

    [TestCaseSource(nameof(Formats))]
    public async Task Failure_BeforeAnythingIsSent_IsAnError(string format)
    {
        await using var scene = await Scene.StartAsync(10, fails: true);
        var text = Encoding.UTF8.GetString(await scene.AskAsync(format, "Connection: close\r\n"));
        Assert.That(text, Does.StartWith("HTTP/1.1 500 ").And.Contain("\r\n\r\n{\"code\":\"INTERNAL_ERROR\",").And.Contain("Content-Type: application/json; charset=utf-8\r\n"));
        Assert.That(text, Does.Not.Contain("Content-Disposition").And.Not.Contain("2026-01-01"));
    }

    [TestCaseSource(nameof(Formats))]
    public async Task Failure_InMidStream_BreaksTheConnection(string format)
    {
        await using var scene = await Scene.StartAsync(20_000, fails: true);
        var answer = await scene.AskAsync(format, "");
        Assert.That(Encoding.Latin1.GetString(answer), Does.StartWith("HTTP/1.1 200 OK\r\n").And.Not.Contain("INTERNAL_ERROR"));
        Assert.That(RawConnection.IsWhole(answer), Is.False);
    }

    /// <summary>A compressor keeps what it was given back: that is no reason to answer twice.</summary>
    [Test]
    public async Task Failure_InMidStreamCompressed_BreaksTheConnection()
    {
        await using var scene = await Scene.StartAsync(5000, fails: true);
        var answer = await scene.AskAsync("csv", "Accept-Encoding: br\r\n");
        Assert.That(answer.Length == 0 || !RawConnection.IsWhole(answer), Is.True);
    }

    [Test]
    public async Task Client_ThatStopsReading_StopsTheQueryUntilItLeaves()
    {
        await using var scene = await Scene.StartAsync(int.MaxValue, fails: false);
        using (var connection = await RawConnection.GetAsync(scene.Service.Client.BaseAddress!, Scene.Path + "csv", scene.Key))
        {
            await connection.ReadAsync(1000);
            for (var before = -1L; scene.Store.Read is var read && read != before; before = read)
            {
                Assert.That(read, Is.LessThan(500_000), "what the sockets of both sides and the server's pipe hold, no more");
                await Task.Delay(500);
            }
        }
        await scene.Store.Disposed.Task.WaitAsync(Patience);
    }

    /// <summary>The service on a report of so many rows, which perhaps fails after them.</summary>
    private sealed class Scene(Scratch scratch, Service service, GivenReport store, string key) : IAsyncDisposable
    {
        public const string Path = "/v1/consumption?window=day&groupBy=produit&format=";

        public Service Service => service;

        public GivenReport Store => store;

        public string Key => key;

        public static async Task<Scene> StartAsync(int rows, bool fails)
        {
            var (store, scratch) = (new GivenReport(rows, fails), new Scratch());
            var service = await Service.StartAsync(
                database: scratch, configure: services => services.AddSingleton<IConsommationStore>(store), settings: "--Logging:LogLevel:Default=None");
            scratch.Execute("INSERT INTO Clients (Code) VALUES ('C')");
            return new Scene(scratch, service, store, await service.CreateKeyAsync());
        }

        public async Task<byte[]> AskAsync(string format, string headers)
        {
            using var connection = await RawConnection.GetAsync(service.Client.BaseAddress!, Path + format, key, headers);
            return await connection.ReadAsync(int.MaxValue);
        }

        public async ValueTask DisposeAsync()
        {
            await service.DisposeAsync();
            scratch.Dispose();
        }
    }

    private sealed class GivenReport(int rows, bool fails) : IConsommationStore, IConsumptionView
    {
        private long read;

        public long Read => Interlocked.Read(ref read);

        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<ConsumptionGroup> Groups { get; } = [new(1, "Eau", null, null, null, 1)];

        public Periode Days => default;

        public Task<IConsumptionView> OpenConsumptionAsync(ConsumptionQuery query, CancellationToken cancellation = default) => Task.FromResult<IConsumptionView>(this);

        public async IAsyncEnumerable<ReadOnlyMemory<ConsumptionDay>> ReadDaysAsync([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            await Task.CompletedTask;
            for (var i = 0; i < rows; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Interlocked.Increment(ref read);
                yield return new[] { new ConsumptionDay(Groups[0], null, default, new DateOnly(2026, 1, 1).AddDays(i % 1_000_000), i) };
            }
            if (fails)
                throw new InvalidOperationException("the disk is gone");
        }

        public ValueTask DisposeAsync()
        {
            Disposed.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

        public Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}

using System.Collections.Concurrent;
using System.Text;
using Facturation.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.Api.Legacy.Streaming;

/// <summary>What becomes of an answer that is long, that fails, or that no one reads, on a real socket.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StreamingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Test]
    public async Task Answer_UpToTheLimit_HasItsLength([Values("application/json", "text/xml")] string accept, [Values("utf-8", "utf-16")] string charset)
    {
        await using var scene = await Scene.StartAsync(Rows(100));
        var answer = await scene.AskAsync($"Accept: {accept}\r\nAccept-Charset: {charset}\r\nConnection: close\r\n");
        var text = Encoding.Latin1.GetString(answer);
        var body = answer.Length - text.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4;
        Assert.That(text, Does.Contain($"\r\nContent-Length: {body}\r\n").And.Contain("\r\nCache-Control: no-cache\r\n").And.Not.Contain("chunked"));
    }

    [Test]
    public async Task Answer_BeyondTheLimit_IsChunkedAndWhole([Values("application/json", "text/xml")] string accept, [Values("utf-8", "utf-16")] string charset)
    {
        await using var scene = await Scene.StartAsync(Rows(10_000));
        var answer = await scene.AskAsync($"Accept: {accept}\r\nAccept-Charset: {charset}\r\nConnection: close\r\n");
        Assert.That(Encoding.Latin1.GetString(answer), Does.Contain("\r\nTransfer-Encoding: chunked\r\n").And.Contain("\r\nCache-Control: no-cache\r\n"));
        Assert.That(RawConnection.IsWhole(answer), Is.True);
        Assert.That(scene.Store.Read, Is.EqualTo(10_000));
    }

    [Test]
    public async Task Failure_BeforeAnythingIsSent_Is500()
    {
        await using var scene = await Scene.StartAsync(Rows(10).Concat(Fail()));
        var answer = await scene.Service.PostAsync("api/ConsommationV2", scene.Key, headers: ("Accept", "text/xml"));
        Assert.That((answer.Status, answer.Text), Is.EqualTo((500, "<Error><Message>An error has occurred.</Message></Error>")));
        Assert.That(scene.Errors.Select(error => error.Exception?.Message), Is.EqualTo(new[] { "the disk is gone" }));
    }

    [Test]
    public async Task Failure_InMidStream_BreaksTheConnectionAndIsLoggedOnce([Values("application/json", "text/xml")] string accept)
    {
        await using var scene = await Scene.StartAsync(Rows(10_000).Concat(Fail()));
        var answer = await scene.AskAsync($"Accept: {accept}\r\n");
        Assert.That(Encoding.Latin1.GetString(answer), Does.StartWith("HTTP/1.1 200 OK\r\n"));
        Assert.That(RawConnection.IsWhole(answer), Is.False);
        Assert.That(scene.Errors.Select(error => error.Exception?.Message), Is.EqualTo(new[] { "the disk is gone" }));
        await scene.Store.Disposed.WaitAsync(Patience);
        Assert.That(await scene.ReadRequestLineAsync(), Does.StartWith("ConsommationV2 500 "), "it is no client that left");
    }

    [Test]
    public async Task Client_ThatLeaves_StopsTheQuery()
    {
        await using var scene = await Scene.StartAsync(Rows(int.MaxValue));
        using (var connection = await RawConnection.PostAsync(scene.Service.Client.BaseAddress!, scene.Key))
            await connection.ReadAsync(100_000);
        await scene.Store.Disposed.WaitAsync(Patience);
        Assert.That(await scene.ReadRequestLineAsync(), Does.StartWith("ConsommationV2 499 "));
        Assert.That(scene.Errors, Is.Empty);
    }

    [Test]
    public async Task Client_ThatStopsReading_StopsTheQueryUntilItReadsOn()
    {
        await using var scene = await Scene.StartAsync(Rows(int.MaxValue));
        using var connection = await RawConnection.PostAsync(scene.Service.Client.BaseAddress!, scene.Key);
        await connection.ReadAsync(1000);
        // About 120 bytes a row: what the sockets of both sides and the server's pipe hold, no more.
        var stalled = await scene.StallAsync(most: 200_000);
        await connection.ReadAsync(32 * 1024 * 1024);
        Assert.That(scene.Store.Read, Is.GreaterThan(stalled));
    }

    private static IEnumerable<LigneDetail> Rows(int count) =>
        Enumerable.Range(0, count).Select(i => new LigneDetail($"Dossier {i}", new DateTime(2026, 3, 22), "U", 1, i));

    private static IEnumerable<LigneDetail> Fail()
    {
        yield return Rows(1).Single();
        throw new InvalidOperationException("the disk is gone");
    }

    /// <summary>The service on a given answer, and the errors that it logs.</summary>
    private sealed class Scene(Scratch scratch, Service service, GivenStore store, ErrorLog log, string key) : IAsyncDisposable
    {
        public Service Service => service;

        public GivenStore Store => store;

        public string Key => key;

        public IEnumerable<(string Message, Exception? Exception)> Errors => log.Errors;

        public static async Task<Scene> StartAsync(IEnumerable<LigneDetail> lignes)
        {
            var store = new GivenStore([new Groupe(1, "Eau", "U", [new Somme(1, "Froide", 1)])], _ => lignes);
            var log = new ErrorLog();
            var scratch = new Scratch();
            var service = await Service.StartAsync(database: scratch, configure: services => services
                .AddSingleton<IConsommationStore>(store)
                .AddLogging(logging => logging.AddProvider(log).AddFilter<ErrorLog>("Facturation.Requests", LogLevel.Information)));
            scratch.Execute("INSERT INTO Clients (Code) VALUES ('C')");
            return new Scene(scratch, service, store, log, await service.CreateKeyAsync());
        }

        /// <summary>All that is answered until the connection ends.</summary>
        public async Task<byte[]> AskAsync(string headers)
        {
            using var connection = await RawConnection.PostAsync(service.Client.BaseAddress!, key, headers);
            return await connection.ReadAsync(int.MaxValue);
        }

        /// <summary>What the log tells of the one request, once it is over.</summary>
        public async Task<string> ReadRequestLineAsync() => await log.Request.Task.WaitAsync(Patience);

        /// <summary>Waits until no more rows are read, which must be before so many are.</summary>
        public async Task<long> StallAsync(long most)
        {
            var before = -1L;
            while (store.Read is var read && read != before)
            {
                Assert.That(read, Is.LessThan(most));
                before = read;
                await Task.Delay(500);
            }
            return before;
        }

        public async ValueTask DisposeAsync()
        {
            await service.DisposeAsync();
            scratch.Dispose();
        }
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(string Message, Exception? Exception)> Errors { get; } = new();

        public TaskCompletionSource<string> Request { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "Request")
                Request.TrySetResult(formatter(state, exception));
            else if (logLevel >= LogLevel.Error)
                Errors.Enqueue((formatter(state, exception), exception));
        }

        public void Dispose()
        {
        }
    }
}

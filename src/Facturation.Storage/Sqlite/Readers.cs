using System.Collections.Concurrent;
using System.Diagnostics;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// The reads of this process that are under way. SQLite cannot fold what is written meanwhile into the file, so the WAL grows: one client that
/// reads a long answer slowly could fill the disk.
/// </summary>
internal sealed class Readers
{
    private readonly ConcurrentDictionary<Reader, long> begun = new();

    /// <summary>Begins a read; it ends when the reader is disposed.</summary>
    public Reader Begin()
    {
        var reader = new Reader(this);
        begun[reader] = Stopwatch.GetTimestamp();
        return reader;
    }

    /// <summary>Asks the reads that began longer ago than that to end.</summary>
    public void EndOlderThan(TimeSpan age)
    {
        foreach (var (reader, since) in begun)
            if (Stopwatch.GetElapsedTime(since) >= age && begun.TryRemove(reader, out _))
                reader.End();
    }

    /// <summary>A read.</summary>
    internal sealed class Reader(Readers readers) : IDisposable
    {
        private readonly CancellationTokenSource ended = new();

        public CancellationToken Ended => ended.Token;

        /// <summary>Not on the writer's thread: what stops reading runs its own continuations.</summary>
        public void End() => _ = ended.CancelAsync();

        public void Dispose() => readers.begun.TryRemove(this, out _);
    }
}

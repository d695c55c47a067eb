using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// Queues the writers of this process in order of arrival. SQLite has one writer, and a commit costs a disk flush, so works that wait
/// share a transaction, each in its own savepoint.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    /// <summary>The maximum number of works in a commit; the first of them waits for the last.</summary>
    private const int MaxWorks = 64;

    /// <summary>How long an idle connection is kept: preparing its statements again costs as much as ten readings.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>How long writers wait for readers, so that the WAL can be truncated.</summary>
    private static readonly TimeSpan WaitForReaders = TimeSpan.FromSeconds(2);

    /// <summary>Milliseconds until a checkpoint that failed is tried again, since writers waited for it.</summary>
    private const int FoldAgain = 30_000;

    /// <summary>
    /// The length of the WAL, in bytes, up to which it may stay whatever the free space, and what works of a commit may add to it. SQLite itself
    /// begins it anew at 4 MB.
    /// </summary>
    private const long ShortJournal = 8 << 20;

    private readonly Channel<Work> waiting = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    private readonly Func<Task<SqliteConnection>> open;
    private readonly TimeSpan patience;
    private readonly long longestJournal, maxJournal;
    private readonly Readers? readers;
    private readonly TimeSpan maxRead;
    private long triedToFold = -FoldAgain;
    private bool hasEndedReaders;

    /// <param name="open">Opens a connection to the database.</param>
    /// <param name="patience">How long a work waits for its turn. It is as long as SQLite waits for another process's lock, so that all works behind such a lock give up together.</param>
    /// <param name="longestJournal">The length of the WAL, in bytes, from which it is truncated by a checkpoint.</param>
    /// <param name="readers">The reads that keep the WAL from being truncated; null for none that can be ended.</param>
    /// <param name="maxJournal">The length of the WAL, in bytes, from which old reads are ended.</param>
    /// <param name="maxRead">How long a read may then last; null for 5 seconds.</param>
    public GroupCommit(
        Func<Task<SqliteConnection>> open, TimeSpan patience, long longestJournal = 64 << 20, Readers? readers = null,
        long maxJournal = long.MaxValue, TimeSpan? maxRead = null)
    {
        (this.open, this.patience, this.longestJournal) = (open, patience, longestJournal);
        (this.readers, this.maxJournal, this.maxRead) = (readers, maxJournal, maxRead ?? TimeSpan.FromSeconds(5));
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Runs a work. It is durable when this returns; if it throws, it alone is rolled back.</summary>
    public async Task<T> RunAsync<T>(Func<Statements, Task<T>> run, CancellationToken cancellation)
    {
        T result = default!;
        var work = new Work(async statements => result = await run(statements));
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        impatience.CancelAfter(patience);
        await using var registration = impatience.Token.Register(() => work.GiveUp(cancellation.IsCancellationRequested
            ? new OperationCanceledException(cancellation)
            : new TimeoutException($"No turn to write within {patience}.")));
        ObjectDisposedException.ThrowIf(!waiting.Writer.TryWrite(work), this);
        await work.Done;
        return result;
    }

    public void Dispose() => waiting.Writer.TryComplete();

    private async Task ServeAsync()
    {
        // While works arrive, the connection stays open and its statements stay prepared.
        WriterSession? session = null;
        bool isOpen;
        do
        {
            while (TakeWorks() is { Count: > 0 } works)
            {
                session = await RunAsync(works, session);
                foreach (var work in works)
                    work.End();
                session = await FoldJournalAsync(session);
                // Lets the callers just answered run first, so that their next works form one group.
                await Task.Yield();
            }
            var more = waiting.Reader.WaitToReadAsync().AsTask();
            if (session is not null && await Task.WhenAny(more, Task.Delay(Idle)) != more)
                session = await DropAsync(session);
            isOpen = await more;
        }
        while (isOpen);
        await DropAsync(session);
    }

    private List<Work> TakeWorks()
    {
        var works = new List<Work>();
        while (works.Count < MaxWorks && waiting.Reader.TryRead(out var work))
            if (work.Start())
                works.Add(work);
        return works;
    }

    /// <summary>Runs works in one transaction. If a failure rolls it back as a whole, runs each in a transaction of its own.</summary>
    /// <returns>The session, or null if it was closed.</returns>
    private async Task<WriterSession?> RunAsync(List<Work> works, WriterSession? session)
    {
        try
        {
            if (session is { HasMoved: true })
                session = await DropAsync(session);
            session ??= new WriterSession(await open());
            if (!KeepsReserve(session))
            {
                foreach (var work in works)
                    work.Failure = new SqliteException("The disk is almost full.", raw.SQLITE_FULL);
                return session;
            }
            await session.CommitAsync(works);
            return session;
        }
        catch (Exception e)
        {
            session = await DropAsync(session);
            // All of them waited for another process's lock: run one by one, each would wait as long again.
            if (works.Count == 1 || e is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY })
                foreach (var work in works)
                    work.Failure = e;
            else
                foreach (var work in works)
                    session = await RunAsync([work], session);
            return session;
        }
    }

    /// <summary>
    /// Whether a checkpoint has the space it needs: it may make the file longer by as much as the WAL holds. SQLite would write until nothing is
    /// free, and could then neither write nor free what the WAL takes.
    /// </summary>
    private bool KeepsReserve(WriterSession session)
    {
        return HasReserve() || (Fold(session, endsReaders: true) && HasReserve());

        bool HasReserve() => session.FreeSpace >= session.JournalLength + ShortJournal;
    }

    /// <summary>Keeps the WAL short while there are always readers. Only the next writers wait for it.</summary>
    private async Task<WriterSession?> FoldJournalAsync(WriterSession? session)
    {
        if (session is null)
            return session;
        try
        {
            var length = session.JournalLength;
            // A checkpoint may make the file longer by as much as the WAL holds.
            var isTooLong = length > maxJournal || (length > ShortJournal && session.FreeSpace < 2 * length);
            if ((!isTooLong && length <= longestJournal)
                || (Environment.TickCount64 - triedToFold < FoldAgain && (hasEndedReaders || !isTooLong))
                || Fold(session, endsReaders: isTooLong))
                return session;
            hasEndedReaders = isTooLong;
        }
        catch (Exception)
        {
            session = await DropAsync(session); // The next write meets the same failure, and reports it.
        }
        triedToFold = Environment.TickCount64;
        return session;
    }

    /// <summary>
    /// Truncates the WAL, and may end reads for that. The longer writers wait, the shorter the reads that are ended: others begin meanwhile, and
    /// stand in the way too.
    /// </summary>
    /// <returns>False if a read took too long.</returns>
    private bool Fold(WriterSession session, bool endsReaders) => endsReaders
        ? session.FoldJournal(maxRead, waited => readers?.EndOlderThan(maxRead - waited))
        : session.FoldJournal(WaitForReaders, _ => { });

    /// <summary>Closes a session. A failure to close it must not stop the writer.</summary>
    private static async Task<WriterSession?> DropAsync(WriterSession? session)
    {
        try
        {
            if (session is not null)
                await session.DisposeAsync();
        }
        catch (Exception)
        {
            // Its transaction is rolled back with its connection.
        }
        return null;
    }

    /// <summary>One caller's work.</summary>
    internal sealed class Work(Func<Statements, Task> run)
    {
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The caller's activity and log scopes.
        private readonly ExecutionContext? caller = ExecutionContext.Capture();
        private int started;

        public Task Done => done.Task;

        /// <summary>Why it last failed, or null. The caller is told only once the works it saw are durable.</summary>
        public Exception? Failure { get; set; }

        /// <summary>Starts the work, unless its caller gave up; from now on the caller waits for its end.</summary>
        public bool Start() => Interlocked.Exchange(ref started, 1) == 0;

        /// <summary>Ends the wait of a work that has not started.</summary>
        public void GiveUp(Exception reason)
        {
            if (Start())
                done.SetException(reason);
        }

        public async Task RunAsync(Statements statements)
        {
            Failure = null;
            try
            {
                var running = Task.CompletedTask;
                if (caller is null)
                    running = run(statements);
                else
                    ExecutionContext.Run(caller, _ => running = run(statements), null);
                await running;
            }
            catch (Exception e)
            {
                Failure = e;
            }
        }

        public void End()
        {
            if (Failure is null)
                done.SetResult();
            else
                done.SetException(Failure);
        }
    }
}

using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage.Sqlite;

/// <summary>
/// The writers of this process, in order of arrival: SQLite has one writer, and a commit costs a write to the disk, so works that
/// wait meanwhile are done together, each in its savepoint, and committed at once.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    /// <summary>The most works in a commit: the first of them waits for the last.</summary>
    private const int MaxWorks = 64;

    /// <summary>How long the connection is kept without works: to prepare its statements anew costs as much as ten readings.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Milliseconds until a journal that could not be folded is tried again: writers waited in vain.</summary>
    private const int FoldAgain = 30_000;

    private readonly Channel<Work> waiting = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    private readonly Func<Task<SqliteConnection>> open;
    private readonly TimeSpan patience;
    private readonly long longestJournal;
    private long triedToFold = -FoldAgain;

    /// <param name="open">Opens a connection to the database.</param>
    /// <param name="patience">How long a work waits for its turn: as long as SQLite waits for another process's lock, so that behind one all give up together.</param>
    /// <param name="longestJournal">Bytes of SQLite's journal from which on readers are waited for, to empty it.</param>
    public GroupCommit(Func<Task<SqliteConnection>> open, TimeSpan patience, long longestJournal = 64 << 20)
    {
        (this.open, this.patience, this.longestJournal) = (open, patience, longestJournal);
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Runs a work; it is durable when this returns, and undone when it throws, alone.</summary>
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
        // As long as works come, the connection stays open, and its statements prepared.
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
                // Those just answered, or others, may already have more: first they run, then what they want is one group.
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

    /// <summary>Runs works in one transaction; or, when a failure of one undoes all, each in its own, where it only meets its own.</summary>
    /// <returns>The session, while it is sound.</returns>
    private async Task<WriterSession?> RunAsync(List<Work> works, WriterSession? session)
    {
        try
        {
            if (session is { HasMoved: true })
                session = await DropAsync(session);
            session ??= new WriterSession(await open());
            await session.CommitAsync(works);
            return session;
        }
        catch (Exception e)
        {
            session = await DropAsync(session);
            // A lock of another process was waited for by all of them: one after the other they would wait as long each.
            if (works.Count == 1 || e is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY })
                foreach (var work in works)
                    work.Failure = e;
            else
                foreach (var work in works)
                    session = await RunAsync([work], session);
            return session;
        }
    }

    /// <summary>Keeps the journal from growing for as long as there are readers; nobody waits for it but the next writers.</summary>
    private async Task<WriterSession?> FoldJournalAsync(WriterSession? session)
    {
        if (session is null || Environment.TickCount64 - triedToFold < FoldAgain)
            return session;
        try
        {
            if (session.FoldJournal(longestJournal))
                return session;
        }
        catch (Exception)
        {
            session = await DropAsync(session); // Whatever it is, the next write meets it, and tells.
        }
        triedToFold = Environment.TickCount64;
        return session;
    }

    /// <summary>Closes a session; one so broken that it cannot be closed must not end the service of the others.</summary>
    private static async Task<WriterSession?> DropAsync(WriterSession? session)
    {
        try
        {
            if (session is not null)
                await session.DisposeAsync();
        }
        catch (Exception)
        {
            // What it wrote is undone with its connection.
        }
        return null;
    }

    /// <summary>One caller's work.</summary>
    internal sealed class Work(Func<Statements, Task> run)
    {
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The caller's activity, for what is traced and logged on the way.
        private readonly ExecutionContext? caller = ExecutionContext.Capture();
        private int started;

        public Task Done => done.Task;

        /// <summary>Why it failed, when it ran last; told only once the works it saw are durable.</summary>
        public Exception? Failure { get; set; }

        /// <summary>Whether the caller still waits; from here on, it waits for the end.</summary>
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

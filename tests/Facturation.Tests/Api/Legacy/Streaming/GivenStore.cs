using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Tests.Api.Legacy.Streaming;

/// <summary>A store whose one answer is given: what a database cannot be brought to hold, or to do.</summary>
internal sealed class GivenStore(IReadOnlyList<Groupe> groupes, Func<Groupe, IEnumerable<LigneDetail>> details)
    : IConsommationStore, IConsommationView
{
    private readonly TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long read;

    /// <summary>How many rows were read.</summary>
    public long Read => Interlocked.Read(ref read);

    /// <summary>Completes when a view is disposed.</summary>
    public Task Disposed => disposed.Task;

    public IReadOnlyList<Groupe> Groupes => groupes;

    public Task<IConsommationView> OpenAsync(Demande demande, CancellationToken cancellation = default) =>
        Task.FromResult<IConsommationView>(this);

    public async IAsyncEnumerable<ReadOnlyMemory<LigneDetail>> ReadDetailsAsync(
        Groupe groupe, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        foreach (var ligne in details(groupe))
        {
            cancellation.ThrowIfCancellationRequested();
            Interlocked.Increment(ref read);
            yield return new[] { ligne };
        }
    }

    public ValueTask DisposeAsync()
    {
        disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public Task<IConsumptionView> OpenConsumptionAsync(ConsumptionQuery query, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListClientsAsync(CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation = default) => throw new NotSupportedException();
}

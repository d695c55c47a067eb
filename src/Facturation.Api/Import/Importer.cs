using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>What an import did.</summary>
/// <param name="Good">Lines that are, or would have been, loaded.</param>
/// <param name="Bad">Lines that are not.</param>
/// <param name="IsCommitted">Whether the good lines are in the database now.</param>
internal readonly record struct Bilan(int Good, int Bad, bool IsCommitted);

/// <summary>Loads a file into the store, in one transaction.</summary>
internal static class Importer
{
    /// <summary>Loads all lines, or, when one is bad, none; with <paramref name="skipBad"/>, all but the bad ones.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="stream">The file; can be sought.</param>
    /// <param name="client">The code of the client; may be null when the lines name it.</param>
    /// <param name="skipBad">Whether the good lines are loaded all the same.</param>
    /// <param name="onBad">Told where each bad line stands and why it is bad, in French.</param>
    /// <param name="cancellation">Stops the import and undoes it.</param>
    public static async Task<Bilan> RunAsync(
        IConsommationStore store, Stream stream, string? client, bool skipBad, Action<Lieu, string> onBad, CancellationToken cancellation)
    {
        int good = 0, bad = 0;
        await using var import = await store.BeginImportAsync(cancellation);
        foreach (var lue in ImportFile.Read(stream, client))
        {
            var error = lue.Erreur ?? await import.WriteAsync(lue.Ligne, cancellation);
            if (error is null)
            {
                good++;
                continue;
            }
            bad++;
            onBad(lue.Lieu, error);
        }
        var commit = bad == 0 || skipBad;
        if (commit)
            await import.CommitAsync(cancellation);
        return new Bilan(good, bad, commit);
    }
}

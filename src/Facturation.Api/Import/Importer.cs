using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>The result of an import.</summary>
/// <param name="Good">The number of lines that are, or would have been, loaded.</param>
/// <param name="Bad">The number of other lines.</param>
/// <param name="IsCommitted">Whether the good lines are committed.</param>
internal readonly record struct Bilan(int Good, int Bad, bool IsCommitted);

/// <summary>Loads a file into the store, in one transaction.</summary>
internal static class Importer
{
    /// <summary>Loads all lines, or none if one is bad; with <paramref name="skipBad"/>, all but the bad ones.</summary>
    /// <param name="store">The store to load into.</param>
    /// <param name="stream">The file; it must be seekable.</param>
    /// <param name="client">The code of the client; null if the lines name it.</param>
    /// <param name="skipBad">Whether to load the good lines even if others are bad.</param>
    /// <param name="onBad">Called for each bad line with its place and the reason in French.</param>
    /// <param name="onOdd">
    /// Called for each good line with a text that XML cannot hold. It is loaded, because the old service answered it too.
    /// </param>
    /// <param name="cancellation">Stops the import and rolls it back.</param>
    public static async Task<Bilan> RunAsync(
        IConsommationStore store, Stream stream, string? client, bool skipBad, Action<Lieu, string> onBad, Action<Lieu, string> onOdd,
        CancellationToken cancellation)
    {
        int good = 0, bad = 0;
        await using var import = await store.BeginImportAsync(cancellation);
        foreach (var lue in ImportFile.Read(stream, client))
        {
            var error = lue.Erreur ?? await import.WriteAsync(lue.Ligne, cancellation);
            if (error is null)
            {
                good++;
                if (FindOdd(lue.Ligne.Ligne) is { } odd)
                    onOdd(lue.Lieu, odd);
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

    private static string? FindOdd(LigneConsommation ligne)
    {
        return Find(nameof(ligne.NomProduit), ligne.NomProduit) ?? Find(nameof(ligne.Identifiant), ligne.Identifiant)
            ?? Find(nameof(ligne.Dossier), ligne.Dossier) ?? Find(nameof(ligne.Libelle), ligne.Libelle);

        static string? Find(string name, string? text) =>
            text is not null && XmlText.FindProblem(text) is { } problem ? $"{name} : {problem}" : null;
    }
}

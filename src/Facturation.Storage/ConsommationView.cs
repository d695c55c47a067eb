using System.Buffers;
using System.Runtime.CompilerServices;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>One answer, read in one transaction: it sees the database as it was at its first query. A provider reads its rows.</summary>
internal abstract class ConsommationView(Demande demande) : IConsommationView
{
    private const int Block = 128; // 5 KB.

    private readonly Dictionary<Groupe, (int Produit, int? Identifiant, bool HasMeters)> keys = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<Groupe> Groupes { get; private set; } = [];

    protected Demande Demande => demande;

    public async IAsyncEnumerable<ReadOnlyMemory<LigneDetail>> ReadDetailsAsync(
        Groupe groupe, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (produit, identifiant, hasMeters) = keys[groupe];
        var nom = identifiant is null ? null : groupe.Identifiant ?? demande.Identifiant;
        await using var meters = hasMeters ? await OpenMetersAsync(produit, identifiant, nom, cancellation) : new NoRows();
        await using var lignes = await OpenLignesAsync(produit, identifiant, nom, cancellation);
        var block = ArrayPool<LigneDetail>.Shared.Rent(Block);
        try
        {
            // Both come in answer order. A dossier's compteur may be in both, and several times in the second: meters were replaced.
            await lignes.ReadAsync(cancellation);
            await meters.ReadAsync(cancellation);
            while (lignes.HasRow || meters.HasRow)
            {
                var count = 0;
                while (count < Block && (lignes.HasRow || meters.HasRow))
                {
                    var next = !meters.HasRow || (lignes.HasRow && Compare(lignes.Current, meters.Current) <= 0) ? lignes : meters;
                    var detail = next.Current;
                    await next.ReadAsync(cancellation);
                    while (meters.HasRow && Compare(detail, meters.Current) == 0)
                    {
                        detail = detail with { Quantite = checked(detail.Quantite + meters.Current.Quantite) };
                        await meters.ReadAsync(cancellation);
                    }
                    block[count++] = detail;
                }
                yield return block.AsMemory(0, count);
            }
        }
        finally
        {
            ArrayPool<LigneDetail>.Shared.Return(block, clearArray: true);
        }
    }

    public virtual CancellationToken Ended => CancellationToken.None;

    public abstract ValueTask DisposeAsync();

    /// <summary>Reads the elements of the answer; if that fails, disposes of the view.</summary>
    public async Task<IConsommationView> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadGroupesAsync(cancellation);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>The sum of each compteur of each element, in any order.</summary>
    protected abstract Task<List<SommeRow>> ReadSommesAsync(CancellationToken cancellation);

    /// <summary>Opens what each meter of a produit counted in the period, in answer order.</summary>
    /// <param name="produit">The key of the produit.</param>
    /// <param name="identifiant">The key of the only identifiant, or null for all.</param>
    /// <param name="nom">Its name.</param>
    /// <param name="cancellation">Ends the query.</param>
    protected abstract Task<DetailRows> OpenMetersAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation);

    /// <summary>Opens the imported lines of a produit, in answer order.</summary>
    /// <inheritdoc cref="OpenMetersAsync"/>
    protected abstract Task<DetailRows> OpenLignesAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation);

    /// <summary>The order of details: <see cref="Ordre"/>.</summary>
    public static int Compare(in LigneDetail left, in LigneDetail right)
    {
        var order = left.DateDossier.CompareTo(right.DateDossier);
        if (order == 0)
            order = string.CompareOrdinal(left.Dossier, right.Dossier);
        if (order == 0)
            order = string.CompareOrdinal(left.Identifiant, right.Identifiant);
        return order == 0 ? left.Sequence.CompareTo(right.Sequence) : order;
    }

    private async Task ReadGroupesAsync(CancellationToken cancellation) => Groupes =
    [
        .. (await ReadSommesAsync(cancellation))
            .GroupBy(r => (r.Produit, r.Identifiant))
            .OrderBy(g => g.First().Numero).ThenBy(g => g.First().NomIdentifiant, StringComparer.Ordinal)
            .Select(g =>
            {
                var first = g.First();
                var identifiant = demande.Ordre == Ordre.ParIdentifiant ? first.NomIdentifiant : null;
                var groupe = new Groupe(first.Numero, first.Nom, identifiant, [.. g.Select(r => r.Somme).OrderBy(s => s.Sequence)]);
                keys.Add(groupe, (first.Produit, first.Identifiant, g.Any(r => r.HasMeters)));
                return groupe;
            }),
    ];

    /// <summary>The sum of a compteur; of one identifiant, or of all if its key is null; and whether a meter may have counted some of it.</summary>
    protected readonly record struct SommeRow(
        int Produit, int Numero, string? Nom, Somme Somme, int? Identifiant, string? NomIdentifiant, bool HasMeters = true);

    /// <summary>Without meters, as most produits are.</summary>
    private sealed class NoRows : DetailRows
    {
        public override ValueTask ReadAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Details that are read one by one, in answer order.</summary>
internal abstract class DetailRows : IAsyncDisposable
{
    /// <summary>Whether there is a row, <see cref="Current"/>.</summary>
    public bool HasRow { get; protected set; }

    public LigneDetail Current { get; protected set; }

    /// <summary>Goes to the next row that has a quantity, if there is one.</summary>
    public abstract ValueTask ReadAsync(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}

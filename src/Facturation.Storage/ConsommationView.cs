using System.Runtime.CompilerServices;
using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>One answer, read in one transaction, which sees the database as it was at its first query.</summary>
internal sealed class ConsommationView : IConsommationView
{
    private readonly FacturationContext context;
    private readonly Demande demande;

    private ConsommationView(FacturationContext context, Demande demande) => (this.context, this.demande) = (context, demande);

    public IReadOnlyList<Groupe> Groupes { get; private set; } = [];

    public static async Task<ConsommationView> OpenAsync(FacturationContext context, Demande demande, CancellationToken cancellation)
    {
        var view = new ConsommationView(context, demande);
        try
        {
            await context.BeginReadAsync(cancellation);
            view.Groupes = await view.ReadGroupesAsync(cancellation);
            return view;
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
    }

    public async IAsyncEnumerable<LigneDetail> ReadDetailsAsync(
        Groupe groupe, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var part = demande with { ProduitId = groupe.ProduitId, Identifiant = groupe.Identifiant ?? demande.Identifiant };
        LigneDetail? last = null;
        await foreach (var ligne in ConsommationStore.Query(context, part).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var detail = new LigneDetail(ligne.Dossier, ligne.DateDossier, ligne.Identifiant, ligne.Sequence, ligne.Quantite);
            if (last is { } previous)
            {
                if (previous with { Quantite = detail.Quantite } == detail)
                {
                    last = previous with { Quantite = checked(previous.Quantite + detail.Quantite) };
                    continue;
                }
                yield return previous;
            }
            last = detail;
        }
        if (last is { } final)
            yield return final;
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    private async Task<List<Groupe>> ReadGroupesAsync(CancellationToken cancellation)
    {
        var groupes = new List<Groupe>();
        var sommes = new List<Somme>();
        await foreach (var ligne in ConsommationStore.Query(context, demande).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var identifiant = demande.Ordre == Ordre.ParIdentifiant ? ligne.Identifiant : null;
            if (groupes.Count == 0 || groupes[^1].ProduitId != ligne.ProduitId || groupes[^1].Identifiant != identifiant)
                groupes.Add(new Groupe(ligne.ProduitId, ligne.NomProduit, identifiant, sommes = []));
            var i = sommes.FindIndex(s => s.Sequence >= ligne.Sequence);
            if (i < 0 || sommes[i].Sequence != ligne.Sequence)
                sommes.Insert(i = i < 0 ? sommes.Count : i, new Somme(ligne.Sequence, ligne.Libelle, 0));
            sommes[i] = sommes[i] with { Quantite = checked(sommes[i].Quantite + ligne.Quantite) };
        }
        return groupes;
    }
}

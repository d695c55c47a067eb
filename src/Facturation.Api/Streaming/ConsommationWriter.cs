using Facturation.Core;

namespace Facturation.Api.Streaming;

/// <summary>
/// Writes an answer as its rows come: begin, then for each element its begin, its rows and its end, then end. Rows of one
/// dossier follow each other and stand in one detail.
/// </summary>
internal abstract class ConsommationWriter
{
    private LigneDetail last;
    private int somme;

    /// <summary>The element being written.</summary>
    protected Groupe Groupe { get; private set; } = null!;

    /// <summary>How many rows were written.</summary>
    public long Count { get; private set; }

    /// <summary>Begins the answer.</summary>
    public abstract void Begin(bool hasGroupes);

    /// <summary>Begins an element, up to its details.</summary>
    public void BeginGroupe(Groupe groupe)
    {
        (Groupe, last, somme) = (groupe, default, 0);
        BeginGroupe();
    }

    /// <summary>Writes a row: into the dossier of the one before, or into a new one.</summary>
    public void Write(in LigneDetail ligne)
    {
        var isFirst = last.Dossier is null;
        if (isFirst || !IsSameDossier(ligne, last))
        {
            if (!isFirst)
                EndDossier(last);
            BeginDossier(ligne, isFirst);
            WriteCompteur(SommeOf(ligne), ligne.Quantite, isFirst: true);
        }
        else
        {
            WriteCompteur(SommeOf(ligne), ligne.Quantite, isFirst: false);
        }
        last = ligne;
        Count++;
    }

    /// <summary>Ends an element, from the end of its details.</summary>
    public void EndGroupe()
    {
        if (last.Dossier is not null)
            EndDossier(last);
        EndGroupe(last.Dossier is not null);
    }

    /// <summary>Ends the answer.</summary>
    public abstract void End();

    protected abstract void BeginGroupe();

    protected abstract void BeginDossier(in LigneDetail ligne, bool isFirst);

    protected abstract void WriteCompteur(in Somme somme, long quantite, bool isFirst);

    protected abstract void EndDossier(in LigneDetail ligne);

    protected abstract void EndGroupe(bool hasDetails);

    /// <summary>Two dossiers of two identifiants stay two, even with the same reference and date.</summary>
    private static bool IsSameDossier(in LigneDetail left, in LigneDetail right) =>
        left.DateDossier == right.DateDossier && left.Dossier == right.Dossier && left.Identifiant == right.Identifiant;

    /// <summary>The sum that a row is part of: mostly the next one, since both come by Sequence.</summary>
    private Somme SommeOf(in LigneDetail ligne)
    {
        var sommes = Groupe.Sommes;
        for (var tried = 0; tried < sommes.Count; tried++, somme++)
        {
            if (somme == sommes.Count)
                somme = 0;
            if (sommes[somme].Sequence == ligne.Sequence)
                return sommes[somme];
        }
        throw new InvalidOperationException($"A detail's compteur {ligne.Sequence} is not among the sums of produit {Groupe.ProduitId}.");
    }
}

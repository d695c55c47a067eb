using Facturation.Core;
using Facturation.WebApi2.Streaming;

namespace Facturation.Api.Legacy.Streaming;

/// <summary>
/// Writes an answer while its rows are read: begin; then begin, rows and end of each element; then end. Rows of one
/// dossier follow each other and form one detail.
/// </summary>
/// <remarks>
/// What all rows of an element repeat is escaped once, when the element begins, and then copied.
/// </remarks>
internal abstract class ConsommationWriter(AnswerOutput output)
{
    private Compteur[] compteurs = [];
    private LigneDetail last;
    private bool hasDetails;
    private int current;

    /// <summary>The element being written.</summary>
    protected Groupe Groupe { get; private set; } = null!;

    /// <summary>The length of the separator at the start of <see cref="BeginCompteur"/>, which the first compteur does not need.</summary>
    protected abstract int SeparatorLength { get; }

    /// <summary>Begins an answer, which may have no element.</summary>
    public abstract void Begin(bool isEmpty);

    /// <summary>Begins an element, up to its details.</summary>
    public void BeginGroupe(Groupe groupe)
    {
        (Groupe, last, hasDetails, current) = (groupe, default, false, 0);
        compteurs = new Compteur[groupe.Sommes.Count];
        for (var i = 0; i < compteurs.Length; i++)
        {
            var somme = groupe.Sommes[i];
            compteurs[i] = new(somme.Sequence, Keep(() => BeginCompteur(somme)), Keep(() => EndCompteur(somme)));
        }
        BeginGroupe();
    }

    /// <summary>Writes rows. A row continues the dossier of the previous row, or starts a new one.</summary>
    public void Write(ReadOnlySpan<LigneDetail> lignes)
    {
        ref readonly var before = ref last;
        foreach (ref readonly var ligne in lignes)
        {
            var isFirst = !IsSameDossier(ligne, before);
            if (isFirst)
            {
                if (hasDetails)
                    EndDossier(before);
                BeginDossier(ligne, isFirst: !hasDetails);
                hasDetails = true;
            }
            WriteCompteur(Find(ligne.Sequence), ligne.Quantite, isFirst);
            before = ref ligne;
        }
        last = before;
    }

    /// <summary>Ends an element.</summary>
    public void EndGroupe()
    {
        if (hasDetails)
            EndDossier(last);
        EndDetails(isEmpty: !hasDetails);
    }

    /// <summary>Ends the answer.</summary>
    public abstract void End();

    protected abstract void BeginGroupe();

    protected abstract void BeginDossier(in LigneDetail ligne, bool isFirst);

    /// <summary>Writes what comes before a compteur's quantity.</summary>
    protected abstract void BeginCompteur(in Somme somme);

    /// <summary>Writes what comes after it.</summary>
    protected abstract void EndCompteur(in Somme somme);

    protected abstract void EndDossier(in LigneDetail ligne);

    protected abstract void EndDetails(bool isEmpty);

    /// <summary>Returns what an action writes, so that it can be written several times.</summary>
    protected byte[] Keep(Action write)
    {
        var start = output.Position;
        write();
        return output.TakeBack(start);
    }

    protected void WriteSommes()
    {
        for (var i = 0; i < compteurs.Length; i++)
            WriteCompteur(compteurs[i], Groupe.Sommes[i].Quantite, i == 0);
    }

    private void WriteCompteur(in Compteur compteur, long quantite, bool isFirst) =>
        output.WriteNumber(compteur.Before.AsSpan(isFirst ? SeparatorLength : 0), quantite, compteur.After);

    /// <summary>Whether two rows are of the same dossier. Dossiers of different identifiants are different, even with the same reference and date.</summary>
    private static bool IsSameDossier(in LigneDetail left, in LigneDetail right) =>
        left.DateDossier == right.DateDossier && left.Dossier == right.Dossier && left.Identifiant == right.Identifiant;

    /// <summary>The compteur of a row: mostly the next one, since rows come by Sequence too.</summary>
    private ref readonly Compteur Find(int sequence)
    {
        for (var tried = 0; tried < compteurs.Length; tried++)
        {
            current = current + 1 < compteurs.Length ? current + 1 : 0;
            if (compteurs[current].Sequence == sequence)
                return ref compteurs[current];
        }
        throw new InvalidOperationException($"A detail's compteur {sequence} is not among the sums of produit {Groupe.ProduitId}.");
    }

    private readonly record struct Compteur(int Sequence, byte[] Before, byte[] After);
}

using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>Reads a saved list of ReponseV2Model. XML and JSON have their own subclasses.</summary>
internal abstract class AnswerReader
{
    /// <summary>Enumerates the members of the current object; the caller reads each value.</summary>
    protected abstract IEnumerable<string> Members();

    /// <summary>Enumerates the objects of the current list, none if it is null; the caller reads each.</summary>
    protected abstract IEnumerable<Lieu> Items();

    /// <summary>Reads a value, or null.</summary>
    protected abstract string? Text();

    /// <summary>Skips a value.</summary>
    protected abstract void Skip();

    protected SavedAnswer ReadAnswer(Lieu place)
    {
        var answer = new SavedAnswer(place);
        foreach (var name in Members())
        {
            switch (name)
            {
                case "ProduitId": answer.ProduitId = Text(); break;
                case "NomProduit": answer.NomProduit = Text(); break;
                case "Identifiant": answer.Identifiant = Text(); break;
                case "ConsommationsSomme": answer.Sommes.AddRange(ReadCompteurs()); break;
                case "ConsommationsDetails":
                    foreach (var _ in Items())
                        ReadDossier(answer);
                    break;
                default: Skip(); break;
            }
        }
        return answer;
    }

    private void ReadDossier(SavedAnswer answer)
    {
        string? dossier = null, date = null, identifiant = null;
        List<LigneBrute> compteurs = [];
        foreach (var name in Members())
        {
            switch (name)
            {
                case "Dossier": dossier = Text(); break;
                case "DateDossier": date = Text(); break;
                case "Identifiant": identifiant = Text(); break;
                case "Compteur": compteurs = ReadCompteurs(); break;
                default: Skip(); break;
            }
        }
        answer.Details.AddRange(compteurs.Select(c => c with { Dossier = dossier, DateDossier = date, Identifiant = identifiant }));
    }

    private List<LigneBrute> ReadCompteurs()
    {
        var compteurs = new List<LigneBrute>();
        foreach (var place in Items())
        {
            string? sequence = null, libelle = null, quantite = null;
            foreach (var name in Members())
            {
                switch (name)
                {
                    case "Sequence": sequence = Text(); break;
                    case "Libelle": libelle = Text(); break;
                    case "Quantite": quantite = Text(); break;
                    default: Skip(); break;
                }
            }
            compteurs.Add(new LigneBrute { Lieu = place, Sequence = sequence, Libelle = libelle, Quantite = quantite });
        }
        return compteurs;
    }
}

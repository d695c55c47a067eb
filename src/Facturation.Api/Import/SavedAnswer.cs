using System.Globalization;
using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>A ReponseV2Model of a saved answer of the old service, as texts. Once it is complete, its details become lines.</summary>
/// <remarks>It is read completely first, because XML has the produit last, and because its sums are compared with its details.</remarks>
internal sealed class SavedAnswer(Lieu lieu)
{
    public string? ProduitId { get; set; }
    public string? NomProduit { get; set; }
    public string? Identifiant { get; set; }

    /// <summary>Sequence and Quantite of ConsommationsSomme.</summary>
    public List<LigneBrute> Sommes { get; } = [];

    /// <summary>A line for each compteur of each dossier, without the values of the whole answer.</summary>
    public List<LigneBrute> Details { get; } = [];

    /// <summary>The lines of the answer; a single bad line if its sums do not equal its details.</summary>
    public IEnumerable<LigneLue> Lines(string client)
    {
        if (CheckSums() is { } error)
        {
            yield return new LigneLue(lieu, default, error);
            yield break;
        }
        foreach (var detail in Details)
        {
            var brute = detail with
            {
                Client = client,
                ProduitId = ProduitId,
                NomProduit = NomProduit,
                Identifiant = detail.Identifiant ?? Identifiant,
            };
            var bad = brute.Check(withOffset: true, out var ligne);
            if (bad is null && Identifiant is not null && brute.Identifiant != Identifiant)
                bad = $"le dossier est de l'identifiant « {brute.Identifiant} », la réponse de « {Identifiant} »";
            yield return new LigneLue(detail.Lieu, ligne, bad is null ? null : $"{bad} (dossier « {detail.Dossier} »)");
        }
    }

    private string? CheckSums()
    {
        // Quantities that cannot be read are reported line by line instead.
        if (Add(Sommes) is not { } sommes || Add(Details) is not { } details)
            return null;
        foreach (var sequence in sommes.Keys.Union(details.Keys).Order())
        {
            var (somme, detail) = (sommes.GetValueOrDefault(sequence), details.GetValueOrDefault(sequence));
            if (somme != detail)
                return $"produit {ProduitId}, identifiant « {Identifiant} » : "
                    + string.Create(CultureInfo.InvariantCulture, $"la somme du compteur {sequence} est {somme}, celle de ses détails {detail}");
        }
        return null;
    }

    private static Dictionary<int, Int128>? Add(List<LigneBrute> lignes)
    {
        var sums = new Dictionary<int, Int128>();
        foreach (var ligne in lignes)
        {
            if (!int.TryParse(ligne.Sequence, NumberStyles.Integer, CultureInfo.InvariantCulture, out var sequence)
                || !long.TryParse(ligne.Quantite, NumberStyles.Integer, CultureInfo.InvariantCulture, out var quantite))
                return null;
            sums[sequence] = sums.GetValueOrDefault(sequence) + quantite;
        }
        return sums;
    }
}

using Facturation.Core;

namespace Facturation.Storage;

/// <summary>What an import refuses, whichever the database, and in which words.</summary>
internal static class ImportRules
{
    /// <summary>A line that came before.</summary>
    public static string Repeats(Lieu first) => $"la même ligne est déjà plus haut, {first}";

    /// <summary>A line whose compteur would count too much.</summary>
    public static string Overflows(LigneConsommation ligne) =>
        $"le total du compteur {ligne.Sequence} du produit {ligne.ProduitId} ne tiendrait plus dans 64 bits";

    /// <summary>
    /// Whether what a compteur adds and what it subtracts are each within 64 bits: then the total of any period, in any order, is too.
    /// </summary>
    public static bool Fits(Int128 positive, Int128 negative) => positive <= long.MaxValue && negative >= long.MinValue;
}

/// <summary>A produit or compteur, and the last name an import gave it.</summary>
internal sealed class Named(int id)
{
    public int Id { get; } = id;
    public string? Nom { get; private set; }
    public bool IsRenamed { get; private set; }

    public void Rename(string? nom) => (Nom, IsRenamed) = (nom, true);
}

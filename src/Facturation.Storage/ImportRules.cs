using Facturation.Core;

namespace Facturation.Storage;

/// <summary>What an import refuses on both databases, and the messages.</summary>
internal static class ImportRules
{
    /// <summary>The message for a line that the import already contains.</summary>
    public static string Repeats(Lieu first) => $"la même ligne est déjà plus haut, {first}";

    /// <summary>The message for a line whose compteur's total would overflow.</summary>
    public static string Overflows(LigneConsommation ligne) =>
        $"le total du compteur {ligne.Sequence} du produit {ligne.ProduitId} ne tiendrait plus dans 64 bits";

    /// <summary>
    /// Whether the sum of positive quantities and the sum of negative ones each fit in 64 bits.
    /// </summary>
    public static bool Fits(Int128 positive, Int128 negative) => positive <= long.MaxValue && negative >= long.MinValue;
}

/// <summary>A produit or compteur, and the last name that an import gave it.</summary>
internal sealed class Named(int id)
{
    public int Id { get; } = id;
    public string? Nom { get; private set; }
    public bool IsRenamed { get; private set; }

    public void Rename(string? nom) => (Nom, IsRenamed) = (nom, true);
}

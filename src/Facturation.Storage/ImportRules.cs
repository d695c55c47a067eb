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
}

/// <summary>
/// The sums of a compteur's positive quantities and of its negative ones. If each fits in 64 bits, so does the total of any period,
/// in any order.
/// </summary>
internal readonly record struct Sums(Int128 Positive, Int128 Negative)
{
    public bool Fit => Positive <= long.MaxValue && Negative >= long.MinValue;

    /// <summary>The sums with one quantity instead of another, which is 0 for a new line.</summary>
    public Sums Replace(long old, long quantite) => new(
        Positive - Math.Max(old, 0) + Math.Max(quantite, 0), Negative - Math.Min(old, 0) + Math.Min(quantite, 0));
}

/// <summary>A produit or compteur, and the last name that an import gave it.</summary>
internal sealed class Named(int id)
{
    public int Id { get; } = id;
    public string? Nom { get; private set; }
    public bool IsRenamed { get; private set; }

    public void Rename(string? nom) => (Nom, IsRenamed) = (nom, true);
}

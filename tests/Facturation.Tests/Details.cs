using Facturation.Core;

namespace Facturation.Tests;

/// <summary>The details of an element all at once, which only a test can afford.</summary>
internal static class Details
{
    /// <summary>All rows. Every block holds some.</summary>
    public static async Task<List<LigneDetail>> ListDetailsAsync(this IConsommationView view, Groupe groupe)
    {
        var all = new List<LigneDetail>();
        await foreach (var lignes in view.ReadDetailsAsync(groupe))
        {
            Assert.That(lignes.Length, Is.Positive);
            all.AddRange(lignes.Span);
        }
        return all;
    }
}

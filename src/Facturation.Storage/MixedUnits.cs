using System.Globalization;
using Facturation.Core;

namespace Facturation.Storage;

/// <summary>
/// Finds the compteurs whose meters count in several units. Since <see cref="RefusalCodes.UnitMismatch"/>, a meter of another unit must give its
/// multiplier; those created before may add one unit to another. Only who knows the meters can tell, so all are told, with their multipliers.
/// </summary>
internal static class MixedUnits
{
    // The unit of a compteur is that of its first meter.
    private const string Units = """
        SELECT c.Code, p.Numero, k.Sequence, k.Id, m.Unit, m.MultiplierMicros, COUNT(*)
        FROM Meters m JOIN Compteurs k ON k.Id = m.CompteurId JOIN Produits p ON p.Id = k.ProduitId JOIN Clients c ON c.Id = p.ClientId
        GROUP BY c.Code, p.Numero, k.Sequence, k.Id, m.Unit, m.MultiplierMicros
        ORDER BY c.Code, p.Numero, k.Sequence, MIN(m.Id)
        """;

    /// <returns>One line, in French, for each such compteur.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(ReadSession session, CancellationToken cancellation)
    {
        var (found, units, compteur) = (new List<string>(), new List<(string Unit, string Told)>(), (Id: 0, Told: ""));
        await using var rows = await session.Statements.OpenAsync(Units);
        var row = rows.Row;
        while (await rows.ReadAsync(cancellation))
        {
            if (row.GetInt32(3) is var id && id != compteur.Id)
            {
                End();
                compteur = (id, $"client {row.GetKey(0)}, produit {row.GetInt32(1)}, compteur {row.GetInt32(2)}");
            }
            var (unit, multiplier) = (row.GetText(4)!, row.GetInt64(5) / (decimal)Register.NoMultiplier);
            units.Add((unit, $"{unit} × {multiplier.ToString("0.######", CultureInfo.InvariantCulture)} ({row.GetInt64(6)})"));
        }
        End();
        return found;

        void End()
        {
            if (units.Exists(unit => !Meter.IsSameUnit(unit.Unit, units[0].Unit)))
                found.Add($"{compteur.Told} : {string.Join(", ", units.Select(unit => unit.Told))}");
            units.Clear();
        }
    }
}

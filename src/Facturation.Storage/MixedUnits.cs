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
        await using var command = session.CreateCommand(Units);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            if (rows.GetInt32(3) is var id && id != compteur.Id)
            {
                End();
                compteur = (id, $"client {session.Dialect.FromKey(rows.GetString(0))}, produit {rows.GetInt32(1)}, compteur {rows.GetInt32(2)}");
            }
            var multiplier = (rows.GetInt64(5) / (decimal)Register.NoMultiplier).ToString("0.######", CultureInfo.InvariantCulture);
            units.Add((rows.GetString(4), $"{rows.GetString(4)} × {multiplier} ({Convert.ToInt64(rows.GetValue(6), CultureInfo.InvariantCulture)})"));
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

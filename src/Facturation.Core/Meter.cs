using System.Text;

namespace Facturation.Core;

/// <summary>A device that counts the consumption of one compteur in one dossier.</summary>
public sealed record Meter
{
    /// <summary>The maximum number of digits: an index of 10^15 units, in thousandths, fits in 64 bits.</summary>
    public const int MaxDigits = 15;

    /// <summary>The maximum lengths of a serial number and a unit, in UTF-16 code units.</summary>
    public const int MaxSerial = 100, MaxUnit = 20;

    /// <summary>Its id on the wire.</summary>
    public required Guid Id { get; init; }

    /// <summary>The serial number on the device. Two registers of one device are two meters with the same serial number.</summary>
    public required string Serial { get; init; }

    /// <summary>The number of digits for whole units, from 1 to <see cref="MaxDigits"/>.</summary>
    public required int Digits { get; init; }

    /// <summary>The unit, for display: kWh, m³…</summary>
    public required string Unit { get; init; }

    /// <summary>The identifiant its dossier belongs to.</summary>
    public required string Identifiant { get; init; }

    /// <summary>The reference of the dossier it feeds.</summary>
    public required string Dossier { get; init; }

    /// <summary>The date of the dossier: a time in Paris, Kind Unspecified.</summary>
    public required DateTime DateDossier { get; init; }

    /// <summary>The client's number for the produit it counts.</summary>
    public required int ProduitId { get; init; }

    /// <summary>The name of the produit, or null.</summary>
    public string? NomProduit { get; init; }

    /// <summary>The compteur of the produit it feeds.</summary>
    public required int Sequence { get; init; }

    /// <summary>The compteur's label, or null.</summary>
    public string? Libelle { get; init; }

    /// <summary>When it was installed: the instant of its first reading.</summary>
    public required DateTimeOffset InstalledAt { get; init; }

    /// <summary>When it was removed: the instant of its last reading; null while it is installed.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>The meter it replaced, or null.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>The meter that replaced it, or null.</summary>
    public Guid? ReplacedBy { get; init; }

    /// <summary>How its index becomes units.</summary>
    public required Register Register { get; init; }

    /// <summary>Whether its client holds suspect readings out of consumption and of bills until they are confirmed.</summary>
    public bool HoldsSuspects { get; init; }

    /// <summary>Whether two units are the same, however they are typed: m3 is m³, and KWH is kWh.</summary>
    public static bool IsSameUnit(string left, string right) => string.Equals(
        left.Normalize(NormalizationForm.FormKC).Trim(), right.Normalize(NormalizationForm.FormKC).Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The units that count for the interval between two successive readings, on the day of the later one: none while that one is suspect and
    /// its client holds it out. The next interval begins at its index all the same.
    /// </summary>
    public long CountBetween(Reading earlier, Reading later) => HoldsSuspects && later.IsSuspect ? 0 : UnitsBetween(earlier, later);

    /// <summary>Spreads what counts for each interval over its days (<see cref="SpreadDays.AddInterval"/>).</summary>
    /// <param name="readings">Successive readings, in order of instants.</param>
    /// <param name="periode">The days to return.</param>
    /// <returns>In order of days; days without units are left out.</returns>
    public IReadOnlyList<(DateOnly Jour, long Units)> Spread(IReadOnlyList<Reading> readings, Periode periode)
    {
        var days = new SpreadDays(periode);
        for (var i = 1; i < readings.Count; i++)
            days.AddInterval(readings[i - 1].ReadAt, readings[i].ReadAt, CountBetween(readings[i - 1], readings[i]));
        return [.. days.ToList().Select(day => (day.Jour, checked((long)day.Units)))];
    }

    /// <summary>The whole units that the meter counted between two of its readings.</summary>
    public long UnitsBetween(Reading earlier, Reading later) =>
        checked((long)(Register.UnitsAt(later.IndexMilli, later.Turns) - Register.UnitsAt(earlier.IndexMilli, earlier.Turns)));
}

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

    /// <summary>The number of digits for whole units, from 1 to <see cref="MaxDigits"/>. After 10^Digits − 1 it shows 0 again.</summary>
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

    /// <summary>The lowest index, in thousandths of a unit, that is too large for its digits.</summary>
    public long End => EndOf(Digits);

    /// <summary>
    /// The whole units counted between two successive indexes, in thousandths, both below <see cref="End"/>; null if the
    /// index falls without a rollover. Indexes are rounded down before they are subtracted, so the parts of an interval always add up
    /// to it.
    /// </summary>
    public long? UnitsBetween(long earlier, long later) => UnitsBetween(Digits, earlier, later);

    /// <inheritdoc cref="UnitsBetween(long, long)"/>
    public static long? UnitsBetween(int digits, long earlier, long later)
    {
        var (units, end) = (later / 1000 - earlier / 1000, EndOf(digits));
        if (later >= earlier)
            return units;
        return IsRollover(end, earlier, later) ? units + end / 1000 : null;
    }

    /// <summary>Whether a fall from one index to the next is a rollover: from the top tenth of the range to the bottom tenth.</summary>
    private static bool IsRollover(long end, long earlier, long later) => earlier >= end - end / 10 && later < end / 10;

    private static long EndOf(int digits)
    {
        var end = 1000L;
        for (var digit = 0; digit < digits; digit++)
            end *= 10;
        return end;
    }
}

namespace Facturation.Core;

/// <summary>A device that counts what one compteur of one dossier consumes.</summary>
public sealed record Meter
{
    /// <summary>The most digits: an index of 10^15 units, in thousandths, fits in 64 bits.</summary>
    public const int MaxDigits = 15;

    /// <summary>The longest serial number and unit, in UTF-16 code units.</summary>
    public const int MaxSerial = 100, MaxUnit = 20;

    /// <summary>Its id on the wire.</summary>
    public required Guid Id { get; init; }

    /// <summary>What is written on it; the two registers of one device are two meters with the same serial number.</summary>
    public required string Serial { get; init; }

    /// <summary>The digits of its whole units, from 1 to <see cref="MaxDigits"/>: it shows 0 again after 10^Digits − 1.</summary>
    public required int Digits { get; init; }

    /// <summary>What it counts, for people: kWh, m³…</summary>
    public required string Unit { get; init; }

    /// <summary>The identifiant its dossier belongs to.</summary>
    public required string Identifiant { get; init; }

    /// <summary>The reference of the dossier it feeds.</summary>
    public required string Dossier { get; init; }

    /// <summary>The date of the dossier: an hour of Paris, Kind Unspecified.</summary>
    public required DateTime DateDossier { get; init; }

    /// <summary>The client's number of the produit it counts.</summary>
    public required int ProduitId { get; init; }

    /// <summary>The name of the produit, or null.</summary>
    public string? NomProduit { get; init; }

    /// <summary>The compteur of the produit it feeds.</summary>
    public required int Sequence { get; init; }

    /// <summary>The compteur's label, or null.</summary>
    public string? Libelle { get; init; }

    /// <summary>When it began to count: the instant of its first reading.</summary>
    public required DateTimeOffset InstalledAt { get; init; }

    /// <summary>When it stopped: the instant of its last reading; null while it counts.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>The meter whose place it took, or null.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>The meter that took its place, or null.</summary>
    public Guid? ReplacedBy { get; init; }

    /// <summary>The first index, in thousandths of a unit, that its digits cannot show.</summary>
    public long End => EndOf(Digits);

    /// <summary>
    /// The whole units counted between two successive indexes, in thousandths, both below <see cref="End"/>; null when the
    /// index falls without a rollover. Whole units of indexes are subtracted, so that the parts of an interval always add up to it.
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

    /// <summary>Whether a fall from one index to the next is the meter passing zero: from its top tenth to its bottom tenth.</summary>
    private static bool IsRollover(long end, long earlier, long later) => earlier >= end - end / 10 && later < end / 10;

    private static long EndOf(int digits)
    {
        var end = 1000L;
        for (var digit = 0; digit < digits; digit++)
            end *= 10;
        return end;
    }
}

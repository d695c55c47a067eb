namespace Facturation.Core;

/// <summary>What one unit of a compteur costs from a day on, until the next price.</summary>
/// <param name="ValidFrom">The first day, in Paris.</param>
/// <param name="UnitPriceMicros">Millionths of the currency for one unit; from 0 to <see cref="MaxUnitPrice"/>.</param>
/// <param name="Currency">The currency: three capital letters, of ISO 4217. All prices of a compteur have the same.</param>
public sealed record Price(DateOnly ValidFrom, long UnitPriceMicros, string Currency)
{
    /// <summary>The highest unit price, in millionths: a billion.</summary>
    public const long MaxUnitPrice = 1_000_000_000_000_000;
}

/// <summary>
/// The consumption of one meter from its last billed reading, or its installation, to an end reading, with its price. A bill
/// never changes; what comes late is a line of the next one.
/// </summary>
public sealed record Bill
{
    /// <summary>Its id on the wire. The entry that it posts to the folio has the same.</summary>
    public required Guid Id { get; init; }

    /// <summary>The meter.</summary>
    public required Guid Meter { get; init; }

    /// <summary>The folio that the amount is posted to.</summary>
    public required Guid FolioId { get; init; }

    /// <summary>What the folio is: a constant of <see cref="FolioKinds"/>.</summary>
    public required string FolioKind { get; init; }

    /// <summary>The accounting day that the amount is posted on.</summary>
    public required DateOnly BusinessDate { get; init; }

    /// <summary>The reading that the period begins with: that of the installation, or the end reading of the bill before.</summary>
    public required Guid StartReading { get; init; }

    /// <summary>The reading that ends the period.</summary>
    public required Guid EndReading { get; init; }

    /// <summary>The instant of <see cref="StartReading"/>.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The instant of <see cref="EndReading"/>.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The currency, of ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>The amount in hundredths of the currency: the sum of the lines, rounded once, half away from zero; may be negative.</summary>
    public required long AmountCents { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset BilledAt { get; init; }

    /// <summary>The lines; empty if nothing was consumed, and in lists.</summary>
    public IReadOnlyList<BillLine> Lines { get; init; } = [];
}

/// <summary>Units of a bill at one price.</summary>
/// <param name="Meter">The meter that counted them: the bill's, or for a correction one that it replaced.</param>
/// <param name="IsCorrection">Whether it corrects days that an earlier bill charged, rather than charging the bill's own period.</param>
/// <param name="First">The first day with units, in Paris.</param>
/// <param name="Last">The last day with units.</param>
/// <param name="Units">The units; negative if it takes back what was charged.</param>
/// <param name="UnitPriceMicros">Millionths of the currency for one unit.</param>
public sealed record BillLine(Guid Meter, bool IsCorrection, DateOnly First, DateOnly Last, long Units, long UnitPriceMicros)
{
    /// <summary>The exact amount, in millionths of the currency.</summary>
    public Int128 AmountMicros => (Int128)Units * UnitPriceMicros;
}

/// <summary>The kinds of folios.</summary>
public static class FolioKinds
{
    /// <summary>The folio of a stay.</summary>
    public const string Stay = "stay";

    /// <summary>The folio of a contract.</summary>
    public const string Contract = "contract";
}

/// <summary>A request to bill a meter.</summary>
/// <param name="EndReading">The reading that ends the period.</param>
/// <param name="FolioId">The folio to post to.</param>
/// <param name="FolioKind">A constant of <see cref="FolioKinds"/>.</param>
/// <param name="BusinessDate">The accounting day.</param>
/// <param name="AcceptSuspect">Whether suspect readings of the period are billed. Those that are held out never are.</param>
public sealed record BillOrder(Guid EndReading, Guid FolioId, string FolioKind, DateOnly BusinessDate, bool AcceptSuspect);

/// <summary>What bills have charged, in all, for one day of a meter.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="Jour">The day, in Paris.</param>
/// <param name="Units">The units.</param>
/// <param name="UnitPriceMicros">The price they were charged at, in millionths of the currency for one unit.</param>
public readonly record struct BilledDay(Guid Meter, DateOnly Jour, long Units, long UnitPriceMicros);

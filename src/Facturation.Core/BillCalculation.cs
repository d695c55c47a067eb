namespace Facturation.Core;

/// <summary>
/// Calculates the lines of a bill. For each day it compares what the meter counts now, at the price of that day, with what bills
/// have charged: days of earlier periods that differ become correction lines, and the days of the bill's own period its consumption.
/// </summary>
/// <remarks>No floating point: units and prices are integers, and amounts are exact until the one rounding of the bill.</remarks>
/// <param name="meter">The meter.</param>
/// <param name="prices">The prices of the compteur, in order of days.</param>
/// <param name="billed">What bills have charged for each day.</param>
public sealed class BillCalculation(Guid meter, IReadOnlyList<Price> prices, IReadOnlyDictionary<DateOnly, BilledDay> billed)
{
    private const int MicrosInCent = 10_000;

    private readonly List<BillLine> reversals = [], corrections = [], consumption = [];
    private readonly List<BilledDay> days = [];

    /// <summary>The lines: what is taken back, what replaces it, and the bill's own period.</summary>
    public IReadOnlyList<BillLine> Lines => [.. reversals.Concat(corrections).Concat(consumption).Where(line => line.Units != 0)];

    /// <summary>The days whose charged units or price change, as they are after this bill.</summary>
    public IReadOnlyList<BilledDay> Days => days;

    /// <summary>The sum of lines in hundredths of the currency, rounded half away from zero.</summary>
    /// <exception cref="RefusalException">It does not fit in 64 bits.</exception>
    public static long AmountCents(IEnumerable<BillLine> lines)
    {
        var micros = lines.Aggregate(Int128.Zero, (sum, line) => sum + line.AmountMicros);
        var cents = (Int128.Abs(micros) + MicrosInCent / 2) / MicrosInCent * Int128.Sign(micros);
        return cents >= long.MinValue && cents <= long.MaxValue
            ? (long)cents
            : throw new RefusalException(RefusalCodes.AmountTooLarge, $"Le montant, {cents} centimes, ne tient pas dans 64 bits.");
    }

    /// <summary>The price of a day.</summary>
    /// <exception cref="RefusalException">None is valid then.</exception>
    public Price PriceOf(DateOnly jour) => prices.LastOrDefault(price => price.ValidFrom <= jour)
        ?? throw new RefusalException(RefusalCodes.PriceMissing, $"Aucun prix n'est valable le {jour:O}.");

    /// <summary>Adds a day; days must come in order.</summary>
    /// <param name="jour">The day, in Paris.</param>
    /// <param name="earlier">The units it counts now for earlier periods.</param>
    /// <param name="own">The units it counts for the bill's own period.</param>
    public void Add(DateOnly jour, long earlier, long own)
    {
        var before = billed.GetValueOrDefault(jour, new BilledDay(meter, jour, 0, 0));
        var units = earlier + own;
        if (units == 0 && before.Units == 0)
            return;
        var price = units == 0 && earlier == 0 ? before.UnitPriceMicros : PriceOf(jour).UnitPriceMicros;
        if (price == before.UnitPriceMicros)
            AddTo(corrections, true, jour, earlier - before.Units, price);
        else
        {
            AddTo(reversals, true, jour, -before.Units, before.UnitPriceMicros);
            AddTo(corrections, true, jour, earlier, price);
        }
        AddTo(consumption, false, jour, own, price);
        if (units != before.Units || price != before.UnitPriceMicros)
            days.Add(new BilledDay(meter, jour, units, price));
    }

    /// <summary>Extends the last line by a day of the same price, or begins a new one.</summary>
    private void AddTo(List<BillLine> lines, bool isCorrection, DateOnly jour, long units, long price)
    {
        if (units == 0)
            return;
        if (lines is [.., var last] && last.UnitPriceMicros == price)
            lines[^1] = last with { Last = jour, Units = checked(last.Units + units) };
        else
            lines.Add(new BillLine(meter, isCorrection, jour, jour, units, price));
    }
}

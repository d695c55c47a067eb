namespace Facturation.Core;

/// <summary>
/// The operations on prices and bills, inside a transaction of <see cref="IMeterStore.WriteAsync"/>. A refusal throws
/// <see cref="RefusalException"/>, which rolls the transaction back.
/// </summary>
public sealed class Billing(TimeProvider clock)
{
    /// <summary>Bills a meter up to a reading, once: a reading that ends a bill of the same folio gives that bill again.</summary>
    /// <returns>The bill, and whether it is new.</returns>
    public async Task<(Bill Bill, bool IsNew)> BillAsync(
        IMeterTransaction transaction, Caller caller, Guid id, BillOrder order, CancellationToken cancellation = default)
    {
        var meter = await transaction.HoldAsync(caller, id, cancellation) ?? throw Metering.NotFound(id);
        var end = await transaction.FindReadingAsync(id, order.EndReading, cancellation) ?? throw Metering.NotFound(id, order.EndReading);
        if (await transaction.FindBillEndingAsync(end.Id, cancellation) is { } known)
            return known.FolioId == order.FolioId && known.FolioKind == order.FolioKind ? (known, false) : throw new RefusalException(
                RefusalCodes.BilledElsewhere,
                $"La période qui finit au relevé {end} est facturée sur le folio {known.FolioId} ({known.FolioKind}), écriture {known.Id}.");
        if (end.Void is not null)
            throw new RefusalException(RefusalCodes.ReadingVoided, $"Le relevé {end} est annulé : il ne ferme pas de période.");

        var last = await transaction.FindLastBillAsync(id, cancellation);
        var start = last is null
            ? (await transaction.ReadSeriesAsync(id, meter.InstalledAt, meter.InstalledAt, 0, cancellation))[0]
            : (await transaction.FindReadingAsync(id, last.EndReading, cancellation))!;
        if (end.ReadAt <= start.ReadAt)
            throw new RefusalException(RefusalCodes.ReadingBeforeBilled, last is null
                ? $"Le relevé {end} est celui de la pose : il n'y a encore rien à facturer."
                : $"Le relevé {end} précède le dernier relevé facturé, {start}.");
        // Suspect readings that are held out are not billed.
        if (!meter.HoldsSuspects && !order.AcceptSuspect
            && await transaction.FindSuspectAsync(id, start.ReadAt, end.ReadAt, last?.BilledAt, cancellation) is { } suspect)
            throw new RefusalException(RefusalCodes.ReadingSuspect,
                $"Le relevé {suspect} est suspect : vérifiez-le, puis confirmez-le, corrigez-le ou annulez-le ; ou facturez avec acceptSuspect.");

        var calculations = await CorrectReplacedAsync(transaction, caller, meter, cancellation);
        var own = await CalculateAsync(transaction, meter, start, end, cancellation);
        calculations.Add(own);
        List<BillLine> lines = [.. calculations.SelectMany(calculation => calculation.Lines)];
        var now = clock.GetUtcNow();
        var bill = new Bill
        {
            Id = Instants.NewUid(now),
            Meter = id,
            FolioId = order.FolioId,
            FolioKind = order.FolioKind,
            BusinessDate = order.BusinessDate,
            StartReading = start.Id,
            EndReading = end.Id,
            From = start.ReadAt,
            To = end.ReadAt,
            Currency = own.PriceOf(end.Jour).Currency,
            AmountCents = BillCalculation.AmountCents(lines),
            BilledAt = now,
            Lines = lines,
        };
        await transaction.AddAsync(bill, [.. calculations.SelectMany(calculation => calculation.Days)], cancellation);
        await transaction.AuditAsync(
            caller,
            new(now, AuditActions.BillCreated, null, id, end.Id, $"{bill.Id}, {bill.AmountCents} centimes {bill.Currency}, folio {order.FolioId}"),
            cancellation);
        return (bill, true);
    }

    /// <summary>Sets the price of a compteur from a day on, in place of the price that began that day, if any.</summary>
    /// <returns>Whether no price began that day.</returns>
    public async Task<bool> SetPriceAsync(
        IMeterTransaction transaction, Caller caller, int produit, int sequence, Price price, CancellationToken cancellation = default)
    {
        var prices = await HoldPricesAsync(transaction, caller, produit, sequence, cancellation);
        if (prices.FirstOrDefault(other => other.Currency != price.Currency) is { } conflict)
            throw new RefusalException(RefusalCodes.CurrencyConflict,
                $"currency : {price.Currency}, mais ce compteur a des prix en {conflict.Currency} (depuis le {conflict.ValidFrom:O}).");
        var old = prices.FirstOrDefault(other => other.ValidFrom == price.ValidFrom);
        if (old == price)
            return false;
        await transaction.SetPriceAsync(caller, produit, sequence, price, cancellation);
        await AuditAsync(transaction, caller, AuditActions.PriceSet, produit, sequence, price, cancellation);
        return old is null;
    }

    /// <summary>Removes the price that began on a day, unless a bill charged a day at it.</summary>
    /// <returns>The price.</returns>
    public async Task<Price> RemovePriceAsync(
        IMeterTransaction transaction, Caller caller, int produit, int sequence, DateOnly validFrom, CancellationToken cancellation = default)
    {
        var prices = await HoldPricesAsync(transaction, caller, produit, sequence, cancellation);
        var price = prices.FirstOrDefault(other => other.ValidFrom == validFrom) ?? throw new RefusalException(
            RefusalCodes.PriceNotFound, $"Aucun prix du compteur {sequence} du produit {produit} ne commence le {validFrom:O}.");
        var next = prices.FirstOrDefault(other => other.ValidFrom > validFrom)?.ValidFrom;
        // Without the first price, its days would have none: it is in use if they are billed at all, at whatever price.
        if (await transaction.IsBilledAsync(caller, produit, sequence, price, next, atAnyPrice: price == prices[0], cancellation))
            throw new RefusalException(RefusalCodes.PriceInUse,
                $"Le prix valable depuis le {validFrom:O} est facturé : remplacez-le, la facture suivante portera la différence.");
        await transaction.RemovePriceAsync(caller, produit, sequence, validFrom, cancellation);
        await AuditAsync(transaction, caller, AuditActions.PriceRemoved, produit, sequence, price, cancellation);
        return price;
    }

    /// <summary>The refusal for a compteur that the caller's client does not have.</summary>
    public static RefusalException CompteurNotFound(int produit, int sequence) =>
        new(RefusalCodes.CompteurNotFound, $"Le produit {produit} n'a pas de compteur {sequence}.");

    /// <summary>The refusal for a bill that does not exist or belongs to another client.</summary>
    public static RefusalException BillNotFound(Guid id) => new(RefusalCodes.BillNotFound, $"Facture introuvable : {id}.");

    /// <summary>Whether the next bill of a meter would correct meters that it replaced, which have no next bill of their own.</summary>
    internal static async Task<bool> CarriesCorrectionsAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, CancellationToken cancellation) =>
        (await CorrectReplacedAsync(transaction, caller, meter, cancellation)).Any(calculation => calculation.Lines.Count > 0);

    /// <summary>
    /// Corrects the meters that a meter replaced, if they are billed to their removal: no other bill can carry what changed since. The
    /// others have a next bill of their own.
    /// </summary>
    private static async Task<List<BillCalculation>> CorrectReplacedAsync(
        IMeterTransaction transaction, Caller caller, Meter meter, CancellationToken cancellation)
    {
        var calculations = new List<BillCalculation>();
        for (var id = meter.Replaces; id is not null;)
        {
            if (await transaction.HoldAsync(caller, id.Value, cancellation) is not { } older)
                break;
            if (await transaction.FindLastBillAsync(older.Id, cancellation) is { } last && last.To == older.RemovedAt)
            {
                var removal = (await transaction.FindReadingAsync(older.Id, last.EndReading, cancellation))!;
                calculations.Add(await CalculateAsync(transaction, older, removal, removal, cancellation));
            }
            id = older.Replaces;
        }
        calculations.Reverse();
        return calculations;
    }

    private static async Task<BillCalculation> CalculateAsync(
        IMeterTransaction transaction, Meter meter, Reading start, Reading end, CancellationToken cancellation)
    {
        var billed = (await transaction.ReadBilledDaysAsync(meter, cancellation)).ToDictionary(day => day.Jour);
        var counted = new SortedDictionary<DateOnly, long>();
        foreach (var jour in billed.Keys)
            counted[jour] = 0;
        foreach (var (jour, units) in await transaction.ReadDaysAsync(meter, end.Jour, cancellation))
            counted[jour] = units;

        // The days of the two readings are divided: what was counted after the reading, on the same day, belongs to the next period.
        var afterEnd = await CountAfterAsync(transaction, meter, end, cancellation);
        var afterStart = await CountAfterAsync(transaction, meter, start, cancellation);
        if (afterEnd != 0)
            counted[end.Jour] -= afterEnd;

        var calculation = new BillCalculation(meter.Id, await transaction.ReadPricesAsync(meter, cancellation), billed);
        foreach (var (jour, units) in counted)
        {
            var own = jour < start.Jour ? 0
                : jour > start.Jour ? units
                : afterStart - (jour == end.Jour ? afterEnd : 0);
            calculation.Add(jour, units - own, own);
        }
        return calculation;
    }

    /// <summary>The units that count after a reading, on its day.</summary>
    private static async Task<long> CountAfterAsync(
        IMeterTransaction transaction, Meter meter, Reading reading, CancellationToken cancellation)
    {
        var next = Paris.StartOf(reading.Jour.AddDays(1));
        var readings = await transaction.ReadSeriesAsync(meter.Id, reading.ReadAt, next.AddTicks(-1), 0, cancellation);
        return readings.Zip(readings.Skip(1), (earlier, later) => later.Jour == reading.Jour ? meter.CountBetween(earlier, later) : 0).Sum();
    }

    private static async Task<IReadOnlyList<Price>> HoldPricesAsync(
        IMeterTransaction transaction, Caller caller, int produit, int sequence, CancellationToken cancellation) =>
        await transaction.HoldPricesAsync(caller, produit, sequence, cancellation) ?? throw CompteurNotFound(produit, sequence);

    private async Task AuditAsync(
        IMeterTransaction transaction, Caller caller, string action, int produit, int sequence, Price price, CancellationToken cancellation) =>
        await transaction.AuditAsync(
            caller,
            new(clock.GetUtcNow(), action, null, null, null,
                $"produit {produit}, compteur {sequence}, dès le {price.ValidFrom:O} : {price.UnitPriceMicros} millionièmes {price.Currency}"),
            cancellation);
}

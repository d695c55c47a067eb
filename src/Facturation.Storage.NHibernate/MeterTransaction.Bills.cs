using Facturation.Core;
using NHibernate;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

// Prices and bills.
internal sealed partial class MeterTransaction
{
    public async Task<Bill?> FindBillEndingAsync(Guid reading, CancellationToken cancellation) =>
        (await session.Query<BillRow>().SingleOrDefaultAsync(b => b.EndReading.Uid == reading, cancellation))?.ToBill();

    public async Task<Bill?> FindLastBillAsync(Guid meter, CancellationToken cancellation) => (await session.Query<BillRow>()
        .Where(b => b.Meter.Uid == meter).OrderByDescending(b => b.Id).FirstOrDefaultAsync(cancellation))?.ToBill();

    public async Task<Reading?> FindSuspectAsync(
        Guid meter, DateTimeOffset after, DateTimeOffset last, DateTimeOffset? billedAt, CancellationToken cancellation) =>
        (await session.Counting(held[meter].Id)
            .Where(r => r.IsSuspect && (r.ReadAt > after || r.RecordedAt > billedAt) && r.ReadAt <= last)
            .OrderBy(r => r.ReadAt).FirstOrDefaultAsync(cancellation))?.ToReading();

    public Task<IReadOnlyList<(DateOnly Jour, long Units)>> ReadDaysAsync(Meter meter, DateOnly last, CancellationToken cancellation) =>
        session.ReadDaysAsync(held[meter.Id].Id, new(null, last), cancellation);

    public async Task<IReadOnlyList<BilledDay>> ReadBilledDaysAsync(Meter meter, CancellationToken cancellation) =>
        [.. (await FindBilledDaysAsync(held[meter.Id].Id, cancellation)).Select(d => new BilledDay(meter.Id, d.Id.Jour, d.Units, d.UnitPriceMicros))];

    public Task<IReadOnlyList<Price>> ReadPricesAsync(Meter meter, CancellationToken cancellation) =>
        HoldPricesAsync(held[meter.Id].Compteur, cancellation);

    public async Task AddAsync(Bill bill, IReadOnlyList<BilledDay> days, CancellationToken cancellation)
    {
        await AddAsync(
            new BillRow
            {
                Uid = bill.Id,
                Meter = held[bill.Meter],
                StartReading = await session.Query<ReadingRow>().SingleAsync(r => r.Uid == bill.StartReading, cancellation),
                EndReading = await session.Query<ReadingRow>().SingleAsync(r => r.Uid == bill.EndReading, cancellation),
                FolioUid = bill.FolioId,
                FolioKind = bill.FolioKind,
                BusinessDate = bill.BusinessDate,
                Currency = bill.Currency,
                AmountCents = bill.AmountCents,
                BilledAt = bill.BilledAt,
                Lines = [.. bill.Lines.Select(line => new BillLineRow
                {
                    Meter = held[line.Meter],
                    IsCorrection = line.IsCorrection,
                    FirstDay = line.First,
                    LastDay = line.Last,
                    Units = line.Units,
                    UnitPriceMicros = line.UnitPriceMicros,
                })],
            },
            cancellation);
        foreach (var ofMeter in days.GroupBy(day => held[day.Meter].Id))
        {
            var billed = (await FindBilledDaysAsync(ofMeter.Key, cancellation)).ToDictionary(d => d.Id.Jour);
            foreach (var day in ofMeter)
            {
                if (!billed.TryGetValue(day.Jour, out var row))
                    row = await AddAsync(new BilledDayRow { Id = new() { MeterId = ofMeter.Key, Jour = day.Jour } }, cancellation);
                (row.Units, row.UnitPriceMicros) = (day.Units, day.UnitPriceMicros);
            }
        }
        await session.FlushAsync(cancellation);
    }

    public async Task<IReadOnlyList<Price>?> HoldPricesAsync(Caller caller, int produit, int sequence, CancellationToken cancellation) =>
        await session.FindCompteurAsync(caller, produit, sequence, cancellation) is { } compteur ? await HoldPricesAsync(compteur, cancellation) : null;

    public async Task<bool> IsBilledAsync(
        Caller caller, int produit, int sequence, Price price, DateOnly? before, bool atAnyPrice, CancellationToken cancellation)
    {
        var compteur = (await session.FindCompteurAsync(caller, produit, sequence, cancellation))!.Id;
        var billed =
            from day in session.Query<BilledDayRow>()
            join meter in session.Query<MeterRow>() on day.Id.MeterId equals meter.Id
            where meter.Compteur.Id == compteur && day.Id.Jour >= price.ValidFrom && day.Units != 0
            select day;
        if (before is not null)
            billed = billed.Where(day => day.Id.Jour < before);
        if (!atAnyPrice)
            billed = billed.Where(day => day.UnitPriceMicros == price.UnitPriceMicros);
        return await billed.AnyAsync(cancellation);
    }

    public async Task SetPriceAsync(Caller caller, int produit, int sequence, Price price, CancellationToken cancellation)
    {
        var row = await FindPriceAsync(caller, produit, sequence, price.ValidFrom, cancellation);
        if (row is { Found: { } known })
            (known.UnitPriceMicros, known.Currency) = (price.UnitPriceMicros, price.Currency);
        else
            await AddAsync(new PriceRow { Id = row.Id, UnitPriceMicros = price.UnitPriceMicros, Currency = price.Currency }, cancellation);
    }

    public async Task RemovePriceAsync(Caller caller, int produit, int sequence, DateOnly validFrom, CancellationToken cancellation)
    {
        if ((await FindPriceAsync(caller, produit, sequence, validFrom, cancellation)).Found is { } known)
            await session.DeleteAsync(known, cancellation);
        await session.FlushAsync(cancellation);
    }

    private async Task<(PriceId Id, PriceRow? Found)> FindPriceAsync(
        Caller caller, int produit, int sequence, DateOnly validFrom, CancellationToken cancellation)
    {
        var compteur = (await session.FindCompteurAsync(caller, produit, sequence, cancellation))!;
        var id = new PriceId { CompteurId = compteur.Id, ValidFrom = validFrom };
        return (id, await session.GetAsync<PriceRow>(id, cancellation));
    }

    /// <summary>Locks the compteur, so that no bill charges a price that another transaction changes.</summary>
    private async Task<IReadOnlyList<Price>> HoldPricesAsync(Compteur compteur, CancellationToken cancellation)
    {
        await session.RefreshAsync(compteur, LockMode.Upgrade, cancellation);
        var prices = await session.Query<PriceRow>().Where(p => p.Id.CompteurId == compteur.Id).OrderBy(p => p.Id.ValidFrom).ToListAsync(cancellation);
        return [.. prices.Select(p => p.ToPrice())];
    }

    private Task<List<BilledDayRow>> FindBilledDaysAsync(int meter, CancellationToken cancellation) =>
        session.Query<BilledDayRow>().Where(d => d.Id.MeterId == meter).ToListAsync(cancellation);
}

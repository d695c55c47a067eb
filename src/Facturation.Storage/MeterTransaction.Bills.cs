using Facturation.Core;

namespace Facturation.Storage;

// Prices and bills.
internal sealed partial class MeterTransaction
{
    public async Task<Bill?> FindBillEndingAsync(Guid reading, CancellationToken cancellation) =>
        (await statements.FindAsync(BillSql.FindEnding, FoundBill.Read, reading))?.Bill;

    public async Task<Bill?> FindLastBillAsync(Guid meter, CancellationToken cancellation) =>
        (await statements.FindAsync(bills.FindLast, FoundBill.Read, meter))?.Bill;

    public async Task<Reading?> FindSuspectAsync(
        Guid meter, DateTimeOffset after, DateTimeOffset last, DateTimeOffset? billedAt, CancellationToken cancellation) =>
        await statements.FindAsync(bills.FindSuspect, FoundReading.Read, held[meter].Id, after, last, billedAt);

    public async Task<IReadOnlyList<(DateOnly Jour, long Units)>> ReadDaysAsync(
        Meter meter, DateOnly last, CancellationToken cancellation) =>
        await statements.ListAsync(MeterSql.ReadDays, row => (row.GetDay(0), row.GetInt64(1)), meter.Id, (DateOnly?)null, last);

    public async Task<IReadOnlyList<BilledDay>> ReadBilledDaysAsync(Meter meter, CancellationToken cancellation) =>
        await statements.ListAsync(
            BillSql.ReadBilledDays, row => new BilledDay(meter.Id, row.GetDay(0), row.GetInt64(1), row.GetInt64(2)), held[meter.Id].Id);

    public Task<IReadOnlyList<Price>> ReadPricesAsync(Meter meter, CancellationToken cancellation) => HoldPricesAsync(held[meter.Id].CompteurId);

    public async Task AddAsync(Bill bill, IReadOnlyList<BilledDay> days, CancellationToken cancellation)
    {
        var number = (await statements.ScalarAsync(
            bills.AddBill, bill.Id, held[bill.Meter].Id, bill.StartReading, bill.EndReading, bill.FolioId, bill.FolioKind, bill.BusinessDate, bill.Currency,
            bill.AmountCents, bill.BilledAt))!.Value;
        for (var i = 0; i < bill.Lines.Count; i++)
        {
            var line = bill.Lines[i];
            await statements.ExecuteAsync(
                BillSql.AddLine, number, i, held[line.Meter].Id, line.IsCorrection, line.First, line.Last, line.Units, line.UnitPriceMicros);
        }
        foreach (var day in days)
            if (await statements.ExecuteAsync(BillSql.ChangeBilledDay, held[day.Meter].Id, day.Jour, day.Units, day.UnitPriceMicros) == 0)
                await statements.ExecuteAsync(BillSql.AddBilledDay, held[day.Meter].Id, day.Jour, day.Units, day.UnitPriceMicros);
    }

    public async Task<IReadOnlyList<Price>?> HoldPricesAsync(Caller caller, int produit, int sequence, CancellationToken cancellation) =>
        await FindCompteurAsync(caller, produit, sequence) is { } compteur ? await HoldPricesAsync(compteur) : null;

    public async Task<bool> IsBilledAsync(
        Caller caller, int produit, int sequence, Price price, DateOnly? before, bool atAnyPrice, CancellationToken cancellation) =>
        await statements.ScalarAsync(
            BillSql.CountBilled, await FindCompteurAsync(caller, produit, sequence), price.ValidFrom, before, price.UnitPriceMicros,
            atAnyPrice) != 0;

    public async Task SetPriceAsync(Caller caller, int produit, int sequence, Price price, CancellationToken cancellation)
    {
        var compteur = await FindCompteurAsync(caller, produit, sequence);
        if (await statements.ExecuteAsync(BillSql.ChangePrice, compteur, price.ValidFrom, price.UnitPriceMicros, price.Currency) == 0)
            await statements.ExecuteAsync(BillSql.AddPrice, compteur, price.ValidFrom, price.UnitPriceMicros, price.Currency);
    }

    public async Task RemovePriceAsync(Caller caller, int produit, int sequence, DateOnly validFrom, CancellationToken cancellation) =>
        await statements.ExecuteAsync(BillSql.DropPrice, await FindCompteurAsync(caller, produit, sequence), validFrom);

    private async Task<int?> FindCompteurAsync(Caller caller, int produit, int sequence) =>
        (int?)await statements.ScalarAsync(BillSql.FindCompteur, statements.Key(caller.Client), produit, sequence);

    /// <summary>Locks the compteur, so that no bill charges a price that another transaction changes.</summary>
    private async Task<IReadOnlyList<Price>> HoldPricesAsync(int compteur)
    {
        await statements.HoldAsync(MeterSql.HoldCompteur, compteur);
        return await statements.ListAsync(BillSql.ReadPrices, FoundBill.ReadPrice, compteur);
    }
}

using Facturation.Core;

namespace Facturation.Storage;

internal sealed class BillStore(Database database) : IBillStore
{
    private readonly BillSql sql = new(database.Dialect);

    public Task<Page<Price>?> ListPricesAsync(Caller caller, int produit, int sequence, Slice slice, CancellationToken cancellation) =>
        database.ReadAsync(
            async statements =>
            {
                if (await statements.ScalarAsync(BillSql.FindCompteur, statements.Key(caller.Client), produit, sequence) is not { } compteur)
                    return null;
                var end = slice.After is { } after ? DateOnly.FromDateTime(after.At.UtcDateTime) : (DateOnly?)null;
                var prices = await statements.ListAsync(
                    sql.ListPrices(slice.After is not null, slice.Limit + 1), FoundBill.ReadPrice, (int)compteur, end);
                return Pages.Cut(prices, slice.Limit, price => price,
                    price => new Position(new(price.ValidFrom.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), 0));
            },
            cancellation);

    public Task<Page<Bill>> ListBillsAsync(Guid meter, Slice slice, CancellationToken cancellation) => database.ReadAsync(
        async statements => Cut(
            await statements.ListAsync(
                sql.ListBills(slice.After is not null, slice.Limit + 1), FoundBill.Read, meter, slice.After?.Number),
            slice),
        cancellation);

    public Task<Page<Bill>> ListFolioAsync(Caller caller, Guid folio, Slice slice, CancellationToken cancellation) => database.ReadAsync(
        async statements => Cut(
            await statements.ListAsync(
                sql.ListFolio(slice.After is not null, slice.Limit + 1), FoundBill.Read,
                statements.Key(caller.Client), statements.Key(caller.Identifiant), folio, slice.After?.Number),
            slice),
        cancellation);

    public Task<Bill?> FindBillAsync(Caller caller, Guid id, CancellationToken cancellation) => database.ReadAsync(
        async statements =>
        {
            var found = await statements.FindAsync(
                BillSql.FindBill, FoundBill.Read, statements.Key(caller.Client), statements.Key(caller.Identifiant), id);
            return found is null
                ? null
                : found.Bill with { Lines = await statements.ListAsync(BillSql.ReadLines, FoundBill.ReadLine, found.Id) };
        },
        cancellation);

    private static Page<Bill> Cut(List<FoundBill> bills, Slice slice) =>
        Pages.Cut(bills, slice.Limit, found => found.Bill, found => new Position(default, found.Id));
}

/// <summary>A bill as the statements of <see cref="BillSql"/> return it.</summary>
internal sealed record FoundBill(long Id, Bill Bill)
{
    public static FoundBill Read(Row row) => new(
        row.GetInt64(0),
        new Bill
        {
            Id = row.GetUid(1)!.Value,
            Meter = row.GetUid(2)!.Value,
            FolioId = row.GetUid(3)!.Value,
            FolioKind = row.GetText(4)!,
            BusinessDate = row.GetDay(5),
            StartReading = row.GetUid(6)!.Value,
            From = row.GetInstant(7)!.Value,
            EndReading = row.GetUid(8)!.Value,
            To = row.GetInstant(9)!.Value,
            Currency = row.GetText(10)!,
            AmountCents = row.GetInt64(11),
            BilledAt = row.GetInstant(12)!.Value,
        });

    public static BillLine ReadLine(Row row) =>
        new(row.GetUid(0)!.Value, row.GetBoolean(1), row.GetDay(2), row.GetDay(3), row.GetInt64(4), row.GetInt64(5));

    public static Price ReadPrice(Row row) => new(row.GetDay(0), row.GetInt64(1), row.GetText(2)!);
}

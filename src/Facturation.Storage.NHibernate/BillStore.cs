using Facturation.Core;
using NHibernate;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

internal sealed class BillStore(Sessions sessions) : IBillStore
{
    public Task<Page<Price>?> ListPricesAsync(Caller caller, int produit, int sequence, Slice slice, CancellationToken cancellation) =>
        sessions.ReadAsync(
            async session =>
            {
                if (await session.FindCompteurAsync(caller, produit, sequence, cancellation) is not { } compteur)
                    return null;
                var prices = session.Query<PriceRow>().Where(p => p.Id.CompteurId == compteur.Id);
                if (slice.After is { } after)
                    prices = prices.Where(p => p.Id.ValidFrom < DateOnly.FromDateTime(after.At.UtcDateTime));
                var found = await prices.OrderByDescending(p => p.Id.ValidFrom).Take(slice.Limit + 1).ToListAsync(cancellation);
                return Pages.Cut(found, slice.Limit, p => p.ToPrice(),
                    p => new Position(new(p.Id.ValidFrom.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), 0));
            },
            cancellation);

    public Task<Page<Bill>> ListBillsAsync(Guid meter, Slice slice, CancellationToken cancellation) => sessions.ReadAsync(
        session => CutAsync(session.Query<BillRow>().Where(b => b.Meter.Uid == meter), slice, cancellation), cancellation);

    public Task<Page<Bill>> ListFolioAsync(Caller caller, Guid folio, Slice slice, CancellationToken cancellation) => sessions.ReadAsync(
        session => CutAsync(Bills(session, caller).Where(b => b.FolioUid == folio), slice, cancellation), cancellation);

    public Task<Bill?> FindBillAsync(Caller caller, Guid id, CancellationToken cancellation) => sessions.ReadAsync(
        async session =>
        {
            if (await Bills(session, caller).SingleOrDefaultAsync(b => b.Uid == id, cancellation) is not { } bill)
                return null;
            await NHibernateUtil.InitializeAsync(bill.Lines, cancellation);
            return bill.ToBill() with { Lines = [.. bill.Lines.Select(line => line.ToLine())] };
        },
        cancellation);

    /// <summary>The bills of the meters that a caller may see.</summary>
    private static IQueryable<BillRow> Bills(ISession session, Caller caller)
    {
        var bills = session.Query<BillRow>().Where(b => b.Meter.Client.Code == caller.Client);
        return caller.Identifiant is null ? bills : bills.Where(b => b.Meter.Identifiant.Nom == caller.Identifiant);
    }

    private static async Task<Page<Bill>> CutAsync(IQueryable<BillRow> bills, Slice slice, CancellationToken cancellation)
    {
        if (slice.After is { } after)
            bills = bills.Where(b => b.Id < after.Number);
        var found = await bills.OrderByDescending(b => b.Id).Take(slice.Limit + 1)
            .Fetch(b => b.Meter).Fetch(b => b.StartReading).Fetch(b => b.EndReading).ToListAsync(cancellation);
        return Pages.Cut(found, slice.Limit, b => b.ToBill(), b => new Position(default, b.Id));
    }
}

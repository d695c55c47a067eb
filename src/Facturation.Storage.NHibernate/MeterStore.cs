using Facturation.Core;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

internal sealed class MeterStore(Sessions sessions, Database database, TimeProvider clock) : IMeterStore
{
    public Task<Meter?> FindAsync(Caller caller, Guid id, CancellationToken cancellation) => sessions.ReadAsync(
        async session => (await session.FindMeterAsync(caller, id, cancellation))?.ToMeter(),
        cancellation);

    public Task<Page<(Meter Meter, Reading? Last)>> ListAsync(
        Caller caller, MeterFilter filter, bool withLast, Slice slice, CancellationToken cancellation) => sessions.ReadAsync(
        async session =>
        {
            var meters = session.Meters(caller);
            if (filter.Serial is { } serial)
                meters = meters.Where(m => m.Serial == serial);
            if (filter.Identifiant is { } identifiant)
                meters = meters.Where(m => m.Identifiant.Nom == identifiant);
            if (filter.Dossier is { } dossier)
                meters = meters.Where(m => m.Dossier.Reference == dossier);
            if (filter.Produit is { } produit)
                meters = meters.Where(m => m.Compteur.Produit.Numero == produit);
            if (filter.NotReadSince is { } since)
                meters = meters.Where(m => m.RemovedAt == null
                    && !session.Query<ReadingRow>().Any(r => r.Meter == m && r.VoidedAs == 0 && r.ReadAt >= since));
            if (slice.After is { } after)
                meters = meters.Where(m => m.Id < (int)Math.Clamp(after.Number, int.MinValue, int.MaxValue));
            var found = await meters.OrderByDescending(m => m.Id).Take(slice.Limit + 1).WithNames().ToListAsync(cancellation);
            var last = withLast ? await session.LastReadingsAsync(found, cancellation) : [];
            return Pages.Cut(
                found, slice.Limit, m => (m.ToMeter(), last.GetValueOrDefault(m.Id)?.ToReading()), m => new Position(default, m.Id));
        },
        cancellation);

    public Task<Page<Reading>> ListReadingsAsync(
        Guid meter, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset? recordedSince, Slice slice, CancellationToken cancellation) =>
        sessions.ReadAsync(
            async session =>
            {
                var readings = session.Query<ReadingRow>().Where(r => r.Meter.Uid == meter);
                if (first is not null)
                    readings = readings.Where(r => r.ReadAt >= first);
                if (last is not null)
                    readings = readings.Where(r => r.ReadAt <= last);
                if (slice.After is { } after)
                    readings = readings.Where(r => r.ReadAt <= after.At && (r.ReadAt < after.At || r.Id < after.Number));
                if (recordedSince is not null)
                    readings = readings.Where(r => r.RecordedAt >= recordedSince || r.VoidedAt >= recordedSince);
                var found = await readings.OrderByDescending(r => r.ReadAt).ThenByDescending(r => r.Id).Take(slice.Limit + 1).ToListAsync(cancellation);
                return Pages.Cut(found, slice.Limit, r => r.ToReading(), r => new Position(r.ReadAt, r.Id));
            },
            cancellation);

    public Task<IReadOnlyList<(DateOnly Day, long Units)>> ReadDaysAsync(Guid meter, Periode periode, CancellationToken cancellation) =>
        sessions.ReadAsync<IReadOnlyList<(DateOnly, long)>>(
            async session => await session.ReadDaysAsync(await session.NumberAsync(meter, cancellation), periode, cancellation), cancellation);

    public Task<Page<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, Slice slice, CancellationToken cancellation) => sessions.ReadAsync(
        async session =>
        {
            var suspects = session.Suspects(caller);
            if (slice.After is { } after)
                suspects = suspects.Where(r => r.Id < after.Number);
            var found = await suspects.OrderByDescending(r => r.Id).Take(slice.Limit + 1).Fetch(r => r.Meter).ToListAsync(cancellation);
            return Pages.Cut(found, slice.Limit, r => (r.Meter.Uid, r.ToReading()), r => new Position(default, r.Id));
        },
        cancellation);

    public Task<(IReadOnlyList<(Guid Meter, Reading Reading)> Changes, Position End, bool HasMore)> ListChangesAsync(
        Caller caller, Slice slice, CancellationToken cancellation) => sessions.ReadAsync(
        async session =>
        {
            var (entries, start) = (session.Query<AuditRow>().Where(a => a.Client.Code == caller.Client), slice.After ?? default);
            if (start.Number != 0 && !await entries.AnyAsync(a => a.Id == start.Number && a.At == start.At, cancellation))
                throw Pages.UnknownCursor();
            var newest = database.SettlesAfter is null
                ? await entries.Where(a => a.Id > start.Number).OrderByDescending(a => a.Id).FirstOrDefaultAsync(cancellation) : null;
            var found = await session.ListChangesAsync(caller, start.Number, slice.Limit + 1, cancellation);
            return Pages.CutChanges(
                found, slice, clock.GetUtcNow() - database.SettlesAfter ?? DateTimeOffset.MaxValue,
                newest is null ? default : new Position(newest.At, newest.Id));
        },
        cancellation);

    public Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation) =>
        sessions.ReadAsync(session => session.FindReadingAsync(meter, reading, cancellation), cancellation);

    public Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation) => sessions.ReadAsync(
        async session => await session.ReadSeriesAsync(await session.NumberAsync(meter, cancellation), first, last, history, cancellation),
        cancellation);

    public Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation) =>
        sessions.WriteAsync(unit => work(new MeterTransaction(unit)), cancellation);
}

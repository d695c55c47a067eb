using Facturation.Core;

namespace Facturation.Storage;

internal sealed class MeterStore(Database database, TimeProvider clock) : IMeterStore
{
    private readonly MeterSql sql = new(database.Dialect);
    private readonly BillSql bills = new(database.Dialect);

    public Task<Meter?> FindAsync(Caller caller, Guid id, CancellationToken cancellation) => database.ReadAsync(
        async statements => (await statements.FindAsync(
            MeterSql.FindMeter, FoundMeter.Read, statements.Key(caller.Client), id, statements.Key(caller.Identifiant)))?.Meter,
        cancellation);

    public Task<Page<(Meter Meter, Reading? Last)>> ListAsync(
        Caller caller, MeterFilter filter, bool withLast, Slice slice, CancellationToken cancellation) => database.ReadAsync(
        async statements =>
        {
            // As an int, which is the key's type; no meter has a number beyond it.
            var end = (int)Math.Clamp(slice.After?.Number ?? 0, int.MinValue, int.MaxValue);
            var found = await statements.ListAsync(
                sql.ListMeters(caller.Identifiant is not null, slice.After is not null, filter, withLast, slice.Limit + 1),
                row => withLast
                    ? (Meter: FoundMeter.Read(row, FoundReading.Columns), Last: FoundReading.Read(row))
                    : (Meter: FoundMeter.Read(row), Last: (Reading?)null),
                statements.Key(caller.Client), statements.Key(caller.Identifiant), end, statements.Key(filter.Serial),
                statements.Key(filter.Identifiant), statements.Key(filter.Dossier), filter.Produit, filter.NotReadSince);
            return Pages.Cut(found, slice.Limit, m => (m.Meter.Meter, m.Last), m => new Position(default, m.Meter.Id));
        },
        cancellation);

    public Task<Page<Reading>> ListReadingsAsync(
        Guid meter, DateTimeOffset? first, DateTimeOffset? last, DateTimeOffset? recordedSince, Slice slice, CancellationToken cancellation) => database.ReadAsync(
        async statements =>
        {
            var found = await statements.ListAsync(
                sql.ListReadings(first is not null, last is not null, slice.After is not null, recordedSince is not null, slice.Limit + 1),
                row => (Reading: FoundReading.Read(row), Number: row.GetInt64(FoundReading.Columns)),
                meter, first, last, slice.After?.At, slice.After?.Number, recordedSince);
            return Pages.Cut(found, slice.Limit, r => r.Reading, r => new Position(r.Reading.ReadAt, r.Number));
        },
        cancellation);

    public Task<IReadOnlyList<(DateOnly Day, long Units)>> ReadDaysAsync(Guid meter, Periode periode, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<(DateOnly, long)>>(
            async statements => await statements.ListAsync(
                MeterSql.ReadDays, row => (row.GetDay(0), row.GetInt64(1)), meter, periode.Debut, periode.Fin),
            cancellation);

    public Task<Page<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, Slice slice, CancellationToken cancellation) => database.ReadAsync(
        async statements =>
        {
            var found = await statements.ListAsync(
                sql.ListSuspects(caller.Identifiant is not null, slice.After is not null, slice.Limit + 1),
                row => (Meter: row.GetUid(FoundReading.Columns + 1)!.Value, Reading: FoundReading.Read(row), Number: row.GetInt64(FoundReading.Columns)),
                statements.Key(caller.Client), statements.Key(caller.Identifiant), slice.After?.Number);
            return Pages.Cut(found, slice.Limit, r => (r.Meter, r.Reading), r => new Position(default, r.Number));
        },
        cancellation);

    public Task<(IReadOnlyList<(Guid Meter, Reading Reading)> Changes, Position End, bool HasMore)> ListChangesAsync(
        Caller caller, Slice slice, CancellationToken cancellation) => database.ReadAsync(
        async statements =>
        {
            var (client, start) = (statements.Key(caller.Client), slice.After ?? default);
            if (start.Number != 0 && await statements.ScalarAsync(MeterSql.CountEntry, client, start.Number, start.At) == 0)
                throw Pages.UnknownCursor();
            // Before the changes: those that are written between the two queries are then told next time.
            var newest = database.SettlesAfter is null
                ? (await statements.ListAsync(sql.NewestEntry, row => new Position(row.GetInstant(1)!.Value, row.GetInt64(0)), client, start.Number)).FirstOrDefault()
                : default;
            var settled = clock.GetUtcNow() - database.SettlesAfter ?? DateTimeOffset.MaxValue;
            var found = await statements.ListAsync(
                sql.ListChanges(caller.Identifiant is not null, slice.Limit + 1),
                row => (
                    Meter: row.GetUid(FoundReading.Columns)!.Value,
                    Reading: FoundReading.Read(row),
                    Position: new Position(row.GetInstant(FoundReading.Columns + 2)!.Value, row.GetInt64(FoundReading.Columns + 1))),
                client, statements.Key(caller.Identifiant), start.Number);
            return Pages.CutChanges(found, slice, settled, newest);
        },
        cancellation);

    public Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation) => database.ReadAsync(
        async statements => await statements.FindAsync(MeterSql.FindReading, FoundReading.Read, meter, reading), cancellation);

    public Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation) => database.ReadAsync(
        async statements => await FoundReading.ReadSeriesAsync(
            statements, sql, (int)(await statements.ScalarAsync(MeterSql.FindNumber, meter))!.Value, first, last, history),
        cancellation);

    public Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation) =>
        database.WriteAsync(statements => work(new MeterTransaction(statements, sql, bills)), cancellation);
}

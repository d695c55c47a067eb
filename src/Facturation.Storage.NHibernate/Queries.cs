using Facturation.Core;
using NHibernate;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

/// <summary>The queries that several repositories share.</summary>
internal static class Queries
{
    /// <summary>The meters that a caller may see.</summary>
    public static IQueryable<MeterRow> Meters(this ISession session, Caller caller)
    {
        var meters = session.Query<MeterRow>().Where(m => m.Client.Code == caller.Client);
        return caller.Identifiant is null ? meters : meters.Where(m => m.Identifiant.Nom == caller.Identifiant);
    }

    /// <summary>The meters of a query, loaded by one statement with all that <see cref="MeterRow.ToMeter"/> tells.</summary>
    public static IQueryable<MeterRow> WithNames(this IQueryable<MeterRow> meters) => meters
        .Fetch(m => m.Client)
        .Fetch(m => m.Identifiant)
        .Fetch(m => m.Dossier)
        .Fetch(m => m.Replaces)
        .Fetch(m => m.Compteur).ThenFetch(k => k.Produit);

    /// <summary>The readings of a meter that count.</summary>
    public static IQueryable<ReadingRow> Counting(this ISession session, int meter) =>
        session.Query<ReadingRow>().Where(r => r.Meter.Id == meter && r.VoidedAs == 0);

    /// <summary>The suspect readings that count, of the meters that a caller may see.</summary>
    public static IQueryable<ReadingRow> Suspects(this ISession session, Caller caller)
    {
        var suspects = session.Query<ReadingRow>().Where(r => r.IsSuspect && r.VoidedAs == 0 && r.Meter.Client.Code == caller.Client);
        return caller.Identifiant is null ? suspects : suspects.Where(r => r.Meter.Identifiant.Nom == caller.Identifiant);
    }

    /// <summary>The last reading that counts of each of some meters, by the meter's number.</summary>
    public static async Task<Dictionary<int, ReadingRow>> LastReadingsAsync(
        this ISession session, IReadOnlyCollection<MeterRow> meters, CancellationToken cancellation)
    {
        if (meters.Count == 0)
            return [];
        var readings = await session
            .CreateQuery(
                """
                select r from MeterRow m, ReadingRow r
                where m in (:meters) and r.Meter = m and r.VoidedAs = 0
                  and r.ReadAt = (select max(l.ReadAt) from ReadingRow l where l.Meter = m and l.VoidedAs = 0)
                """)
            .SetParameterList("meters", meters).ListAsync<ReadingRow>(cancellation);
        return readings.ToDictionary(r => r.Meter.Id);
    }

    /// <summary>The entries of the audit log above a number that are of readings that a caller may see, in order.</summary>
    public static async Task<IEnumerable<(Guid Meter, Reading Reading, Position Position)>> ListChangesAsync(
        this ISession session, Caller caller, long after, int limit, CancellationToken cancellation)
    {
        var found = await session
            .CreateQuery(
                $"""
                select m.Uid, r, a.At, a.Id from AuditRow a, ReadingRow r join r.Meter m
                where r.Uid = a.ReadingUid and a.Client.Code = :client and a.Id > :after{(caller.Identifiant is null ? "" : " and m.Identifiant.Nom = :nom")}
                  and a.Action in ('{AuditActions.MeterCreated}', '{AuditActions.ReadingRecorded}', '{AuditActions.ReadingVoided}', '{AuditActions.ReadingConfirmed}')
                order by a.Id
                """,
                ("client", caller.Client), ("after", after), ("nom", caller.Identifiant))
            .SetMaxResults(limit).ListAsync<object[]>(cancellation);
        return found.Select(row => ((Guid)row[0], ((ReadingRow)row[1]).ToReading(), new Position((DateTimeOffset)row[2], (long)row[3])));
    }

    /// <summary>The compteur of a caller's client, or null.</summary>
    public static Task<Compteur?> FindCompteurAsync(
        this ISession session, Caller caller, int produit, int sequence, CancellationToken cancellation) => session.Query<Compteur>()
        .Where(k => k.Produit.Client.Code == caller.Client && k.Produit.Numero == produit && k.Sequence == sequence)
        .SingleOrDefaultAsync(cancellation)!;

    /// <summary>What a meter counted on each day of a period, in order.</summary>
    public static async Task<IReadOnlyList<(DateOnly Jour, long Units)>> ReadDaysAsync(
        this ISession session, int meter, Periode periode, CancellationToken cancellation)
    {
        var (first, last) = (periode.Debut ?? DateOnly.MinValue, periode.Fin ?? DateOnly.MaxValue);
        var days = await session.Query<MeterDayRow>()
            .Where(d => d.Id.MeterId == meter && d.Id.Jour >= first && d.Id.Jour <= last)
            .OrderBy(d => d.Id.Jour).Select(d => new { d.Id.Jour, d.Units }).ToListAsync(cancellation);
        return [.. days.Select(d => (d.Jour, d.Units))];
    }

    /// <summary>Finds the number of a meter; 0 if there is none.</summary>
    public static Task<int> NumberAsync(this ISession session, Guid meter, CancellationToken cancellation) =>
        session.Query<MeterRow>().Where(m => m.Uid == meter).Select(m => m.Id).SingleOrDefaultAsync(cancellation);

    /// <inheritdoc cref="IMeterStore.ReadSeriesAsync"/>
    public static async Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        this ISession session, int meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation)
    {
        const string counting = "from ReadingRow r where r.Meter.Id = :meter and r.VoidedAs = 0";
        // Futures: in one round trip where the database can.
        var before = history == 0 ? null : Future($"{counting} and r.ReadAt < :first order by r.ReadAt desc", history);
        var within = Future($"{counting} and r.ReadAt >= :first and r.ReadAt <= :last order by r.ReadAt");
        var after = Future($"{counting} and r.ReadAt > :last order by r.ReadAt", 1);
        return
        [
            .. (before is null ? [] : await before.GetEnumerableAsync(cancellation)).Reverse().Select(r => r.ToReading()),
            .. (await within.GetEnumerableAsync(cancellation)).Select(r => r.ToReading()),
            .. (await after.GetEnumerableAsync(cancellation)).Select(r => r.ToReading()),
        ];

        IFutureEnumerable<ReadingRow> Future(string hql, int? limit = null)
        {
            var query = session.CreateQuery(hql, ("meter", meter), ("first", first), ("last", last));
            return (limit is { } rows ? query.SetMaxResults(rows) : query).Future<ReadingRow>();
        }
    }

    // Those that every write runs are in HQL: NHibernate takes a few times as long to find the plan of a LINQ expression.

    /// <summary>Finds a meter that a caller may see, with all that <see cref="MeterRow.ToMeter"/> tells; or null.</summary>
    public static Task<MeterRow?> FindMeterAsync(this ISession session, Caller caller, Guid id, CancellationToken cancellation) => session
        .CreateQuery(
            $"""
            from MeterRow m join fetch m.Client c join fetch m.Identifiant i join fetch m.Dossier join fetch m.Compteur k join fetch k.Produit left join fetch m.Replaces
            where c.Code = :client and m.Uid = :id{(caller.Identifiant is null ? "" : " and i.Nom = :nom")}
            """,
            ("client", caller.Client), ("nom", caller.Identifiant), ("id", id))
        .UniqueResultAsync<MeterRow?>(cancellation);

    /// <summary>Finds a reading of a meter, or null.</summary>
    public static async Task<Reading?> FindReadingAsync(this ISession session, Guid meter, Guid reading, CancellationToken cancellation) =>
        (await session.CreateQuery("from ReadingRow r where r.Uid = :reading and r.Meter.Uid = :meter", ("meter", meter), ("reading", reading))
            .UniqueResultAsync<ReadingRow?>(cancellation))?.ToReading();
}

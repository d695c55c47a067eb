using Facturation.Core;
using NHibernate;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

/// <summary>What one unit of work reads and writes of meters.</summary>
internal sealed partial class MeterTransaction(UnitOfWork unit) : IMeterTransaction
{
    private readonly ISession session = unit.Session;
    private readonly Dictionary<Guid, MeterRow> held = [];
    private readonly Dictionary<string, Client> clients = [];

    /// <summary>
    /// Reads the meter and its client again under the meter's lock: what was read before may be out of date by then. SQLite has no such lock,
    /// and needs none: its transaction locks everything.
    /// </summary>
    public async Task<Meter?> HoldAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        if (await session.FindMeterAsync(caller, id, cancellation) is not { } meter)
            return null;
        await session.RefreshAsync(meter, LockMode.Upgrade, cancellation);
        await session.RefreshAsync(meter.Client, cancellation);
        (held[id], clients[caller.Client]) = (meter, meter.Client);
        return meter.ToMeter();
    }

    public Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation) =>
        session.ReadSeriesAsync(held[meter].Id, first, last, history, cancellation);

    public Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation) =>
        session.FindReadingAsync(meter, reading, cancellation);

    public async Task<string?> FindUnitAsync(Caller caller, int produit, int sequence, CancellationToken cancellation)
    {
        if (await session.FindCompteurAsync(caller, produit, sequence, cancellation) is not { } compteur)
            return null;
        // So that no other transaction gives it a meter of another unit.
        await session.RefreshAsync(compteur, LockMode.Upgrade, cancellation);
        return await session.Query<MeterRow>()
            .Where(m => m.Compteur.Id == compteur.Id).OrderBy(m => m.Id).Select(m => m.Unit).FirstOrDefaultAsync(cancellation);
    }

    public async Task<Meter> AddAsync(Caller caller, Meter meter, Reading first, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller, cancellation);
        var identifiant = await session.Query<Identifiant>()
            .SingleOrDefaultAsync(i => i.Client == client && i.Nom == meter.Identifiant, cancellation)
            ?? await AddAsync(new Identifiant { Client = client, Nom = meter.Identifiant }, cancellation);
        var dossier = await session.Query<Dossier>()
            .SingleOrDefaultAsync(d => d.Identifiant == identifiant && d.Date == meter.DateDossier && d.Reference == meter.Dossier, cancellation)
            ?? await AddAsync(new Dossier { Identifiant = identifiant, Date = meter.DateDossier, Reference = meter.Dossier }, cancellation);
        var produit = await session.Query<Produit>()
            .SingleOrDefaultAsync(p => p.Client == client && p.Numero == meter.ProduitId, cancellation)
            ?? await AddAsync(new Produit { Client = client, Numero = meter.ProduitId }, cancellation);
        var compteur = await session.Query<Compteur>()
            .SingleOrDefaultAsync(k => k.Produit == produit && k.Sequence == meter.Sequence, cancellation)
            ?? await AddAsync(new Compteur { Produit = produit, Sequence = meter.Sequence }, cancellation);
        produit.Nom ??= meter.NomProduit;
        compteur.Libelle ??= meter.Libelle;

        var same = await session.Query<MeterRow>()
            .Where(m => m.Dossier == dossier && m.Compteur == compteur && m.Serial == meter.Serial && m.RemovedAt == null)
            .Select(m => m.Uid).ToListAsync(cancellation);
        if (same is [var other, ..])
            throw new RefusalException(RefusalCodes.MeterAlreadyExists,
                $"Le compteur {other}, de numéro de série « {meter.Serial} », alimente déjà ce dossier (produit {meter.ProduitId}, séquence {meter.Sequence}).");

        var row = await AddAsync(
            new MeterRow
            {
                Uid = meter.Id,
                Client = client,
                Serial = meter.Serial,
                Digits = meter.Digits,
                RolloverAt = meter.Register.RolloverAt,
                MultiplierMicros = meter.Register.MultiplierMicros,
                Unit = meter.Unit,
                Dossier = dossier,
                Compteur = compteur,
                Identifiant = identifiant,
                InstalledAt = meter.InstalledAt,
                Replaces = meter.Replaces is { } old ? held[old] : null,
            },
            cancellation);
        await AddAsync(ReadingRow.From(row, first), cancellation);
        return row.ToMeter();
    }

    public async Task SaveAsync(Meter meter, Series series, CancellationToken cancellation)
    {
        var row = held[meter.Id];
        foreach (var reading in series.Changed)
        {
            var changed = await session.Query<ReadingRow>().SingleAsync(r => r.Uid == reading.Id, cancellation);
            changed.IsSuspect = reading.IsSuspect;
            if (reading.Void is { } voiding)
                (changed.VoidedAs, changed.VoidedAt, changed.VoidedBy, changed.VoidReason) = (changed.Id, voiding.At, voiding.By, voiding.Reason);
            if (reading.Confirmed is { } confirmation)
                (changed.ConfirmedAt, changed.ConfirmedBy) = (confirmation.At, confirmation.By);
        }
        // New rows are inserted at once, and a correction voids a reading and adds one at the same instant.
        if (series.Changed.Count > 0)
            await session.FlushAsync(cancellation);
        foreach (var reading in series.Added)
            await AddAsync(ReadingRow.From(row, reading), cancellation);
        if (series.TurnTakenBackAt is { } instant)
            foreach (var later in await session.Counting(row.Id).Where(r => r.ReadAt > instant).ToListAsync(cancellation))
                later.Turns--;
        var units = series.Units;
        await CheckTotalAsync(row.Compteur, units.Values.Sum(), cancellation);
        await AddUnitsAsync(row, units, series.ChangedAt, cancellation);
        // New rows with an identity are inserted at once: what is changed must not come after them.
        await session.FlushAsync(cancellation);
    }

    /// <summary>Locks by updates that change nothing: a foreign key passes by a lock that only reads.</summary>
    public async Task<bool?> HoldMetersAsync(Caller caller, CancellationToken cancellation)
    {
        const string holdMeters = "update MeterRow m set m.Digits = m.Digits where m.Client.Id in (select c.Id from Client c where c.Code = :client)";
        await UpdateAsync(holdMeters);
        await UpdateAsync("update Client c set c.HoldsSuspects = c.HoldsSuspects where c.Code = :client");
        await UpdateAsync(holdMeters); // Those added before the client was locked.
        return await session.CreateQuery("select c.HoldsSuspects from Client c where c.Code = :client", ("client", caller.Client))
            .UniqueResultAsync<bool?>(cancellation);

        Task<int> UpdateAsync(string hql) => session.CreateQuery(hql, ("client", caller.Client)).ExecuteUpdateAsync(cancellation);
    }

    public async Task<IReadOnlyList<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, CancellationToken cancellation) =>
        [.. (await session.Suspects(caller).Fetch(r => r.Meter).ToListAsync(cancellation)).Select(r => (r.Meter.Uid, r.ToReading()))];

    public async Task SetHoldsSuspectsAsync(Caller caller, bool holds, CancellationToken cancellation)
    {
        (await ClientAsync(caller, cancellation)).HoldsSuspects = holds;
        await session.FlushAsync(cancellation);
    }

    public Task RemoveAsync(Meter meter, DateTimeOffset at, CancellationToken cancellation)
    {
        held[meter.Id].RemovedAt = at;
        return session.FlushAsync(cancellation);
    }

    public async Task AuditAsync(Caller caller, AuditEntry entry, CancellationToken cancellation)
    {
        var row = await AddAsync(
            new AuditRow
            {
                At = entry.At,
                Client = await ClientAsync(caller, cancellation),
                KeyPrefix = caller.KeyPrefix,
                TraceId = caller.TraceId,
                Action = entry.Action,
                RecordedBy = entry.RecordedBy,
                MeterUid = entry.Meter ?? Guid.Empty,
                ReadingUid = entry.Reading,
                Detail = entry.Detail,
            },
            cancellation);
        unit.Proof = other => other.Query<AuditRow>().AnyAsync(a => a.Id == row.Id && a.At == entry.At && a.TraceId == caller.TraceId);
    }

    public async Task<KeptAnswer?> FindAnswerAsync(Caller caller, string key, DateTimeOffset since, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller, cancellation);
        var kept = await session.Query<KeptAnswerRow>()
            .SingleOrDefaultAsync(a => a.Id.ClientId == client.Id && a.Id.Key == key && a.At >= since, cancellation);
        return kept?.ToAnswer();
    }

    public async Task KeepAnswerAsync(Caller caller, string key, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller, cancellation);
        await session.Query<KeptAnswerRow>().Where(a => a.At < since).DeleteAsync(cancellation);
        await AddAsync(
            new KeptAnswerRow
            {
                Id = new AnswerId { ClientId = client.Id, Key = key },
                Hash = answer.Hash.ToArray(),
                Status = answer.Status,
                Location = answer.Location,
                Body = answer.Body.ToArray(),
                At = answer.At,
            },
            cancellation);
    }

    /// <summary>Adds units to the days of a meter and to their totals, which are locked in order of days; a day without units has no row.</summary>
    private async Task AddUnitsAsync(MeterRow meter, IReadOnlyDictionary<DateOnly, long> units, DateTimeOffset? changedAt, CancellationToken cancellation)
    {
        var changed = units.OrderBy(u => u.Key).ToList();
        if (changed.Count == 0)
            return;
        var now = changedAt!.Value.ToUnixTimeMilliseconds();
        var (first, last, compteur, identifiant) = (changed[0].Key, changed[^1].Key, meter.Compteur, meter.Identifiant.Id);
        var days = (await session
            .CreateQuery(
                "from MeterDayRow d where d.Id.MeterId = :meter and d.Id.Jour >= :first and d.Id.Jour <= :last",
                ("meter", meter.Id), ("first", first), ("last", last))
            .ListAsync<MeterDayRow>(cancellation)).ToDictionary(d => d.Id);
        var totals = (await session
            .CreateQuery(
                """
                from Total t where t.Id.CompteurId = :compteur and t.Id.IdentifiantId = :identifiant and t.Id.Jour >= :first and t.Id.Jour <= :last
                order by t.Id.Jour
                """,
                ("compteur", compteur.Id), ("identifiant", identifiant), ("first", first), ("last", last))
            .SetLockMode("t", LockMode.Upgrade).ListAsync<Total>(cancellation)).ToDictionary(t => t.Id);
        foreach (var (jour, more) in changed)
        {
            var dayId = new MeterDayId { MeterId = meter.Id, Jour = jour };
            var lines = 0;
            if (!days.TryGetValue(dayId, out var day))
                (lines, _) = (1, await AddAsync(new MeterDayRow { Id = dayId, Units = more }, cancellation));
            else if ((day.Units += more) == 0)
            {
                await session.DeleteAsync(day, cancellation);
                lines = -1;
            }

            var totalId = new TotalId { CompteurId = compteur.Id, IdentifiantId = identifiant, Jour = jour };
            if (!totals.TryGetValue(totalId, out var total))
                total = await AddAsync(new Total { Id = totalId, ProduitId = compteur.Produit.Id }, cancellation);
            // A meter's day is never below zero: all of it counts as added.
            (total.Plus, total.Lignes, total.ChangedAt) = (total.Plus + more, total.Lignes + lines, Math.Max(total.ChangedAt, now));
            if (total.Lignes > 0)
                continue;
            await session.DeleteAsync(total, cancellation);
            if (await session.GetAsync<RemovedTotal>(totalId, cancellation) is { } removed)
                removed.ChangedAt = now;
            else
                await AddAsync(new RemovedTotal { Id = totalId, ChangedAt = now }, cancellation);
        }
    }

    /// <summary>Refuses units that could make the compteur's total overflow. Most need no look at the totals (<see cref="Storage.Compteur.Cumul"/>).</summary>
    private async Task CheckTotalAsync(Compteur compteur, long more, CancellationToken cancellation)
    {
        if (Storage.Compteur.HasRoom(compteur.Cumul, more))
            return;
        await session.RefreshAsync(compteur, LockMode.Upgrade, cancellation);
        var total = await session.Query<Total>().Where(t => t.Id.CompteurId == compteur.Id).SumAsync(t => (long?)t.Plus, cancellation) ?? 0;
        compteur.Cumul = Storage.Compteur.AddUp(total, more);
    }

    private async Task<Client> ClientAsync(Caller caller, CancellationToken cancellation)
    {
        if (!clients.TryGetValue(caller.Client, out var client))
            clients.Add(caller.Client, client = await session.Query<Client>().SingleAsync(c => c.Code == caller.Client, cancellation));
        return client;
    }

    private async Task<T> AddAsync<T>(T row, CancellationToken cancellation) where T : class
    {
        await session.SaveAsync(row, cancellation);
        return row;
    }
}

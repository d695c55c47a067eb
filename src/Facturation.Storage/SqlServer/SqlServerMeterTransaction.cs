using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage.SqlServer;

/// <summary>What one transaction writes about meters; the context keeps it until <see cref="SqlServerMeterStore"/> saves it.</summary>
internal sealed class SqlServerMeterTransaction(SqlServerContext context) : IMeterTransaction
{
    private readonly Dictionary<Guid, MeterRow> held = [];
    private readonly Dictionary<string, Client> clients = [];

    public async Task<Meter?> HoldAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        var rows = await MeterStore.Seen(context.HoldMeter(id), caller).ToListAsync(cancellation);
        foreach (var row in rows)
            (held[id], clients[caller.Client]) = (row, row.Client!);
        return (await MeterStore.ToMetersAsync(context, rows, cancellation)).SingleOrDefault();
    }

    public Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation) =>
        MeterStore.ReadSeriesAsync(context, held[meter].Id, first, last, history, cancellation);

    public Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation) =>
        MeterStore.FindReadingAsync(context, meter, reading, cancellation);

    public async Task<Meter> AddAsync(Caller caller, Meter meter, Reading first, CancellationToken cancellation)
    {
        var (row, known) = await MeterStore.CreateAsync(
            context, caller, meter, meter.Replaces is { } old ? held[old].Id : null, cancellation);
        Add(row, first);
        return known;
    }

    public async Task SaveAsync(Meter meter, Series series, CancellationToken cancellation)
    {
        var row = held[meter.Id];
        foreach (var reading in series.Added)
            Add(row, reading);
        foreach (var reading in series.Changed)
        {
            var changed = await context.Readings.SingleAsync(r => r.Uid == reading.Id, cancellation);
            changed.IsSuspect = reading.IsSuspect;
            if (reading.Void is not { } voiding)
                continue;
            changed.VoidedAs = changed.Id;
            (changed.VoidedAt, changed.VoidedBy, changed.VoidReason) = (voiding.At, voiding.By, voiding.Reason);
        }
        await CheckTotalAsync(row.Compteur!, series.Units.Values.Sum(), cancellation);
        // In order of days: two nodes that wait for each other's totals never do so in a ring.
        foreach (var (jour, units) in series.Units.Where(u => u.Value != 0).OrderBy(u => u.Key))
            await AddUnitsAsync(row, jour, units, cancellation);
    }

    public async Task RemoveAsync(Meter meter, DateTimeOffset at, CancellationToken cancellation)
    {
        held[meter.Id].RemovedAt = at;
        // At once: the meter that takes its place may bear the same serial number.
        await context.SaveChangesAsync(cancellation);
    }

    public async Task AuditAsync(Caller caller, AuditEntry entry, CancellationToken cancellation) => context.Add(new AuditRow
    {
        At = entry.At,
        ClientId = (await ClientAsync(caller, cancellation)).Id,
        KeyPrefix = caller.KeyPrefix,
        TraceId = caller.TraceId,
        Action = entry.Action,
        RecordedBy = entry.RecordedBy,
        MeterUid = entry.Meter,
        ReadingUid = entry.Reading,
        Detail = entry.Detail,
    });

    public async Task<KeptAnswer?> FindAnswerAsync(Caller caller, string key, DateTimeOffset since, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller, cancellation);
        var row = await context.KeptAnswers.SingleOrDefaultAsync(
            a => a.ClientId == client.Id && a.Key == key && a.At >= since, cancellation);
        return row is null ? null : new KeptAnswer(row.Hash, row.Status, row.Location, row.Body, row.At);
    }

    public async Task KeepAnswerAsync(
        Caller caller, string key, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller, cancellation);
        await context.KeptAnswers.Where(a => a.At < since).ExecuteDeleteAsync(cancellation);
        context.Add(new KeptAnswerRow
        {
            ClientId = client.Id,
            Key = key,
            Hash = answer.Hash.ToArray(),
            Status = answer.Status,
            Location = answer.Location,
            Body = answer.Body.ToArray(),
            At = answer.At,
        });
    }

    private void Add(MeterRow meter, Reading reading) => context.Add(new ReadingRow
    {
        Uid = reading.Id,
        Meter = meter,
        IndexMilli = reading.IndexMilli,
        ReadAt = reading.ReadAt,
        RecordedBy = reading.RecordedBy,
        ProofRef = reading.ProofRef,
        RecordedAt = reading.RecordedAt,
        IsSuspect = reading.IsSuspect,
    });

    /// <summary>Adds units to a day of a meter, and to its total; a day without units has no row.</summary>
    private async Task AddUnitsAsync(MeterRow meter, DateOnly jour, long units, CancellationToken cancellation)
    {
        var day = await context.MeterDays.FindAsync([meter.Id, jour], cancellation)
            ?? context.Add(new MeterDayRow { MeterId = meter.Id, Jour = jour }).Entity;
        var lines = (day.Units == 0 ? 1 : 0) - (day.Units + units == 0 ? 1 : 0);
        day.Units = checked(day.Units + units);
        if (day.Units == 0)
            context.Remove(day);

        await context.HoldTotal(meter.CompteurId, meter.IdentifiantId, jour).LoadAsync(cancellation);
        var total = await context.Totaux.FindAsync([meter.CompteurId, meter.IdentifiantId, jour], cancellation)
            ?? context.Add(new Total
            {
                CompteurId = meter.CompteurId,
                IdentifiantId = meter.IdentifiantId,
                Jour = jour,
                ProduitId = meter.Compteur!.ProduitId,
            }).Entity;
        total.Plus = checked(total.Plus + units); // A meter's day is never below zero.
        total.Lignes += lines;
        if (total.Lignes == 0)
            context.Remove(total);
    }

    private async Task CheckTotalAsync(Compteur compteur, long more, CancellationToken cancellation)
    {
        if (Compteur.HasRoom(compteur.Cumul, more))
            return;
        await context.HoldCompteur(compteur.Id).LoadAsync(cancellation);
        compteur.Cumul = Compteur.AddUp(
            await context.Totaux.Where(t => t.CompteurId == compteur.Id).SumAsync(t => t.Plus, cancellation), more);
    }

    private async Task<Client> ClientAsync(Caller caller, CancellationToken cancellation)
    {
        if (!clients.TryGetValue(caller.Client, out var client))
            clients.Add(caller.Client, client = await context.Clients.SingleAsync(c => c.Code == caller.Client, cancellation));
        return client;
    }
}

using Facturation.Core;

namespace Facturation.Storage;

/// <summary>What one transaction reads and writes of meters.</summary>
internal sealed partial class MeterTransaction(Statements statements, MeterSql sql, BillSql bills) : IMeterTransaction
{
    private readonly Dictionary<Guid, FoundMeter> held = [];
    private readonly Dictionary<string, int> clients = [];

    public async Task<Meter?> HoldAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await statements.HoldAsync(MeterSql.HoldMeter, statements.Key(caller.Client), id);
        var found = await statements.FindAsync(
            MeterSql.FindMeter, FoundMeter.Read, statements.Key(caller.Client), id, statements.Key(caller.Identifiant));
        if (found is null)
            return null;
        (held[id], clients[caller.Client]) = (found, found.ClientId);
        return found.Meter;
    }

    public Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation) =>
        FoundReading.ReadSeriesAsync(statements, sql, held[meter].Id, first, last, history);

    public async Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation) =>
        await statements.FindAsync(MeterSql.FindReading, FoundReading.Read, meter, reading);

    public async Task<string?> FindUnitAsync(Caller caller, int produit, int sequence, CancellationToken cancellation)
    {
        await statements.HoldAsync(MeterSql.HoldUnit, statements.Key(caller.Client), produit, sequence);
        return await statements.FindAsync(sql.FindUnit, row => row.GetText(0)!, statements.Key(caller.Client), produit, sequence);
    }

    public async Task<Meter> AddAsync(Caller caller, Meter meter, Reading first, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller);
        var identifiant = (int)await FindOrAddAsync(MeterSql.FindIdentifiant, sql.AddIdentifiant, client, statements.Key(meter.Identifiant));
        var dossier = await FindOrAddAsync(
            MeterSql.FindDossier, sql.AddDossier, identifiant, meter.DateDossier, statements.Key(meter.Dossier));
        var produit = (int)await FindOrAddAsync(MeterSql.FindProduit, sql.AddProduit, client, meter.ProduitId);
        var compteur = (int)await FindOrAddAsync(MeterSql.FindCompteur, sql.AddCompteur, produit, meter.Sequence);
        if (meter.NomProduit is not null)
            await statements.ExecuteAsync(MeterSql.NameProduit, produit, meter.NomProduit);
        if (meter.Libelle is not null)
            await statements.ExecuteAsync(MeterSql.NameCompteur, compteur, meter.Libelle);

        var same = await statements.ListAsync(
            MeterSql.FindInstalled, row => row.GetUid(0)!.Value, dossier, compteur, statements.Key(meter.Serial));
        if (same is [var other, ..])
            throw new RefusalException(RefusalCodes.MeterAlreadyExists,
                $"Le compteur {other}, de numéro de série « {meter.Serial} », alimente déjà ce dossier (produit {meter.ProduitId}, séquence {meter.Sequence}).");

        var number = (int)(await statements.ScalarAsync(
            sql.AddMeter, meter.Id, client, statements.Key(meter.Serial), meter.Digits, meter.Register.RolloverAt, meter.Register.MultiplierMicros,
            meter.Unit, dossier, compteur, identifiant, meter.InstalledAt, meter.Replaces is { } old ? held[old].Id : (int?)null))!.Value;
        await AddAsync(number, first);
        var names = await statements.ListAsync(MeterSql.FindNames, row => (Produit: row.GetText(0), Compteur: row.GetText(1)), compteur);
        return meter with { NomProduit = names[0].Produit, Libelle = names[0].Compteur, RemovedAt = null, ReplacedBy = null };
    }

    public async Task SaveAsync(Meter meter, Series series, CancellationToken cancellation)
    {
        var row = held[meter.Id];
        // Before the added ones: a correction voids a reading and adds one at the same instant.
        foreach (var reading in series.Changed)
        {
            if (reading.Void is { } voiding)
                await statements.ExecuteAsync(
                    MeterSql.VoidReading, reading.Id, reading.IsSuspect, voiding.At, voiding.By, voiding.Reason);
            else if (reading.Confirmed is { } confirmation)
                await statements.ExecuteAsync(
                    MeterSql.ConfirmReading, reading.Id, reading.IsSuspect, confirmation.At, confirmation.By);
            else
                await statements.ExecuteAsync(MeterSql.FlagReading, reading.Id, reading.IsSuspect);
        }
        foreach (var reading in series.Added)
            await AddAsync(row.Id, reading);
        if (series.TurnTakenBackAt is { } instant)
            await statements.ExecuteAsync(MeterSql.TakeTurnBack, row.Id, instant);
        var changes = series.Units;
        await CheckTotalAsync(row, changes.Values.Sum());
        // In order of days, so that two transactions lock totals in the same order and cannot deadlock.
        foreach (var (jour, units) in changes.OrderBy(u => u.Key))
            await AddUnitsAsync(row, jour, units, series.ChangedAt!.Value.ToUnixTimeMilliseconds());
    }

    public async Task<bool?> HoldMetersAsync(Caller caller, CancellationToken cancellation)
    {
        var client = statements.Key(caller.Client);
        await statements.HoldAsync(MeterSql.HoldMeters, client);
        await statements.HoldAsync(MeterSql.HoldClient, client);
        await statements.HoldAsync(MeterSql.HoldMeters, client); // Those added before the client was locked.
        return await statements.ScalarAsync(MeterSql.FindHoldsSuspects, client) is { } holds ? holds != 0 : null;
    }

    public async Task<IReadOnlyList<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, CancellationToken cancellation) =>
        await statements.ListAsync(
            sql.ListSuspects(caller.Identifiant is not null, after: false, int.MaxValue),
            row => (row.GetUid(FoundReading.Columns + 1)!.Value, FoundReading.Read(row)),
            statements.Key(caller.Client), statements.Key(caller.Identifiant));

    public async Task SetHoldsSuspectsAsync(Caller caller, bool holds, CancellationToken cancellation) =>
        await statements.ExecuteAsync(MeterSql.SetHoldsSuspects, statements.Key(caller.Client), holds);

    public async Task RemoveAsync(Meter meter, DateTimeOffset at, CancellationToken cancellation) =>
        await statements.ExecuteAsync(MeterSql.RemoveMeter, held[meter.Id].Id, at);

    public async Task AuditAsync(Caller caller, AuditEntry entry, CancellationToken cancellation)
    {
        var number = await statements.ScalarAsync(
            sql.AddAudit, entry.At, await ClientAsync(caller), caller.KeyPrefix, caller.TraceId, entry.Action, entry.RecordedBy,
            entry.Meter ?? Guid.Empty, entry.Reading, entry.Detail);
        statements.Proof = (MeterSql.CountAudit, [number, entry.At, caller.TraceId]);
    }

    public async Task<KeptAnswer?> FindAnswerAsync(Caller caller, string key, DateTimeOffset since, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller);
        return await statements.FindAsync(
            MeterSql.FindAnswer,
            row => new KeptAnswer(row.GetBytes(0), row.GetInt32(1), row.GetText(2), row.GetBytes(3), row.GetInstant(4)!.Value),
            client, statements.Key(key), since);
    }

    public async Task KeepAnswerAsync(Caller caller, string key, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation)
    {
        var client = await ClientAsync(caller);
        await statements.ExecuteAsync(MeterSql.DropAnswers, since);
        await statements.ExecuteAsync(
            MeterSql.AddAnswer, client, statements.Key(key), answer.Hash.ToArray(), answer.Status, answer.Location, answer.Body.ToArray(),
            answer.At);
    }

    private async Task AddAsync(int meter, Reading reading) => await statements.ExecuteAsync(
        MeterSql.AddReading, reading.Id, meter, reading.IndexMilli, reading.Turns, reading.ReadAt, reading.RecordedBy, reading.ProofRef,
        reading.RecordedAt, reading.IsSuspect);

    private async ValueTask<long> FindOrAddAsync(string find, string add, SqlValue first, SqlValue second, SqlValue third = default) =>
        await statements.ScalarAsync(find, first, second, third) ?? (await statements.ScalarAsync(add, first, second, third))!.Value;

    /// <summary>Adds units to a day of a meter, and to its total; a day without units has no row.</summary>
    private async ValueTask AddUnitsAsync(FoundMeter meter, DateOnly jour, long units, long now)
    {
        var lines = 0;
        if (await statements.ExecuteAsync(MeterSql.ChangeDay, meter.Id, jour, units) == 0)
            lines = await statements.ExecuteAsync(MeterSql.AddDay, meter.Id, jour, units);
        else if (units < 0)
            lines = -await statements.ExecuteAsync(MeterSql.DropDay, meter.Id, jour);
        // A meter's day is never below zero: all of it counts as added.
        if (await statements.ExecuteAsync(MeterSql.ChangeTotal, meter.CompteurId, meter.IdentifiantId, jour, units, lines, now) == 0)
            await statements.ExecuteAsync(MeterSql.AddTotal, meter.CompteurId, meter.IdentifiantId, jour, units, lines, now, meter.ProduitId);
        if (lines < 0 && await statements.ExecuteAsync(MeterSql.DropTotal, meter.CompteurId, meter.IdentifiantId, jour) > 0
            && await statements.ExecuteAsync(MeterSql.ChangeRemovedTotal, meter.CompteurId, meter.IdentifiantId, jour, now) == 0)
            await statements.ExecuteAsync(MeterSql.AddRemovedTotal, meter.CompteurId, meter.IdentifiantId, jour, now);
    }

    /// <summary>Refuses units that could make the compteur's total overflow. Most need no look at the totals (<see cref="Compteur.Cumul"/>).</summary>
    private async ValueTask CheckTotalAsync(FoundMeter meter, long more)
    {
        if (Compteur.HasRoom(meter.Cumul, more))
            return;
        await statements.HoldAsync(MeterSql.HoldCompteur, meter.CompteurId);
        var total = (await statements.ScalarAsync(MeterSql.AddUp, meter.CompteurId))!.Value;
        await statements.ExecuteAsync(MeterSql.KeepCumul, meter.CompteurId, Compteur.AddUp(total, more));
    }

    private async ValueTask<int> ClientAsync(Caller caller)
    {
        if (!clients.TryGetValue(caller.Client, out var client))
            clients.Add(caller.Client, client = (int)(await statements.ScalarAsync(MeterSql.FindClient, statements.Key(caller.Client)))!.Value);
        return client;
    }
}

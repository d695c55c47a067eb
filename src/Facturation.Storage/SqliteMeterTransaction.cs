using Facturation.Core;

namespace Facturation.Storage;

/// <summary>What one work writes about meters in SQLite. What it does rarely is done through the context, the rest by prepared statements.</summary>
internal sealed class SqliteMeterTransaction(FacturationContext context, Statements statements) : IMeterTransaction
{
    private readonly Dictionary<Guid, Held> held = [];
    private readonly Dictionary<string, int> clients = [];

    public Task<Meter?> HoldAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // SQLite's one writer holds everything.
        using var row = statements.Read(MeterSql.FindMeter, id, caller.Client, caller.Identifiant);
        if (!row.Read())
            return Task.FromResult<Meter?>(null);
        held[id] = new(row.GetInt32(0), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)) { Cumul = row.GetInt64(5) };
        clients[caller.Client] = row.GetInt32(1);
        return Task.FromResult<Meter?>(new Meter
        {
            Id = id,
            Serial = row.GetText(6)!,
            Digits = row.GetInt32(7),
            Unit = row.GetText(8)!,
            Identifiant = row.GetText(9)!,
            Dossier = row.GetText(10)!,
            DateDossier = row.GetDate(11)!.Value,
            ProduitId = row.GetInt32(12),
            NomProduit = row.GetText(13),
            Sequence = row.GetInt32(14),
            Libelle = row.GetText(15),
            InstalledAt = Instant(row, 16)!.Value,
            RemovedAt = Instant(row, 17),
            Replaces = row.GetUid(18),
            ReplacedBy = row.GetUid(19),
        });
    }

    public Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation)
    {
        var number = held[meter].Id;
        var readings = new List<Reading>();
        using (var before = statements.Read(MeterSql.ReadBefore, number, first.UtcDateTime))
            while (readings.Count < history && before.Read())
                readings.Add(ToReading(before));
        readings.Reverse();
        using var from = statements.Read(MeterSql.ReadFrom, number, first.UtcDateTime);
        for (var isLast = false; !isLast && from.Read(); isLast = readings[^1].ReadAt > last)
            readings.Add(ToReading(from));
        return Task.FromResult<IReadOnlyList<Reading>>(readings);
    }

    public Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation)
    {
        using var row = statements.Read(MeterSql.FindReading, meter, reading);
        return Task.FromResult(row.Read() ? ToReading(row) : null);
    }

    public async Task<Meter> AddAsync(Caller caller, Meter meter, Reading first, CancellationToken cancellation)
    {
        var (row, known) = await MeterStore.CreateAsync(
            context, caller, meter, meter.Replaces is { } old ? held[old].Id : null, cancellation);
        await context.SaveChangesAsync(cancellation);
        context.ChangeTracker.Clear();
        Add(row.Id, first);
        return known;
    }

    public Task SaveAsync(Meter meter, Series series, CancellationToken cancellation)
    {
        var row = held[meter.Id];
        foreach (var reading in series.Added)
            Add(row.Id, reading);
        foreach (var reading in series.Changed)
        {
            if (reading.Void is { } voiding)
                statements.Execute(
                    MeterSql.VoidReading, reading.Id, reading.IsSuspect, voiding.At.UtcDateTime, voiding.By, voiding.Reason);
            else
                statements.Execute(MeterSql.FlagReading, reading.Id, reading.IsSuspect);
        }
        CheckTotal(row, series.Units.Values.Sum());
        foreach (var (jour, units) in series.Units.Where(u => u.Value != 0))
            AddUnits(row, jour, units);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(Meter meter, DateTimeOffset at, CancellationToken cancellation)
    {
        statements.Execute(MeterSql.RemoveMeter, held[meter.Id].Id, at.UtcDateTime);
        return Task.CompletedTask;
    }

    public Task AuditAsync(Caller caller, AuditEntry entry, CancellationToken cancellation)
    {
        statements.Execute(
            MeterSql.AddAudit, entry.At.UtcDateTime, ClientId(caller), caller.KeyPrefix, caller.TraceId, entry.Action, entry.RecordedBy,
            entry.Meter, entry.Reading, entry.Detail);
        return Task.CompletedTask;
    }

    public Task<KeptAnswer?> FindAnswerAsync(Caller caller, string key, DateTimeOffset since, CancellationToken cancellation)
    {
        using var row = statements.Read(MeterSql.FindAnswer, ClientId(caller), key, since.UtcDateTime);
        return Task.FromResult(!row.Read() ? null : new KeptAnswer(
            row.GetBytes(0).ToArray(), row.GetInt32(1), row.GetText(2), row.GetBytes(3).ToArray(), Instant(row, 4)!.Value));
    }

    public Task KeepAnswerAsync(Caller caller, string key, KeptAnswer answer, DateTimeOffset since, CancellationToken cancellation)
    {
        statements.Execute(MeterSql.DropAnswers, since.UtcDateTime);
        statements.Execute(
            MeterSql.AddAnswer, ClientId(caller), key, answer.Hash.ToArray(), answer.Status, answer.Location, answer.Body.ToArray(),
            answer.At.UtcDateTime);
        return Task.CompletedTask;
    }

    private void Add(int meter, Reading reading) => statements.Execute(
        MeterSql.AddReading, reading.Id, meter, reading.IndexMilli, reading.ReadAt.UtcDateTime, reading.RecordedBy, reading.ProofRef,
        reading.RecordedAt.UtcDateTime, reading.IsSuspect);

    /// <summary>Adds units to a day of a meter, and to its total; a day without units has no row.</summary>
    private void AddUnits(Held meter, DateOnly jour, long units)
    {
        var lines = statements.Execute(MeterSql.AddDay, meter.Id, jour, units);
        if (lines == 0)
        {
            statements.Execute(MeterSql.ChangeDay, meter.Id, jour, units);
            if (units < 0)
                lines = -statements.Execute(MeterSql.DropDay, meter.Id, jour);
        }
        // A meter's day is never below zero: all of it counts as added.
        statements.Execute(MeterSql.AddTotal, meter.CompteurId, meter.IdentifiantId, jour, meter.ProduitId, units, lines);
        if (lines < 0)
            statements.Execute(MeterSql.DropTotal, meter.CompteurId, meter.IdentifiantId, jour);
    }

    private void CheckTotal(Held meter, long more)
    {
        if (Compteur.HasRoom(meter.Cumul, more))
            return;
        meter.Cumul = Compteur.AddUp(statements.Scalar(MeterSql.AddUp, meter.CompteurId)!.Value, more);
        statements.Execute(MeterSql.KeepCumul, meter.CompteurId, meter.Cumul);
    }

    private int ClientId(Caller caller)
    {
        if (!clients.TryGetValue(caller.Client, out var client))
            clients.Add(caller.Client, client = (int)statements.Scalar(MeterSql.FindClient, caller.Client)!.Value);
        return client;
    }

    private static Reading ToReading(Statements.Rows row) => new()
    {
        Id = row.GetUid(0)!.Value,
        IndexMilli = row.GetInt64(1),
        ReadAt = Instant(row, 2)!.Value,
        RecordedBy = row.GetUid(3),
        ProofRef = row.GetText(4),
        RecordedAt = Instant(row, 5)!.Value,
        IsSuspect = row.GetInt64(6) != 0,
        Void = row.GetInt64(7) == 0 ? null : new Voiding(Instant(row, 8)!.Value, row.GetUid(9)!.Value, row.GetText(10)!),
    };

    private static DateTimeOffset? Instant(Statements.Rows row, int column) =>
        row.GetDate(column) is { } date ? new(date, TimeSpan.Zero) : null;

    /// <summary>The keys of a meter that is held.</summary>
    private sealed record Held(int Id, int CompteurId, int IdentifiantId, int ProduitId)
    {
        /// <summary><see cref="Compteur.Cumul"/>.</summary>
        public long Cumul { get; set; }
    }
}

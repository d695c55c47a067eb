using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>Meters and readings; how they are written depends on the database.</summary>
internal abstract class MeterStore(IDbContextFactory<FacturationContext> factory) : IMeterStore
{
    public async Task<Meter?> FindAsync(Caller caller, Guid id, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var rows = await Seen(context.Meters.Where(m => m.Uid == id), caller).AsNoTracking().ToListAsync(cancellation);
        return (await ToMetersAsync(context, rows, cancellation)).SingleOrDefault();
    }

    public async Task<Page<Meter>> ListAsync(Caller caller, string? serial, Slice slice, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var rows = Seen(context.Meters, caller);
        if (serial is not null)
            rows = rows.Where(m => m.Serial == serial);
        if (slice.After is { Number: var number })
        {
            var end = (int)Math.Clamp(number, int.MinValue, int.MaxValue); // Compared as wider numbers, the key would not be sought.
            rows = rows.Where(m => m.Id < end);
        }
        var found = await rows.OrderByDescending(m => m.Id).Take(slice.Limit + 1).AsNoTracking().ToListAsync(cancellation);
        var next = Cut(found, slice.Limit, m => new Position(default, m.Id));
        return new(await ToMetersAsync(context, found, cancellation), next);
    }

    public async Task<Page<Reading>> ListReadingsAsync(
        Guid meter, DateTimeOffset? first, DateTimeOffset? last, Slice slice, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var rows = context.Readings.Where(r => r.Meter!.Uid == meter);
        if (first is { } f)
            rows = rows.Where(r => r.ReadAt >= f);
        if (last is { } l)
            rows = rows.Where(r => r.ReadAt <= l);
        if (slice.After is { } after)
            rows = rows.Where(r => r.ReadAt <= after.At && (r.ReadAt < after.At || r.Id < after.Number));
        var found = await rows.OrderByDescending(r => r.ReadAt).ThenByDescending(r => r.Id).Take(slice.Limit + 1)
            .AsNoTracking().ToListAsync(cancellation);
        var next = Cut(found, slice.Limit, r => new Position(r.ReadAt, r.Id));
        return new([.. found.Select(ToReading)], next);
    }

    public async Task<Page<(Guid Meter, Reading Reading)>> ListSuspectsAsync(Caller caller, Slice slice, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var rows = Seen(context.Meters, caller).Join(
            context.Readings.Where(r => r.IsSuspect && r.VoidedAs == 0), m => m.Id, r => r.MeterId, (m, r) => new { m.Uid, Row = r });
        if (slice.After is { } after)
            rows = rows.Where(r => r.Row.Id < after.Number);
        var found = await rows.OrderByDescending(r => r.Row.Id).Take(slice.Limit + 1).AsNoTracking().ToListAsync(cancellation);
        var next = Cut(found, slice.Limit, r => new Position(default, r.Row.Id));
        return new([.. found.Select(r => (r.Uid, ToReading(r.Row)))], next);
    }

    public async Task<Reading?> FindReadingAsync(Guid meter, Guid reading, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await FindReadingAsync(context, meter, reading, cancellation);
    }

    public async Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Guid meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var number = await context.Meters.Where(m => m.Uid == meter).Select(m => m.Id).SingleAsync(cancellation);
        return await ReadSeriesAsync(context, number, first, last, history, cancellation);
    }

    public abstract Task<T> WriteAsync<T>(Func<IMeterTransaction, Task<T>> work, CancellationToken cancellation);

    /// <summary>Those of meters that a caller may see, with all that <see cref="ToMetersAsync"/> needs.</summary>
    internal static IQueryable<MeterRow> Seen(IQueryable<MeterRow> meters, Caller caller)
    {
        var rows = meters
            .Include(m => m.Client).Include(m => m.Dossier!.Identifiant).Include(m => m.Compteur!.Produit).Include(m => m.Replaces)
            .Where(m => m.Client!.Code == caller.Client);
        return caller.Identifiant is { } nom ? rows.Where(m => m.Dossier!.Identifiant!.Nom == nom) : rows;
    }

    internal static async Task<List<Meter>> ToMetersAsync(FacturationContext context, List<MeterRow> rows, CancellationToken cancellation)
    {
        var removed = rows.Where(m => m.RemovedAt is not null).Select(m => (int?)m.Id).ToList();
        var newer = removed.Count == 0 ? [] : await context.Meters.Where(m => removed.Contains(m.ReplacesId))
            .Select(m => new { Old = m.ReplacesId!.Value, m.Uid }).ToDictionaryAsync(m => m.Old, m => m.Uid, cancellation);
        return [.. rows.Select(row => new Meter
        {
            Id = row.Uid,
            Serial = row.Serial,
            Digits = row.Digits,
            Unit = row.Unit,
            Identifiant = row.Dossier!.Identifiant!.Nom,
            Dossier = row.Dossier.Reference,
            DateDossier = row.Dossier.Date,
            ProduitId = row.Compteur!.Produit!.Numero,
            NomProduit = row.Compteur.Produit.Nom,
            Sequence = row.Compteur.Sequence,
            Libelle = row.Compteur.Libelle,
            InstalledAt = row.InstalledAt,
            RemovedAt = row.RemovedAt,
            Replaces = row.Replaces?.Uid,
            ReplacedBy = newer.TryGetValue(row.Id, out var uid) ? uid : null,
        })];
    }

    /// <summary>Adds a meter to a context, with what it lacks of identifiant, dossier, produit and compteur.</summary>
    /// <returns>Its row, and the meter as it is then known.</returns>
    internal static async Task<(MeterRow Row, Meter Known)> CreateAsync(
        FacturationContext context, Caller caller, Meter meter, int? replaces, CancellationToken cancellation)
    {
        var client = await context.Clients.SingleAsync(c => c.Code == caller.Client, cancellation);
        var identifiant = await context.Identifiants.SingleOrDefaultAsync(
            i => i.ClientId == client.Id && i.Nom == meter.Identifiant, cancellation)
            ?? context.Add(new Identifiant { Client = client, Nom = meter.Identifiant }).Entity;
        var dossier = await context.Dossiers.SingleOrDefaultAsync(
            d => d.IdentifiantId == identifiant.Id && d.Date == meter.DateDossier && d.Reference == meter.Dossier, cancellation)
            ?? context.Add(new Dossier { Identifiant = identifiant, Reference = meter.Dossier, Date = meter.DateDossier }).Entity;
        var produit = await context.Produits.SingleOrDefaultAsync(
            p => p.ClientId == client.Id && p.Numero == meter.ProduitId, cancellation)
            ?? context.Add(new Produit { Client = client, Numero = meter.ProduitId }).Entity;
        produit.Nom ??= meter.NomProduit;
        var compteur = await context.Compteurs.SingleOrDefaultAsync(
            c => c.ProduitId == produit.Id && c.Sequence == meter.Sequence, cancellation)
            ?? context.Add(new Compteur { Produit = produit, Sequence = meter.Sequence }).Entity;
        compteur.Libelle ??= meter.Libelle;

        var same = await context.Meters
            .Where(m => m.DossierId == dossier.Id && m.CompteurId == compteur.Id && m.Serial == meter.Serial && m.RemovedAt == null)
            .Select(m => (Guid?)m.Uid).SingleOrDefaultAsync(cancellation);
        if (same is not null)
            throw new RefusalException(RefusalCodes.MeterAlreadyExists,
                $"Le compteur {same}, de numéro de série « {meter.Serial} », alimente déjà ce dossier (produit {meter.ProduitId}, séquence {meter.Sequence}).");

        var row = context.Add(new MeterRow
        {
            Uid = meter.Id,
            Client = client,
            Serial = meter.Serial,
            Digits = meter.Digits,
            Unit = meter.Unit,
            Dossier = dossier,
            Compteur = compteur,
            Identifiant = identifiant,
            InstalledAt = meter.InstalledAt,
            ReplacesId = replaces,
        }).Entity;
        return (row, meter with { NomProduit = produit.Nom, Libelle = compteur.Libelle, RemovedAt = null, ReplacedBy = null });
    }

    internal static async Task<Reading?> FindReadingAsync(
        FacturationContext context, Guid meter, Guid reading, CancellationToken cancellation) =>
        await context.Readings.AsNoTracking().SingleOrDefaultAsync(r => r.Uid == reading && r.Meter!.Uid == meter, cancellation) is { } row
            ? ToReading(row)
            : null;

    /// <summary>One query, hence one moment of the database: a reading recorded meanwhile leaves no gap.</summary>
    internal static async Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        FacturationContext context, int meter, DateTimeOffset first, DateTimeOffset last, int history, CancellationToken cancellation)
    {
        var counting = context.Readings.Where(r => r.MeterId == meter && r.VoidedAs == 0);
        var rows = await counting.Where(r => r.ReadAt < first).OrderByDescending(r => r.ReadAt).Take(history)
            .Concat(counting.Where(r => r.ReadAt >= first && r.ReadAt <= last))
            .Concat(counting.Where(r => r.ReadAt > last).OrderBy(r => r.ReadAt).Take(1))
            .AsNoTracking().ToListAsync(cancellation);
        return [.. rows.OrderBy(r => r.ReadAt).Select(ToReading)];
    }

    private static Reading ToReading(ReadingRow row) => new()
    {
        Id = row.Uid,
        IndexMilli = row.IndexMilli,
        ReadAt = row.ReadAt,
        RecordedBy = row.RecordedBy,
        ProofRef = row.ProofRef,
        RecordedAt = row.RecordedAt,
        IsSuspect = row.IsSuspect,
        Void = row.VoidedAs == 0 ? null : new Voiding(row.VoidedAt!.Value, row.VoidedBy!.Value, row.VoidReason!),
    };

    /// <summary>Takes the element too many, which was read to know whether there are more, and tells where the next part begins.</summary>
    private static Position? Cut<T>(List<T> found, int limit, Func<T, Position> position)
    {
        if (found.Count <= limit)
            return null;
        found.RemoveAt(limit);
        return position(found[^1]);
    }
}

using Facturation.Core;

namespace Facturation.Storage;

/// <summary>A meter as <see cref="MeterSql.FindMeter"/> returns it, with the keys of what it counts for.</summary>
internal sealed record FoundMeter(Meter Meter, int Id, int ClientId, int CompteurId, int IdentifiantId, int ProduitId, long Cumul)
{
    public static FoundMeter Read(Row row) => new(
        new Meter
        {
            Id = row.GetUid(6)!.Value,
            Serial = row.GetKey(7),
            Digits = row.GetInt32(8),
            Unit = row.GetText(9)!,
            Identifiant = row.GetKey(10),
            Dossier = row.GetKey(11),
            DateDossier = row.GetDate(12),
            ProduitId = row.GetInt32(13),
            NomProduit = row.GetText(14),
            Sequence = row.GetInt32(15),
            Libelle = row.GetText(16),
            InstalledAt = row.GetInstant(17)!.Value,
            RemovedAt = row.GetInstant(18),
            Replaces = row.GetUid(19),
            ReplacedBy = row.GetUid(20),
        },
        row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt64(5));
}

/// <summary>A reading as the statements of <see cref="MeterSql"/> return it, in the first columns.</summary>
internal static class FoundReading
{
    public static Reading Read(Row row) => new()
    {
        Id = row.GetUid(0)!.Value,
        IndexMilli = row.GetInt64(1),
        ReadAt = row.GetInstant(2)!.Value,
        RecordedBy = row.GetUid(3),
        ProofRef = row.GetText(4),
        RecordedAt = row.GetInstant(5)!.Value,
        IsSuspect = row.GetBoolean(6),
        Void = row.GetInt64(7) == 0 ? null : new Voiding(row.GetInstant(8)!.Value, row.GetUid(9)!.Value, row.GetText(10)!),
    };

    /// <summary>The readings of <see cref="MeterSql.ReadSeries"/>, in order of instants.</summary>
    public static async Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Statements statements, MeterSql sql, int meter, DateTimeOffset first, DateTimeOffset last, int history)
    {
        var readings = await statements.ListAsync(sql.ReadSeries(history), Read, meter, first, last);
        readings.Sort((left, right) => left.ReadAt.CompareTo(right.ReadAt));
        return readings;
    }
}

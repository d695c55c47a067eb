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
            Register = new Register(row.GetInt64(9), row.GetInt64(10)),
            Unit = row.GetText(11)!,
            Identifiant = row.GetKey(12),
            Dossier = row.GetKey(13),
            DateDossier = row.GetDate(14),
            ProduitId = row.GetInt32(15),
            NomProduit = row.GetText(16),
            Sequence = row.GetInt32(17),
            Libelle = row.GetText(18),
            InstalledAt = row.GetInstant(19)!.Value,
            RemovedAt = row.GetInstant(20),
            Replaces = row.GetUid(21),
            ReplacedBy = row.GetUid(22),
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
        Turns = row.GetInt32(2),
        ReadAt = row.GetInstant(3)!.Value,
        RecordedBy = row.GetUid(4),
        ProofRef = row.GetText(5),
        RecordedAt = row.GetInstant(6)!.Value,
        IsSuspect = row.GetBoolean(7),
        Void = row.GetInt64(8) == 0 ? null : new Voiding(row.GetInstant(9)!.Value, row.GetUid(10)!.Value, row.GetText(11)!),
    };

    /// <summary>The number of columns before those that a statement adds.</summary>
    public const int Columns = 12;

    /// <summary>The readings of <see cref="MeterSql.ReadSeries"/>, in order of instants.</summary>
    public static async Task<IReadOnlyList<Reading>> ReadSeriesAsync(
        Statements statements, MeterSql sql, int meter, DateTimeOffset first, DateTimeOffset last, int history)
    {
        var readings = await statements.ListAsync(sql.ReadSeries(history), Read, meter, first, last);
        readings.Sort((left, right) => left.ReadAt.CompareTo(right.ReadAt));
        return readings;
    }
}

/// <summary>Makes pages of lists.</summary>
internal static class Pages
{
    /// <summary>Takes away the row too many, which was read to know whether there are more, and tells where the next page begins.</summary>
    public static Page<T> Cut<TRow, T>(List<TRow> rows, int limit, Func<TRow, T> item, Func<TRow, Position> position) => new(
        [.. rows.Take(limit).Select(item)], rows.Count > limit ? position(rows[limit - 1]) : null);
}

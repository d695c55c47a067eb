using Facturation.Core;

namespace Facturation.Storage;

/// <summary>A meter as <see cref="MeterSql.FindMeter"/> returns it, with the keys of what it counts for.</summary>
internal sealed record FoundMeter(Meter Meter, int Id, int ClientId, int CompteurId, int IdentifiantId, int ProduitId, long Cumul)
{
    public static FoundMeter Read(Row row) => Read(row, 0);

    /// <summary>Reads the columns of a meter from the column <paramref name="at"/> on.</summary>
    public static FoundMeter Read(Row row, int at) => new(
        new Meter
        {
            Id = row.GetUid(at + 6)!.Value,
            Serial = row.GetKey(at + 7),
            Digits = row.GetInt32(at + 8),
            Register = new Register(row.GetInt64(at + 9), row.GetInt64(at + 10)),
            Unit = row.GetText(at + 11)!,
            Identifiant = row.GetKey(at + 12),
            Dossier = row.GetKey(at + 13),
            DateDossier = row.GetDate(at + 14),
            ProduitId = row.GetInt32(at + 15),
            NomProduit = row.GetText(at + 16),
            Sequence = row.GetInt32(at + 17),
            Libelle = row.GetText(at + 18),
            InstalledAt = row.GetInstant(at + 19)!.Value,
            RemovedAt = row.GetInstant(at + 20),
            Replaces = row.GetUid(at + 21),
            ReplacedBy = row.GetUid(at + 22),
            HoldsSuspects = row.GetBoolean(at + 23),
        },
        row.GetInt32(at), row.GetInt32(at + 1), row.GetInt32(at + 2), row.GetInt32(at + 3), row.GetInt32(at + 4), row.GetInt64(at + 5));
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
        Confirmed = row.GetInstant(12) is { } at ? new Confirmation(at, row.GetUid(13)!.Value) : null,
    };

    /// <summary>The number of columns before those that a statement adds.</summary>
    public const int Columns = 14;

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

    /// <summary>Makes a page of <see cref="IMeterStore.ListChangesAsync"/>.</summary>
    /// <param name="found">The changes after the start of the slice, and one too many if there are more.</param>
    /// <param name="slice">The page.</param>
    /// <param name="settled">Entries after this instant are told later: others may still precede them.</param>
    /// <param name="newest">The last entry, of any kind; before the start if there is none, or if entries settle later.</param>
    public static (IReadOnlyList<(Guid Meter, Reading Reading)> Changes, Position End, bool HasMore) CutChanges(
        IEnumerable<(Guid Meter, Reading Reading, Position Position)> found, Slice slice, DateTimeOffset settled, Position newest)
    {
        var told = found.TakeWhile(change => change.Position.At <= settled).ToList();
        var page = told.Take(slice.Limit).ToList();
        var end = page is [.., var last] ? last.Position : slice.After ?? default;
        // Entries that the caller may not see are not read again the next time.
        if (told.Count <= slice.Limit && newest.Number > end.Number)
            end = newest;
        return ([.. page.Select(change => (change.Meter, change.Reading))], end, told.Count > slice.Limit);
    }

    /// <summary>The refusal of a position of no entry of this database.</summary>
    public static RefusalException UnknownCursor() => new(RefusalCodes.CursorUnknown,
        "cursor : il n'est pas de cette base, qui est revenue à une sauvegarde. Recommencez sans curseur.");
}

using System.Data.Common;
using Facturation.Core;
using Facturation.Storage.Sqlite;

namespace Facturation.Storage;

/// <summary>Reads the rows of <see cref="ConsumptionSql.DossierDays"/>, and the first columns of <see cref="ConsumptionSql.DossierReadings"/>.</summary>
/// <param name="session">Tells how the database keeps keys and dates.</param>
/// <param name="groups">The groups of the produit and the identifiant, by sequence; none for a meter that counts nothing in the period.</param>
internal sealed class DossierDays(ReadSession session, IReadOnlyDictionary<int, ConsumptionGroup> groups)
{
    private const int Moment = 1, Ordre = 2, Sequence = 3, Jour = 4, Quantite = 5, Id = 6;

    /// <summary>The number of these columns.</summary>
    public const int Columns = 7;

    private readonly DayColumn day = new(session.Dialect);
    private long dossier = -1;
    private string reference = "";
    private DateTime date;
    private DateOnly ofDossier;
    private SqliteDates dates;

    public ConsumptionDay Read(DbDataReader reader)
    {
        var id = reader.GetInt64(Id);
        if (Math.Abs(id) != dossier)
        {
            // The rows of a dossier follow each other, and share its strings.
            dossier = Math.Abs(id);
            reference = session.Dialect.FromKey(session.Dialect.FromOrdinal(reader.GetString(Ordre)));
            date = session.Dialect.KeepsDatesAsText ? dates.Read(reader, Moment) : reader.GetDateTime(Moment);
            ofDossier = DateOnly.FromDateTime(date);
        }
        // An imported line is on the day of its dossier.
        return new(groups.GetValueOrDefault(reader.GetInt32(Sequence))!, reference, date, id > 0 ? ofDossier : day.Read(reader, Jour), reader.GetInt64(Quantite));
    }
}

/// <summary>Reads a column of days, which in ordered rows are often that of the previous row.</summary>
internal sealed class DayColumn(Dialect dialect)
{
    private string? text;
    private DateOnly day;

    public DateOnly Read(DbDataReader reader, int column)
    {
        if (!dialect.KeepsDatesAsText)
            return DateOnly.FromDateTime(reader.GetDateTime(column));
        var now = reader.GetString(column);
        if (now != text)
            (text, day) = (now, DateOnly.ParseExact(now, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        return day;
    }
}

using Facturation.Core;

namespace Facturation.Storage;

/// <summary>Reads the rows of <see cref="ConsumptionSql.DossierDays"/>, and the first columns of <see cref="ConsumptionSql.DossierReadings"/>.</summary>
/// <param name="dialect">Tells how the database keeps texts.</param>
/// <param name="groups">The groups of the produit and the identifiant, by sequence; none for a meter that counts nothing in the period.</param>
internal sealed class DossierDays(Dialect dialect, IReadOnlyDictionary<int, ConsumptionGroup> groups)
{
    private const int Moment = 1, Ordre = 2, Sequence = 3, Jour = 4, Quantite = 5, Id = 6;

    /// <summary>The number of these columns.</summary>
    public const int Columns = 7;

    private long dossier = -1;
    private string reference = "";
    private DateTime date;
    private DateOnly ofDossier;

    public ConsumptionDay Read(Row row)
    {
        var id = row.GetInt64(Id);
        if (Math.Abs(id) != dossier)
        {
            // The rows of a dossier follow each other, and share its strings.
            dossier = Math.Abs(id);
            reference = dialect.FromKey(dialect.FromOrdinal(row.GetText(Ordre)!));
            date = row.GetDate(Moment);
            ofDossier = DateOnly.FromDateTime(date);
        }
        // An imported line is on the day of its dossier.
        return new(groups.GetValueOrDefault(row.GetInt32(Sequence))!, reference, date, id > 0 ? ofDossier : row.GetDay(Jour), row.GetInt64(Quantite));
    }
}

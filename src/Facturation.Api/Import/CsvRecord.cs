using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>A record of a CSV file.</summary>
/// <param name="Lieu">Its first line: a quoted field may contain line feeds.</param>
/// <param name="Fields">Its fields, not trimmed.</param>
/// <param name="HasBadQuotes">Whether a quote is misplaced or not closed.</param>
internal sealed record CsvRecord(Lieu Lieu, string[] Fields, bool HasBadQuotes)
{
    /// <summary>Reads the header, which is the first record even if it is blank, and then the records that are not blank.</summary>
    public static IEnumerable<CsvRecord> ReadAll(TextReader reader, char delimiter)
    {
        var badQuotes = false;
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            BadDataFound = _ => badQuotes = true,
            IgnoreBlankLines = false,
            BufferSize = 64 * 1024,
            ProcessFieldBufferSize = 4 * 1024,
        });
        for (var isHeader = true; ; isHeader = false)
        {
            var lieu = new Lieu(parser.RawRow + 1);
            badQuotes = false;
            if (!parser.Read())
                yield break;
            if (isHeader || parser.Record is not [""])
                yield return new CsvRecord(lieu, parser.Record!, badQuotes);
        }
    }

    /// <summary>Tells why it is no record of so many fields, or null.</summary>
    public string? Check(int fields) => HasBadQuotes ? "un guillemet est mal placé ou n'est pas fermé"
        : Fields.Length != fields ? $"{Fields.Length} champs au lieu de {fields}"
        : null;
}

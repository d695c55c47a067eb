using Facturation.Api.V1;
using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>
/// The lines of a report that <c>GET /v1/consumption</c> exported as CSV by day, and split by all. Each counts on its day: what meters
/// counted after the day of their dossier becomes lines of a dossier of the same reference on that day, as an import has no other way to
/// say so.
/// </summary>
internal static class ReportLines
{
    private const int From = 0, To = 1, ProduitId = 2, NomProduit = 3, Sequence = 4, Libelle = 5, Identifiant = 6, Dossier = 7, DateDossier = 8, Units = 9;

    /// <summary>What separates the columns of a file that begins so; null if it is no such report.</summary>
    public static char? DelimiterOf(string start)
    {
        foreach (var delimiter in ",;")
            if (start.StartsWith(string.Join(delimiter, CsvReport.Columns), StringComparison.OrdinalIgnoreCase))
                return delimiter;
        return null;
    }

    /// <summary>Reads the lines below the header. Lines that become one, of two dossiers with one reference, are added up.</summary>
    public static IEnumerable<LigneLue> Read(TextReader reader, char delimiter, string? client)
    {
        if (client is null)
        {
            yield return new LigneLue(new Lieu(1), default, "le fichier n'a pas de colonne client : donnez --client CODE");
            yield break;
        }
        // The lines of one produit and identifiant, which follow each other.
        var (lines, places) = (new List<LigneLue>(), new Dictionary<(string, DateTime, int), int>());
        foreach (var line in ReadAll(reader, delimiter, client))
        {
            var ligne = line.Ligne.Ligne;
            if (line.Erreur is not null)
            {
                yield return line;
                continue;
            }
            if (lines.Count > 0 && lines[0].Ligne.Ligne is var first && (first.ProduitId, first.Identifiant) != (ligne.ProduitId, ligne.Identifiant))
            {
                foreach (var done in lines)
                    yield return done;
                lines.Clear();
                places.Clear();
            }
            var key = (ligne.Dossier, ligne.DateDossier, ligne.Sequence);
            if (places.TryAdd(key, lines.Count))
                lines.Add(line);
            else if (Add(lines[places[key]].Ligne, ligne.Quantite) is { } sum)
                lines[places[key]] = lines[places[key]] with { Ligne = sum };
            else
                yield return line with { Erreur = "la somme avec une ligne précédente ne tient pas dans 64 bits" };
        }
        foreach (var done in lines)
            yield return done;
    }

    private static IEnumerable<LigneLue> ReadAll(TextReader reader, char delimiter, string client)
    {
        foreach (var record in CsvRecord.ReadAll(reader, delimiter).Skip(1))
            yield return record.Check(CsvReport.Columns.Length) is { } error ? new LigneLue(record.Lieu, default, error)
                : record.Fields[From] != record.Fields[To] ? new LigneLue(record.Lieu, default, "la ligne est de plusieurs jours : exportez avec window=day")
                : ReadLine(record.Lieu, record.Fields, client);
    }

    private static LigneLue ReadLine(Lieu lieu, string[] fields, string client)
    {
        var brute = new LigneBrute
        {
            Lieu = lieu,
            Client = client,
            Identifiant = Text(fields[Identifiant]),
            ProduitId = fields[ProduitId],
            NomProduit = Text(fields[NomProduit]),
            Dossier = Text(fields[Dossier]),
            DateDossier = fields[From].Length == 10 && fields[DateDossier].StartsWith(fields[From], StringComparison.Ordinal) ? fields[DateDossier] : fields[From],
            Sequence = fields[Sequence],
            Libelle = Text(fields[Libelle]),
            Quantite = fields[Units],
        };
        var error = brute.Check(withOffset: false, out var ligne);
        return new LigneLue(lieu, ligne, error);
    }

    /// <summary>A text as it was before it was written: CSV knows no null, and no formula.</summary>
    private static string? Text(string cell) => cell switch
    {
        "" => null,
        ['\'', var next, ..] when CsvReport.Formulas.Contains(next, StringComparison.Ordinal) => cell[1..],
        _ => cell,
    };

    private static LigneImport? Add(LigneImport line, long more)
    {
        var sum = (Int128)line.Ligne.Quantite + more;
        return sum < long.MinValue || sum > long.MaxValue ? null : line with { Ligne = line.Ligne with { Quantite = (long)sum } };
    }
}

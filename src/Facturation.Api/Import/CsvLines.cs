using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>Consumption as CSV: UTF-8, semicolons, quotes where needed. Texts are not trimmed.</summary>
internal static class CsvLines
{
    private const string Header = "identifiant;produitId;nomProduit;dossier;dateDossier;sequence;libelle;quantite";

    /// <summary>
    /// Reads the lines below the header. A first column <c>client</c> may name each line's client; it then must agree with
    /// <paramref name="client"/>, if that is given.
    /// </summary>
    public static IEnumerable<LigneLue> Read(TextReader reader, string? client)
    {
        var badQuotes = false;
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = ";",
            BadDataFound = _ => badQuotes = true,
            IgnoreBlankLines = false,
            BufferSize = 64 * 1024,
            ProcessFieldBufferSize = 4 * 1024,
        });

        var hasHeader = parser.Read();
        var header = hasHeader ? string.Join(';', parser.Record!) : "";
        var withClient = header.Equals("client;" + Header, StringComparison.OrdinalIgnoreCase);
        if (!withClient && !header.Equals(Header, StringComparison.OrdinalIgnoreCase))
        {
            yield return new LigneLue(new Lieu(1), default,
                $"l'en-tête attendu est « {Header} », éventuellement précédé de « client; »");
            yield break;
        }
        if (!withClient && client is null)
        {
            yield return new LigneLue(new Lieu(1), default, "le fichier n'a pas de colonne client : donnez --client CODE");
            yield break;
        }

        while (true)
        {
            // A quoted field may contain newlines: a record's number is that of its first line.
            var lieu = new Lieu(parser.RawRow + 1);
            badQuotes = false;
            if (!parser.Read())
                yield break;
            var fields = parser.Record!;
            if (fields is [""])
                continue;
            yield return badQuotes ? new LigneLue(lieu, default, "un guillemet est mal placé ou n'est pas fermé")
                : fields.Length != (withClient ? 9 : 8)
                    ? new LigneLue(lieu, default, $"{fields.Length} champs au lieu de {(withClient ? 9 : 8)}")
                    : ReadLine(lieu, withClient ? fields : [client!, .. fields], client);
        }
    }

    private static LigneLue ReadLine(Lieu lieu, string[] fields, string? client)
    {
        var brute = new LigneBrute
        {
            Lieu = lieu,
            Client = fields[0],
            Identifiant = fields[1],
            ProduitId = fields[2],
            NomProduit = fields[3],
            Dossier = fields[4],
            DateDossier = fields[5],
            Sequence = fields[6],
            Libelle = fields[7],
            Quantite = fields[8],
        };
        var error = brute.Check(withOffset: false, out var ligne);
        if (client is not null && brute.Client != client)
            error = $"la ligne est du client « {brute.Client} », l'import de « {client} »";
        return new LigneLue(lieu, ligne, error);
    }
}

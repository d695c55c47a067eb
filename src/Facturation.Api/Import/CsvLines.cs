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
        using var records = CsvRecord.ReadAll(reader, ';').GetEnumerator();
        var header = records.MoveNext() ? string.Join(';', records.Current.Fields) : "";
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

        while (records.MoveNext())
        {
            var record = records.Current;
            yield return record.Check(withClient ? 9 : 8) is { } error
                ? new LigneLue(record.Lieu, default, error)
                : ReadLine(record.Lieu, withClient ? record.Fields : [client!, .. record.Fields], client);
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

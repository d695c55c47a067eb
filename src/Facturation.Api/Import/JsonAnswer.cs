using System.Globalization;
using Facturation.Core;
using Newtonsoft.Json;

namespace Facturation.Api.Import;

/// <summary>Reads the JSON form of a list of ReponseV2Model, its members in any order.</summary>
internal static class JsonAnswer
{
    public static IEnumerable<LigneLue> Read(TextReader text, string? client)
    {
        // Dates and decimals stay as they are written: Newtonsoft would make them the machine's own.
        using var reader = new JsonTextReader(text)
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Decimal,
        };
        reader.Read();
        if (reader.TokenType != JsonToken.StartArray)
        {
            yield return new LigneLue(Place(reader), default,
                "une réponse JSON de ConsommationV2 est un tableau : [{\"ProduitId\":…}, …]");
            yield break;
        }
        if (client is null)
        {
            yield return new LigneLue(Place(reader), default, "une réponse ne dit pas son client : donnez --client CODE");
            yield break;
        }
        foreach (var place in Items(reader))
            foreach (var ligne in ReadAnswer(reader, place).Lines(client))
                yield return ligne;
        if (reader.Read())
            yield return new LigneLue(Place(reader), default, "du texte suit la fin de la réponse");
    }

    private static SavedAnswer ReadAnswer(JsonTextReader reader, Lieu place)
    {
        var answer = new SavedAnswer(place);
        foreach (var name in Members(reader))
        {
            switch (name)
            {
                case "ProduitId": answer.ProduitId = Text(reader); break;
                case "NomProduit": answer.NomProduit = Text(reader); break;
                case "Identifiant": answer.Identifiant = Text(reader); break;
                case "ConsommationsSomme": answer.Sommes.AddRange(ReadCompteurs(reader)); break;
                case "ConsommationsDetails":
                    foreach (var _ in Items(reader))
                        ReadDossier(reader, answer);
                    break;
                default: reader.Skip(); break;
            }
        }
        return answer;
    }

    private static void ReadDossier(JsonTextReader reader, SavedAnswer answer)
    {
        string? dossier = null, date = null, identifiant = null;
        List<LigneBrute> compteurs = [];
        foreach (var name in Members(reader))
        {
            switch (name)
            {
                case "Dossier": dossier = Text(reader); break;
                case "DateDossier": date = Text(reader); break;
                case "Identifiant": identifiant = Text(reader); break;
                case "Compteur": compteurs = ReadCompteurs(reader); break;
                default: reader.Skip(); break;
            }
        }
        answer.Details.AddRange(compteurs.Select(c => c with { Dossier = dossier, DateDossier = date, Identifiant = identifiant }));
    }

    private static List<LigneBrute> ReadCompteurs(JsonTextReader reader)
    {
        var compteurs = new List<LigneBrute>();
        foreach (var place in Items(reader))
        {
            string? sequence = null, libelle = null, quantite = null;
            foreach (var name in Members(reader))
            {
                switch (name)
                {
                    case "Sequence": sequence = Text(reader); break;
                    case "Libelle": libelle = Text(reader); break;
                    case "Quantite": quantite = Text(reader); break;
                    default: reader.Skip(); break;
                }
            }
            compteurs.Add(new LigneBrute { Lieu = place, Sequence = sequence, Libelle = libelle, Quantite = quantite });
        }
        return compteurs;
    }

    /// <summary>Stops at each object of the array the reader is on, for the caller to read; none when it is null.</summary>
    private static IEnumerable<Lieu> Items(JsonTextReader reader)
    {
        if (reader.TokenType == JsonToken.Null)
            yield break;
        Expect(reader, JsonToken.StartArray);
        while (Next(reader) != JsonToken.EndArray)
            yield return Place(reader);
    }

    /// <summary>Stops at the value of each member of the object the reader is on, for the caller to read.</summary>
    private static IEnumerable<string> Members(JsonTextReader reader)
    {
        Expect(reader, JsonToken.StartObject);
        while (Next(reader) != JsonToken.EndObject)
        {
            var name = (string)reader.Value!;
            Next(reader);
            yield return name;
        }
    }

    private static string? Text(JsonTextReader reader)
    {
        if (reader.TokenType is JsonToken.StartArray or JsonToken.StartObject)
            throw Broken(reader, $"{reader.TokenType} à la place d'une valeur");
        return reader.Value is null ? null : Convert.ToString(reader.Value, CultureInfo.InvariantCulture);
    }

    private static JsonToken Next(JsonTextReader reader) =>
        reader.Read() ? reader.TokenType : throw Broken(reader, "le fichier s'arrête trop tôt");

    private static void Expect(JsonTextReader reader, JsonToken token)
    {
        if (reader.TokenType != token)
            throw Broken(reader, $"{reader.TokenType} à la place de {token}");
    }

    private static JsonReaderException Broken(JsonTextReader reader, string what) =>
        new($"{what} ({reader.Path})", reader.Path, reader.LineNumber, reader.LinePosition, null);

    private static Lieu Place(JsonTextReader reader) => new(reader.LineNumber, reader.LinePosition);
}

using System.Globalization;
using Facturation.Core;
using Newtonsoft.Json;

namespace Facturation.Api.Import;

/// <summary>Reads the JSON form of a list of ReponseV2Model, its members in any order.</summary>
internal sealed class JsonAnswer : AnswerReader
{
    private readonly JsonTextReader reader;

    private JsonAnswer(JsonTextReader reader) => this.reader = reader;

    public static IEnumerable<LigneLue> Read(TextReader text, string? client)
    {
        // Dates and decimals stay as they are written; Newtonsoft would convert them.
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
        var answers = new JsonAnswer(reader);
        foreach (var place in answers.Items())
            foreach (var ligne in answers.ReadAnswer(place).Lines(client))
                yield return ligne;
        if (reader.Read())
            yield return new LigneLue(Place(reader), default, "du texte suit la fin de la réponse");
    }

    protected override void Skip() => reader.Skip();

    protected override IEnumerable<Lieu> Items()
    {
        if (reader.TokenType == JsonToken.Null)
            yield break;
        Expect(JsonToken.StartArray);
        while (Next() != JsonToken.EndArray)
            yield return Place(reader);
    }

    protected override IEnumerable<string> Members()
    {
        Expect(JsonToken.StartObject);
        while (Next() != JsonToken.EndObject)
        {
            var name = (string)reader.Value!;
            Next();
            yield return name;
        }
    }

    protected override string? Text()
    {
        if (reader.TokenType is JsonToken.StartArray or JsonToken.StartObject)
            throw Broken($"{reader.TokenType} à la place d'une valeur");
        return reader.Value is null ? null : Convert.ToString(reader.Value, CultureInfo.InvariantCulture);
    }

    private JsonToken Next() => reader.Read() ? reader.TokenType : throw Broken("le fichier s'arrête trop tôt");

    private void Expect(JsonToken token)
    {
        if (reader.TokenType != token)
            throw Broken($"{reader.TokenType} à la place de {token}");
    }

    private JsonReaderException Broken(string what) =>
        new($"{what} ({reader.Path})", reader.Path, reader.LineNumber, reader.LinePosition, null);

    private static Lieu Place(JsonTextReader reader) => new(reader.LineNumber, reader.LinePosition);
}

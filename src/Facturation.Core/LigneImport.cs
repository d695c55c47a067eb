using System.Globalization;
using System.Numerics;

namespace Facturation.Core;

/// <summary>A place in an imported file.</summary>
/// <param name="Ligne">The line, from 1.</param>
/// <param name="Colonne">The column, from 1; 0 if the line is precise enough.</param>
public readonly record struct Lieu(int Ligne, int Colonne = 0)
{
    /// <summary>Formats the place for messages, in French.</summary>
    public override string ToString() => Colonne == 0 ? $"ligne {Ligne}" : $"ligne {Ligne}, colonne {Colonne}";
}

/// <summary>A valid line to import.</summary>
/// <param name="Lieu">Its place in the file.</param>
/// <param name="Client">The code of the client it belongs to.</param>
/// <param name="Ligne">Its content.</param>
public readonly record struct LigneImport(Lieu Lieu, string Client, LigneConsommation Ligne);

/// <summary>An unparsed line of a file: texts, null where absent. <see cref="Check"/> parses and validates them.</summary>
public sealed record LigneBrute
{
    /// <summary>
    /// The maximum lengths of a client code, an identifiant, a dossier reference, and a name or label, in UTF-16 code units. They follow
    /// from what SQL Server can index (1,700 bytes) and store in a row.
    /// </summary>
    public const int MaxClient = 64, MaxIdentifiant = 800, MaxDossier = 800, MaxNom = 4000;

    // ISO dates only, without offset; K and zzz come with the saved answers of the old service.
    private static readonly string[] HoursOfParis =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
    ];

    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Its place in the file.</summary>
    public required Lieu Lieu { get; init; }

    /// <summary>The code of the client.</summary>
    public string? Client { get; init; }

    /// <summary>The API user the dossier belongs to.</summary>
    public string? Identifiant { get; init; }

    /// <summary>A 32-bit integer.</summary>
    public string? ProduitId { get; init; }

    /// <summary>The produit's name; may be absent.</summary>
    public string? NomProduit { get; init; }

    /// <summary>The reference of the dossier.</summary>
    public string? Dossier { get; init; }

    /// <summary>YYYY-MM-DD, optionally with a time in Paris; with an offset only if <see cref="Check"/> allows it.</summary>
    public string? DateDossier { get; init; }

    /// <summary>A 32-bit integer.</summary>
    public string? Sequence { get; init; }

    /// <summary>The compteur's label; may be absent.</summary>
    public string? Libelle { get; init; }

    /// <summary>A 64-bit integer.</summary>
    public string? Quantite { get; init; }

    /// <summary>Parses and validates the line.</summary>
    /// <param name="withOffset">Whether DateDossier may have an offset or Z; it is then converted to the time in Paris.</param>
    /// <param name="ligne">The parsed line, if it is valid.</param>
    /// <returns>Null if the line is valid, or else everything that is wrong with it, in French.</returns>
    public string? Check(bool withOffset, out LigneImport ligne)
    {
        var errors = new List<string>();
        var read = new LigneConsommation(
            ReadInteger<int>(nameof(ProduitId), ProduitId, errors),
            ReadText(nameof(NomProduit), NomProduit, MaxNom, required: false, errors),
            ReadText(nameof(Identifiant), Identifiant, MaxIdentifiant, required: true, errors)!,
            ReadText(nameof(Dossier), Dossier, MaxDossier, required: true, errors)!,
            ReadDate(DateDossier, withOffset, errors),
            ReadInteger<int>(nameof(Sequence), Sequence, errors),
            ReadText(nameof(Libelle), Libelle, MaxNom, required: false, errors),
            ReadInteger<long>(nameof(Quantite), Quantite, errors));
        ligne = new LigneImport(Lieu, ReadText(nameof(Client), Client, MaxClient, required: true, errors)!, read);
        return errors.Count == 0 ? null : string.Join(" ; ", errors);
    }

    /// <summary>Tells why a text cannot be stored and returned unchanged (too long, or with a lone surrogate), or null.</summary>
    public static string? CheckText(string text, int max)
    {
        if (text.Length > max)
            return $"{text.Length} caractères, {max} au plus";
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return "un demi-caractère (surrogate isolé) ne peut être ni gardé ni rendu";
        }
        return null;
    }

    private static string? ReadText(string name, string? text, int max, bool required, List<string> errors)
    {
        if (required && string.IsNullOrEmpty(text))
            errors.Add($"{name} absent");
        else if (text is not null && CheckText(text, max) is { } error)
            errors.Add($"{name} : {error}");
        return text;
    }

    private static T ReadInteger<T>(string name, string? text, List<string> errors) where T : struct, IBinaryInteger<T>
    {
        if (!T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value))
            errors.Add($"{name} : {Quote(text)} n'est pas un entier de {8 * value.GetByteCount()} bits");
        return value;
    }

    private static DateTime ReadDate(string? text, bool withOffset, List<string> errors)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (DateTime.TryParseExact(text, HoursOfParis, invariant, DateTimeStyles.None, out var hour))
            return hour;
        if (withOffset && DateTimeOffset.TryParseExact(text, Instants, invariant, DateTimeStyles.None, out var instant))
            return Paris.Hour(instant);
        errors.Add($"{nameof(DateDossier)} : {Quote(text)} n'est pas une date AAAA-MM-JJ, avec ou sans heure");
        return default;
    }

    private static string Quote(string? text) => text switch
    {
        null or "" => "rien",
        { Length: > 40 } => $"« {text[..40]}… »",
        _ => $"« {text} »",
    };
}

namespace Facturation.Tests.Wire.Generator;

/// <summary>Members and values that bodies of every format are made of.</summary>
internal sealed class Values(Random random)
{
    private static readonly string[] RichMembers =
    [
        "Texte", "TexteObligatoire", "Entier", "EntierNul", "GrandEntier", "Court", "Octet", "EntierPositif", "Exact", "ExactNul",
        "Flottant", "Simple", "Booleen", "BooleenNul", "Caractere", "Jeton", "Energie", "EnergieNulle", "Date", "DateNulle", "Instant",
        "InstantNul", "Duree", "Adresse", "Octets", "Objet", "Liste", "Tableau", "Textes", "Entiers", "Dates", "Dictionnaire",
        "Quelconque", "Enfant", "Numero", "Nom", "Jour",
    ];

    private static readonly string[] Odd = ["Inconnu", "a", "", "é", "a b", "a.b", "$type", "$id", "$ref", "$values", "param", "modele",
        "Debut ", "xml", "_x", "0", "<&>", "😀", "Début"];

    public bool Rich { get; init; }

    public string Member()
    {
        var name = random.Percent(8) ? random.Of(Odd) : Rich ? random.Of(RichMembers) : random.Of("Debut", "Fin", "ProduitId");
        return random.Next(12) switch
        {
            0 => name.ToUpperInvariant(),
            1 => name.ToLowerInvariant(),
            _ => name,
        };
    }

    /// <summary>A date or number that may or may not fit the member, sometimes changed by one character.</summary>
    public string Text()
    {
        var text = random.Next(8) switch
        {
            < 3 => random.Of(OddDates.All),
            < 5 => random.Of(OddNumbers.All),
            5 => random.Of("true", "false", "Eau", "x", "", " ", "é", "😀", "\u0085\u2028", "a\r\nb", "<&>\"'", "]]>", "01:02:03",
                "d7c3b1f0-0001-4002-8003-000000000004", "AAEC", "http://localhost/"),
            _ => Date(),
        };
        if (text.Length == 0 || !random.Percent(15))
            return text;
        var at = random.Next(text.Length);
        return random.Next(3) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[random.Next(text.Length)].ToString()),
            _ => text.Insert(at, random.Of("0", "1", "9", "-", "+", ":", ".", "T", "Z", " ", "/", "é", "\t")),
        };
    }

    /// <summary>A well-formed date of any year, with or without each of its parts.</summary>
    private string Date()
    {
        var date = new DateTime(random.NextInt64(DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks));
        if (random.Percent(80))
            date = new DateTime(random.Next(1880, 2101), date.Month, Math.Min(date.Day, 28)).Add(date.TimeOfDay);
        var format = random.Of("yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
            "yyyy-MM-ddTHH:mm:ss.fff", "MM/dd/yyyy", "dd/MM/yyyy", "yyyy/MM/dd HH:mm", "r", "yyyyMMdd", "d MMM yyyy");
        return date.ToString(format, System.Globalization.CultureInfo.InvariantCulture)
            + random.Of("", "", "", "Z", "+01:00", "+02:00", "-05:00", "+0100", "+05:45", "-12:00");
    }
}

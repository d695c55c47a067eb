using System.Globalization;

namespace Facturation.Wire;

/// <summary>Answers that are delicate to write, by name: both hosts build them from this one place.</summary>
public static class Delicate
{
    /// <summary>Dates of each kind. Local is Europe/Paris for the legacy server, whatever the zone of the process.</summary>
    public static readonly IReadOnlyDictionary<string, DateTime> Dates = new Dictionary<string, DateTime>
    {
        ["date-min"] = DateTime.MinValue,
        ["date-max"] = DateTime.MaxValue,
        ["date-min-utc"] = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
        ["date-max-utc"] = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        ["date-jour"] = new(2026, 3, 22),
        ["date-jour-utc"] = new(2026, 3, 22, 0, 0, 0, DateTimeKind.Utc),
        ["date-seconde"] = new(2026, 3, 22, 1, 2, 3),
        ["date-tick"] = new DateTime(2026, 3, 22, 1, 2, 3).AddTicks(1),
        ["date-milli"] = new DateTime(2026, 3, 22, 1, 2, 3, 120),
        ["date-sql"] = new DateTime(2026, 3, 22, 23, 59, 59, 997),
        ["date-fraction-utc"] = new DateTime(2026, 3, 22, 1, 2, 3, DateTimeKind.Utc).AddTicks(1234560),
        ["date-an-1"] = new(1, 1, 1, 0, 0, 1),
        ["date-an-999"] = new(999, 12, 31),
        ["date-bissextile"] = new(2028, 2, 29, 12, 0, 0),
    };

    public static readonly IReadOnlyDictionary<string, (long Grand, int Entier, decimal Exact, double Flottant)> Numbers =
        new Dictionary<string, (long, int, decimal, double)>
        {
            ["nombre-zero"] = (0, 0, 0m, 0d),
            ["nombre-min"] = (long.MinValue, int.MinValue, decimal.MinValue, double.MinValue),
            ["nombre-max"] = (long.MaxValue, int.MaxValue, decimal.MaxValue, double.MaxValue),
            ["nombre-fraction"] = (1, -1, 1.50m, 0.1 + 0.2),
            ["nombre-petit"] = (9007199254740993, 1, 0.0000000000000000000000000001m, double.Epsilon),
            ["nombre-infini"] = (1, 1, 1.0m, double.PositiveInfinity),
            ["nombre-nan"] = (1, 1, -0.0m, double.NaN),
            ["nombre-entier"] = (1, 1, 100m, 1e21),
            ["nombre-negatif"] = (-1, -1, -1.10m, -0d),
        };

    /// <summary>The answer named, or null for <c>rien</c> and for a name that does not exist.</summary>
    public static List<DelicateModel>? List(string? name)
    {
        if (name is null or "rien")
            return null;
        if (DelicateText.ByName.TryGetValue(name, out var text))
            return [new() { Nom = name, Texte = text, Textes = [text, null, text], Enfants = [] }];
        if (Dates.TryGetValue(name, out var date))
            return [new() { Nom = name, Date = date, DateNulle = date }];
        if (Numbers.TryGetValue(name, out var number))
            return [new() { Nom = name, GrandEntier = number.Grand, Entier = number.Entier, Exact = number.Exact,
                Flottant = number.Flottant }];
        return name switch
        {
            "aucun" => [],
            "element-nul" => [null!, new() { Nom = name }, null!],
            "imbrique" => [new() { Nom = name, Enfants = [new() { Enfants = [new() { Nom = "fond" }, null!] }, new()] }],
            "textes" => [.. DelicateText.Writable.Select(pair => new DelicateModel { Nom = pair.Key, Texte = pair.Value })],
            "nombreux" => [.. Enumerable.Range(0, 500).Select(Numbered)],
            _ => null,
        };
    }

    /// <summary>Every name <see cref="List"/> knows.</summary>
    public static IEnumerable<string> Names =>
        [.. DelicateText.ByName.Keys, .. Dates.Keys, .. Numbers.Keys, "aucun", "element-nul", "imbrique", "textes", "nombreux", "rien"];

    private static DelicateModel Numbered(int index) => new()
    {
        Nom = index.ToString(CultureInfo.InvariantCulture),
        Texte = "ligne " + index + "\n",
        Date = new DateTime(2026, 1, 1).AddHours(index),
        GrandEntier = index * 1_000_000_007L,
    };
}

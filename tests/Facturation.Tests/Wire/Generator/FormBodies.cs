namespace Facturation.Tests.Wire.Generator;

/// <summary>Form posts: brackets, repeats, escapes good and bad.</summary>
internal sealed class FormBodies(Random random, Values values)
{
    private static readonly string[] Tokens =
        ["&", "=", ";", "+", "%", "%2", "%20", "%zz", "%00", "%C3%A9", "%E9", "%5B", "%5D", "[", "]", "[]", "[0]", "[a]", ".", ".a",
            "param.", "modele.", "param", " ", "\r\n", "é", "\0", "x", "#", "?", "/", "%26", "%3D", "&&", "=="];

    public string Make()
    {
        var tokens = new List<string>();
        foreach (var _ in Enumerable.Range(0, random.Next(0, 5)))
        {
            if (tokens.Count > 0)
                tokens.Add("&");
            tokens.Add(values.Member());
            if (random.Percent(10))
                tokens.Add(random.Of("[]", "[0]", "[1]", "[a]", "[Nom]", "[0][Numero]", ".Nom", "[", "]", "[[", "[]]"));
            tokens.Add("=");
            tokens.Add(Escape(values.Text()));
        }
        if (random.Percent(40))
            random.Mutate(tokens, random.Next(1, 4), () => random.Of(Tokens));
        return string.Concat(tokens);
    }

    private string Escape(string text) => random.Next(6) switch
    {
        0 => text,
        1 => text.Replace(' ', '+'),
        2 => string.Concat(System.Text.Encoding.UTF8.GetBytes(text)
            .Select(value => "%" + value.ToString(random.Percent(50) ? "x2" : "X2", System.Globalization.CultureInfo.InvariantCulture))),
        _ => Uri.EscapeDataString(text),
    };
}

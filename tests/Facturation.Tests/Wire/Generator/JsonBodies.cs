namespace Facturation.Tests.Wire.Generator;

/// <summary>JSON as Newtonsoft reads it: nearly right, with its leniences, or broken in the middle.</summary>
internal sealed class JsonBodies(Random random, Values values)
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ",", "\"", "'", "null", "undefined", "true", "false", "NaN", "Infinity", "-Infinity", "0", "-0", "5",
        "5.0", "1e2", "010", "0x10", "/**/", "/*x*/", "//x\n", "/", "(", ")", "new Date(", "new Date(0)", " ", "\n", "\t", "\u00a0",
        "\ufeff", "\0", "\"\"", "\"x\"", "'x'", "\"\\u0041\"", "\"\\ud800\"", "\"\\x\"", "\"\\u12\"", "\"$ref\"", "\"$id\"", "\"$type\"",
        "\"$values\"", "é", "x", "$", "_", ".", ";", "#", "<", "{}", "[]", "[1,2]", "{\"a\":1}", "[{}]", "{\"$ref\":\"1\"}",
    ];

    public string Make()
    {
        if (random.Percent(4))
            return string.Concat(random.Times(0, 4, () => random.Of(Tokens)));
        var tokens = Object(0);
        if (random.Percent(55))
            random.Mutate(tokens, random.Next(1, 4), () => random.Of(Tokens));
        return string.Concat(tokens);
    }

    private List<string> Object(int depth)
    {
        var tokens = new List<string> { "{" };
        foreach (var _ in Enumerable.Range(0, random.Next(0, 5)))
        {
            if (tokens.Count > 1)
                tokens.Add(",");
            tokens.Add(Quote(values.Member(), mayBeBare: true));
            tokens.Add(":");
            tokens.AddRange(Value(depth));
        }
        tokens.Add("}");
        return tokens;
    }

    private List<string> Value(int depth) => random.Next(20) switch
    {
        < 11 => [Quote(values.Text(), mayBeBare: false)],
        < 14 => [random.Of(OddNumbers.All)],
        < 17 => [random.Of("5", "-1", "0", "2147483648", "null", "true", "1.5", "\"5\"")],
        17 when depth < 4 => Object(depth + 1),
        18 when depth < 4 => ["[", .. random.Times(0, 3, () => Value(depth + 1).Append(",")).SelectMany(item => item), "]"],
        _ => [random.Of(Tokens)],
    };

    private string Quote(string text, bool mayBeBare) => random.Next(14) switch
    {
        0 when mayBeBare => text,
        1 => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'",
        2 => "\"" + text + "\"",
        _ => Bodies.Quoted(text),
    };
}

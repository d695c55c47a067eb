namespace Facturation.Wire;

/// <summary>Text that some writer somewhere gets wrong, by name.</summary>
public static class DelicateText
{
    public static readonly IReadOnlyDictionary<string, string?> ByName = new Dictionary<string, string?>
    {
        ["nul"] = null,
        ["vide"] = "",
        ["espace"] = " ",
        ["blancs"] = " \t \u00a0\u2003 ",
        ["bords"] = "  au milieu  ",
        ["controles"] = new string([.. Enumerable.Range(1, 31).Select(code => (char)code)]),
        ["zero"] = "a\0b",
        ["del"] = "a\u007fb",
        ["c1"] = new string([.. Enumerable.Range(0x80, 32).Select(code => (char)code)]),
        ["separateurs"] = "nel\u0085ls\u2028ps\u2029fin",
        ["cr"] = "a\rb",
        ["lf"] = "a\nb",
        ["crlf"] = "a\r\nb",
        ["lfcr"] = "a\n\rb\n\n\r\r",
        ["tab"] = "a\tb",
        ["cdata"] = "<![CDATA[x]]> ]]> ]]>",
        ["balises"] = "<&>\"' &amp; &#10; </Texte><!-- --><?pi?>",
        ["barres"] = "/ \\ \\n \\u0041 </script>",
        ["accents"] = "éèêëàùçœŒ€ÿ Île-de-France",
        ["astral"] = "\U0001f600 \U00010000 \U0010ffff",
        ["bom"] = "\ufeffa\ufeff",
        ["noncaracteres"] = "a\ufffe\uffffb",
        ["remplacement"] = "a\ufffdb",
        ["combinants"] = "e\u0301 \u202e inverse \u200b\u200d",
        ["demi-haut"] = "a\ud800b",
        ["demi-bas"] = "a\udc00b",
        ["demi-inverse"] = "\udc00\ud800",
        ["demi-fin"] = "a\ud83d",
        ["long"] = string.Concat(Enumerable.Repeat("0123456789é\n", 4000)),
        ["long-astral"] = string.Concat(Enumerable.Repeat("x\U0001f600", 3000)),
    };

    /// <summary>All of them that can be written, in one answer.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Writable =>
        ByName.Where(pair => !pair.Key.StartsWith("demi", StringComparison.Ordinal) && pair.Key != "noncaracteres");
}

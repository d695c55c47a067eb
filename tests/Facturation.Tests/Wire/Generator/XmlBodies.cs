using System.Security;

namespace Facturation.Tests.Wire.Generator;

/// <summary>XML for DataContractSerializer: in and out of order, with everything a document may carry, or broken in the middle.</summary>
internal sealed class XmlBodies(Random random, Values values)
{
    private const string Arrays = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";
    private const string WireNamespace = "http://schemas.datacontract.org/2004/07/Facturation.Wire";

    private static readonly string[] Tokens =
    [
        "<?pi?>", "<?xml version=\"1.0\"?>", "<!DOCTYPE x>", "<!DOCTYPE x [<!ENTITY e \"5\">]>", "&e;", "&lt;", "&amp;", "&#53;", "&#x35;",
        "&#0;", "&#xD800;", "&#10;", "&", "<![CDATA[5]]>", "<![CDATA[ ]]>", "<![CDATA[]]>", "<!-- x -->", "<!---->", "<!-- -- -->",
        " ", "\n", "\t", "\r\n", "texte", "5", "<", ">", "/>", "</", "<a>", "</a>", "<a/>", "<a b='c'/>", "<a b='c' b='c'/>", "<x:a/>",
        "<a xmlns='urn:x'><b/></a>", "<i:a/>", "<Debut/>", "<Debut>", "</Debut>", "<Fin/>", "<ProduitId/>", "<ProduitId>6</ProduitId>",
        "<Debut i:nil='true'/>", "<Debut i:nil='1'></Debut>", "<Debut i:nil='false'>2026-03-01</Debut>", "<Debut i:nil='x'/>",
        "<ProduitId i:nil='true'>5</ProduitId>", "<ProduitId xmlns='urn:x'>5</ProduitId>", "<ProduitId xmlns=''>5</ProduitId>",
        "\ufeff", "\0", "\u00a0", "é", "\u0085", "]]>", "\"", "'",
    ];

    private readonly string _namespace = values.Rich ? WireNamespace : Bodies.ModelsNamespace;

    public string Make()
    {
        if (random.Percent(3))
            return string.Concat(random.Times(0, 4, () => random.Of(Tokens)));
        var prefix = random.Percent(10) ? "p:" : "";
        var root = prefix + (random.Percent(4) ? random.Of("paramModel", "Autre", "ArrayOfParamModel", "ParamModele") : values.Rich
            ? "RichModel" : "ParamModel");
        var tokens = new List<string>();
        if (random.Percent(12))
            tokens.Add(random.Of("<?xml version=\"1.0\" encoding=\"utf-8\"?>", "<?xml version='1.0' encoding='utf-16'?>",
                "<?xml version=\"1.0\"?>\n", "<?xml version='1.1'?>", " <?xml version='1.0'?>",
                "<?xml version='1.0' encoding='iso-8859-1'?>", "<?xml version='1.0' standalone='no'?>"));
        var nil = random.Percent(4) ? $" i:nil='{random.Of("true", "false", "1", "0", "x")}'" : "";
        tokens.Add($"<{root} {Declarations(prefix)}{nil}>");
        var members = random.Times(0, values.Rich ? 6 : 4, values.Member).ToList();
        if (random.Percent(70))
            members.Sort(StringComparer.Ordinal);
        foreach (var member in members)
            tokens.AddRange(Element(prefix + member, 0));
        tokens.Add($"</{root}>");
        if (random.Percent(45))
            random.Mutate(tokens, random.Next(1, 4), () => random.Of(Tokens));
        return string.Concat(tokens);
    }

    private string Declarations(string prefix)
    {
        var of = random.Percent(5) ? random.Of("urn:x", "", _namespace + "/", _namespace.ToUpperInvariant()) : _namespace;
        var own = prefix.Length > 0 ? $"xmlns:p=\"{of}\"" : $"xmlns=\"{of}\"";
        return random.Percent(96) ? $"{own} xmlns:i='{Bodies.Instance}' xmlns:b='{Arrays}'" : own;
    }

    private List<string> Element(string name, int depth)
    {
        var attributes = random.Percent(6) ? " "
            + random.Of("i:nil='true'", "i:nil='false'", "a='b'", "xml:lang='fr'", "xmlns=''", "i:type='x'", "xml:space='preserve'",
            "i:nil=' 1 '") : "";
        if (random.Percent(5))
            return [$"<{name}{attributes}/>"];
        List<string> content = random.Next(12) switch
        {
            0 when depth < 4 => [.. random.Times(0, 3, () => Element(values.Member(), depth + 1)).SelectMany(inner => inner)],
            1 when values.Rich => [.. random.Times(1, 3, () =>
                random.Of("<b:string>x</b:string>", "<b:int>5</b:int>", "<b:dateTime>2026-03-01</b:dateTime>",
                "<NestedModel><Jour>2026-03-01</Jour><Numero>5</Numero></NestedModel>", "<b:string i:nil='true'/>"))],
            2 => [random.Of(Tokens)],
            _ => [random.Percent(95) ? SecurityElement.Escape(values.Text())! : values.Text()],
        };
        return [$"<{name}{attributes}>", .. content, $"</{name}>"];
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Facturation.Tests.Wire;
using Facturation.Tests.Wire.Generator;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>Changes a body as what it is: a member of JSON, an element of XML, a pair of a form; or, when it is none any more, its bytes.</summary>
internal sealed class BodyMutator(Random random, Known known)
{
    private static readonly string[] Doctypes =
    [
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>", "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"file:///etc/passwd\">%p;]>", "<?xml version=\"1.1\"?>", "<?xml-stylesheet href=\"file:///x\"?>",
    ];

    public RawRequest Mutate(RawRequest request)
    {
        if (request.Body is not { Length: > 0 } body)
            return request with { Body = Encoding.UTF8.GetBytes(random.Of("{}", "[]", "null", "<a/>", "a=b", "\ufeff", "{")) };
        var text = Encoding.UTF8.GetString(body);
        if (random.Percent(8))
            return request with { Body = random.Damage(body) };
        if (random.Percent(3))
            return request with { Body = Encoding.UTF8.GetBytes(Deepen(text)) };
        var changed = text.TrimStart() is ['{' or '[', ..] ? Json(text) : text.TrimStart() is ['<', ..] ? Xml(text) : Form(text);
        return request with { Body = changed is null ? random.Damage(body) : Encoding.UTF8.GetBytes(changed) };
    }

    private string Deepen(string text)
    {
        var depth = random.Of(10, 40, 100, 3000);
        return random.Next(3) switch
        {
            0 => string.Concat(Enumerable.Repeat("[", depth)) + text,
            1 => text.Insert(text.IndexOf('{') + 1, "\"a\":" + string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth)) + ","),
            _ => text.Insert(Math.Max(0, text.LastIndexOf('<')), string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth))),
        };
    }

    private string? Json(string text)
    {
        string written;
        try
        {
            var root = JsonNode.Parse(text)!;
            var nodes = All(root).ToList();
            if (nodes.Count == 0)
                return null;
            // Of a list, most often its head is the interesting part: a member of any depth is chosen alike.
            var (parent, name, value) = random.Of(nodes);
            if (parent is JsonArray array)
                Change(array, array.IndexOf(value), value);
            else
                Change((JsonObject)parent, name!, value);
            written = root.ToJsonString();
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null; // No JSON any more, half a character, or deeper than is read.
        }
        // What no writer of ours writes: a member twice, a number for a text, half a character.
        return random.Next(25) switch
        {
            0 => written.Insert(written.IndexOf('{', StringComparison.Ordinal) + 1, "\"readAt\":1,\"readAt\":2,"),
            1 => written.Replace("\"12", "12", StringComparison.Ordinal),
            2 => written.Replace(",", ",,", StringComparison.Ordinal),
            3 => written.Replace("\":\"", "\":\"\\ud800", StringComparison.Ordinal),
            4 => "\ufeff" + written,
            5 => written + written,
            _ => written,
        };
    }

    private void Change(JsonArray array, int at, JsonNode? value)
    {
        if (random.Percent(30))
            array.RemoveAt(at);
        else if (random.Percent(50))
            array.Insert(at, value?.DeepClone());
        else
            array[at] = Other(value);
    }

    private void Change(JsonObject parent, string name, JsonNode? value)
    {
        switch (random.Next(10))
        {
            case 0:
                parent.Remove(name);
                break;
            case 1:
                parent[random.Of(name.ToUpperInvariant(), Odd.Text(random), name + " ")] = value?.DeepClone();
                break;
            default:
                parent[name] = Other(value);
                break;
        }
    }

    private static IEnumerable<(JsonNode Parent, string? Name, JsonNode? Value)> All(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => All(member.Value).Prepend((members, member.Key, member.Value))),
        JsonArray items => items.Take(20).SelectMany(item => All(item).Prepend((items, null, item))),
        _ => [],
    };

    /// <summary>Another of the same kind, as often as something else: rules are met by values that are read.</summary>
    private JsonNode? Other(JsonNode? value)
    {
        if (random.Percent(35))
            return random.Next(9) switch
            {
                0 => null,
                1 => new JsonObject(),
                2 => new JsonArray(1, 2),
                3 => JsonValue.Create(random.Percent(50)),
                4 => JsonNode.Parse(random.Of("1e400", "-1", "0", "1.5", "2147483648", "9223372036854775808", "123456789012345678901234567890")),
                _ => JsonValue.Create(Odd.Text(random)),
            };
        return value?.GetValueKind() switch
        {
            JsonValueKind.Number => JsonValue.Create(random.Of(1, 2, 3, 4, 6, 12, 15, 16, random.Next())),
            JsonValueKind.String => JsonValue.Create(OtherText((string)value!)),
            JsonValueKind.True or JsonValueKind.False => JsonValue.Create(random.Percent(50)),
            _ => value?.DeepClone(),
        };
    }

    private string OtherText(string text) => text switch
    {
        _ when Guid.TryParse(text, out _) => known.AnyId(random),
        _ when DateTime.TryParse(text, CultureInfo.InvariantCulture, out _) => Odd.Instant(random),
        _ when text.Length > 0 && text.All(char.IsAsciiDigit) => random.NextInt64(random.Of(10, 2_000, 2_000_000, 999_999_999_999L, long.MaxValue))
            .ToString(CultureInfo.InvariantCulture),
        "atomic" or "partial" => random.Of("atomic", "partial"),
        _ => random.Percent(60) ? $"F{random.Next(1000)}" : Odd.Text(random),
    };

    private string? Xml(string text)
    {
        if (random.Percent(8))
            return random.Of(Doctypes) + text.Replace("</", random.Of("&a;</", "&c;</", "&x;</"), StringComparison.Ordinal);
        XElement root;
        try
        {
            root = XElement.Parse(text);
            var element = random.Of(root.DescendantsAndSelf().ToList());
            switch (random.Next(8))
            {
                case 0 when element.Parent is not null:
                    element.Remove();
                    break;
                case 1:
                    element.Add(new XElement(element));
                    break;
                case 2 when element.Parent is not null:
                    element.AddAfterSelf(new XElement(element));
                    break;
                case 3:
                    element.SetAttributeValue(XName.Get(random.Of("nil", "type", "a"), random.Of("http://www.w3.org/2001/XMLSchema-instance", "", "urn:x")), Odd.Text(random));
                    break;
                case 4:
                    element.Name = XName.Get(random.Of("Debut", "Fin", "ProduitId", "Autre"), random.Of("", "urn:x", element.Name.NamespaceName));
                    break;
                case 5:
                    element.ReplaceNodes(new XCData(Odd.Text(random)));
                    break;
                default:
                    element.Value = random.Percent(50) ? Odd.Instant(random) : Odd.Text(random);
                    break;
            }
            return root.ToString(SaveOptions.DisableFormatting);
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private string Form(string text)
    {
        var pairs = text.Split('&').ToList();
        return string.Join('&', random.Mutate(pairs, 1, () =>
            random.Of("Debut", "Fin", "ProduitId", "a[0]", "a[b]", "[", "a.b", "", Odd.Segment(random)) + "=" + Odd.Segment(random)));
    }
}

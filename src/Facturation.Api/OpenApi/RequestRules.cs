using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Facturation.Api.Help;
using Facturation.Api.V1;
using NJsonSchema;

namespace Facturation.Api.OpenApi;

/// <summary>The rules for the members of v1's request bodies, taken from the code that reads them.</summary>
internal static class RequestRules
{
    private static readonly MethodInfo AskedBy = typeof(Fields).GetMethod(nameof(Fields.AskedBy))!;
    private static readonly Dictionary<(Type Model, string Name), Asked> All = Collect();

    /// <summary>The rules for a member; null if no body has it.</summary>
    public static Asked? Of(PropertyInfo member) => All.GetValueOrDefault((member.DeclaringType!, NameOf(member)));

    /// <summary>The JSON name of a member of v1.</summary>
    public static string NameOf(PropertyInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    /// <summary>Adds the rules to the schema of the member.</summary>
    public static void Bound(this Asked asked, JsonSchema schema)
    {
        if (asked.Words is { } words)
        {
            schema.AddWords(words);
            schema.Default = asked.IsRequired ? null : words[0];
        }
        if (asked.Pattern is { } pattern)
            schema.Pattern = pattern;
        var (min, max) = (asked.Min, asked.Max);
        switch (schema.Type)
        {
            case JsonObjectType.Integer when min != int.MinValue:
                (schema.Minimum, schema.Maximum) = (min, max);
                break;
            case JsonObjectType.String:
                (schema.MinLength, schema.MaxLength) = (min is 0 ? null : min, max);
                break;
            case JsonObjectType.Array:
                (schema.MinItems, schema.MaxItems) = (min ?? 0, max ?? 0); // In NJsonSchema, 0 means no bound.
                break;
        }
    }

    /// <summary>Restricts a text to a few words.</summary>
    public static void AddWords(this JsonSchema schema, IEnumerable<string> words)
    {
        foreach (var word in words)
            schema.Enumeration.Add(word);
    }

    private static Dictionary<(Type, string), Asked> Collect()
    {
        var rules = new Dictionary<(Type, string), Asked>();
        foreach (var body in typeof(Fields).Assembly.GetTypes())
        {
            if (!body.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IBody<>)))
                continue;
            foreach (var asked in (IReadOnlyList<Asked>)AskedBy.MakeGenericMethod(body).Invoke(null, null)!)
            {
                var names = asked.Path.Split('.');
                var model = names[..^1].Aggregate(body, (type, name) => MemberOf(type, name).PropertyType);
                rules[(MemberOf(model, names[^1]).DeclaringType!, names[^1])] = asked;
            }
        }
        return rules;

        static PropertyInfo MemberOf(Type type, string name) => TypeShape.MembersOf(type).Single(member => NameOf(member) == name);
    }
}

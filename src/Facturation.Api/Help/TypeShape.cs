using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using Newtonsoft.Json;

namespace Facturation.Api.Help;

/// <summary>Classifies types for the help pages: simple value, collection, dictionary, or model with members.</summary>
internal static class TypeShape
{
    private static readonly Dictionary<Type, string> Simple = new()
    {
        [typeof(short)] = "integer", [typeof(int)] = "integer", [typeof(long)] = "integer",
        [typeof(ushort)] = "unsigned integer", [typeof(uint)] = "unsigned integer", [typeof(ulong)] = "unsigned integer",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "signed byte", [typeof(char)] = "character",
        [typeof(float)] = "decimal number", [typeof(double)] = "decimal number", [typeof(decimal)] = "decimal number",
        [typeof(string)] = "string", [typeof(bool)] = "boolean",
        [typeof(DateTime)] = "date", [typeof(DateTimeOffset)] = "date", [typeof(TimeSpan)] = "time interval",
        [typeof(Guid)] = "globally unique identifier", [typeof(Uri)] = "URI", [typeof(object)] = "Object",
    };

    /// <summary>The name of a simple type; null for any other.</summary>
    public static string? SimpleText(Type type) => Simple.GetValueOrDefault(type);

    /// <summary>The type without Nullable.</summary>
    public static Type Unwrap(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>The types of a dictionary's keys and values; null for any other type.</summary>
    public static (Type Key, Type Value)? DictionaryOf(Type type) =>
        Interface(type, typeof(IDictionary<,>)) is { } dictionary
            ? (dictionary.GetGenericArguments()[0], dictionary.GetGenericArguments()[1])
            : null;

    /// <summary>The type of a collection's elements; null for any other type, strings and dictionaries included.</summary>
    public static Type? ElementOf(Type type) =>
        type == typeof(string) || DictionaryOf(type) is not null ? null : Interface(type, typeof(IEnumerable<>))?.GetGenericArguments()[0];

    /// <summary>Whether a type has its own page: a class with members, or an enum.</summary>
    public static bool IsModel(Type type) =>
        type.IsEnum || (SimpleText(type) is null && ElementOf(type) is null && DictionaryOf(type) is null);

    /// <summary>The short name; <c>PageOfOrder</c> for a generic one.</summary>
    public static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}Of{string.Join("And", type.GetGenericArguments().Select(NameOf))}"
        : type.Name;

    /// <summary>The serialized members of a model, in the order of their declaration.</summary>
    public static IEnumerable<PropertyInfo> MembersOf(Type model)
    {
        var isContract = model.IsDefined(typeof(DataContractAttribute), inherit: true);
        return model.IsEnum ? [] : model.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
            property.GetMethod is not null && property.GetIndexParameters().Length == 0
            && (!isContract || property.IsDefined(typeof(DataMemberAttribute)))
            && !property.IsDefined(typeof(IgnoreDataMemberAttribute)) && !property.IsDefined(typeof(JsonIgnoreAttribute)));
    }

    /// <summary>Whether a member may be omitted or null.</summary>
    public static bool IsOptional(PropertyInfo member) =>
        !member.IsDefined(typeof(RequiredAttribute))
        && (!member.PropertyType.IsValueType || Nullable.GetUnderlyingType(member.PropertyType) is not null);

    /// <summary>The models in a value of the type, at any depth: itself if it is one, then those of its members.</summary>
    public static IReadOnlyList<Type> ModelsIn(Type type)
    {
        var found = new List<Type>();
        Add(type);
        return found;

        void Add(Type declared)
        {
            var type = Unwrap(declared);
            if (DictionaryOf(type) is var (key, value))
            {
                Add(key);
                Add(value);
            }
            else if (ElementOf(type) is { } element)
            {
                Add(element);
            }
            else if (IsModel(type) && !found.Contains(type))
            {
                found.Add(type);
                foreach (var member in MembersOf(type))
                    Add(member.PropertyType);
            }
        }
    }

    /// <summary>The serialized name of a member.</summary>
    public static string NameOf(PropertyInfo member) => member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? member.Name;

    /// <summary>The constraints that attributes set on a value: Required first, the others sorted.</summary>
    public static IEnumerable<string> AnnotationsOf(IEnumerable<object> attributes) =>
        attributes.Select(TextOf).OfType<string>().OrderBy(text => text != "Required").ThenBy(text => text, StringComparer.Ordinal);

    private static string? TextOf(object attribute) => attribute switch
    {
        RequiredAttribute => "Required",
        RangeAttribute range => string.Create(
            CultureInfo.InvariantCulture, $"Range: inclusive between {range.Minimum} and {range.Maximum}"),
        MaxLengthAttribute max => string.Create(CultureInfo.InvariantCulture, $"Max length: {max.Length}"),
        MinLengthAttribute min => string.Create(CultureInfo.InvariantCulture, $"Min length: {min.Length}"),
        StringLengthAttribute length => string.Create(
            CultureInfo.InvariantCulture, $"String length: inclusive between {length.MinimumLength} and {length.MaximumLength}"),
        DataTypeAttribute data => $"Data type: {data.CustomDataType ?? data.DataType.ToString()}",
        RegularExpressionAttribute pattern => $"Matching regular expression pattern: {pattern.Pattern}",
        _ => null,
    };

    private static Type? Interface(Type type, Type definition) => type.GetInterfaces().Prepend(type)
        .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == definition);
}

using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Facturation.Api.Help;

/// <summary>The documentation comments of any assembly, from the .xml file the compiler wrote beside it.</summary>
internal sealed partial class XmlComments
{
    private readonly ConcurrentDictionary<string, Dictionary<string, XElement>> files = new();

    /// <summary>What a type or member is; null when nothing says so. A record tells of its members as parameters.</summary>
    public string? SummaryOf(MemberInfo member) => Text(Find(member)?.Element("summary")
        ?? (member is PropertyInfo { DeclaringType: { } record } ? ParameterOf(record, member.Name) : null));

    /// <summary>What a method returns.</summary>
    public string? ReturnsOf(MethodInfo method) => Text(Find(method)?.Element("returns"));

    /// <summary>What a method returns with a status, where it has more than one.</summary>
    public string? ResponseOf(MethodInfo method, int status) => Text(Find(method)?.Elements("response")
        .FirstOrDefault(response => (int?)response.Attribute("code") == status)) ?? ReturnsOf(method);

    /// <summary>What a parameter is.</summary>
    public string? ParameterOf(MethodInfo method, string name) => Text(ParameterOf((MemberInfo)method, name));

    /// <summary>A value to show, as <c>&lt;example&gt;</c> gives it.</summary>
    public string? ExampleOf(MemberInfo member) => Text(Find(member)?.Element("example"));

    private XElement? ParameterOf(MemberInfo member, string name) =>
        Find(member)?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == name);

    private XElement? Find(MemberInfo member)
    {
        var assembly = (member as Type ?? member.DeclaringType)!.Assembly.GetName().Name!;
        return files.GetOrAdd(assembly, Load).GetValueOrDefault(IdOf(member));
    }

    private static Dictionary<string, XElement> Load(string assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly + ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!)
            : [];
    }

    /// <summary>The compiler's name of a member: <c>P:Space.Type.Property</c>, <c>M:Space.Type.Method(Space.Argument)</c>.</summary>
    private static string IdOf(MemberInfo member) => member switch
    {
        Type type => $"T:{NameOf(type)}",
        PropertyInfo property => $"P:{NameOf(property.DeclaringType!)}.{property.Name}",
        FieldInfo field => $"F:{NameOf(field.DeclaringType!)}.{field.Name}",
        MethodInfo method => $"M:{NameOf(method.DeclaringType!)}.{method.Name}{ArgumentsOf(method)}",
        _ => "",
    };

    private static string NameOf(Type type) =>
        (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string ArgumentsOf(MethodInfo method)
    {
        var parameters = method.GetParameters();
        var types = parameters.Select(parameter => ArgumentOf(parameter.ParameterType));
        return parameters.Length == 0 ? "" : $"({string.Join(',', types)})";
    }

    private static string ArgumentOf(Type type)
    {
        if (type.IsArray)
            return ArgumentOf(type.GetElementType()!) + "[]";
        if (!type.IsGenericType)
            return NameOf(type);
        var name = NameOf(type);
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(ArgumentOf))}}}";
    }

    /// <summary>The words of a comment on one line; a reference reads as the short name of what it refers to.</summary>
    private static string? Text(XElement? comment)
    {
        if (comment is null)
            return null;
        var words = comment.DescendantNodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { IsEmpty: true } reference => ShortName((string?)reference.Attribute("cref")
                ?? (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("name") ?? ""),
            _ => "",
        });
        return WhiteSpace().Replace(string.Concat(words), " ").Trim() is { Length: > 0 } said ? said : null;
    }

    private static string ShortName(string cref)
    {
        var name = cref.Split('(')[0];
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}

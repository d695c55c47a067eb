using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Namotion.Reflection;

namespace Facturation.Api.Help;

/// <summary>Reads documentation comments from the .xml file that the compiler writes beside an assembly.</summary>
internal static partial class XmlComments
{
    /// <summary>The summary of a type or member; null if it has none. A record documents its members as parameters.</summary>
    public static string? SummaryOf(MemberInfo member) => Text(member.GetXmlDocsElement()?.Element("summary"))
        ?? (member is PropertyInfo { DeclaringType: { } record } ? ParameterOf(record, member.Name) : null);

    /// <summary>What a method returns.</summary>
    public static string? ReturnsOf(MethodInfo method) => Text(method.GetXmlDocsElement()?.Element("returns"));

    /// <summary>What a method returns with a status, if it has more than one.</summary>
    public static string? ResponseOf(MethodInfo method, int status) => Text(method.GetXmlDocsElement()?.Elements("response")
        .FirstOrDefault(response => (int?)response.Attribute("code") == status)) ?? ReturnsOf(method);

    /// <summary>The description of a parameter of a method or record.</summary>
    public static string? ParameterOf(MemberInfo member, string name) => Text(
        member.GetXmlDocsElement()?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == name));

    /// <summary>An example value, from <c>&lt;example&gt;</c>.</summary>
    public static string? ExampleOf(MemberInfo member) => Text(member.GetXmlDocsElement()?.Element("example"));

    /// <summary>The text of a comment on one line. A reference becomes the short name of its target.</summary>
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

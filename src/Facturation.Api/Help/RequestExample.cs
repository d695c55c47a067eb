using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using Facturation.WebApi2;

namespace Facturation.Api.Help;

/// <summary>A realistic request in every format, and programs that send it.</summary>
internal sealed class RequestExample
{
    private readonly object typed;

    /// <param name="body">The type of the body.</param>
    /// <param name="values">The example of each member, as text, as a form sends it.</param>
    /// <param name="samples">Writes the XML.</param>
    public RequestExample(Type body, IReadOnlyList<(PropertyInfo Member, string Text)> values, WebApi2Samples samples)
    {
        var json = new JsonObject();
        typed = Activator.CreateInstance(body)!;
        foreach (var (member, text) in values)
        {
            var type = TypeShape.Unwrap(member.PropertyType);
            var isBare = TypeShape.SimpleText(type) is "integer" or "decimal number" or "boolean";
            json[TypeShape.NameOf(member)] = isBare ? JsonNode.Parse(text) : text;
            member.SetValue(typed, TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text));
        }
        Json = json.ToJsonString(Help.CodeSamples.Indented);
        Form = string.Join('&', values.Select(value => $"{TypeShape.NameOf(value.Member)}={Uri.EscapeDataString(value.Text)}"));
        Xml = samples.OfRequest(body, typed).FirstOrDefault(sample => sample.MediaTypes[0] == "application/xml")?.Text;
    }

    /// <summary>Indented, with dates as in the examples.</summary>
    public string Json { get; }

    /// <summary>As the service writes it, because the order of elements matters. Null for a type without data contract.</summary>
    public string? Xml { get; }

    /// <summary>Percent-encoded pairs.</summary>
    public string Form { get; }

    /// <summary>The initial body of the try-it form, in each format.</summary>
    public IEnumerable<TryBody> Bodies
    {
        get
        {
            yield return new("application/json", Json);
            if (Xml is not null)
                yield return new("application/xml", Xml);
            yield return new("application/x-www-form-urlencoded", Form);
        }
    }

    /// <summary>The programs, with their titles.</summary>
    /// <param name="programs">Writes them.</param>
    /// <param name="answer">The type of the answer; null for none.</param>
    public IEnumerable<(string Name, string Code)> CodeSamples(CodeSamples programs, Type? answer)
    {
        yield return ("curl, JSON", programs.Curl("application/json", Json));
        if (Xml is not null)
            yield return ("curl, XML", programs.Curl("application/xml", Xml));
        yield return ("curl, formulaire", programs.Curl("application/x-www-form-urlencoded", Form));
        yield return ("C#", programs.CSharp(Json));
        if (Xml is not null && answer is not null && TypeShape.ElementOf(answer) is not null)
        {
            yield return ("C#, DataContract", programs.CSharpDataContract(typed, answer));
            yield return ("C#, XmlSerializer", programs.CSharpXmlSerializer(typed, answer));
        }
        yield return ("JavaScript", programs.JavaScript(Json));
        yield return ("Python", programs.Python(Json));
    }
}

using System.Globalization;
using System.Text.Json;

namespace Facturation.Api.Help;

internal sealed partial record CodeSamples
{
    private const string ContractNamespace = "http://schemas.datacontract.org/2004/07/";

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
        [typeof(string)] = "string",
    };

    /// <summary>A C# program that sends and reads XML with DataContractSerializer.</summary>
    /// <param name="question">The body: a model of simple values.</param>
    /// <param name="answer">The type of the answer: a collection of models of simple values and such collections.</param>
    public string CSharpDataContract(object question, Type answer) => Lines(
        Usings("System.Runtime.Serialization", question.GetType().Namespace!),
        "",
        Question(question),
        "",
        "// En UTF-8, dans l’espace de noms de la classe ; le sérialiseur écrit les membres par ordre alphabétique, que le service attend.",
        "using var body = new MemoryStream();",
        $"new DataContractSerializer(typeof({NameOf(question.GetType())})).WriteObject(body, question);",
        "",
        Sending(),
        "",
        $"var serializer = new DataContractSerializer(typeof({NameOf(answer)}));",
        $"var answer = ({NameOf(answer)})serializer.ReadObject(await response.Content.ReadAsStreamAsync())!;",
        Printing(answer),
        "",
        "// L’espace de noms est celui du contrat : il fait partie du XML.",
        $"namespace {question.GetType().Namespace}",
        "{",
        "    " + Indent(Classes(question.GetType(), answer, "[DataContract]", "[DataMember]"), 4),
        "}");

    /// <summary>A C# program that sends and reads XML with XmlSerializer.</summary>
    /// <inheritdoc cref="CSharpDataContract"/>
    public string CSharpXmlSerializer(object question, Type answer) => Lines(
        Usings("System.Text", "System.Xml", "System.Xml.Serialization"),
        "",
        $"const string contract = {Quoted(ContractNamespace + question.GetType().Namespace)};",
        Question(question),
        "",
        "// En UTF-8. Le sérialiseur écrit les membres dans l’ordre de la classe : le service attend l’ordre alphabétique.",
        "using var body = new MemoryStream();",
        "using (var writer = XmlWriter.Create(body, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))",
        $"    new XmlSerializer(typeof({NameOf(question.GetType())}), contract).Serialize(writer, question);",
        "",
        Sending(),
        "",
        $"var serializer = new XmlSerializer(typeof({NameOf(answer)}), contract);",
        $"var answer = ({NameOf(answer)})serializer.Deserialize(await response.Content.ReadAsStreamAsync())!;",
        Printing(answer),
        "",
        Classes(question.GetType(), answer));

    private static string Usings(params IEnumerable<string> more) => Lines(
        new[] { "System", "System.Collections.Generic", "System.IO", "System.Net.Http", "System.Net.Http.Headers" }
            .Concat(more).Select(name => $"using {name};"));

    private static string Question(object question)
    {
        var values = TypeShape.MembersOf(question.GetType()).Select(member => (member.Name, Value: member.GetValue(question)))
            .Where(member => member.Value is not null).Select(member => $"{member.Name} = {Literal(member.Value!)}");
        return $"var question = new {NameOf(question.GetType())} {{ {string.Join(", ", values)} }};";
    }

    private string Sending() => Lines(
        "using var http = new HttpClient();",
        $"using var request = new HttpRequestMessage(new HttpMethod({Quoted(Method)}), {Quoted(Address)});",
        $"request.Headers.Add(\"X-API-Key\", {Quoted(Key)});",
        "request.Headers.Accept.ParseAdd(\"application/xml\");",
        "request.Content = new ByteArrayContent(body.ToArray());",
        "request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(\"application/xml; charset=utf-8\");",
        "",
        "using var response = await http.SendAsync(request);",
        "if (!response.IsSuccessStatusCode)",
        "    throw new HttpRequestException($\"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}\");");

    /// <summary>Writes the simple members of each element, and those of the elements that it contains.</summary>
    private static string Printing(Type answer, string collection = "answer", int depth = 0)
    {
        var model = TypeShape.ElementOf(answer)!;
        var item = JsonNamingPolicy.CamelCase.ConvertName(model.Name.Replace("Model", ""));
        var simple = TypeShape.MembersOf(model).Where(member => TypeShape.SimpleText(TypeShape.Unwrap(member.PropertyType)) is not null)
            .Select(member => $"{{{item}.{member.Name}{(TypeShape.Unwrap(member.PropertyType) == typeof(DateTime) ? ":s" : "")}}}");
        return Lines([
            $"foreach (var {item} in {collection})",
            "{",
            $"    Console.WriteLine($\"{new string(' ', 2 * depth)}{string.Join("; ", simple)}\");",
            .. TypeShape.MembersOf(model).Where(member => TypeShape.ElementOf(member.PropertyType) is not null).Select(member =>
                "    " + Indent(Printing(member.PropertyType, $"{item}.{member.Name}", depth + 1), 4)),
            "}",
        ]);
    }

    /// <summary>The classes of the body and of the answer, with their members in alphabetical order.</summary>
    private static string Classes(Type body, Type answer, string? classAttribute = null, string? memberAttribute = null) =>
        string.Join("\n\n", TypeShape.ModelsIn(body).Concat(TypeShape.ModelsIn(answer)).Distinct().Select(model => Lines([
            classAttribute,
            $"public class {NameOf(model)}",
            "{",
            .. TypeShape.MembersOf(model).OrderBy(TypeShape.NameOf, StringComparer.Ordinal).Select(member =>
                $"    {(memberAttribute is null ? "" : memberAttribute + " ")}public {NameOf(member.PropertyType)} {member.Name} {{ get; set; }}{Initially(member.PropertyType)}"),
            "}",
        ])));

    private static string Initially(Type type) => type == typeof(string) ? " = \"\";" : TypeShape.ElementOf(type) is null ? "" : " = new();";

    /// <summary>A type as C# writes it.</summary>
    private static string NameOf(Type type) =>
        Nullable.GetUnderlyingType(type) is { } underlying ? NameOf(underlying) + "?"
        : Keywords.TryGetValue(type, out var keyword) ? keyword
        : TypeShape.ElementOf(type) is { } element ? $"List<{NameOf(element)}>"
        : type.Name;

    private static string Literal(object value) => value switch
    {
        DateTime date => $"new DateTime({date.Year}, {date.Month}, {date.Day})",
        string text => Quoted(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

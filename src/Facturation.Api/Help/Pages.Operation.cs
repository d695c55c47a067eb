using Facturation.WebApi2;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Facturation.Api.Help;

internal sealed partial class Pages
{
    public Html Operation(Operation operation) => Layout(operation.Title, site.Operation(operation.Id), $"""
        <article>
        <h1>{operation.Title}</h1>
        <p lang="fr">{operation.Summary}</p>
        <section id="request-information">
        <h2>Request Information</h2>
        <section id="uri-parameters">
        <h3>URI Parameters</h3>
        {UriParameters(operation.Parameters)}
        </section>
        <section id="body-parameters">
        <h3>Body Parameters</h3>
        {(operation.Body is { } body ? BodyParameters(operation, body) : None)}
        </section>
        {(operation.Body is { } sent ? Formats("Request Formats", catalog.RequestSamples(sent.Type)) : Html.Empty)}
        </section>
        <section id="response-information">
        <h2>Response Information</h2>
        <section id="resource-description">
        <h3>Resource Description</h3>
        {(operation.Answer is { } answer ? Resource(operation, answer) : None)}
        </section>
        {(operation.Answer is { } received ? Formats("Response Formats", catalog.ResponseSamples(received)) : Html.Empty)}
        </section>
        </article>
        {Guide(operation)}
        """);

    private static Html None => $"<p>None.</p>";

    private Html UriParameters(IReadOnlyList<ApiParameterDescription> parameters) => parameters.Count == 0
        ? None
        : MemberTable(parameters.Select(parameter => TypeRow(
            parameter.Name,
            DocumentationOf(parameter),
            parameter.Type,
            AnnotationsOf(parameter))));

    private Html BodyParameters(Operation operation, ApiParameterDescription body) => $"""
        {French(XmlComments.ParameterOf(operation.Action.MethodInfo, body.Name))}
        {TypeText(body.Type)}
        {Members(body.Type)}
        """;

    private Html Resource(Operation operation, Type answer) => $"""
        {French(XmlComments.ReturnsOf(operation.Action.MethodInfo))}
        {TypeText(answer)}
        {Members(answer)}
        """;

    private static Html Formats(string heading, IReadOnlyList<WebApi2Sample> samples) => $"""
        <section id="{heading.ToLowerInvariant().Replace(' ', '-')}">
        <h3>{heading}</h3>
        {samples.Select(sample => (Html)$"""
            <h4 class="sample-header">{string.Join(", ", sample.MediaTypes)}</h4>
            <div class="sample-content">
            <span><b>Sample:</b></span>
            {(sample.Text is null ? (Html)$"<p>Sample not available.</p>" : (Html)$"<pre class=\"wrapped\">{sample.Text}</pre>")}
            </div>

            """)}
        </section>

        """;

    /// <summary>The members of a model or of the elements of a collection; the values of an enum; nothing for simple types.</summary>
    private Html Members(Type declared, bool hasIds = false)
    {
        var type = TypeShape.Unwrap(TypeShape.ElementOf(declared) ?? declared);
        if (!TypeShape.IsModel(type))
            return Html.Empty;
        return type.IsEnum
            ? EnumTable(type)
            : MemberTable(TypeShape.MembersOf(type).Select(member => TypeRow(
                TypeShape.NameOf(member),
                XmlComments.SummaryOf(member),
                member.PropertyType,
                TypeShape.AnnotationsOf(member.GetCustomAttributes(inherit: true)),
                hasIds ? IdOfMember(TypeShape.NameOf(member)) : null)));
    }

    private static Html MemberTable(IEnumerable<Html> rows) => Table(["Name", "Description", "Type", "Additional information"], rows);

    private Html TypeRow(string name, string? documentation, Type type, IEnumerable<string> annotations, string? id = null) => Row(
        name,
        $"<p lang=\"fr\">{documentation}</p>",
        TypeText(type),
        $"{annotations.DefaultIfEmpty("None.").Select(annotation => (Html)$"<p>{annotation}</p>\n")}",
        id);

    private static Html EnumTable(Type type) => $"""
        <p>Possible enumeration values:</p>
        {Table(["Name", "Value", "Description"], Enum.GetNames(type).Select(name => (Html)$"""
            <tr>
            <td class="enum-name"><b>{name}</b></td>
            <td class="enum-value">
            <p>{Enum.Format(type, Enum.Parse(type, name), "D")}</p>
            </td>
            <td class="enum-description">
            <p lang="fr">{XmlComments.SummaryOf(type.GetField(name)!)}</p>
            </td>
            </tr>

            """))}
        """;

    /// <summary>The name of a type; models link to their page.</summary>
    private Html TypeText(Type declared)
    {
        var type = TypeShape.Unwrap(declared);
        if (TypeShape.SimpleText(type) is { } simple)
            return $"{simple}";
        if (TypeShape.DictionaryOf(type) is var (key, value))
            return $"Dictionary of {TypeText(key)} [key] and {TypeText(value)} [value]";
        if (TypeShape.ElementOf(type) is { } element)
            return $"Collection of {TypeText(element)}";
        return $"<a href=\"{site.Model(catalog.NameOf(type))}\">{catalog.NameOf(type)}</a>";
    }

    private static Html French(string? text) => text is null ? Html.Empty : $"<p lang=\"fr\">{text}</p>\n";

    private static string? DocumentationOf(ApiParameterDescription parameter) =>
        parameter.ParameterDescriptor is ControllerParameterDescriptor { ParameterInfo: { } info }
            ? XmlComments.ParameterOf(info.Member, info.Name!)
            : null;

    private static IEnumerable<string> AnnotationsOf(ApiParameterDescription parameter)
    {
        if (parameter.ParameterDescriptor is not ControllerParameterDescriptor { ParameterInfo: { } info })
            return [];
        var asked = TypeShape.AnnotationsOf(info.GetCustomAttributes(inherit: true)).Where(text => text != "Required");
        return info.HasDefaultValue
            ? info.DefaultValue is null ? asked : asked.Prepend(FormattableString.Invariant($"Default value is {info.DefaultValue}"))
            : asked.Prepend("Required");
    }
}

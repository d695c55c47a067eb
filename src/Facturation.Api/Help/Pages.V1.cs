using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using NJsonSchema;
using NSwag;

namespace Facturation.Api.Help;

/// <summary>The pages of v1, of the same family but all in French: what the OpenAPI document says, for people.</summary>
internal sealed partial class Pages
{
    private static readonly JsonSerializerOptions Indented = new(Programs.Readable) { WriteIndented = true, NewLine = "\n" };

    public Html Operation(V1Operation operation)
    {
        var path = operation.ExamplePath();
        var json = operation.BodyExample?.ToJsonString(Programs.Readable);
        var programs = new Programs(operation.Help.Method, site.Endpoint(path), demoKey ?? KeyPlaceholder);
        return Layout(operation.Name, isHome: false, $"""
            <article class="guide">
            <h1>{operation.Name}</h1>
            <p class="endpoint"><code><b>{operation.Help.Method}</b> /{operation.Help.Path}</code></p>
            {Samples([
                ("JavaScript", programs.JavaScript(json)), ("curl", programs.Curl("application/json", json)),
                ("C#", programs.CSharp(json)), ("Python", programs.Python(json)),
            ])}
            {Authorization(operation)}
            <section id="parametres">
            <h2>Paramètres</h2>
            {(operation.Parameters.Any() ? Html.Empty : (Html)$"<p>Aucun.</p>")}
            {Parameters(operation, OpenApiParameterKind.Path, "Dans le chemin")}
            {Parameters(operation, OpenApiParameterKind.Query, "Dans la requête")}
            {Parameters(operation, OpenApiParameterKind.Header, "En-têtes")}
            </section>
            {(operation.Body is { } body ? BodySection(operation, body) : Html.Empty)}
            <section id="reponses">
            <h2>Réponses</h2>
            <p>En <code>application/json</code>, toujours.</p>
            <div class="statuses">
            {operation.Responses.Select(ResponseBlock)}
            </div>
            </section>
            {TryIt(FormOf(operation))}
            </article>
            """, language: "fr");
    }

    /// <summary>A model of v1.</summary>
    public Html Model(string name, JsonSchema schema) => Layout(name, isHome: false, $"""
        <article class="guide">
        <h1>{name}</h1>
        <p>{schema.Description}</p>
        {MemberTable(Rows(schema, "", null, isDeep: false))}
        <section id="utilise-par">
        <h2>Utilisé par</h2>
        <ul class="models">
        {v1.Operations.Where(operation => v1.Uses(operation, name)).Select(OperationItem)}
        </ul>
        </section>
        </article>
        """, language: "fr");

    private Html V1Index() => v1.Operations.Count == 0 ? Html.Empty : $"""
        <section id="v1">
        <h2>API v1 : compteurs et relevés</h2>
        <p>En JSON. Un relevé enregistré devient consommation aussitôt.
        Pour un générateur de clients, toutes les opérations sont dans <a href="{site.OpenApi}" download>swagger.json</a>.</p>
        {v1.Operations.GroupBy(operation => operation.Help.Action.ControllerTypeInfo).Select(group => (Html)$"""
            <h3 id="v1-{group.First().Help.Action.ControllerName}">{catalog.Comments.SummaryOf(group.Key)?.TrimEnd('.')}</h3>
            {ApiTable(group.Select(operation => (operation.Id, operation.Title, operation.Help.Summary)))}
            """)}
        </section>
        """;

    private static Html Authorization(V1Operation operation) => $"""
        <section id="autorisations">
        <h2>Autorisations</h2>
        <p>L’en-tête <code>X-API-Key</code> porte une clé qui permet {Codes(operation.Help.Scopes)}.
        Elle ne montre que les données de son client, et d’un seul identifiant si elle lui est attribuée.</p>
        </section>

        """;

    private Html Parameters(V1Operation operation, OpenApiParameterKind place, string heading)
    {
        var parameters = operation.Parameters.Where(parameter => parameter.Kind == place).ToArray();
        return parameters.Length == 0 ? Html.Empty : $"""
            <section id="parametres-{place.ToString().ToLowerInvariant()}">
            <h3>{heading}</h3>
            {MemberTable(parameters.Select(parameter => MemberRow(
                parameter.Name!, parameter.Description, parameter.Schema!, parameter.IsRequired, V1Operation.ExampleOf(parameter))))}
            </section>

            """;
    }

    private Html BodySection(V1Operation operation, JsonSchema body) => $"""
        <section id="corps">
        <h2>Corps de la requête</h2>
        <p>{operation.Api.RequestBody!.Description} En <code>application/json</code>, requis.</p>
        {MemberTable(Rows(V1Catalog.Target(body), "", operation.BodyExample, isDeep: true))}
        <h3 id="corps-exemple">Exemple</h3>
        <pre class="wrapped">{operation.BodyExample?.ToJsonString(Indented)}</pre>
        </section>

        """;

    private Html ResponseBlock(V1Response response) => $"""
        <div class="status">
        <h3 id="code-{response.Status}">{response.Status} <span>{(response.Errors.Count > 0
            ? ReasonPhrases.GetReasonPhrase(response.Status) : response.Response.Description)}</span></h3>
        {response.Response.Headers.Select(header => (Html)$"""
            <p>En-tête <code>{header.Key}</code> : {header.Value.Description}</p>

            """)}
        {(response.Errors.Count > 0 ? Errors(response)
            : response.Schema is { } schema ? MemberTable(Rows(V1Catalog.Target(schema), "", null, isDeep: false, isEnvelope: true)) : Html.Empty)}
        {(response.Example is { } example ? Example(example, isFolded: response.Errors.Count > 0) : Html.Empty)}
        </div>

        """;

    private static Html Example(JsonNode example, bool isFolded)
    {
        Html body = $"<pre class=\"wrapped\">{example.ToJsonString(Indented)}</pre>";
        return isFolded ? $"<details>\n<summary>Exemple</summary>\n{body}\n</details>" : body;
    }

    private Html Errors(V1Response response) => $"""
        <dl class="codes">
        {response.Errors.Select(error => (Html)$"<div><dt><code>{error.Code}</code></dt><dd>{error.Meaning}</dd></div>\n")}
        </dl>
        <p class="shape">Corps : {TypeText(response.Schema!)}</p>
        """;

    private static Html MemberTable(IEnumerable<Html> rows) => $"""
        <table class="help-page-table">
        <thead>
        <tr><th scope="col">Nom</th><th scope="col">Description</th><th scope="col">Type</th><th scope="col">Contraintes</th></tr>
        </thead>
        <tbody>
        {rows}
        </tbody>
        </table>
        """;

    /// <summary>A model's members; deep, those of what they hold too, with names that tell the way.</summary>
    private IEnumerable<Html> Rows(JsonSchema model, string prefix, JsonNode? example, bool isDeep, bool isEnvelope = false)
    {
        foreach (var (name, member) in model.Properties)
        {
            var value = (example as JsonObject)?[name];
            var (inner, way) = member.Item is { } item ? (V1Catalog.Target(item), $"{prefix}{name}[].") : (V1Catalog.Target(member), $"{prefix}{name}.");
            yield return MemberRow(
                prefix + name, member.Description ?? inner.Description, member, member.IsRequired,
                value is JsonValue ? value.ToString() : null);
            if (isDeep || isEnvelope)
                foreach (var row in Rows(inner, way, value is JsonArray { Count: > 0 } array ? array[0] : value, isDeep))
                    yield return row;
        }
    }

    private Html MemberRow(string name, string? description, JsonSchema schema, bool isRequired, string? example) => $"""
        <tr>
        <td class="parameter-name">{name}</td>
        <td class="parameter-documentation">
        <p>{description}</p>
        </td>
        <td class="parameter-type">{TypeText(schema)}</td>
        <td class="parameter-annotations">
        {Constraints(schema, isRequired).Select(constraint => (Html)$"<p>{constraint}</p>\n")}
        {(example is null ? Html.Empty : (Html)$"<p>Exemple : <code>{example}</code></p>")}
        </td>
        </tr>

        """;

    /// <summary>What a schema asks of a value, in words.</summary>
    private static IEnumerable<string> Constraints(JsonSchema schema, bool isRequired)
    {
        if (isRequired)
            yield return "Requis";
        if (schema.IsNullableRaw == true)
            yield return "Peut être null";
        if (schema.Enumeration is { Count: > 0 } values)
            yield return string.Join(" ou ", values.Select(value => value?.ToString()));
        if (Between(Text(schema.Minimum), Text(schema.Maximum), "") is { } range)
            yield return range;
        if (Between(Text(schema.MinLength), Text(schema.MaxLength), " caractères") is { } length)
            yield return length;
        if (Between(Text(schema.MinItems), schema.MaxItems == 0 ? null : Text(schema.MaxItems), " éléments") is { } count)
            yield return count;
        if (schema.Pattern is { } pattern)
            yield return $"Motif {pattern}";
        if (schema.Default is { } unasked)
            yield return $"Par défaut : {unasked}";

        static string? Text(decimal? number) => number?.ToString(CultureInfo.InvariantCulture);

        static string? Between(string? min, string? max, string unit) => (min, max) switch
        {
            (null or "0", null) => null,
            (null or "0", _) => $"{max}{unit} au plus",
            (_, null) => $"{min}{unit} au moins",
            _ => $"{min} à {max}{unit}",
        };
    }

    /// <summary>A type in words, models with a link to their page.</summary>
    private Html TypeText(JsonSchema schema)
    {
        if (v1.NameOf(schema) is { } model)
            return v1.FindModel(model) is null ? (Html)$"objet" : $"<a href=\"{site.Model(model)}\">{model}</a>";
        return schema.Type switch
        {
            JsonObjectType.Array => $"tableau de {TypeText(schema.Item!)}",
            JsonObjectType.String => $"chaîne{(schema.Format is null ? "" : $", {schema.Format}")}",
            JsonObjectType.Integer => $"entier",
            JsonObjectType.Number => $"nombre",
            JsonObjectType.Boolean => $"booléen",
            _ => $"objet",
        };
    }

    private Html OperationItem(V1Operation operation) =>
        $"<li><a href=\"{site.Operation(operation.Id)}\">{operation.Title}</a> {operation.Help.Summary}</li>\n";

    private static TryIt FormOf(V1Operation operation) => new(
        operation.Help.Method,
        operation.Help.Path,
        [.. operation.Parameters.Select(parameter => new TryField(
            parameter.Name!, parameter.Kind.ToString().ToLowerInvariant(), parameter.IsRequired, V1Operation.ExampleOf(parameter)))],
        operation.BodyExample is { } example ? [new("application/json", example.ToJsonString(Indented))] : [],
        ["application/json"],
        operation.Help.Method != "GET");
}

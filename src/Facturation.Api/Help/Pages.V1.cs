using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using NJsonSchema;
using NSwag;

namespace Facturation.Api.Help;

/// <summary>The pages of v1, made from the OpenAPI document, all in French.</summary>
internal sealed partial class Pages
{
    public Html Operation(V1Operation operation)
    {
        var path = operation.ExamplePath();
        var json = operation.BodyExample?.ToJsonString(CodeSamples.Readable);
        var programs = new CodeSamples(operation.Help.Method, site.Endpoint(path), demoKey ?? KeyPlaceholder);
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
            <p>En {Codes(operation.Formats)}{(operation.Formats.Count == 1 ? ", toujours" : " ; les erreurs, en JSON")}.</p>
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
        {V1MemberTable(Rows(schema, "", null, levels: 0))}
        <section id="utilise-par">
        <h2>Utilisé par</h2>
        <ul class="models">
        {v1.Operations.Where(operation => v1.Uses(operation, name)).Select(operation => OperationItem(operation.Help))}
        </ul>
        </section>
        </article>
        """, language: "fr");

    private Html V1Index() => v1.Operations.Count == 0 ? Html.Empty : $"""
        <section id="v1">
        <h2>API v1 : compteurs, relevés et factures</h2>
        <p>En JSON. Un relevé enregistré devient consommation aussitôt.
        Pour un générateur de clients, toutes les opérations sont dans <a href="{site.OpenApi}" download>swagger.json</a>.</p>
        {v1.Operations.GroupBy(operation => operation.Help.Action.ControllerTypeInfo).Select(group => (Html)$"""
            <h3 id="v1-{group.First().Help.Action.ControllerName}">{XmlComments.SummaryOf(group.Key)?.TrimEnd('.')}</h3>
            {ApiTable(group.Select(operation => operation.Help))}
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
            {V1MemberTable(parameters.Select(parameter => SchemaRow(
                parameter.Name!, parameter.Description, parameter.Schema!, parameter.IsRequired, V1Operation.ExampleOf(parameter))))}
            </section>

            """;
    }

    private Html BodySection(V1Operation operation, JsonSchema body) => $"""
        <section id="corps">
        <h2>Corps de la requête</h2>
        <p>{operation.Api.RequestBody!.Description} En <code>application/json</code>, requis.</p>
        {V1MemberTable(Rows(V1Catalog.Target(body), "", operation.BodyExample, levels: int.MaxValue))}
        <h3 id="corps-exemple">Exemple</h3>
        <pre class="wrapped">{operation.BodyExample?.ToJsonString(CodeSamples.Indented)}</pre>
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
            : response.Schema is { } schema ? V1MemberTable(Rows(V1Catalog.Target(schema), "", null, levels: 1)) : Html.Empty)}
        {(response.Example is { } example ? Example(example, isFolded: response.Errors.Count > 0) : Html.Empty)}
        </div>

        """;

    private static Html Example(JsonNode example, bool isFolded)
    {
        Html body = $"<pre class=\"wrapped\">{example.ToJsonString(CodeSamples.Indented)}</pre>";
        return isFolded ? $"<details>\n<summary>Exemple</summary>\n{body}\n</details>" : body;
    }

    private Html Errors(V1Response response) => $"""
        <dl class="codes">
        {response.Errors.Select(error => (Html)$"<div><dt><code>{error.Code}</code></dt><dd>{error.Meaning}</dd></div>\n")}
        </dl>
        <p class="shape">Corps : {TypeText(response.Schema!)}</p>
        """;

    private static Html V1MemberTable(IEnumerable<Html> rows) => Table(["Nom", "Description", "Type", "Contraintes"], rows);

    /// <summary>The members of a model, and those of models nested so many levels deep, named by their path.</summary>
    private IEnumerable<Html> Rows(JsonSchema model, string prefix, JsonNode? example, int levels)
    {
        foreach (var (name, member) in model.Properties)
        {
            var value = (example as JsonObject)?[name];
            var (inner, path) = member.Item is { } item ? (V1Catalog.Target(item), $"{prefix}{name}[].") : (V1Catalog.Target(member), $"{prefix}{name}.");
            yield return SchemaRow(
                prefix + name, member.Description ?? inner.Description, member, member.IsRequired,
                value is JsonValue ? value.ToString() : null);
            if (levels > 0)
                foreach (var row in Rows(inner, path, value is JsonArray { Count: > 0 } array ? array[0] : value, levels - 1))
                    yield return row;
        }
    }

    private Html SchemaRow(string name, string? description, JsonSchema schema, bool isRequired, string? example) => Row(
        name,
        $"<p>{description}</p>",
        TypeText(schema),
        $"""
        {Constraints(schema, isRequired).Select(constraint => (Html)$"<p>{constraint}</p>\n")}
        {(example is null ? Html.Empty : (Html)$"<p>Exemple : <code>{example}</code></p>")}
        """);

    /// <summary>The constraints of a schema on a value, in French.</summary>
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

    /// <summary>The name of a type in French; models link to their page.</summary>
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

    private static TryIt FormOf(V1Operation operation) => new(
        operation.Help.Method,
        operation.Help.Path,
        [.. operation.Parameters.Select(parameter => new TryField(
            parameter.Name!, parameter.Kind.ToString().ToLowerInvariant(), parameter.IsRequired, V1Operation.ExampleOf(parameter)))],
        operation.BodyExample is { } example ? [new("application/json", example.ToJsonString(CodeSamples.Indented))] : [],
        operation.Formats,
        operation.Help.Method != "GET");
}

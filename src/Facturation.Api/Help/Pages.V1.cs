using System.Globalization;
using System.Text.Json.Nodes;
using NJsonSchema;
using NSwag;

namespace Facturation.Api.Help;

/// <summary>The pages of v1, made from the OpenAPI document, all in French.</summary>
internal sealed partial class Pages
{
    public Html Operation(V1Operation operation)
    {
        var path = operation.ExamplePath();
        var json = operation.BodyExample?.ToJsonString(CodeSamples.Indented);
        var programs = new CodeSamples(operation.Help.Method, site.Endpoint(path), demoKey ?? KeyPlaceholder);
        return Layout($"{operation.Name} - {Product}", site.Operation(operation.Help.Id), $"""
            <article class="guide">
            <h1>{operation.Name}</h1>
            {(operation.Name == operation.Summary ? Html.Empty : (Html)$"<p>{operation.Summary}.</p>")}
            <p class="endpoint"><code><b>{operation.Help.Method}</b> /{Breakable(operation.Help.Path)}</code></p>
            {TryIt(FormOf(operation))}
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
            <p>En {Codes(operation.Formats)}.</p>
            <div class="statuses">
            {operation.Responses.Where(response => response.Errors.Count == 0).Select(ResponseBlock)}
            </div>
            </section>
            {Errors(operation)}
            </article>
            """, language: "fr");
    }

    /// <summary>A model of v1.</summary>
    public Html Model(string name, JsonSchema schema) => Layout($"{name} - {Product}", site.Model(name), $"""
        <article class="guide">
        <h1>{name}</h1>
        <p>{schema.Description}</p>
        {V1MemberTable(Rows(schema, "", null, levels: 0, hasIds: true))}
        <section id="utilise-par">
        <h2>Utilisé par</h2>
        <ul class="models">
        {v1.Operations.Where(operation => v1.Uses(operation, name)).Select(operation => OperationItem(operation.Help))}
        </ul>
        </section>
        </article>
        """, language: "fr");

    /// <summary>The operations of v1, by controller.</summary>
    private IEnumerable<(string Name, Operation[] Operations)> V1Groups => v1.Operations
        .GroupBy(operation => operation.Help.Action.ControllerTypeInfo, operation => operation.Help)
        .Select(group => ((XmlComments.SummaryOf(group.Key) ?? group.Key.Name).TrimEnd('.'), group.ToArray()));

    private Html V1Index() => v1.Operations.Count == 0 ? Html.Empty : $"""
        <section id="v1">
        <h2>API v1 : compteurs, relevés et factures</h2>
        <p>En JSON. Un relevé enregistré devient consommation aussitôt.
        Pour un générateur de clients, toutes les opérations sont dans <a href="{site.OpenApi}" download>swagger.json</a>.</p>
        {V1Groups.Select(group => (Html)$"""
            <h3 id="v1-{group.Operations[0].Action.ControllerName}">{group.Name}</h3>
            {ApiTable(group.Operations, operation => $"{operation.Method} {Breakable(operation.Path)}")}
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
                parameter.Name!, parameter.Description, parameter.Schema!, parameter.IsRequired, V1Operation.ExampleOf(parameter),
                IdOfParameter(parameter.Name!))))}
            </section>

            """;
    }

    private Html BodySection(V1Operation operation, JsonSchema body) => $"""
        <section id="corps">
        <h2>Corps de la requête</h2>
        <p>{operation.Api.RequestBody!.Description} En <code>application/json</code>, requis.</p>
        {V1MemberTable(Rows(V1Catalog.Target(body), "", operation.BodyExample, levels: int.MaxValue))}
        <h3 id="corps-exemple">Exemple</h3>
        {(operation.BodyExample is { } example ? Json(example) : Html.Empty)}
        </section>

        """;

    private Html ResponseBlock(V1Response response) => $"""
        <div class="status">
        <h3 id="code-{response.Status}">{response.Status} <span>{response.Response.Description}</span></h3>
        {response.Response.Headers.Select(header => (Html)$"<p>En-tête <code>{header.Key}</code> : {header.Value.Description}</p>\n")}
        {(response.Schema is { } schema ? V1MemberTable(Rows(V1Catalog.Target(schema), "", null, levels: 1)) : Html.Empty)}
        {(response.Example is { } example ? Json(example) : Html.Empty)}
        </div>

        """;

    /// <summary>The errors of an operation in one table, then an example of their body, and of each body that says more.</summary>
    private Html Errors(V1Operation operation)
    {
        V1Response[] responses = [.. operation.Responses.Where(response => response.Errors.Count > 0)];
        V1ErrorExample[] errors = [.. responses.SelectMany(response => response.Errors)];
        var plain = errors.FirstOrDefault(error => error.Error.Meaning != error.Message && !SaysMore(error), errors[0]);
        return $"""
            <section id="erreurs">
            <h2>Erreurs</h2>
            <p>En JSON. Les programmes lisent <code>code</code>, qui ne change pas ; <code>message</code> est pour les personnes.
            Une requête refusée n’a rien changé.</p>
            {Table(["Code", "Quand"], responses.Select(response => (Html)$"""
                <tr class="error-status"><th colspan="2" scope="rowgroup">{response.Status} <span>{response.Title}</span></th></tr>
                {response.Errors.Select(ErrorRow)}
                """))}
            {responses.SelectMany(response => response.Response.Headers, (response, header) => (response.Status, header)).GroupBy(
                told => told.header.Key, (name, told) => (Html)$"""
                    <p>En-tête <code>{name}</code> avec {string.Join(", ", told.Select(t => t.Status))} : {told.First().header.Value.Description}</p>

                    """)}
            <h3 id="erreur-corps">Corps</h3>
            <p>{responses.Select(response => response.Schema!).DistinctBy(v1.NameOf).Select((schema, i) => (Html)$"{(i == 0 ? "" : ", ")}{TypeText(schema)}")}</p>
            {Json(plain.Body)}
            {errors.Where(error => SaysMore(error) && error != plain).Select(error => (Html)$"""
                <details>
                <summary>Corps de <code>{error.Error.Code}</code></summary>
                {Json(error.Body)}
                </details>

                """)}
            </section>

            """;

        static bool SaysMore(V1ErrorExample error) => error.Body["data"] is not null;

        static Html ErrorRow(V1ErrorExample error) => $"""
                <tr id="{error.Error.Code}">
                <td class="error-code"><code>{error.Error.Code}</code></td>
                <td class="error-meaning">
                <p>{error.Error.Meaning}</p>
                {(error.Message == error.Error.Meaning ? Html.Empty : (Html)$"<p class=\"said\">« {error.Message} »</p>")}
                </td>
                </tr>

                """;
    }

    private static Html Json(JsonNode value) => $"<pre class=\"wrapped\">{Syntax.Json(value.ToJsonString(CodeSamples.Indented))}</pre>";

    private static Html V1MemberTable(IEnumerable<Html> rows) => Table(["Nom", "Description", "Type", "Contraintes"], rows);

    /// <summary>The members of a model, and those of models nested so many levels deep, named by their path.</summary>
    private IEnumerable<Html> Rows(JsonSchema model, string prefix, JsonNode? example, int levels, bool hasIds = false)
    {
        foreach (var (name, member) in model.Properties)
        {
            var value = (example as JsonObject)?[name];
            var (inner, path) = member.Item is { } item ? (V1Catalog.Target(item), $"{prefix}{name}[].") : (V1Catalog.Target(member), $"{prefix}{name}.");
            yield return SchemaRow(
                prefix + name, DescriptionOf(member), member, member.IsRequired, value is JsonValue ? value.ToString() : null,
                hasIds ? IdOfMember(name) : null);
            if (levels > 0)
                foreach (var row in Rows(inner, path, value is JsonArray { Count: > 0 } array ? array[0] : value, levels - 1))
                    yield return row;
        }
    }

    private Html SchemaRow(string name, string? description, JsonSchema schema, bool isRequired, string? example, string? id) => Row(
        name,
        $"<p>{description}</p>",
        TypeText(schema),
        $"""
        {Constraints(schema, isRequired).Select(constraint => (Html)$"<p>{constraint}</p>\n")}
        {(schema.Pattern is { } pattern ? (Html)$"<p>Motif : <code>{pattern}</code></p>\n" : Html.Empty)}
        {(example is null ? Html.Empty : (Html)$"<p>Exemple : <code class=\"value\">{example}</code></p>")}
        """,
        id);

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

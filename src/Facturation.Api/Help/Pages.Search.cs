using NJsonSchema;
using NSwag;

namespace Facturation.Api.Help;

/// <summary>Something that the search finds.</summary>
/// <param name="Name">Its name, as programs write it.</param>
/// <param name="Kind">What it is, in French.</param>
/// <param name="About">Its description.</param>
/// <param name="Href">Where it is described.</param>
internal sealed record SearchEntry(string Name, string Kind, string? About, string Href);

internal sealed partial class Pages
{
    /// <summary>
    /// The index of the search: operations, models, their members, parameters, headers and error codes. What several operations share is
    /// listed once, and described on the page of the first.
    /// </summary>
    public IEnumerable<SearchEntry> SearchIndex =>
    [
        .. Operations.Select(operation => new SearchEntry(operation.Title, "opération", operation.Summary, site.Operation(operation.Id))),
        .. catalog.ModelNames.Concat(v1.ModelNames).Select(name => new SearchEntry(name, "modèle", AboutModel(name), site.Model(name))),
        .. catalog.ModelNames.SelectMany(name => TypeShape.MembersOf(catalog.FindModel(name)!), (model, member) =>
            MemberEntry(model, TypeShape.NameOf(member), XmlComments.SummaryOf(member))),
        .. v1.ModelNames.SelectMany(name => v1.FindModel(name)!.Value.Schema.Properties, (model, member) =>
            MemberEntry(model, member.Key, DescriptionOf(member.Value))),
        .. Operations.Any(operation => operation.Scopes.Any())
            ? [new SearchEntry("X-API-Key", "en-tête", "Porte la clé de chaque requête.", $"{site.Home}#authentification")]
            : Array.Empty<SearchEntry>(),
        .. v1.Operations.SelectMany(operation => EntriesOf(operation).Distinct()).GroupBy(entry => (entry.Name, entry.Kind, entry.About)).Select(shared => shared.Count() == 1
            ? shared.First()
            : shared.First() with { Kind = $"{shared.Key.Kind} de {shared.Count()} opérations" }),
    ];

    /// <summary>The id of the row of a member on the page of its model.</summary>
    private static string IdOfMember(string name) => $"membre-{name}";

    /// <summary>The id of the row of a parameter on the page of its operation.</summary>
    private static string IdOfParameter(string name) => $"parametre-{name}";

    private static string? DescriptionOf(JsonSchema schema) => schema.Description ?? V1Catalog.Target(schema.Item ?? schema).Description;

    private SearchEntry MemberEntry(string model, string name, string? about) =>
        new(name, $"membre de {model}", about, $"{site.Model(model)}#{IdOfMember(name)}");

    private IEnumerable<SearchEntry> EntriesOf(V1Operation operation)
    {
        var page = site.Operation(operation.Help.Id);
        foreach (var parameter in operation.Parameters)
            yield return new(
                parameter.Name!, parameter.Kind == OpenApiParameterKind.Header ? "en-tête" : "paramètre", parameter.Description,
                $"{page}#{IdOfParameter(parameter.Name!)}");
        foreach (var response in operation.Responses)
        {
            foreach (var (name, header) in response.Response.Headers)
                yield return new(name, "en-tête de réponse", header.Description, $"{page}#{(response.Errors.Count > 0 ? "erreurs" : "reponses")}");
            foreach (var (error, _) in response.Errors)
                yield return new(error.Code, $"erreur {response.Status}", error.Meaning, $"{page}#{error.Code}");
        }
    }
}

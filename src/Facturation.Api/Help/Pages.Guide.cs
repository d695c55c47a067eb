using System.Text.Json.Nodes;

namespace Facturation.Api.Help;

/// <summary>The content that Web API 2's pages did not have.</summary>
internal sealed partial class Pages
{
    private const string KeyPlaceholder = "VOTRE_CLE";

    private Html Guide(Operation operation) => $"""
        <section class="guide" lang="fr">
        {TryIt(Help.TryIt.Of(operation, catalog))}
        {(operation.Body is { } body && catalog.ExampleOf(body.Type) is { } example ? Examples(operation, example) : Html.Empty)}
        {Authentication([.. operation.Scopes])}
        <section id="codes-de-reponse">
        <h2>Codes de réponse</h2>
        <p>Une erreur a la forme de Web API 2, en JSON ou en XML selon <code>Accept</code> comme toute réponse.</p>
        <div class="statuses">
        {DocumentedAnswer.Of(operation).Select(StatusBlock)}
        </div>
        </section>
        {(operation.Body is { } sent ? Reading(sent.Type) : Html.Empty)}
        </section>
        """;

    private Html Examples(Operation operation, RequestExample example) => $"""
        {Samples(example.CodeSamples(new(operation.Method, site.Endpoint(operation.Path), demoKey ?? KeyPlaceholder), operation.Answer))}
        <section id="formulaire">
        <h2>Formulaire</h2>
        <p>Le corps d’un envoi en <code>application/x-www-form-urlencoded</code> :</p>
        <pre class="wrapped code">{example.Form}</pre>
        </section>

        """;

    /// <summary>The programs, of which the first is unfolded. The script makes them tabs.</summary>
    private Html Samples(IEnumerable<(string Name, string Code)> programs) => $"""
        <section id="exemples">
        <h2>Exemples de requête</h2>
        <p>{(demoKey is null
            ? (Html)$"Remplacez <code>{KeyPlaceholder}</code> par votre clé ; le reste se lance tel quel."
            : (Html)$"Ils se lancent tels quels, avec la clé de démonstration.")}</p>
        <div class="programs">
        {programs.Select((program, i) => (Html)$"""
            <details{(i == 0 ? (Html)$" open" : Html.Empty)}>
            <summary>{program.Name}</summary>
            <pre class="wrapped code">{Syntax.Program(program.Code)}</pre>
            </details>

            """)}
        </div>
        </section>
        """;

    private static Html Authentication(IReadOnlyList<string> scopes) => $"""
        <section id="authentification">
        <h2>Authentification</h2>
        <p>Chaque requête porte une clé, de l’une de ces deux façons :</p>
        <ul>
        <li>l’en-tête <code>X-API-Key: {KeyPlaceholder}</code> ;</li>
        <li>HTTP Basic, avec votre identifiant API pour utilisateur et la clé pour mot de passe.</li>
        </ul>
        {(scopes.Count == 0 ? Html.Empty : (Html)$"""
            <p>La clé doit permettre {Codes(scopes)}.
            Elle ne montre que les données de son client, et d’un seul identifiant si elle lui est attribuée.</p>
            """)}
        </section>

        """;

    private static Html StatusBlock(DocumentedAnswer outcome) => $"""
        <div class="status">
        <h3 id="code-{outcome.Code}">{outcome.Code} <span>{outcome.Name}</span></h3>
        <p>{outcome.When}</p>
        {(outcome.Body is null ? Html.Empty : Json(JsonNode.Parse(outcome.Body)!))}
        </div>

        """;

    private static IEnumerable<Html> Codes(IEnumerable<string> names) =>
        names.Select((name, i) => (Html)$"{(i == 0 ? "" : ", ")}<code>{name}</code>");

    /// <summary>What integrators should know.</summary>
    private Html Reading(Type body)
    {
        var optional = TypeShape.MembersOf(body).Where(TypeShape.IsOptional).Select(TypeShape.NameOf).ToArray();
        return $"""
            <section id="lecture">
            <h2>Ce qu’il faut savoir</h2>
            <ul>
            {(optional.Length == 0 ? Html.Empty : (Html)$"<li>Champs facultatifs : {Codes(optional)}.</li>\n")}
            <li>En XML, l’ordre des éléments compte, comme dans l’échantillon ;
            l’en-tête de réponse <code>Warning</code> nomme ceux qui ont été ignorés.</li>
            <li>Les dates sont des jours et des heures de Paris. Une date avec décalage y est ramenée.</li>
            <li>Sans <code>Accept</code>, la réponse a le format de la requête ;
            avec <code>*/*</code>, ou après un formulaire, elle est en JSON.</li>
            <li>Le schéma XML des types : <a href="{site.Schema}" download>Schema.xsd</a>.</li>
            </ul>
            </section>

            """;
    }
}

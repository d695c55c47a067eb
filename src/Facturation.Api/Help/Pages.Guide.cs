namespace Facturation.Api.Help;

/// <summary>What the old pages lacked.</summary>
internal sealed partial class Pages
{
    private const string KeyPlaceholder = "VOTRE_CLE";

    private Html Guide(Operation operation) => $"""
        <section class="guide" lang="fr">
        {(operation.Body is { } body && catalog.ExampleOf(body.Type) is { } example ? Examples(operation, example) : Html.Empty)}
        {Authentication([.. operation.Scopes])}
        <section id="codes-de-reponse">
        <h2>Codes de réponse</h2>
        <p>Une erreur a la forme de Web API 2, en JSON ou en XML selon <code>Accept</code> comme toute réponse.</p>
        <div class="statuses">
        {Refusal.Of(operation).Select(StatusBlock)}
        </div>
        </section>
        {(operation.Body is { } sent ? Reading(sent.Type) : Html.Empty)}
        </section>
        """;

    private Html Examples(Operation operation, RequestExample example) => $"""
        <section id="exemples">
        <h2>Exemples de requête</h2>
        <p>{(demoKey is null
            ? (Html)$"Remplacez <code>{KeyPlaceholder}</code> par votre clé ; le reste se lance tel quel."
            : (Html)$"Ils se lancent tels quels, avec la clé de démonstration.")}</p>
        {example.Programs(operation.Method, site.Endpoint(operation), demoKey ?? KeyPlaceholder).Select((program, i) => (Html)$"""
            <details{(i == 0 ? (Html)$" open" : Html.Empty)}>
            <summary>{program.Name}</summary>
            <pre class="wrapped code">{program.Code}</pre>
            </details>

            """)}
        </section>
        <section id="formulaire">
        <h2>Formulaire</h2>
        <p>Le corps d’un envoi en <code>application/x-www-form-urlencoded</code> :</p>
        <pre class="wrapped code">{example.Form}</pre>
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
            <p>La clé doit permettre {scopes.Select((scope, i) => (Html)$"{(i == 0 ? "" : ", ")}<code>{scope}</code>")}. Elle ne montre que les données de son client, et d’un seul identifiant si elle lui est attribuée.</p>
            """)}
        </section>

        """;

    private static Html StatusBlock(Refusal status) => $"""
        <div class="status">
        <h3 id="code-{status.Code}">{status.Code} <span>{status.Name}</span></h3>
        <p>{status.When}</p>
        {(status.Body is null ? Html.Empty : (Html)$"<pre class=\"wrapped\">{status.Body}</pre>")}
        </div>

        """;

    /// <summary>What integrators stumble over.</summary>
    private Html Reading(Type body)
    {
        var optional = TypeShape.MembersOf(body).Where(TypeShape.IsOptional).Select(TypeShape.NameOf).ToArray();
        return $"""
            <section id="lecture">
            <h2>Ce qu’il faut savoir</h2>
            <ul>
            {(optional.Length == 0 ? Html.Empty : (Html)$"<li>Champs facultatifs, absents ou vides : {optional.Select((name, i) => (Html)$"{(i == 0 ? "" : ", ")}<code>{name}</code>")}.</li>\n")}
            <li>En XML, l’ordre des éléments compte, comme dans l’échantillon ; l’en-tête de réponse <code>Warning</code> nomme ceux qui ont été ignorés.</li>
            <li>Les dates sont des jours et des heures de Paris. Une date avec décalage y est ramenée.</li>
            <li>Sans <code>Accept</code>, la réponse a le format de la requête ; après un formulaire, JSON.</li>
            <li>Le schéma XML des types : <a href="{site.Schema}" download>Schema.xsd</a>.</li>
            </ul>
            </section>

            """;
    }
}

/// <summary>One way an operation answers; tests hold every one against the service.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Name">Its name.</param>
/// <param name="When">In French, when it is answered.</param>
/// <param name="Body">The body in JSON, when it always is the same.</param>
internal sealed record Refusal(int Code, string Name, string When, string? Body)
{
    /// <summary>The answers of a Web API 2 operation.</summary>
    public static IEnumerable<Refusal> Of(Operation operation)
    {
        yield return new(200, "OK", "La réponse décrite plus haut ; un tableau vide quand rien ne correspond.", null);
        if (operation.Body is { } body)
        {
            var number = TypeShape.MembersOf(body.Type).FirstOrDefault(member => TypeShape.SimpleText(TypeShape.Unwrap(member.PropertyType)) is "integer");
            yield return new(400, "Bad Request", "Un champ ne se lit pas, ou la demande n’a pas de sens (corps vide, période inversée) : Message "
                + $"et ModelState disent pourquoi.{(number is null ? "" : $" Ici, {number.Name} n’est pas un entier.")}",
                number is null ? null : $$$"""{"Message":"The request is invalid.","ModelState":{"{{{body.Name}}}.{{{number.Name}}}":["An error has occurred."]}}""");
        }
        if (operation.Scopes.Any())
        {
            yield return new(401, "Unauthorized", "Pas de clé, ou une clé inconnue, expirée ou révoquée.", Denied);
            yield return new(403, "Forbidden", $"La clé ne permet pas {string.Join(", ", operation.Scopes)}.", Denied);
        }
        yield return new(405, "Method Not Allowed", $"Un autre verbe que {operation.Method} ; l’en-tête Allow dit lequel convient.",
            """{"Message":"The requested resource does not support http method 'GET'."}""");
        if (operation.Body is not null)
        {
            yield return new(413, "Content Too Large", "Le corps dépasse la limite du service, 4 Mio par défaut.", null);
            yield return new(415, "Unsupported Media Type", "Content-Type n’est aucun de ceux décrits plus haut.",
                """{"Message":"The request entity's media type 'text/plain' is not supported for this resource."}""");
        }
        yield return new(500, "Internal Server Error", "Le service a échoué ; réessayez, ou écrivez-nous avec l’heure de la requête.",
            """{"Message":"An error has occurred."}""");
    }

    private const string Denied = """{"Message":"Authorization has been denied for this request."}""";
}

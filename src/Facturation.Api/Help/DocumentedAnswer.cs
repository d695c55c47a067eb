namespace Facturation.Api.Help;

/// <summary>A possible answer of an operation. Tests compare it with the service.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Name">Its name.</param>
/// <param name="When">Its cause, in French.</param>
/// <param name="Body">The JSON body, if it is always the same.</param>
internal sealed record DocumentedAnswer(int Code, string Name, string When, string? Body)
{
    private const string Denied = """{"Message":"Authorization has been denied for this request."}""";

    /// <summary>The answers of a Web API 2 operation.</summary>
    public static IEnumerable<DocumentedAnswer> Of(Operation operation)
    {
        yield return new(200, "OK", "La réponse décrite plus haut ; un tableau vide quand rien ne correspond.", null);
        if (operation.Body is { } body)
        {
            const string why = "Un champ ne se lit pas, ou la demande n’a pas de sens (corps vide, période inversée) : "
                + "Message et ModelState disent pourquoi.";
            var number = TypeShape.MembersOf(body.Type)
                .FirstOrDefault(member => TypeShape.SimpleText(TypeShape.Unwrap(member.PropertyType)) is "integer")?.Name;
            yield return number is null
                ? new(400, "Bad Request", why, null)
                : new(400, "Bad Request", $"{why} Ici, {number} n’est pas un entier.", $$$"""
                    {"Message":"The request is invalid.","ModelState":{"{{{body.Name}}}.{{{number}}}":["An error has occurred."]}}
                    """);
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
        yield return new(429, "Too Many Requests", "Trop de requêtes de cette clé, ou de cette adresse ; l’en-tête Retry-After dit quand revenir.",
            """{"Message":"Too many requests: the Retry-After header says when to come back."}""");
        yield return new(500, "Internal Server Error", "Le service a échoué ; réessayez, ou écrivez-nous avec l’heure de la requête.",
            """{"Message":"An error has occurred."}""");
        yield return new(503, "Service Unavailable", "La base de données ne répond pas ; l’en-tête Retry-After dit quand revenir.",
            """{"Message":"The service is unavailable."}""");
    }
}

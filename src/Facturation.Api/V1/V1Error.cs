using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>An error of the v1 API. Codes are stable, because clients depend on them.</summary>
/// <param name="Code">The code on the wire.</param>
/// <param name="Status">The HTTP status it goes with.</param>
/// <param name="Module">The part of the service it comes from.</param>
/// <param name="Meaning">The cause in French, for the help pages; also the default message.</param>
public sealed record V1Error(string Code, int Status, string Module, string Meaning)
{
    /// <summary>The body does not follow the contract.</summary>
    public static readonly V1Error InvalidBody = new("INVALID_BODY", 400, "http",
        "Le corps de la requête n'est pas celui du contrat ; le message nomme chaque champ en faute.");

    /// <summary>An id, query parameter or header is invalid.</summary>
    public static readonly V1Error InvalidParameter = new("INVALID_PARAMETER", 400, "http",
        "Un identifiant, un paramètre de l'adresse ou un en-tête ne se lit pas, ou l'opération n'a pas ce paramètre.");

    /// <summary>The server cannot parse the HTTP request.</summary>
    public static readonly V1Error BadRequest = new("BAD_REQUEST", 400, "http",
        "La requête HTTP elle-même ne se lit pas.");

    /// <summary>The key is missing or not valid.</summary>
    public static readonly V1Error Unauthenticated = new("UNAUTHENTICATED", 401, "access",
        "Clé absente, inconnue, expirée ou révoquée : envoyez l'en-tête X-API-Key.");

    /// <summary>The key lacks the scope.</summary>
    public static readonly V1Error Forbidden = new("FORBIDDEN", 403, "access",
        "La clé ne permet pas cette opération.");

    /// <summary>The address is unknown.</summary>
    public static readonly V1Error RouteNotFound = new("ROUTE_NOT_FOUND", 404, "http",
        "Aucune opération n'est à cette adresse.");

    /// <summary>The address supports only other verbs.</summary>
    public static readonly V1Error MethodNotAllowed = new("METHOD_NOT_ALLOWED", 405, "http",
        "Cette adresse ne répond pas à ce verbe ; l'en-tête Allow dit auxquels.");

    /// <summary>The body did not arrive in time.</summary>
    public static readonly V1Error RequestTimeout = new("REQUEST_TIMEOUT", 408, "http",
        "Le corps de la requête n'est pas arrivé à temps.");

    /// <summary>The idempotency key was used for another request.</summary>
    public static readonly V1Error IdempotencyKeyReused = new("IDEMPOTENCY_KEY_REUSED", 409, "http",
        "Cette Idempotency-Key a déjà servi pour une autre requête.");

    /// <summary>A line of an atomic batch is refused.</summary>
    public static readonly V1Error BatchRefused = new(RefusalCodes.BatchRefused, 409, "readings",
        "Une ligne au moins est refusée : rien n'est enregistré. « data » donne le verdict de chaque ligne.");

    /// <summary>The body is too long.</summary>
    public static readonly V1Error PayloadTooLarge = new("PAYLOAD_TOO_LARGE", 413, "http",
        "Le corps de la requête dépasse 1 Mio (8 Mio pour un lot de plusieurs compteurs).");

    /// <summary>The body is not JSON.</summary>
    public static readonly V1Error UnsupportedMediaType = new("UNSUPPORTED_MEDIA_TYPE", 415, "http",
        "Le corps doit être en application/json, en UTF-8, sans compression.");

    /// <summary>Too many requests for this key.</summary>
    public static readonly V1Error TooManyRequests = new("TOO_MANY_REQUESTS", 429, "access",
        "Trop de requêtes : l'en-tête Retry-After dit quand revenir.");

    /// <summary>The service failed.</summary>
    public static readonly V1Error Internal = new("INTERNAL_ERROR", 500, "http",
        "Le service a échoué ; donnez traceId au support.");

    /// <summary>The database does not answer.</summary>
    public static readonly V1Error Unavailable = new("SERVICE_UNAVAILABLE", 503, "storage",
        "La base de données ne répond pas : l'en-tête Retry-After dit quand revenir.");

    /// <summary>All errors, by status, then code.</summary>
    public static IReadOnlyList<V1Error> All { get; } =
    [
        .. new[]
        {
            InvalidBody, InvalidParameter, BadRequest, Unauthenticated, Forbidden, RouteNotFound, MethodNotAllowed, RequestTimeout,
            IdempotencyKeyReused, BatchRefused, PayloadTooLarge, UnsupportedMediaType, TooManyRequests, Internal, Unavailable,
            new(RefusalCodes.ReadAtInFuture, 400, "readings",
                "readAt est dans le futur, au-delà de l'écart d'horloge toléré (5 minutes par défaut)."),
            new(RefusalCodes.MeterNotFound, 404, "meters", "Aucun compteur de cet identifiant parmi ceux que voit la clé."),
            new(RefusalCodes.ReadingNotFound, 404, "readings", "Le compteur n'a pas ce relevé."),
            new(RefusalCodes.ReadAtBeforeInstallation, 409, "readings", "readAt précède la pose du compteur."),
            new(RefusalCodes.ReadAtAfterRemoval, 409, "readings", "readAt suit la dépose du compteur."),
            new(RefusalCodes.IndexBeyondDigits, 409, "readings", "Le compteur n'a pas assez de chiffres pour montrer cet index."),
            new(RefusalCodes.IndexBelowPrevious, 409, "readings",
                "L'index est inférieur au relevé précédent, et ce n'est pas un passage par zéro."),
            new(RefusalCodes.IndexAboveNext, 409, "readings",
                "L'index est supérieur au relevé suivant, et ce n'est pas un passage par zéro."),
            new(RefusalCodes.ReadingConflict, 409, "readings", "Un autre index est déjà enregistré pour cet instant."),
            new(RefusalCodes.ReadingAlreadyVoided, 409, "readings", "Le relevé est déjà annulé, par un autre ou pour une autre raison."),
            new(RefusalCodes.ReadingNotVoidable, 409, "readings", "Le relevé de la pose ou de la dépose ne s'annule pas : il se corrige."),
            new(RefusalCodes.VoidBreaksSeries, 409, "readings",
                "Sans ce relevé, le suivant serait inférieur au précédent sans passage par zéro : annulez d'abord le suivant."),
            new(RefusalCodes.MeterAlreadyExists, 409, "meters",
                "Un compteur posé de même numéro de série alimente déjà ce dossier, pour ce produit et cette séquence."),
            new(RefusalCodes.InvalidRegister, 409, "meters",
                "rolloverAt dépasse 10^digits, ou un tour du compteur compterait plus de 10^15 unités."),
            new(RefusalCodes.ReadingBilled, 409, "billing", "Le relevé ouvre ou ferme une facture : il ne s'annule plus, ni ne se corrige."),
            new(RefusalCodes.ReadingVoided, 409, "billing", "Le relevé est annulé : il ne ferme pas de période, et ne se confirme plus."),
            new(RefusalCodes.ReadingBeforeBilled, 409, "billing", "Le relevé ne suit pas le dernier relevé facturé, ou celui de la pose."),
            new(RefusalCodes.ReadingSuspect, 409, "billing", "Un relevé de la période est suspect, et acceptSuspect n'est pas vrai."),
            new(RefusalCodes.BilledElsewhere, 409, "billing", "La période est déjà facturée, sur un autre folio."),
            new(RefusalCodes.PriceMissing, 409, "billing", "Aucun prix n'est valable un jour de la période ; le message dit lequel."),
            new(RefusalCodes.AmountTooLarge, 409, "billing", "Le montant ne tiendrait pas dans 64 bits."),
            new(RefusalCodes.CompteurNotFound, 404, "billing", "Le client de la clé n'a pas ce compteur de produit."),
            new(RefusalCodes.PriceNotFound, 404, "billing", "Aucun prix de ce compteur ne commence ce jour-là."),
            new(RefusalCodes.PriceInUse, 409, "billing", "Une facture a compté un jour à ce prix : remplacez-le, il ne se retire plus."),
            new(RefusalCodes.CurrencyConflict, 409, "billing", "Le compteur a des prix dans une autre monnaie."),
            new(RefusalCodes.BillNotFound, 404, "billing", "Aucune facture de cet identifiant parmi celles que voit la clé."),
            new(RefusalCodes.MeterAlreadyReplaced, 409, "meters", "Le compteur est déjà remplacé, autrement."),
            new(RefusalCodes.UnitMismatch, 409, "meters", "Les compteurs de ce compteur de produit comptent dans une autre unité, et multiplier n'est pas donné."),
            new(RefusalCodes.MeterAlreadyRemoved, 409, "meters", "Le compteur est déjà déposé, autrement."),
            new(RefusalCodes.MeterClosed, 409, "meters",
                "Le compteur, ou le dernier de ses successeurs, est déposé et facturé jusqu'à sa dépose : aucune facture ne porterait ce changement."),
            new(RefusalCodes.ReplacementBeforeReading, 409, "meters", "Un relevé suit l'instant de la dépose ou du remplacement."),
            new(RefusalCodes.CursorUnknown, 409, "readings",
                "Ce curseur n'est pas de cette base : elle est revenue à une sauvegarde. Recommencez sans curseur."),
            new(RefusalCodes.ReadingNotSuspect, 409, "readings", "Le relevé n'est pas suspect : il n'y a rien à confirmer."),
            new(RefusalCodes.SumTooLarge, 409, "consumption",
                "Une somme de plusieurs compteurs ne tient pas dans 64 bits : ajoutez compteur à groupBy."),
            new(RefusalCodes.TotalTooLarge, 409, "readings", "Le total du compteur ne tiendrait plus dans 64 bits."),
        }.OrderBy(e => e.Status).ThenBy(e => e.Code, StringComparer.Ordinal),
    ];

    private static readonly Dictionary<string, V1Error> ByCode = All.ToDictionary(e => e.Code);

    /// <summary>The error of a code.</summary>
    public static V1Error Of(string code) => ByCode[code];

    /// <summary>The error for a status that the pipeline set without a body, or null.</summary>
    internal static V1Error? OfStatus(int status) => status switch
    {
        400 => BadRequest,
        401 => Unauthenticated,
        403 => Forbidden,
        404 => RouteNotFound,
        405 => MethodNotAllowed,
        408 => RequestTimeout,
        413 => PayloadTooLarge,
        415 => UnsupportedMediaType,
        429 => TooManyRequests,
        500 => Internal,
        503 => Unavailable,
        _ => null,
    };
}

/// <summary>Ends a request with an error.</summary>
internal sealed class V1Exception(V1Error error, string? message = null) : Exception(message ?? error.Meaning)
{
    public V1Error Error { get; } = error;

    /// <summary>Refuses a parameter of the address or a header.</summary>
    public static V1Exception Parameter(string name, string why) => new(V1Error.InvalidParameter, $"{name} : {why}.");
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Facturation.Tests.OpenApi;
using Facturation.Tests.Wire;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>Valid requests: of each operation as the OpenAPI document tells it, so that a new one is fuzzed unasked, and of each page.</summary>
internal static partial class SeedRequests
{
    private static readonly string[] Pages =
    [
        "/Help", "/Help/Index", "/Help/Api/POST-api-ConsommationV2", "/Help/Api?apiId=POST-api-Consommation", "/Help/ResourceModel?modelName=ParamModel",
        "/Help/Schema.xsd", "/Help/Search.json", "/Help/help.css", "/Help/try.js?v=1", "/swagger", "/swagger/index.html", "/swagger/v1/swagger.json",
        "/swagger/swagger-ui.css", "/redoc", "/redoc/index.html", "/redoc/start.js", "/health/live", "/health/ready", "/", "/favicon.ico",
    ];

    public static IReadOnlyDictionary<string, IReadOnlyList<RawRequest>> Of(JsonObject document, Known known, string meters, string consommation)
    {
        var operations =
            from path in document["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            let key = path.Key.StartsWith("/v1/", StringComparison.Ordinal) ? meters : consommation
            select KeyValuePair.Create(
                (string)method.Value!["operationId"]!,
                (IReadOnlyList<RawRequest>)[.. Requests(document, path.Key, method.Key, method.Value!, known).Select(request => request.With("X-API-Key", key))]);
        var pages = Pages.Select(page => KeyValuePair.Create(page, (IReadOnlyList<RawRequest>)[RawRequest.Get(page)]));
        return new Dictionary<string, IReadOnlyList<RawRequest>>(operations.Concat(pages));
    }

    private static IEnumerable<RawRequest> Requests(JsonNode document, string path, string method, JsonNode operation, Known known)
    {
        var random = new Random(1);
        var pair = path.EndsWith("/confirmation", StringComparison.Ordinal) ? known.Suspect : known.Pair(random);
        var target = Parameter().Replace(path, match => match.Value switch
        {
            "{readingId}" => pair.Reading,
            "{billId}" => known.Bill(random),
            "{produitId}" => "2",
            "{sequence}" => "1",
            "{validFrom}" => "2027-01-01",
            _ => pair.Meter,
        });
        var query = (operation["parameters"]?.AsArray() ?? []).Where(parameter => (string?)parameter!["in"] == "query").Select(parameter =>
            (string)parameter!["name"]! + "=" + ((string?)parameter["schema"]!["format"], (string?)parameter["schema"]!["type"], (string)parameter["name"]!) switch
            {
                ("date-time", _, _) => "2026-04-11T00:00:00Z",
                (_, "string", "from") => "2026-03-01",
                (_, "string", "to") => "2026-04-11",
                (_, _, "groupBy") => "produit,compteur,identifiant",
                (_, _, "window") => "month",
                (_, _, "fill") => "zero",
                (_, _, "spread") => "days",
                (_, _, "format") => "csv",
                (_, _, "identifiant") => "U",
                (_, _, "dossier") => "E",
                (_, "integer", _) => "2",
                (_, _, "cursor") => known.AnyCursor(random),
                _ => "F1",
            });
        var plain = new RawRequest(method.ToUpperInvariant(), target);
        var whole = plain.To(target + "?" + string.Join('&', query)).To(query.Any() ? target + "?" + string.Join('&', query) : target);
        if (operation["requestBody"]?["content"] is not JsonObject contents)
            return [plain, whole];
        return from content in contents
               let request = plain.Typed(content.Key, SchemaCheck.Write(document, content.Value!, content.Key))
               from one in new[] { request, request.With("Accept", "application/xml").With("Idempotency-Key", "k1") }
               select one;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}

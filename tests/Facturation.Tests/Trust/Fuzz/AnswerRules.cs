using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Facturation.Tests.OpenApi;
using Facturation.Tests.Wire;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>What must hold of any answer to any request.</summary>
internal sealed partial class AnswerRules(JsonObject document, IReadOnlyList<string> secrets)
{
    /// <summary>What the server says itself of HTTP it cannot read, without a body.</summary>
    private static readonly int[] OfTheServer = [400, 404, 405, 408, 411, 413, 414, 417, 431, 501, 505];

    /// <summary>Of any address that has no operation.</summary>
    private static readonly string[] Nowhere = ["ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED", "UNAUTHENTICATED", "BAD_REQUEST"];

    /// <summary>Web API 2 writes a NUL of the asker's as <c>&amp;#x0;</c>, which XML does not know, and so do we (FormReadingTests, F3).</summary>
    private static readonly XmlReaderSettings Lenient = new() { CheckCharacters = false };

    private readonly Dictionary<string, JsonNode> operations = document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject()).ToDictionary(method => (string)method.Value!["operationId"]!, method => method.Value!);

    /// <summary>What is wrong with an answer; null when nothing is. And its signature: what it says, without what the request chose.</summary>
    public (string? Fault, string Signature) Judge(RawRequest request, RawAnswer answer)
    {
        if (answer.Status == 0)
            return ("no answer", "none");
        if (answer.Header(FuzzScene.Answered) is not { } told)
            return (answer.Body.Length == 0 && OfTheServer.Contains(answer.Status) ? null : "the server's own answer", $"server {answer.Status}");
        var (area, operation) = told.Split(' ') is [var first, var second] ? (first, second) : (told, "");
        var text = request.IsHead ? "" : answer.Text;
        var fault = answer.Status >= 500 ? "5xx"
            : secrets.FirstOrDefault(secret => text.Contains(secret, StringComparison.Ordinal)) is { } secret ? $"tells {secret}"
            : request.IsHead || answer.Status is 204 or 304 ? null
            : area switch
            {
                "v1" => V1(operation, answer, text),
                "api" => Legacy(operation, answer, text),
                _ => Page(answer, text),
            };
        return (fault, $"{area} {operation} {answer.Status} {answer.ContentType} {Words(area, text, answer.Status)}");
    }

    private string? V1(string operation, RawAnswer answer, string text)
    {
        if (answer.Header("Cache-Control") != "no-store" || answer.Header("X-Content-Type-Options") != "nosniff")
            return "may be cached or sniffed";
        if (answer.Header("Content-Encoding") is not null)
            return null; // It is compressed: the same answer uncompressed is judged elsewhere.
        if (answer.Status == 200 && answer.ContentType is { } type && type.Split(';')[0] is "text/csv" or "application/x-ndjson")
            return Report(operation, type, text);
        if (answer.ContentType != "application/json; charset=utf-8" || Parse(text) is not JsonObject json)
            return "no JSON";
        if (operation == "")
            return json["code"] is { } none && Nowhere.Contains((string?)none) && (int?)json["status"] == answer.Status ? null : "no error of v1";
        if (operations[operation]["responses"]![$"{answer.Status}"]?["content"]?["application/json"] is not { } declared)
            return $"{operation} is not told to answer {answer.Status}";
        if (answer.Status >= 400 && ((int?)json["status"] != answer.Status || (string?)json["code"] is not { } code || declared["examples"]?[code] is null))
            return $"{operation} is not told to answer {json["code"]}";
        return SchemaCheck.ErrorsOf(document, declared["schema"]!, json).FirstOrDefault();
    }

    /// <summary>A report that is no JSON: lines of objects, or of cells.</summary>
    private string? Report(string operation, string type, string text)
    {
        var content = operations[operation]["responses"]!["200"]!["content"]!;
        if (content[type.Split(';')[0]] is null)
            return $"{operation} is not told to answer {type}";
        if (type.StartsWith("text/csv", StringComparison.Ordinal))
            return CsvHeader().IsMatch(text) ? null : "no CSV";
        return Parse($$"""{"data":[{{text.TrimEnd('\n').Replace('\n', ',')}}]}""") is { } rows
            ? SchemaCheck.ErrorsOf(document, content["application/json"]!["schema"]!, rows).FirstOrDefault()
            : "no JSON lines";
    }

    private string? Legacy(string operation, RawAnswer answer, string text)
    {
        if (answer.Header("Cache-Control") != "no-cache" || answer.Header("Pragma") != "no-cache")
            return "may be cached";
        if ((answer.Header("ETag") ?? answer.Header("Last-Modified")) is not null)
            return "may be kept and asked after";
        var declared = operation == "" ? null : operations[operation]["responses"]![$"{answer.Status}"];
        if (operation != "" && declared is null)
            return $"{operation} is not told to answer {answer.Status}";
        var type = answer.ContentType?.Split(';')[0];
        if (type is "application/json" or "text/json")
            return Parse(text) is not { } json ? "no JSON"
                : declared is not null ? SchemaCheck.ErrorsOf(document, declared["content"]!["application/json"]!["schema"]!, json).FirstOrDefault()
                : json["Message"] is null ? "no HttpError" : null;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text.TrimStart('\ufeff')), Lenient);
            var root = XDocument.Load(reader).Root!;
            return answer.Status < 400 ? null : root.Name == "Error" && root.Element("Message") is not null ? null : "no HttpError";
        }
        catch (XmlException)
        {
            return answer.Status == 200 ? "no XML" : $"no HttpError: {type}";
        }
    }

    private static string? Page(RawAnswer answer, string text)
    {
        if (answer.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true || answer.Header("Content-Encoding") is not null)
            return null;
        return answer.Header("Content-Security-Policy")?.Contains("default-src 'none'", StringComparison.Ordinal) != true ? "a page without policy"
            : answer.Header("X-Content-Type-Options") != "nosniff" ? "a page that may be sniffed"
            : OpenMarkup().IsMatch(text) ? "markup of the asker's"
            : null;
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text.TrimStart('\ufeff')); // UTF-16 comes with its mark.
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The words that tell one refusal from another: the code, or the message without what may be the request's.</summary>
    private static string Words(string area, string text, int status)
    {
        if (status < 400 || text.Length < 2 || area is not ("v1" or "api"))
            return "";
        return area == "v1" && Parse(text) is JsonObject json
            ? $"{json["code"]} {Cut((string?)json["message"] ?? "")}"
            : Cut(text);

        static string Cut(string text)
        {
            var quote = text.AsSpan().IndexOfAny('\'', '«');
            var words = Other().Replace(quote > 0 ? text[..quote] : text, " ");
            return words[..Math.Min(60, words.Length)];
        }
    }

    [GeneratedRegex(@"<fuzzed|<script>|<img src=x|<script(?![^>]*src=)")]
    private static partial Regex OpenMarkup();

    [GeneratedRegex("\\A\uFEFF?from[,;]to[,;]([A-Za-z]+[,;])*units\r\n")]
    private static partial Regex CsvHeader();

    [GeneratedRegex("[^A-Za-zéèêà]+")]
    private static partial Regex Other();
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Facturation.Api.Operations;
using Facturation.Core;

namespace Facturation.Api.Compare;

/// <summary>A request from a line of a recording.</summary>
/// <param name="Line">The number of the line, from 1.</param>
/// <param name="Method">The verb, sent as it is.</param>
/// <param name="Path">The path and query, sent as they are.</param>
/// <param name="Headers">Names and values, in the order in which they are sent.</param>
/// <param name="Body">The body, or null.</param>
internal sealed record RecordedRequest(
    int Line, string Method, string Path, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body)
{
    private const string Members = "method, path, headers, body, bodyBase64";

    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The verb and path, without the query.</summary>
    public string Operation => $"{Method} {PathOnly}";

    /// <summary>
    /// Whether it only reads: a GET, or a POST to the legacy API. A path that a server may normalize to another, or a header that may
    /// override the verb, counts as writing.
    /// </summary>
    public bool IsReadOnly =>
        (Method == "GET" || (Method == "POST" && PathOnly.StartsWith("/api/", StringComparison.OrdinalIgnoreCase)))
        && !new[] { "..", "//", "\\", "%2e", "%2f", "%5c" }.Any(part => PathOnly.Contains(part, StringComparison.OrdinalIgnoreCase))
        && !Headers.Any(header => header.Name.Contains("method", StringComparison.OrdinalIgnoreCase));

    private string PathOnly => Path.Split('?', 2)[0];

    /// <summary>Reads a recording: one JSON object a line, and empty lines.</summary>
    /// <exception cref="RefusedException">A line is invalid; the message says which and why.</exception>
    public static async IAsyncEnumerable<RecordedRequest> ReadAsync(string file)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        for (var line = 1; await ReadLineAsync(reader, line) is { } text; line++)
            if (!string.IsNullOrWhiteSpace(text))
                yield return Parse(line, text);
    }

    private static async Task<string?> ReadLineAsync(StreamReader reader, int line)
    {
        try
        {
            return await reader.ReadLineAsync();
        }
        catch (DecoderFallbackException e)
        {
            throw new RefusedException($"ligne {line} ou peu après : ce n'est pas de l'UTF-8.", e);
        }
    }

    private static RecordedRequest Parse(int line, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("un objet JSON est attendu");
            string? method = null, path = null;
            List<(string, string)> headers = [];
            byte[]? body = null;
            foreach (var member in json.RootElement.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "method":
                        method = Text(member.Value, "method");
                        break;
                    case "path":
                        path = Text(member.Value, "path");
                        break;
                    case "headers":
                        headers = ReadHeaders(member.Value);
                        break;
                    case "body" or "bodyBase64" when body is not null:
                        throw new FormatException("body et bodyBase64 s'excluent");
                    case "body":
                        body = Encoding.UTF8.GetBytes(Text(member.Value, "body"));
                        break;
                    case "bodyBase64":
                        body = Text(member.Value, "bodyBase64") is not null && member.Value.TryGetBytesFromBase64(out var bytes)
                            ? bytes
                            : throw new FormatException("bodyBase64 n'est pas de la base64");
                        break;
                    default:
                        throw new FormatException($"« {member.Name} » n'est pas un membre ; ils sont : {Members}");
                }
            }
            if (string.IsNullOrEmpty(method) || !IsToken(method))
                throw new FormatException("method n'est pas un verbe");
            // Values are sent as raw bytes, so they must not contain a line break.
            if (path is not ['/', ..] || path.Any(c => c is <= ' ' or '\x7f'))
                throw new FormatException("path doit commencer par / et ne contenir ni espace ni caractère de contrôle");
            return new RecordedRequest(line, method, path, headers, body);
        }
        catch (JsonException e)
        {
            throw new RefusedException($"ligne {line} : ce n'est pas du JSON : {e.Message}", e);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new RefusedException($"ligne {line} : {SafeText.Of(e.Message)}", e);
        }
    }

    private static string Text(JsonElement value, string name) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new FormatException($"{name} : un texte est attendu");

    private static List<(string, string)> ReadHeaders(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException("headers : un objet est attendu");
        var headers = new List<(string, string)>();
        foreach (var header in json.EnumerateObject())
        {
            var values = header.Value.ValueKind == JsonValueKind.Array ? header.Value.EnumerateArray().ToArray() : [header.Value];
            foreach (var value in values)
            {
                var text = Text(value, header.Name);
                CheckHeader(header.Name, text);
                headers.Add((header.Name, text));
            }
        }
        return headers;
    }

    /// <exception cref="FormatException">The name is invalid, or the value contains a line break.</exception>
    public static void CheckHeader(string name, string value)
    {
        if (!IsToken(name))
            throw new FormatException($"« {name} » n'est pas un nom d'en-tête");
        if (value.Any(c => c is '\r' or '\n' or '\0'))
            throw new FormatException($"l'en-tête {name} ne tient pas sur une ligne");
    }

    private static bool IsToken(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExcept(TokenChars) < 0;
}

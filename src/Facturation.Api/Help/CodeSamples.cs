using System.Text.Encodings.Web;
using System.Text.Json;

namespace Facturation.Api.Help;

/// <summary>Programs that send a request, in several languages.</summary>
/// <param name="Method">The verb of the request.</param>
/// <param name="Address">Its absolute address.</param>
/// <param name="Key">Its API key.</param>
internal sealed partial record CodeSamples(string Method, string Address, string Key)
{
    /// <summary>JSON on one line, with accents and quotes unescaped.</summary>
    public static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same, indented: for people.</summary>
    public static readonly JsonSerializerOptions Indented = new(Readable) { WriteIndented = true, NewLine = "\n" };

    /// <param name="type">The body's media type.</param>
    /// <param name="body">The body; null for none.</param>
    public string Curl(string type, string? body) => Lines(
        $"curl -X {Method} {Shell(Address)} \\",
        $"  -H {Shell("X-API-Key: " + Key)} \\",
        body is null ? null : $"  -H {Shell("Content-Type: " + type)} \\",
        $"  -H {Shell("Accept: " + (type == "application/xml" ? type : "application/json"))}{(body is null ? "" : " \\")}",
        body is null ? null : $"  -d {Shell(body)}");

    /// <param name="json">The body, indented; null for none. JSON never has three quotes in a row, which would end the literal.</param>
    public string CSharp(string? json) => Lines(
        "using System;",
        "using System.Net.Http;",
        json is null ? null : "using System.Net.Http.Headers;",
        "",
        "using var http = new HttpClient();",
        $"using var request = new HttpRequestMessage(new HttpMethod({Quoted(Method)}), {Quoted(Address)});",
        $"request.Headers.Add(\"X-API-Key\", {Quoted(Key)});",
        "request.Headers.Accept.ParseAdd(\"application/json\");",
        json is null ? null
            : $"request.Content = new StringContent(\"\"\"\n    {Indent(json, 4)}\n    \"\"\", MediaTypeHeaderValue.Parse(\"application/json; charset=utf-8\"));",
        "",
        "using var response = await http.SendAsync(request);",
        "Console.WriteLine((int)response.StatusCode);",
        "Console.WriteLine(await response.Content.ReadAsStringAsync());");

    public string JavaScript(string? json) => Lines(
        $"fetch({Quoted(Address)}, {{",
        $"  method: {Quoted(Method)},",
        "  headers: {",
        $"    \"X-API-Key\": {Quoted(Key)},",
        json is null ? null : "    \"Content-Type\": \"application/json\",",
        "    \"Accept\": \"application/json\"",
        json is null ? "  }" : "  },",
        json is null ? null : $"  body: JSON.stringify({Indent(json, 2)})",
        "})",
        "  .then(async response => console.log(response.status, await response.text()))",
        "  .catch(console.error);");

    public string Python(string? json) => Lines(
        "import urllib.error",
        "import urllib.request",
        "",
        "request = urllib.request.Request(",
        $"    {Quoted(Address)},",
        $"    method={Quoted(Method)},",
        "    headers={",
        $"        \"X-API-Key\": {Quoted(Key)},",
        json is null ? null : "        \"Content-Type\": \"application/json\",",
        "        \"Accept\": \"application/json\",",
        "    },",
        json is null ? null : $"    data=r\"\"\"{json}\"\"\".encode(\"utf-8\"),",
        ")",
        "try:",
        "    with urllib.request.urlopen(request) as response:",
        "        print(response.status, response.read().decode(\"utf-8\"))",
        "except urllib.error.HTTPError as error:",
        "    print(error.code, error.read().decode(\"utf-8\"))");

    private static string Lines(params IEnumerable<string?> lines) => string.Join('\n', lines.OfType<string>());

    /// <summary>Indents all lines but the first, and empty ones.</summary>
    private static string Indent(string lines, int by) => lines.Replace("\n", "\n" + new string(' ', by)).Replace($"\n{new string(' ', by)}\n", "\n\n");

    /// <summary>A word of a POSIX shell.</summary>
    private static string Shell(string text) => $"'{text.Replace("'", @"'\''")}'";

    /// <summary>A JSON string, which is also a literal of C#, JavaScript and Python.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text, Readable);
}

using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Facturation.WebApi2;

namespace Facturation.Api.Help;

/// <summary>A request that means something, in every format, and programs that send it as they stand.</summary>
internal sealed class RequestExample
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Readable) { WriteIndented = true, NewLine = "\n" };

    private readonly JsonObject json = [];

    /// <summary>Each member's example is a text, as a form sends it.</summary>
    public RequestExample(Type body, IReadOnlyList<(PropertyInfo Member, string Text)> values, WebApi2Samples samples)
    {
        var typed = Activator.CreateInstance(body)!;
        foreach (var (member, text) in values)
        {
            var type = TypeShape.Unwrap(member.PropertyType);
            var isBare = TypeShape.SimpleText(type) is "integer" or "decimal number" or "boolean";
            json[TypeShape.NameOf(member)] = isBare ? JsonNode.Parse(text) : text;
            member.SetValue(typed, TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text));
        }
        Json = json.ToJsonString(Readable);
        Form = string.Join('&', values.Select(value => $"{TypeShape.NameOf(value.Member)}={Uri.EscapeDataString(value.Text)}"));
        Xml = samples.OfRequest(body, typed).FirstOrDefault(sample => sample.MediaTypes[0] == "application/xml")?.Text;
    }

    /// <summary>On one line, dates as people write them.</summary>
    public string Json { get; }

    /// <summary>As the service itself writes it: the order of elements counts. Null for a type without data contract.</summary>
    public string? Xml { get; }

    /// <summary>Pairs, percent-encoded.</summary>
    public string Form { get; }

    /// <summary>To start from, in each format.</summary>
    public IEnumerable<TryBody> Bodies
    {
        get
        {
            yield return new("application/json", json.ToJsonString(Indented));
            if (Xml is not null)
                yield return new("application/xml", Xml);
            yield return new("application/x-www-form-urlencoded", Form);
        }
    }

    /// <summary>The programs, by the name a reader looks for.</summary>
    public IEnumerable<(string Name, string Code)> Programs(string method, string address, string key)
    {
        yield return ("curl, JSON", Curl(method, address, key, "application/json", Json));
        if (Xml is not null)
            yield return ("curl, XML", Curl(method, address, key, "application/xml", Xml));
        yield return ("curl, formulaire", Curl(method, address, key, "application/x-www-form-urlencoded", Form));
        yield return ("C#", CSharp(method, address, key));
        yield return ("JavaScript", JavaScript(method, address, key));
        yield return ("Python", Python(method, address, key));
    }

    private static string Curl(string method, string address, string key, string type, string body) => $"""
        curl -X {method} {Shell(address)} \
          -H {Shell("X-API-Key: " + key)} \
          -H {Shell("Content-Type: " + type)} \
          -H {Shell("Accept: " + (type == "application/xml" ? type : "application/json"))} \
          -d {Shell(body)}
        """;

    private string CSharp(string method, string address, string key) => $$""""
        using System;
        using System.Net.Http;
        using System.Net.Http.Headers;

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod({{Quoted(method)}}), {{Quoted(address)}});
        request.Headers.Add("X-API-Key", {{Quoted(key)}});
        request.Headers.Accept.ParseAdd("application/json");
        request.Content = new StringContent({{Quoted(Json)}}, MediaTypeHeaderValue.Parse("application/json; charset=utf-8"));

        using var response = await http.SendAsync(request);
        Console.WriteLine((int)response.StatusCode);
        Console.WriteLine(await response.Content.ReadAsStringAsync());
        """";

    private string JavaScript(string method, string address, string key) => $$"""
        fetch({{Quoted(address)}}, {
          method: {{Quoted(method)}},
          headers: {
            "X-API-Key": {{Quoted(key)}},
            "Content-Type": "application/json",
            "Accept": "application/json"
          },
          body: JSON.stringify({{Json}})
        })
          .then(async response => console.log(response.status, await response.text()))
          .catch(console.error);
        """;

    private string Python(string method, string address, string key) => $$"""
        import urllib.error
        import urllib.request

        request = urllib.request.Request(
            {{Quoted(address)}},
            method={{Quoted(method)}},
            headers={
                "X-API-Key": {{Quoted(key)}},
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
            data={{Quoted(Json)}}.encode("utf-8"),
        )
        try:
            with urllib.request.urlopen(request) as response:
                print(response.status, response.read().decode("utf-8"))
        except urllib.error.HTTPError as error:
            print(error.code, error.read().decode("utf-8"))
        """;

    /// <summary>A word of a POSIX shell.</summary>
    private static string Shell(string text) => $"'{text.Replace("'", @"'\''")}'";

    /// <summary>A string literal that C#, JavaScript and Python read alike: as JSON writes it.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text, Readable);
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace Facturation.Tests.Wire;

/// <summary>Bodies the families of WIRE.md start from.</summary>
public static class Bodies
{
    public const string ModelsNamespace = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models";
    public const string Instance = "http://www.w3.org/2001/XMLSchema-instance";

    public const string Json = """{"Debut":"2026-03-01","Fin":"2026-03-31","ProduitId":5}""";
    public const string Form = "Debut=2026-03-01&Fin=2026-03-31&ProduitId=5";
    public const string FormType = "application/x-www-form-urlencoded";

    public static readonly string Xml = Param("<Debut>2026-03-01</Debut><Fin>2026-03-31</Fin><ProduitId>5</ProduitId>");

    /// <summary>The same request under every type that is read.</summary>
    public static readonly (string Type, string Body)[] Typed =
    [
        ("application/json", Json), ("text/json", Json), ("application/xml", Xml), ("text/xml", Xml), (FormType, Form),
    ];

    /// <summary>The system's own encoder would escape half of what is to be tested.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);

    public static string Param(string content) => $"""<ParamModel xmlns="{ModelsNamespace}" xmlns:i="{Instance}">{content}</ParamModel>""";

    public static RawRequest Post((string Type, string Body) typed) => RawRequest.Post().Typed(typed.Type, typed.Body);
}

using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Facturation.Api.Help;

/// <summary>The address at which a client reached the service, for links and request samples.</summary>
/// <param name="Origin">Scheme and host, as in <c>https://facturation.example</c>.</param>
/// <param name="PathBase">The path under which the application lives, escaped; often empty.</param>
internal sealed partial record HelpLinks(string Origin, string PathBase)
{
    public static HelpLinks Of(HttpRequest request)
    {
        // The host comes from the request and is shown in commands that people copy into a shell.
        var host = PlainHost().IsMatch(request.Host.Value ?? "") ? request.Host.Value : "localhost";
        return new($"{request.Scheme}://{host}", request.PathBase.ToUriComponent());
    }

    public string Home => $"{PathBase}/Help";

    public string OpenApi => $"{PathBase}/swagger/v1/swagger.json";

    public string Schema => $"{PathBase}/Help/Schema.xsd";

    public string Operation(string id) => $"{PathBase}/Help/Api/{Uri.EscapeDataString(id)}";

    public string Model(string name) => $"{PathBase}/Help/ResourceModel?modelName={Uri.EscapeDataString(name)}";

    /// <summary>The address of a file of <see cref="Asset"/>, which changes with its content.</summary>
    public string File(string name) => $"{PathBase}/Help/{name}?v={Asset.All[name].Version}";

    /// <summary>The absolute address of an operation.</summary>
    public string Endpoint(string path) => $"{Origin}{PathBase}/{path}";

    [GeneratedRegex(@"^[A-Za-z0-9.\-]+(:\d+)?$|^\[[0-9A-Fa-f:.]+\](:\d+)?$")]
    private static partial Regex PlainHost();
}

/// <summary>An embedded file that the pages use.</summary>
internal sealed record Asset(byte[] Content, string ContentType)
{
    public static IReadOnlyDictionary<string, Asset> All { get; } = new Dictionary<string, Asset>(StringComparer.OrdinalIgnoreCase)
    {
        ["help.css"] = new(Read("help.css"), "text/css; charset=utf-8"),
        ["help.js"] = new(Read("help.js"), "text/javascript; charset=utf-8"),
        ["try.js"] = new(Read("try.js"), "text/javascript; charset=utf-8"),
        ["icon.svg"] = new(Read("icon.svg"), "image/svg+xml"),
    };

    /// <summary>Changes with the content.</summary>
    public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(Content))[..12];

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}

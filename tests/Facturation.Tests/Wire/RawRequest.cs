using System.Globalization;
using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>A request as it goes over the wire: nothing is validated, so that anything can be sent.</summary>
public sealed record RawRequest(string Method, string Target)
{
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Null: no body and no Content-Length at all.</summary>
    public byte[]? Body { get; init; }

    public bool Chunked { get; init; }

    public bool IsHead => Method == "HEAD";

    public static RawRequest Post(string target = "/api/ConsommationV2") => new("POST", target) { Body = [] };

    public static RawRequest Get(string target) => new("GET", target);

    public RawRequest Json(string body) => Typed("application/json", body);

    public RawRequest Xml(string body) => Typed("application/xml", body);

    public RawRequest Form(string body) => Typed("application/x-www-form-urlencoded", body);

    public RawRequest Typed(string? type, string body) => Typed(type, Encoding.UTF8.GetBytes(body));

    public RawRequest Typed(string? type, byte[] body) => (type == null ? this : With("Content-Type", type)) with { Body = body };

    /// <summary>Adds a header line; a second one of the same name is a second line.</summary>
    public RawRequest With(string name, string? value) => value == null ? this : this with { Headers = [.. Headers, (name, value)] };

    public RawRequest Without(string name) =>
        this with { Headers = [.. Headers.Where(header => !header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))] };

    public RawRequest To(string target) => this with { Target = target };

    public RawRequest AsChunked() => this with { Chunked = true, Body = Body ?? [] };

    /// <summary>The head in UTF-8, with the same host for everyone: it is part of some answers.</summary>
    public string Head()
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {Target} HTTP/1.1\r\n");
        if (Headers.All(header => header.Name != "Host"))
            head.Append("Host: localhost\r\n");
        foreach (var (name, value) in Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (Chunked)
            head.Append("Transfer-Encoding: chunked\r\n");
        else if (Body != null)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        return head.Append("\r\n").ToString();
    }

    public byte[] ToBytes()
    {
        var head = Encoding.UTF8.GetBytes(Head());
        if (Body == null)
            return head;
        return Chunked ? [.. head, .. Chunks(Body)] : [.. head, .. Body];
    }

    /// <summary>Two chunks at least, cut in the middle, where a reader that takes one for the whole would show it.</summary>
    private static byte[] Chunks(byte[] body)
    {
        var halves = new[] { body[..(body.Length / 2)], body[(body.Length / 2)..] };
        return
        [
            .. halves.Where(half => half.Length > 0).SelectMany(half =>
                (byte[])[.. Encoding.ASCII.GetBytes(half.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. half, 13, 10]),
            .. "0\r\n\r\n"u8,
        ];
    }
}

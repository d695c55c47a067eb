using System.Text;

namespace Facturation.Tests.Wire;

/// <summary>An answer as it came: status 0 when the connection was closed without one.</summary>
public sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public static readonly RawAnswer None = new(0, [], []);

    /// <summary>The values of a header in order, whether they came on one line or on several; null when it is not there.</summary>
    public string? Header(string name)
    {
        var values = Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value.Split(',', StringSplitOptions.TrimEntries)).ToList();
        return values.Count == 0 ? null : string.Join(", ", values);
    }

    public string? ContentType => Header("Content-Type");

    public bool Closes => string.Equals(Header("Connection"), "close", StringComparison.OrdinalIgnoreCase);

    /// <summary>The body as text, for people.</summary>
    public string Text => Body is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(Body) : Encoding.UTF8.GetString(Body);

    public override string ToString()
    {
        var shown = Headers.Where(header => header.Name is not ("Date" or "Server")).Select(header => header.Name + ": " + header.Value);
        return $"{Status}\n{string.Join("\n", shown)}\n\n{Visible.Text(Text, 4000)}";
    }
}

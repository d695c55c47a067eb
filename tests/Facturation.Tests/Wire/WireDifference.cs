namespace Facturation.Tests.Wire;

/// <summary>What differs between the legacy's answer and ours; no lines when nothing does.</summary>
public static class WireDifference
{
    public static IReadOnlyList<string> Between(RawAnswer legacy, RawAnswer ours)
    {
        var differences = new List<string>();
        Add(differences, "status", $"{legacy.Status}", $"{ours.Status}");
        Add(differences, "Content-Type", legacy.ContentType, ours.ContentType);
        Add(differences, "Allow", legacy.Header("Allow"), ours.Header("Allow"));
        if (!legacy.Body.AsSpan().SequenceEqual(ours.Body))
            differences.Add(BodyDifference(legacy, ours));
        // Kestrel's own refusals close the connection and never reach the legacy host.
        if (!legacy.Closes)
            differences.AddRange(Unbuffered(ours));
        return differences;
    }

    /// <summary>WIRE.md O5: read from the legacy host's source, so asked of our side alone.</summary>
    private static IEnumerable<string> Unbuffered(RawAnswer ours)
    {
        if (ours.Status != 204 && ours.Header("Content-Length") == null)
            yield return "no Content-Length";
        foreach (var (name, value) in new[] { ("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1") })
        {
            if (ours.Header(name) != value)
                yield return $"{name}: {ours.Header(name) ?? "(none)"} instead of {value}";
        }
    }

    private static void Add(List<string> differences, string name, string? legacy, string? ours)
    {
        if (legacy != ours)
            differences.Add($"{name}: legacy {legacy ?? "(none)"}, ours {ours ?? "(none)"}");
    }

    private static string BodyDifference(RawAnswer legacy, RawAnswer ours)
    {
        var at = legacy.Body.AsSpan().CommonPrefixLength(ours.Body);
        return $"body at byte {at}: legacy {Around(legacy.Body, at)} ({legacy.Body.Length}), ours {Around(ours.Body, at)} ({ours.Body.Length})";
    }

    private static string Around(byte[] body, int at)
    {
        var start = Math.Max(0, at - 40);
        var part = new RawAnswer(0, [], body[start..Math.Min(body.Length, at + 60)]);
        return "«" + Visible.Text(part.Text) + "»";
    }
}

using System.Globalization;
using System.Text;

namespace Facturation.Api.Compare;

/// <summary>Finds the differences between two answers to a request.</summary>
internal static class Differences
{
    /// <summary>Headers about the server or the connection rather than the answer.</summary>
    public static readonly IReadOnlyList<string> Ignored =
    [
        "Date", "Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "Connection", "Keep-Alive", "Transfer-Encoding",
    ];

    private const int Before = 40, After = 60;

    /// <summary>
    /// Describes each difference, quoting the answers; empty if they are equal. A missing answer is always a difference, even if both are
    /// missing.
    /// </summary>
    public static IReadOnlyList<string> Between(RawAnswer old, RawAnswer @new, IReadOnlySet<string> ignored)
    {
        if (old.Failure is not null || @new.Failure is not null)
            return [$"pas de réponse : ancien {old.Failure ?? Status(old)}, nouveau {@new.Failure ?? Status(@new)}"];
        var differences = new List<string>();
        if (old.Status != @new.Status)
            differences.Add($"statut : ancien {old.Status}, nouveau {@new.Status}");
        var (oldHeaders, newHeaders) = (Group(old, ignored), Group(@new, ignored));
        foreach (var name in oldHeaders.Keys.Union(newHeaders.Keys, StringComparer.OrdinalIgnoreCase))
        {
            var (before, after) = (oldHeaders.GetValueOrDefault(name), newHeaders.GetValueOrDefault(name));
            if (before != after)
                differences.Add($"{name} : ancien {Quote(before)}, nouveau {Quote(after)}");
        }
        var at = old.Body.AsSpan().CommonPrefixLength(@new.Body);
        if (at < Math.Max(old.Body.Length, @new.Body.Length))
            differences.Add(
                $"corps, octet {at} : ancien {Around(old.Body, at)} ({old.Body.Length} octets), nouveau {Around(@new.Body, at)} ({@new.Body.Length} octets)");
        return differences;

        static string Status(RawAnswer answer) => answer.Status.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The values of each header in order. On one line or several, they mean the same in HTTP.</summary>
    private static Dictionary<string, string> Group(RawAnswer answer, IReadOnlySet<string> ignored) => answer.Headers
        .Where(header => !ignored.Contains(header.Name))
        .GroupBy(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => string.Join(", ", group), StringComparer.OrdinalIgnoreCase);

    private static string Quote(string? value) => value is null ? "(absent)" : $"« {value} »";

    private static string Around(byte[] body, int at)
    {
        var (start, end) = (Math.Max(0, at - Before), Math.Min(body.Length, at + After));
        // In UTF-16, the excerpt starts at a whole character.
        var text = body is [0xFF, 0xFE, ..]
            ? Encoding.Unicode.GetString(body, start & ~1, (end - start) & ~1)
            : Encoding.UTF8.GetString(body, start, end - start);
        return $"«{(start > 0 ? "…" : "")}{text}{(end < body.Length ? "…" : "")}»";
    }
}

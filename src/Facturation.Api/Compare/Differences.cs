using System.Globalization;
using System.Text;

namespace Facturation.Api.Compare;

/// <summary>What two answers to one request do not have in common.</summary>
internal static class Differences
{
    /// <summary>Headers that tell of the server or of the connection, not of the answer.</summary>
    public static readonly IReadOnlyList<string> Ignored =
    [
        "Date", "Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "Connection", "Keep-Alive", "Transfer-Encoding",
    ];

    private const int Before = 40, After = 60;

    /// <summary>
    /// One text for each difference, quoting the answers; none if they are equal. A missing answer is equal to nothing, not even to
    /// another.
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

    /// <summary>Values in order, whether on one line or on several, which HTTP holds for the same.</summary>
    private static Dictionary<string, string> Group(RawAnswer answer, IReadOnlySet<string> ignored) => answer.Headers
        .Where(header => !ignored.Contains(header.Name))
        .GroupBy(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => string.Join(", ", group), StringComparer.OrdinalIgnoreCase);

    private static string Quote(string? value) => value is null ? "(absent)" : $"« {value} »";

    private static string Around(byte[] body, int at)
    {
        var (start, end) = (Math.Max(0, at - Before), Math.Min(body.Length, at + After));
        // In UTF-16, every second byte is enough to show the place.
        var text = body is [0xFF, 0xFE, ..]
            ? Encoding.Unicode.GetString(body, start & ~1, (end - start) & ~1)
            : Encoding.UTF8.GetString(body, start, end - start);
        return $"«{(start > 0 ? "…" : "")}{text}{(end < body.Length ? "…" : "")}»";
    }
}

namespace Facturation.Api.Operations;

/// <summary>Suggests names that are similar to a mistyped one.</summary>
internal static class NameSuggestions
{
    private const int LongestAsked = 100; // The cost is the product of both lengths.

    /// <summary>The most similar names, best first, without those that are too different.</summary>
    public static IEnumerable<string> Of(string asked, IEnumerable<string> names)
    {
        var text = (asked.Length > LongestAsked ? asked[..LongestAsked] : asked).ToUpperInvariant();
        return names
            .Select(name => (Name: name, Distance: Distance(text, name.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= candidate.Name.Length / 2)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .Take(5);
    }

    /// <summary>The edit distance, or 1 if the right name contains the left.</summary>
    private static int Distance(string left, string right) =>
        left.Length > 2 && right.Contains(left, StringComparison.Ordinal) ? 1 : Letters(left, right);

    /// <summary>The Levenshtein distance.</summary>
    public static int Letters(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}

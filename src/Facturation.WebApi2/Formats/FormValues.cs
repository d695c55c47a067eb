using System.Text;

namespace Facturation.WebApi2.Formats;

/// <summary>The values of a form by name, with jQuery's brackets converted to MVC's paths. Names are case-insensitive.</summary>
internal sealed class FormValues
{
    private readonly Dictionary<string, List<string>> values = new(StringComparer.OrdinalIgnoreCase);
    private readonly string[] sorted;

    /// <exception cref="FormatException">A name has an unclosed bracket.</exception>
    public FormValues(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        foreach (var (name, value) in pairs)
        {
            var path = ToPath(name);
            if (!values.TryGetValue(path, out var list))
                values.Add(path, list = []);
            list.Add(value);
        }
        sorted = [.. values.Keys];
        Depth = sorted.Length == 0 ? 0 : sorted.Max(path => path.Count(c => c is '.' or '['));
        Array.Sort(sorted, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The number of levels of the deepest name below the body's members.</summary>
    public int Depth { get; }

    /// <summary>The values of a name, in order; null if there are none.</summary>
    public IReadOnlyList<string>? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Whether there is a value for this name, or below it after a dot or bracket. True for the empty name.</summary>
    public bool Contains(string prefix) => prefix.Length == 0
        ? values.Count > 0
        : values.ContainsKey(prefix) || IsStart(prefix + ".") || IsStart(prefix + "[");

    private bool IsStart(string start)
    {
        var index = Array.BinarySearch(sorted, start, StringComparer.OrdinalIgnoreCase);
        index = index < 0 ? ~index : index;
        return index < sorted.Length && sorted[index].StartsWith(start, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Converts <c>a[b][0][]</c> to <c>a.b[0]</c>.</summary>
    private static string ToPath(string name)
    {
        if (!name.Contains('['))
            return name;
        var path = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length;)
        {
            var open = name.IndexOf('[', i);
            if (open < 0)
                return path.Append(name, i, name.Length - i).ToString();
            path.Append(name, i, open - i);
            var close = name.IndexOf(']', open);
            if (close < 0)
                throw new FormatException($"The bracket in '{name}' does not close.");
            if (close > open + 1)
            {
                if (char.IsDigit(name[open + 1]))
                    path.Append(name, open, close - open + 1);
                else
                    path.Append('.').Append(name, open + 1, close - open - 1);
            }
            i = close + 1;
        }
        return path.ToString();
    }
}

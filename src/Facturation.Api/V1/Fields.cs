using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// Reads the members of a JSON object strictly: a number is not a string of digits, and a date has an offset. Errors are collected,
/// in French, with the member's name. Unknown members are ignored.
/// </summary>
internal sealed class Fields(JsonElement json, string path = "", List<string>? errors = null, List<Asked>? asked = null)
{
    /// <summary>The rules for the members of a body, found by reading it from an empty object.</summary>
    public static IReadOnlyList<Asked> AskedBy<T>() where T : IBody<T>
    {
        var asked = new List<Asked>();
        using var nothing = JsonDocument.Parse("{}");
        T.Read(new Fields(nothing.RootElement, asked: asked));
        return asked;
    }

    /// <summary>The errors found so far.</summary>
    public List<string> Errors { get; } = errors ?? [];

    /// <summary>A text of at most <paramref name="max"/> UTF-16 code units, not empty if required; null if absent or invalid.</summary>
    public string? Text(string name, int max, bool required = true) => Bound(name, required, text => text.Length, max);

    /// <summary>The same, of at most <see cref="Reading.MaxText"/> characters (code points).</summary>
    public string? Note(string name, bool required = true) =>
        Bound(name, required, text => text.EnumerateRunes().Count(), Reading.MaxText);

    /// <summary>An index in thousandths: a string of digits, within 64 bits.</summary>
    public long Milli(string name) => Digits(name).GetValueOrDefault();

    /// <summary>A whole number as a string of digits, within a range; null if absent or invalid.</summary>
    public long? Digits(string name, long min = 0, long max = long.MaxValue, bool required = true)
    {
        Ask(name, required);
        if (String(name, required) is not { } text)
            return null;
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
            return Fail<long?>(name, "une chaîne de chiffres est attendue, par exemple \"1234567\"");
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return Fail<long?>(name, $"au-delà de 64 bits ({max} au plus)");
        return value >= min && value <= max ? value : Fail<long?>(name, $"un nombre de {min} à {max} est attendu");
    }

    /// <summary>A text that matches a pattern; null if absent or invalid.</summary>
    public string? Matching(string name, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern, string expected, bool required = true)
    {
        asked?.Add(new Asked(path + name, required, null, null, null, pattern));
        var text = String(name, required);
        // In .NET, $ also stands before a line feed at the end.
        return text is null || Regex.Match(text, pattern).Length == text.Length ? text : Fail<string>(name, expected);
    }

    /// <summary>A day: AAAA-MM-JJ.</summary>
    public DateOnly Day(string name)
    {
        Ask(name, true);
        if (String(name, true) is not { } text)
            return default;
        return DayBinder.TryReadDay(text, out var day) ? day : Fail<DateOnly>(name, DayBinder.Expected);
    }

    /// <summary>A date-time of RFC 3339, with its offset.</summary>
    public DateTimeOffset Instant(string name)
    {
        Ask(name, true);
        if (String(name, true) is not { } text)
            return default;
        return Instants.TryRead(text, out var instant)
            ? instant
            : Fail<DateTimeOffset>(name, Instants.LacksOffset(text)
                ? InstantBinder.OffsetMissing
                : "une date RFC 3339 avec son décalage est attendue, par exemple \"2026-04-15T12:00:00Z\"");
    }

    /// <summary>A uuid of any version, in either case.</summary>
    public Guid? Uuid(string name, bool required = true)
    {
        Ask(name, required);
        if (String(name, required) is not { } text)
            return null;
        return V1.Uuid.TryRead(text, out var uuid)
            ? uuid
            : Fail<Guid?>(name, "un uuid est attendu, par exemple \"2489e9ad-2ee2-8e00-8ec9-32d5f69181c0\"");
    }

    /// <summary>An integer within a range; null if absent or invalid.</summary>
    public int? Integer(string name, int min = int.MinValue, int max = int.MaxValue, bool required = true)
    {
        Ask(name, required, min, max);
        if (Find(name, JsonValueKind.Number, "un nombre entier", required) is not { } number)
            return null;
        return number.TryGetInt32(out var value) && value >= min && value <= max
            ? value
            : Fail<int?>(name, string.Create(CultureInfo.InvariantCulture, $"un nombre entier de {min} à {max} est attendu"));
    }

    /// <summary>A boolean; false if absent.</summary>
    public bool Flag(string name)
    {
        Ask(name, false);
        if (!json.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.False or JsonValueKind.Null)
            return false;
        return value.ValueKind == JsonValueKind.True
            || Fail<bool>(name, $"{Describe(value)}, alors que la valeur attendue est true ou false");
    }

    /// <summary>One of a few words, in any case; the first if absent.</summary>
    public string Word(string name, params ReadOnlySpan<string> words) => Word(name, required: false, words);

    /// <summary>One of a few words, the first if absent unless it is required. NSwag's C# client sends the name of its constant: Atomic.</summary>
    public string Word(string name, bool required, params ReadOnlySpan<string> words)
    {
        Ask(name, required, words: words.ToArray());
        if (String(name, required) is not { } text)
            return words[0];
        foreach (var word in words)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return word;
        return Fail<string>(name, $"\"{string.Join("\" ou \"", words!)}\" est attendu")!;
    }

    /// <summary>A date, optionally with a time, in Paris: AAAA-MM-JJ or AAAA-MM-JJTHH:MM:SS, without offset.</summary>
    public DateTime HourOfParis(string name)
    {
        Ask(name, true);
        if (String(name, true) is not { } text)
            return default;
        return DateTime.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour)
            ? hour
            : Fail<DateTime>(name, "une date AAAA-MM-JJ ou AAAA-MM-JJTHH:MM:SS, heure de Paris, est attendue");
    }

    /// <summary>The members of an object; null if it is absent or invalid.</summary>
    public Fields? Object(string name)
    {
        Ask(name, true);
        if (Find(name, JsonValueKind.Object, "un objet", true) is { } value)
            return new Fields(value, $"{path}{name}.", Errors);
        return asked is null ? null : new Fields(json, $"{path}{name}.", Errors, asked);
    }

    /// <summary>The elements of an array.</summary>
    public List<JsonElement> Array(string name, int max)
    {
        Ask(name, true, 1, max);
        if (Find(name, JsonValueKind.Array, "un tableau", true) is not { } array)
            return [];
        var length = array.GetArrayLength();
        if (length == 0 || length > max)
            return Fail<List<JsonElement>>(name, $"{length} éléments, de 1 à {max} sont attendus") ?? [];
        return [.. array.EnumerateArray()];
    }

    private string? Bound(string name, bool required, Func<string, int> count, int max)
    {
        Ask(name, required, required ? 1 : 0, max);
        return String(name, required) switch
        {
            "" when required => Fail<string>(name, "vide"),
            { } text when count(text) > max => Fail<string>(name, $"{count(text)} caractères, {max} au plus"),
            var text => text,
        };
    }

    private void Ask(string name, bool required, int? min = null, int? max = null, string[]? words = null) =>
        asked?.Add(new Asked(path + name, required, min, max, words));

    private string? String(string name, bool required)
    {
        if (Find(name, JsonValueKind.String, "une chaîne", required) is not { } value)
            return null;
        try
        {
            var text = value.GetString()!;
            return XmlText.FindProblem(text) is { } problem ? Fail<string>(name, problem) : text;
        }
        catch (InvalidOperationException)
        {
            return Fail<string>(name, "un demi-caractère (surrogate isolé) ne peut être gardé");
        }
    }

    private JsonElement? Find(string name, JsonValueKind kind, string expected, bool required)
    {
        if (!json.TryGetProperty(name, out var value) || (!required && value.ValueKind == JsonValueKind.Null))
            return required ? Fail<JsonElement?>(name, "absent") : null;
        return value.ValueKind == kind
            ? value
            : Fail<JsonElement?>(name, $"{Describe(value)}, alors que la valeur attendue est {expected}");
    }

    private T? Fail<T>(string name, string why)
    {
        Errors.Add($"{path}{name} : {why}");
        return default;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "un objet",
        JsonValueKind.Array => "un tableau",
        JsonValueKind.String => "une chaîne",
        JsonValueKind.Number => "un nombre",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}

/// <summary>The rules for a member of a body.</summary>
/// <param name="Path">Its path, with dots.</param>
/// <param name="IsRequired">Whether it is required.</param>
/// <param name="Min">The minimum number, or number of characters or elements; null for none.</param>
/// <param name="Max">The maximum number, or number of characters or elements; null for none.</param>
/// <param name="Words">The allowed texts, the default first unless it is required; null for any.</param>
/// <param name="Pattern">The regular expression that its text matches; null for none.</param>
internal sealed record Asked(string Path, bool IsRequired, int? Min, int? Max, IReadOnlyList<string>? Words, string? Pattern = null);

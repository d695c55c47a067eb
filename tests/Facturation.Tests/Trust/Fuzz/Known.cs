using System.Text.Json;
using Facturation.Tests.Wire.Generator;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>What the fuzzer has learnt from answers: ids and cursors that lead somewhere; and the keys it holds.</summary>
/// <param name="keys">Keys of every kind, those that open nothing among them.</param>
internal sealed class Known(IReadOnlyList<string> keys)
{
    private const int Most = 40;

    private readonly List<string> meters = [], readings = [], cursors = [];

    public string Meter(Random random) => meters.Count > 0 ? random.Of(meters) : Guid.Empty.ToString();

    public string Reading(Random random) => readings.Count > 0 ? random.Of(readings) : Guid.Empty.ToString();

    public string AnyId(Random random) => random.Next(10) switch
    {
        < 6 => Meter(random),
        < 9 => Reading(random),
        _ => Guid.NewGuid().ToString(),
    };

    public string AnyCursor(Random random) => cursors.Count > 0 ? random.Of(cursors) : "AAAA";

    public string? AnyKey(Random random) => random.Percent(15) ? Odd.Line(random) : random.Percent(10) ? null : random.Of(keys);

    /// <summary>Learns the ids and cursors of an answer.</summary>
    public void Learn(string operation, JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array)
            foreach (var item in answer.EnumerateArray())
                Learn(operation, item);
        if (answer.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in answer.EnumerateObject())
            if (member.Value.ValueKind != JsonValueKind.String)
                Learn(operation, member.Value);
            else if (member.Name is "meterId" || (member.Name is "id" && operation.StartsWith("Meters_", StringComparison.Ordinal)))
                Add(meters, member.Value.GetString()!);
            else if (member.Name is "readingId" or "id")
                Add(readings, member.Value.GetString()!);
            else if (member.Name is "nextCursor")
                Add(cursors, member.Value.GetString()!);
    }

    private static void Add(List<string> values, string value)
    {
        if (values.Contains(value))
            return;
        values.Add(value);
        if (values.Count > Most)
            values.RemoveAt(0);
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Facturation.Tests.Wire;
using Facturation.Tests.Wire.Generator;

namespace Facturation.Tests.Trust.Fuzz;

/// <summary>What the fuzzer has learnt from answers, ids and cursors that lead somewhere; and the keys it holds.</summary>
/// <param name="keys">Keys of every kind, those that open nothing among them.</param>
internal sealed partial class Known(IReadOnlyList<string> keys)
{
    private const int Most = 40;

    private static readonly DateTime Start = new(2026, 3, 31, 0, 0, 0, DateTimeKind.Utc);

    private readonly List<string> meters = [], cursors = [], bills = [];
    private readonly List<(string Meter, string Reading)> readings = [];

    public string Meter(Random random) => meters.Count > 0 ? random.Of(meters) : Guid.Empty.ToString();

    /// <summary>A reading, with its meter.</summary>
    public (string Meter, string Reading) Pair(Random random) => readings.Count > 0 ? random.Of(readings) : (Meter(random), Guid.Empty.ToString());

    /// <summary>The reading learnt last, with its meter.</summary>
    public (string Meter, string Reading) Last => readings[^1];

    /// <summary>A suspect reading, with its meter: the only one that can be confirmed for sure.</summary>
    public (string Meter, string Reading) Suspect { get; set; }

    public string Bill(Random random) => bills.Count > 0 ? random.Of(bills) : Guid.Empty.ToString();

    public string AnyId(Random random) => random.Next(10) switch
    {
        < 6 => Meter(random),
        < 8 => Pair(random).Reading,
        < 9 => Bill(random),
        _ => Odd.Uuid(random),
    };

    public string AnyCursor(Random random) => cursors.Count > 0 ? random.Of(cursors) : "AAAA";

    public string? AnyKey(Random random) => random.Percent(15) ? Odd.Line(random) : random.Percent(10) ? null : random.Of(keys);

    /// <summary>The same request, of another meter and at another instant, with an index that fits it: most are accepted.</summary>
    public RawRequest Freshen(RawRequest request, Random random)
    {
        var (meter, reading) = random.Percent(50) ? Pair(random) : (Meter(random), Pair(random).Reading);
        var ids = 0;
        request = request.To(Uuid().Replace(request.Target, _ =>
            request.Target.StartsWith("/v1/bills/", StringComparison.Ordinal) ? Bill(random) : ids++ == 0 ? meter : reading));
        request = request.To(FirstDay().Replace(request.Target, _ => $"/2027-0{random.Next(1, 4)}-01"));
        if (request.Body is not ([(byte)'{', ..] and var body))
            return request;
        try
        {
            var json = JsonNode.Parse(body)!;
            Freshen(json, random);
            if (json is JsonObject members && members.ContainsKey("endReadingId"))
                members["endReadingId"] = reading;
            return request with { Body = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()) };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return request; // A mutant that is no JSON any more.
        }
    }

    /// <summary>Learns the ids and cursors of an answer.</summary>
    public void Learn(string operation, string target, JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array)
            foreach (var item in answer.EnumerateArray())
                Learn(operation, target, item);
        if (answer.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in answer.EnumerateObject())
            if (member.Value.ValueKind != JsonValueKind.String)
                Learn(operation, target, member.Value);
            else if (member.Name is "id" && operation.StartsWith("Meters_", StringComparison.Ordinal))
                Add(meters, member.Value.GetString()!);
            else if (member.Name is "readingId" or "id" && Uuid().Match(target) is { Success: true } meter)
                Add(readings, (meter.Value, member.Value.GetString()!));
            else if (member.Name is "folioEntryId")
                Add(bills, member.Value.GetString()!);
            else if (member.Name is "nextCursor")
                Add(cursors, member.Value.GetString()!);
    }

    /// <summary>All indexes lie on one line through time, so that they never fall.</summary>
    private static void Freshen(JsonNode? json, Random random)
    {
        if (json is JsonArray array)
            foreach (var item in array)
                Freshen(item, random);
        if (json is not JsonObject members)
            return;
        if (members.ContainsKey("serial"))
            members["serial"] = $"F{random.Next(100_000)}";
        foreach (var (at, index) in new[] { ("readAt", "indexValueMilli"), ("replacedAt", "lastIndexValueMilli") })
            if (members.ContainsKey(at) && members.ContainsKey(index))
            {
                var days = random.NextDouble() * 90;
                members[at] = Start.AddDays(days + 2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                members[index] = ((long)(1_300_000 + (days * 1000))).ToString(CultureInfo.InvariantCulture);
            }
        if (members.ContainsKey("readings"))
            Freshen(members["readings"], random);
    }

    private static void Add<T>(List<T> values, T value)
    {
        if (values.Contains(value))
            return;
        values.Add(value);
        if (values.Count > Most)
            values.RemoveAt(0);
    }

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")]
    private static partial Regex Uuid();

    /// <summary>The first day of a price, after all that is billed.</summary>
    [GeneratedRegex("/2027-[0-9]{2}-[0-9]{2}")]
    private static partial Regex FirstDay();
}

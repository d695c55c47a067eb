using System.Text.Json;

namespace Facturation.Tests.Wire;

/// <summary>A request with the number of the WIRE.md line it belongs to, and what that line says of the legacy's answer.</summary>
public sealed record WireCase(string Name, RawRequest Request)
{
    /// <summary>A request for this operation is sent to every one of these: they read alike and answer differently.</summary>
    private static readonly string[] Readers = ["/api/ConsommationV2", "/api/Consommation", "/api/Rapport", "/api/Echo"];

    private readonly List<Action<RawAnswer>> _claims = [];
    private string? _read;

    /// <summary>What the legacy server answers where invalid model state is refused.</summary>
    public WireCase Says(int status, string? type = null, string? body = null)
    {
        _claims.Add(answer => Assert.That(answer.Status, Is.EqualTo(status)));
        if (type != null)
            _claims.Add(answer => Assert.That(answer.ContentType, Is.EqualTo(type.Contains(';') ? type : type + "; charset=utf-8")));
        if (body != null)
            _claims.Add(answer => Assert.That(answer.Text, Is.EqualTo(body)));
        return this;
    }

    public WireCase Says(Action<RawAnswer> claim)
    {
        _claims.Add(claim);
        return this;
    }

    /// <summary>
    /// What the legacy server reads: <c>Debut Fin ProduitId</c> with - for null, or <c>null</c> for no parameter at all; then, after
    /// <c>!</c>, the keys of the model state's errors.
    /// </summary>
    public WireCase Reads(string read)
    {
        _read = read;
        return this;
    }

    public IEnumerable<RawRequest> Requests() => Request.Target.StartsWith(Readers[0], StringComparison.Ordinal)
        ? Readers.Select(reader => Request.To(reader + Request.Target[Readers[0].Length..]))
        : [Request];

    /// <summary>Holds the oracle against the document.</summary>
    public async Task ClaimsHold()
    {
        var answer = await WireServers.Oracle.SendAsync(Request, refuse: true);
        var read = _read == null ? null : Summary(await WireServers.Oracle.SendAsync(
            Request.To(Readers[2]).Without("Accept").Without("Accept-Charset").With("Accept", "application/json")
                .With("Accept-Charset", "utf-8"), refuse: false));
        using (Assert.EnterMultipleScope())
        {
            foreach (var claim in _claims)
                claim(answer);
            Assert.That(read, Is.EqualTo(_read));
        }
    }

    /// <summary>Holds our side against the oracle, wherever it runs, with and without refusal of invalid model state.</summary>
    public async Task AnswersAreEqual()
    {
        var compared = await Task.WhenAll(
            from request in Requests() from refuse in new[] { true, false } select CompareAsync(request, refuse));
        var differences = compared.Where(difference => difference != null).ToList();
        if (differences.Count > 0)
            Assert.Fail($"{differences.Count} of {compared.Length} exchanges\n{differences[0]}");
    }

    public override string ToString() => Name;

    private static async Task<string?> CompareAsync(RawRequest request, bool refuse)
    {
        await WireServers.LetMidnightPassAsync();
        var legacy = await WireServers.Oracle.SendAsync(request, refuse);
        if (KnownDifference.Applies(request, refuse, legacy))
            return null;
        foreach (var host in WireServers.Hosts)
        {
            var ours = await host.SendAsync(request, refuse);
            var differences = WireDifference.Between(legacy, ours);
            if (differences.Count > 0)
                return new WireFailure(request, refuse, host.Name, legacy, ours, differences).ToString();
        }
        return null;
    }

    private static string Summary(RawAnswer answer)
    {
        if (answer.Status != 200)
            return answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var document = JsonDocument.Parse(answer.Body);
        var report = document.RootElement;
        var read = report.GetProperty("Recu").GetBoolean()
            ? string.Join(' ', Date("Debut"), Date("Fin"), report.GetProperty("ProduitId").ToString() is { Length: > 0 } id ? id : "-")
            : "null";
        var keys = report.GetProperty("Erreurs").EnumerateArray().Select(line => line.GetString()!.Split(" => ")[0]).ToList();
        return keys.Count == 0 ? read : read + " ! " + string.Join(", ", keys);

        string Date(string name) => report.GetProperty(name) is { ValueKind: JsonValueKind.Object } date
            ? date.GetProperty("Valeur").GetString()!
            : "-";
    }
}

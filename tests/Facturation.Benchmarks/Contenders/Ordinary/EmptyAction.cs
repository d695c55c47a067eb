using System.Collections.Concurrent;
using System.Globalization;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;

namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>The floor of any answer through MVC: an action that does nothing, behind a key, with a line in the log.</summary>
[Microsoft.AspNetCore.Mvc.Route("api/ConsommationV2"), Microsoft.AspNetCore.Authorization.Authorize]
public class EmptyController : ControllerBase
{
    private static readonly ConcurrentDictionary<(int, bool), byte[]> Answers = new();

    /// <summary>The answer of so many rows, from an array.</summary>
    [Microsoft.AspNetCore.Mvc.HttpPost]
    public FileContentResult Post()
    {
        var isXml = Request.ContentType!.StartsWith("application/xml", StringComparison.Ordinal);
        var rows = int.Parse(Request.Headers["X-Rows"].ToString(), CultureInfo.InvariantCulture);
        return File(
            Answers.GetOrAdd((rows, isXml), answer => Sample.Bytes(answer.Item1, answer.Item2)),
            isXml ? "application/xml; charset=utf-8" : "application/json; charset=utf-8");
    }

    /// <summary>Records nothing.</summary>
    [Microsoft.AspNetCore.Mvc.HttpPost("/v1/meters/{meter}/readings/manual")]
    public StatusCodeResult Record() => StatusCode(StatusCodes.Status201Created);
}

/// <summary>One key, in memory.</summary>
internal sealed class OneKey : IConsommations
{
    private static readonly Cle Known = new() { Hash = ApiKey.HashOf(MemoryStore.Key), ClientId = 1, Client = "BANC", Scopes = Scopes.ConsommationRead };

    public Task<Cle?> FindKeyAsync(string prefix) => Task.FromResult<Cle?>(Known);

    public Task<IEnumerable<Ligne>> ReadAsync(int client, DateOnly debut, DateOnly fin) => throw new NotSupportedException();
}

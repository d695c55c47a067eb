namespace Facturation.Tests.Wire.Generator;

/// <summary>Makes a request that shows a difference smaller while it still shows one of the same kind.</summary>
internal sealed class RequestShrinker(Func<RawRequest, Task<bool>> stillDiffers)
{
    private int _left = 400;

    public async Task<RawRequest> ShrinkAsync(RawRequest request)
    {
        foreach (var simpler in Simpler(request))
        {
            if (await TryAsync(simpler(request)))
                request = simpler(request);
        }
        foreach (var header in request.Headers)
        {
            var without = request with { Headers = [.. request.Headers.Where(other => other != header)] };
            if (await TryAsync(without))
                request = without;
        }
        return await ShortenAsync(request);
    }

    private static IEnumerable<Func<RawRequest, RawRequest>> Simpler(RawRequest request)
    {
        yield return candidate => candidate with { Chunked = false };
        yield return candidate => candidate with { Method = "POST" };
        if (request.Target.IndexOf('?', StringComparison.Ordinal) is > 0 and var query)
            yield return candidate => candidate.To(request.Target[..query]);
        foreach (var target in (string[])["/api/Rapport", "/api/Echo"])
            yield return candidate => candidate.To(target);
        yield return candidate => candidate with { Body = [] };
    }

    /// <summary>Removes ever smaller parts of the body, as long as there is patience.</summary>
    private async Task<RawRequest> ShortenAsync(RawRequest request)
    {
        for (var part = (request.Body?.Length ?? 0) / 2; part > 0; part /= 2)
        {
            for (var at = 0; at + part <= request.Body!.Length;)
            {
                var shorter = request with { Body = [.. request.Body[..at], .. request.Body[(at + part)..]] };
                if (await TryAsync(shorter))
                    request = shorter;
                else
                    at += part;
            }
        }
        return request;
    }

    private async Task<bool> TryAsync(RawRequest request) => _left-- > 0 && await stillDiffers(request);
}

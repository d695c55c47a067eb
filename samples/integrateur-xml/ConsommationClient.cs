using System.Net;
using System.Net.Http.Headers;
using System.Xml;
using System.Xml.Linq;
using Facturation.Api.Models;

namespace IntegrateurXml;

/// <summary>The service said no; the message is its own.</summary>
public sealed class RefusedException(string message) : Exception(message);

/// <summary>Asks ConsommationV2 in XML, and asks again when that may help: asking changes nothing.</summary>
public sealed class ConsommationClient(HttpClient http)
{
    private const int Tries = 5;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>What was consumed.</summary>
    /// <exception cref="RefusedException">The service refused the question.</exception>
    /// <exception cref="HttpRequestException">The service could not be reached.</exception>
    public async Task<List<ReponseV2Model>> AskAsync(ParamModel param)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? retryAfter = null;
            try
            {
                using var response = await http.PostAsXmlAsync("api/ConsommationV2", param);
                if (response.IsSuccessStatusCode)
                    return await response.Content.ReadAsAsync<List<ReponseV2Model>>();
                if (attempt == Tries || !MayPass(response.StatusCode))
                    throw new RefusedException(await DescribeAsync(response));
                retryAfter = Read(response.Headers.RetryAfter);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && attempt < Tries)
            {
                // The connection was refused or cut, or the time was up.
            }
            await Task.Delay(Wait(attempt, retryAfter));
        }
    }

    private static bool MayPass(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    private static TimeSpan? Read(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - DateTimeOffset.UtcNow);

    /// <summary>As long as the service says, else longer each time; never just as long as another program waits.</summary>
    private static TimeSpan Wait(int attempt, TimeSpan? retryAfter)
    {
        var wait = retryAfter is { } told
            ? told + TimeSpan.FromSeconds(Random.Shared.NextDouble())
            : TimeSpan.FromSeconds(Random.Shared.NextDouble() * Math.Pow(2, attempt));
        return TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestWait.Ticks));
    }

    /// <summary>The status and Web API's Error: its Message, then each member that could not be read.</summary>
    private static async Task<string> DescribeAsync(HttpResponseMessage response)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            return $"{status}: the key is absent, unknown, expired or revoked";
        try
        {
            var error = XElement.Parse(await response.Content.ReadAsStringAsync());
            var members = error.Element("ModelState")?.Elements()
                .Select(member => $"\n  {XmlConvert.DecodeName(member.Name.LocalName)}: {member.Value}");
            return $"{status}: {error.Element("Message")?.Value}{string.Concat(members ?? [])}";
        }
        catch (XmlException)
        {
            return status; // A proxy's page, or nothing.
        }
    }
}

using System.Globalization;
using System.Text;

namespace Facturation.Benchmarks.Load;

/// <summary>The request that every contender gets. No rows: all that there are, as of a database; or those of a month, by its first day.</summary>
internal static class Question
{
    public static string TypeOf(bool isXml) => isXml ? "application/xml" : "application/json";

    public static string BodyOf(bool isXml, int rows, DateOnly? month = null)
    {
        var members = new List<(string Name, string Value)>();
        if (month is { } first)
            members.AddRange([("Debut", Day(first)), ("Fin", Day(first.AddMonths(1).AddDays(-1)))]);
        if (rows != 0)
            members.Add(("ProduitId", rows.ToString(CultureInfo.InvariantCulture)));
        return isXml
            ? $"<ParamModel xmlns=\"http://schemas.datacontract.org/2004/07/Facturation.Api.Models\">{string.Concat(members.Select(m => $"<{m.Name}>{m.Value}</{m.Name}>"))}</ParamModel>"
            : $"{{{string.Join(',', members.Select(m => $"\"{m.Name}\":{m.Value}"))}}}";

        string Day(DateOnly day) => isXml ? $"{day:O}" : $"\"{day:O}\"";
    }

    /// <summary>The whole request; X-Rows is for the contender that reads no body.</summary>
    public static byte[] ToBytes(bool isXml, int rows, string key, DateOnly? month = null)
    {
        var (type, body) = (TypeOf(isXml), BodyOf(isXml, rows, month));
        return Encoding.ASCII.GetBytes(
            $"POST /api/ConsommationV2 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nX-Rows: {rows}\r\nAccept: {type}\r\n"
            + $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>The whole request for what is at an address.</summary>
    public static byte[] ToBytes(string target, string key) =>
        Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\n\r\n");

    /// <summary>The whole request that posts a body of JSON to an address.</summary>
    public static byte[] ToBytes(string target, string key, string body) => Encoding.ASCII.GetBytes(
        $"POST {target} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}

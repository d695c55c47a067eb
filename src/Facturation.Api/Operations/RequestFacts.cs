using Microsoft.AspNetCore.Mvc.Controllers;

namespace Facturation.Api.Operations;

/// <summary>The facts about a request for the log and the metrics, set by the code that knows them.</summary>
internal sealed class RequestFacts
{
    private static readonly (string Type, string Name)[] Formats =
    [
        ("application/json", "json"), ("application/xml", "xml"), ("application/x-www-form-urlencoded", "form"), ("text/html", "html"),
        ("text/json", "json"), ("text/xml", "xml"), ("text/csv", "csv"), ("application/x-ndjson", "jsonl"),
    ];

    /// <summary>The number of consumption rows in the answer; null if the operation reads none.</summary>
    public long? Rows { get; set; }

    /// <summary>Whether the answer failed, even if part of it was already sent with status 200.</summary>
    public bool HasFailed { get; set; }

    /// <summary>The error code of a v1 answer, or null.</summary>
    public string? Code { get; set; }

    /// <summary>The number of readings that the request recorded.</summary>
    public int Recorded { get; set; }

    /// <summary>The code of each refused reading.</summary>
    public IReadOnlyList<string> Refused { get; set; } = [];

    public static RequestFacts Of(HttpContext context)
    {
        if (context.Features.Get<RequestFacts>() is { } facts)
            return facts;
        facts = new RequestFacts();
        context.Features.Set(facts);
        return facts;
    }

    /// <summary>The name of the operation: its controller (and its action, in v1), or its route pattern; null if there is none.</summary>
    public static string? OperationOf(HttpContext context) => context.GetEndpoint() switch
    {
        RouteEndpoint endpoint when endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is { } action =>
            action.ActionName == "Post" ? action.ControllerName : $"{action.ControllerName}.{action.ActionName}",
        RouteEndpoint endpoint => endpoint.RoutePattern.RawText,
        _ => null,
    };

    /// <summary>A short name of a media type, from a fixed set, so that clients cannot create new metric series.</summary>
    public static string? FormatOf(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType))
            return null;
        var type = contentType.AsSpan();
        if (type.IndexOf(';') is >= 0 and var end)
            type = type[..end];
        type = type.Trim();
        foreach (var (known, name) in Formats)
            if (type.Equals(known, StringComparison.OrdinalIgnoreCase))
                return name;
        return "other";
    }
}

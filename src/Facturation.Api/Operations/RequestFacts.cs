using System.Net.Http.Headers;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Facturation.Api.Operations;

/// <summary>What is told of one request once it is answered, in the log and in the metrics. Whatever knows a fact sets it here.</summary>
internal sealed class RequestFacts
{
    /// <summary>Rows of consumption the answer was made of; null when the operation reads none.</summary>
    public long? Rows { get; set; }

    /// <summary>Whether the service failed to make the answer, even if part of it had been sent as good.</summary>
    public bool HasFailed { get; set; }

    /// <summary>The code of the error answered, in v1; null when there is none.</summary>
    public string? Code { get; set; }

    /// <summary>Readings the request recorded.</summary>
    public int Recorded { get; set; }

    /// <summary>The code of each reading it refused.</summary>
    public IReadOnlyList<string> Refused { get; set; } = [];

    public static RequestFacts Of(HttpContext context)
    {
        if (context.Features.Get<RequestFacts>() is { } facts)
            return facts;
        facts = new RequestFacts();
        context.Features.Set(facts);
        return facts;
    }

    /// <summary>The operation: its controller (and its action, in v1), or the pattern of its address; null when there is none.</summary>
    public static string? OperationOf(HttpContext context) => context.GetEndpoint() switch
    {
        RouteEndpoint endpoint when endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is { } action =>
            action.ActionName == "Post" ? action.ControllerName : $"{action.ControllerName}.{action.ActionName}",
        RouteEndpoint endpoint => endpoint.RoutePattern.RawText,
        _ => null,
    };

    /// <summary>A media type in a word, so that no client can make up series of its own.</summary>
    public static string? FormatOf(string? contentType) => string.IsNullOrEmpty(contentType) ? null
        : !MediaTypeHeaderValue.TryParse(contentType, out var type) ? "other"
        : type.MediaType!.ToLowerInvariant() switch
        {
            "application/json" or "text/json" => "json",
            "application/xml" or "text/xml" => "xml",
            "application/x-www-form-urlencoded" => "form",
            "text/html" => "html",
            _ => "other",
        };
}

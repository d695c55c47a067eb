using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Hosting;

/// <summary>What is known of one request to a Web API 2 controller, from its parameters to its answer.</summary>
internal sealed class WebApi2Exchange
{
    /// <summary>What was wrong with the parameters.</summary>
    public ReadErrors Errors { get; } = new();

    /// <summary>XML elements that were passed over though they are in the contract.</summary>
    public IReadOnlyList<string> IgnoredElements { get; set; } = [];

    /// <summary>The answer decided while the parameters were read (413, 415); null: the action may run.</summary>
    public HttpErrorResult? Refusal { get; set; }

    /// <summary>Whether a parameter that cannot be null could not be read: the action cannot run, valid model state or not.</summary>
    public bool LacksArgument { get; set; }

    /// <summary>Whether the action was reached: then an empty error answer is its own, as Web API 2's NotFound() was.</summary>
    public bool ActionReached { get; set; }

    public static WebApi2Exchange Of(HttpContext context)
    {
        if (context.Features.Get<WebApi2Exchange>() is { } exchange)
            return exchange;
        exchange = new WebApi2Exchange();
        context.Features.Set(exchange);
        return exchange;
    }
}

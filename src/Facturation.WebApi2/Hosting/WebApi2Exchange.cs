using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Hosting;

/// <summary>The state of one request to a Web API 2 controller, from parameter binding to the answer.</summary>
internal sealed class WebApi2Exchange
{
    /// <summary>The errors found in the parameters.</summary>
    public ReadErrors Errors { get; } = new();

    /// <inheritdoc cref="ParameterErrors.Warning" />
    public string? Warning { get; set; }

    /// <summary>The answer that was decided while the parameters were read (413, 415); null if the action may run.</summary>
    public HttpErrorResult? Refusal { get; set; }

    /// <summary>Whether a parameter that cannot be null could not be read. The action then cannot run, whatever the model state.</summary>
    public bool LacksArgument { get; set; }

    /// <summary>Whether the action ran. An empty error answer is then the action's own, like Web API 2's NotFound().</summary>
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

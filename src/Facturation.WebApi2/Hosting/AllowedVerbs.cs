using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Facturation.WebApi2.Hosting;

/// <summary>Which verbs an address answers, for the Allow header (WIRE.md E2).</summary>
internal sealed class AllowedVerbs(IActionDescriptorCollectionProvider actions)
{
    private readonly ConcurrentDictionary<string, TemplateMatcher> matchers = new();

    /// <summary>The verbs in the order in which the actions stand in their controller; empty when the address is unknown.</summary>
    public IReadOnlyList<string> For(HttpRequest request) =>
        [.. actions.ActionDescriptors.Items
            .OfType<ControllerActionDescriptor>()
            .Where(action => action.EndpointMetadata.OfType<WebApi2Attribute>().Any() && Matches(action, request.Path))
            .SelectMany(action => action.EndpointMetadata.OfType<HttpMethodMetadata>().SelectMany(metadata => metadata.HttpMethods))
            .Distinct(StringComparer.OrdinalIgnoreCase)];

    private bool Matches(ControllerActionDescriptor action, PathString path) =>
        action.AttributeRouteInfo?.Template is { } template
        && matchers.GetOrAdd(template, t => new TemplateMatcher(TemplateParser.Parse(t), [])).TryMatch(path, []);
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Facturation.WebApi2.Hosting;

/// <summary>Finds the verbs that an address supports, for the Allow header (WIRE.md E2).</summary>
internal sealed class AllowedVerbs(IActionDescriptorCollectionProvider actions)
{
    private readonly ConcurrentDictionary<string, TemplateMatcher> matchers = new();

    /// <summary>Whether a Web API 2 action has this address, for any verb.</summary>
    public bool Knows(PathString path) => Actions().Any(action => Match(action, path) is not null);

    /// <summary>
    /// Returns the verbs of the actions that match the address, of those with the most parameters only, in the order in which the
    /// controller declares them; empty if none matches.
    /// </summary>
    public IReadOnlyList<string> For(HttpRequest request)
    {
        var named = Actions()
            .Select(action => (Action: action, Parameters: ParametersNamed(action, request)))
            .Where(candidate => candidate.Parameters is not null)
            .ToArray();
        var most = named.Max(candidate => candidate.Parameters);
        return [.. named
            .Where(candidate => candidate.Parameters == most)
            .SelectMany(candidate => candidate.Action.EndpointMetadata.OfType<HttpMethodMetadata>())
            .SelectMany(metadata => metadata.HttpMethods)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private IEnumerable<ControllerActionDescriptor> Actions() => actions.ActionDescriptors.Items
        .OfType<ControllerActionDescriptor>()
        .Where(action => action.EndpointMetadata.OfType<WebApi2Attribute>().Any());

    /// <summary>Counts the action's required parameters that the address provides; null if the address does not match the action.</summary>
    private int? ParametersNamed(ControllerActionDescriptor action, HttpRequest request)
    {
        if (Match(action, request.Path) is not { } values)
            return null;
        var constraint = action.ActionConstraints?.OfType<RequiredParametersConstraint>().FirstOrDefault();
        return constraint is null ? 0 : constraint.IsMet(values, request) ? constraint.Count : null;
    }

    private RouteValueDictionary? Match(ControllerActionDescriptor action, PathString path)
    {
        var values = new RouteValueDictionary();
        return action.AttributeRouteInfo?.Template is { } template
            && matchers.GetOrAdd(template, t => new TemplateMatcher(TemplateParser.Parse(t), [])).TryMatch(path, values)
                ? values
                : null;
    }
}

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

    /// <summary>Whether a Web API 2 action has this address, for whatever verb.</summary>
    public bool Knows(PathString path) => Actions().Any(action => Match(action, path) is not null);

    /// <summary>
    /// The verbs of the actions that the address names, those with the most parameters only, in the order in which they stand in
    /// their controller; empty when it names none.
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

    /// <summary>How many parameters of the action the address must name and does; null when it does not name the action.</summary>
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

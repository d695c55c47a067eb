using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Facturation.WebApi2.Hosting;

/// <summary>Finds the verbs that an address supports, for the Allow header (WIRE.md E2).</summary>
internal sealed class AllowedVerbs(IActionDescriptorCollectionProvider actions, IInlineConstraintResolver resolver)
{
    private readonly ConcurrentDictionary<string, Route> routes = new();

    /// <summary>Whether a Web API 2 action has this address, for any verb and whatever the constraints of its route.</summary>
    public bool Knows(PathString path) => Actions().Any(action => RouteOf(action)?.Matcher.TryMatch(path, []) == true);

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
        return RouteOf(action)?.IsMatch(path, values) == true ? values : null;
    }

    private Route? RouteOf(ControllerActionDescriptor action) =>
        action.AttributeRouteInfo?.Template is { } template ? routes.GetOrAdd(template, Parse) : null;

    private Route Parse(string template)
    {
        var parsed = TemplateParser.Parse(template);
        return new Route(
            new TemplateMatcher(parsed, []),
            [.. from part in parsed.Parameters from inline in part.InlineConstraints
                let constraint = resolver.ResolveConstraint(inline.Constraint) where constraint is not null select (part.Name!, constraint)]);
    }

    private sealed record Route(TemplateMatcher Matcher, IReadOnlyList<(string Name, IRouteConstraint Constraint)> Constraints)
    {
        public bool IsMatch(PathString path, RouteValueDictionary values) => Matcher.TryMatch(path, values)
            && Constraints.All(part => values[part.Name] is null
                || part.Constraint.Match(null, null, part.Name, values, RouteDirection.IncomingRequest));
    }
}

using Microsoft.AspNetCore.Mvc.ActionConstraints;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace Facturation.Api.V1;

/// <summary>Has v1's GET operations answer HEAD too, as HTTP asks: the same headers without the body, which Kestrel drops.</summary>
internal sealed class HeadConvention : IActionModelConvention
{
    public void Apply(ActionModel action)
    {
        if (!action.Controller.ControllerType.IsSubclassOf(typeof(V1Controller)))
            return;
        foreach (var selector in action.Selectors)
        {
            if (selector.ActionConstraints.OfType<HttpMethodActionConstraint>().FirstOrDefault(verbs => verbs.HttpMethods.Contains(HttpMethods.Get)) is not { } get)
                continue;
            string[] verbs = [.. get.HttpMethods, HttpMethods.Head];
            selector.ActionConstraints[selector.ActionConstraints.IndexOf(get)] = new HttpMethodActionConstraint(verbs);
            if (selector.EndpointMetadata.OfType<HttpMethodMetadata>().FirstOrDefault() is { } metadata)
                selector.EndpointMetadata[selector.EndpointMetadata.IndexOf(metadata)] = new HttpMethodMetadata(verbs);
        }
    }
}

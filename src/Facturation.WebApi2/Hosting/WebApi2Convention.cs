using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ActionConstraints;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Applies Web API 2's conventions to controllers marked <see cref="WebApi2Attribute"/>: the route, the verb from the action's name,
/// the complex parameter from the body, and the filters that answer as Web API 2 did.
/// </summary>
internal sealed class WebApi2Convention(IOptions<WebApi2Options> options) : IApplicationModelProvider
{
    /// <summary>MVC's types for these are internal.</summary>
    private static readonly string[] ApiControllerFilters = ["ModelStateInvalidFilterFactory", "ClientErrorResultFilterFactory"];

    private static readonly string[] VerbsInNames = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    /// <summary>Runs after MVC has found the controllers (-1000) and before [ApiController] requires routes (-900).</summary>
    public int Order => -950;

    public void OnProvidersExecuting(ApplicationModelProviderContext context)
    {
        foreach (var controller in Legacy(context))
        {
            controller.Filters.Add(new WebApi2Filter());
            controller.Filters.Add(new WebApi2Filter.Innermost());
            controller.ApiExplorer.IsVisible ??= true; // As in Web API 2, which described every action.
            foreach (var action in controller.Actions)
            {
                Route(controller, action);
                foreach (var parameter in action.Parameters)
                    Bind(parameter);
            }
        }
    }

    /// <summary>Removes the error handling of [ApiController], which has its own shape.</summary>
    public void OnProvidersExecuted(ApplicationModelProviderContext context)
    {
        foreach (var action in Legacy(context).SelectMany(controller => controller.Actions))
        {
            foreach (var filter in action.Filters.Where(f => ApiControllerFilters.Contains(f.GetType().Name)).ToArray())
                action.Filters.Remove(filter);
        }
    }

    private static IEnumerable<ControllerModel> Legacy(ApplicationModelProviderContext context) =>
        context.Result.Controllers.Where(controller => controller.Attributes.OfType<WebApi2Attribute>().Any());

    private void Route(ControllerModel controller, ActionModel action)
    {
        foreach (var selector in action.Selectors)
        {
            if (!selector.ActionConstraints.OfType<HttpMethodActionConstraint>().Any())
                AddVerb(selector, VerbOf(action.ActionName));
        }
        if (controller.Selectors.All(selector => selector.AttributeRouteModel is null))
        {
            foreach (var selector in action.Selectors.Where(selector => selector.AttributeRouteModel is null).ToArray())
            {
                action.Selectors.Remove(selector);
                foreach (var (order, template) in options.Value.Routes.Index())
                    action.Selectors.Add(new SelectorModel(selector) { AttributeRouteModel = Conventional(template, order, controller, action) });
            }
        }
        var required = action.Parameters.Where(p =>
            ModelTypes.ConvertsFromText(p.ParameterType) && !p.ParameterInfo.IsOptional
            && p.BindingInfo?.BindingSource != BindingSource.Body).Select(p => p.Name).ToArray();
        if (required.Length > 0)
        {
            foreach (var selector in action.Selectors)
                selector.ActionConstraints.Add(new RequiredParametersConstraint(required));
        }
    }

    private AttributeRouteModel Conventional(string template, int order, ControllerModel controller, ActionModel action) => new()
    {
        Order = order,
        Template = options.Value.PathPrefix() + "/" + template
            .Replace("{controller}", controller.ControllerName, StringComparison.OrdinalIgnoreCase)
            .Replace("{action}", action.ActionName, StringComparison.OrdinalIgnoreCase),
    };

    private static void AddVerb(SelectorModel selector, string verb)
    {
        selector.ActionConstraints.Add(new HttpMethodActionConstraint([verb]));
        selector.EndpointMetadata.Add(new HttpMethodMetadata([verb]));
    }

    private static string VerbOf(string actionName) =>
        VerbsInNames.FirstOrDefault(verb => actionName.StartsWith(verb, StringComparison.OrdinalIgnoreCase)) ?? "POST";

    /// <summary>Binds a parameter as Web API 2 did: from the address if its type converts from text, or else from the body.</summary>
    private static void Bind(ParameterModel parameter)
    {
        if (parameter.ParameterType == typeof(CancellationToken))
            return;
        var source = parameter.BindingInfo?.BindingSource;
        var isSimple = ModelTypes.ConvertsFromText(parameter.ParameterType);
        if (source == BindingSource.Body || (source is null && !isSimple))
            parameter.BindingInfo = Binding(parameter, BindingSource.Body, typeof(BodyModelBinder));
        else if ((isSimple || parameter.Attributes.OfType<FromUriAttribute>().Any()) && (source is null || source == BindingSource.Query || source == BindingSource.Path))
            parameter.BindingInfo = Binding(parameter, source ?? BindingSource.ModelBinding, typeof(AddressModelBinder));
    }

    private static BindingInfo Binding(ParameterModel parameter, BindingSource source, Type binder) =>
        new() { BindingSource = source, BinderType = binder, BinderModelName = parameter.BindingInfo?.BinderModelName ?? parameter.Name };
}

/// <summary>Selects the action whose required parameters the address provides; of several, the one with the most.</summary>
internal sealed class RequiredParametersConstraint(string[] names) : IActionConstraint
{
    /// <summary>The number of parameters that the address must provide.</summary>
    public int Count => names.Length;

    public int Order => -names.Length;

    public bool Accept(ActionConstraintContext context) =>
        IsMet(context.RouteContext.RouteData.Values, context.RouteContext.HttpContext.Request);

    public bool IsMet(RouteValueDictionary route, HttpRequest request) =>
        names.All(name => route.ContainsKey(name) || AddressModelBinder.InQuery(request, name) is not null);
}

using Facturation.WebApi2.Formats;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ActionConstraints;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Gives controllers marked <see cref="WebApi2Attribute"/> Web API 2's conventions: address, verb by name, the complex
/// parameter from the body, and the filters that answer as it did.
/// </summary>
internal sealed class WebApi2Convention(IOptions<WebApi2Options> options) : IApplicationModelProvider
{
    /// <summary>MVC keeps their types to itself.</summary>
    private static readonly string[] ApiControllerFilters = ["ModelStateInvalidFilterFactory", "ClientErrorResultFilterFactory"];

    private static readonly string[] VerbsInNames = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    /// <summary>After MVC has found the controllers (-1000), before [ApiController] asks for their routes (-900).</summary>
    public int Order => -950;

    public void OnProvidersExecuting(ApplicationModelProviderContext context)
    {
        foreach (var controller in Legacy(context))
        {
            controller.Filters.Add(new WebApi2Filter());
            controller.ApiExplorer.IsVisible ??= true; // As in Web API 2, where everything was described.
            foreach (var action in controller.Actions)
            {
                Route(controller, action);
                foreach (var parameter in action.Parameters)
                    Bind(parameter);
            }
        }
    }

    /// <summary>[ApiController] answers errors in its own shape: not here.</summary>
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
            if (selector.AttributeRouteModel is null && controller.Selectors.All(s => s.AttributeRouteModel is null))
            {
                selector.AttributeRouteModel = new AttributeRouteModel
                {
                    Template = $"{options.Value.PathPrefix()}/{controller.ControllerName}/{{id?}}",
                };
            }
        }
        var required = action.Parameters.Where(p =>
            IsSimple(p.ParameterType) && p.ParameterType != typeof(CancellationToken) && !p.ParameterInfo.IsOptional
            && p.BindingInfo?.BindingSource != BindingSource.Body).Select(p => p.Name).ToArray();
        if (required.Length > 0)
        {
            foreach (var selector in action.Selectors)
                selector.ActionConstraints.Add(new RequiredParametersConstraint(required));
        }
    }

    private static void AddVerb(SelectorModel selector, string verb)
    {
        selector.ActionConstraints.Add(new HttpMethodActionConstraint([verb]));
        selector.EndpointMetadata.Add(new HttpMethodMetadata([verb]));
    }

    private static string VerbOf(string actionName) =>
        VerbsInNames.FirstOrDefault(verb => actionName.StartsWith(verb, StringComparison.OrdinalIgnoreCase)) ?? "POST";

    private static void Bind(ParameterModel parameter)
    {
        var source = parameter.BindingInfo?.BindingSource;
        var isSimple = IsSimple(parameter.ParameterType);
        if (source == BindingSource.Body || (source is null && !isSimple))
            parameter.BindingInfo = Binding(parameter, BindingSource.Body, typeof(BodyModelBinder));
        else if (isSimple && parameter.ParameterType != typeof(CancellationToken)
            && (source is null || source == BindingSource.Query || source == BindingSource.Path))
            parameter.BindingInfo = Binding(parameter, source ?? BindingSource.ModelBinding, typeof(AddressModelBinder));
    }

    private static BindingInfo Binding(ParameterModel parameter, BindingSource source, Type binder) =>
        new() { BindingSource = source, BinderType = binder, BinderModelName = parameter.BindingInfo?.BinderModelName ?? parameter.Name };

    /// <summary>Whether Web API 2 took a parameter of this type from the address: whatever a string converts to.</summary>
    private static bool IsSimple(Type type) =>
        type == typeof(CancellationToken) || ModelTypes.ConvertsFromText(type);
}

/// <summary>An action whose parameters the address does not name is not meant; the one that takes most of them is.</summary>
internal sealed class RequiredParametersConstraint(string[] names) : IActionConstraint
{
    /// <summary>How many parameters the address must name.</summary>
    public int Count => names.Length;

    public int Order => -names.Length;

    public bool Accept(ActionConstraintContext context) =>
        IsMet(context.RouteContext.RouteData.Values, context.RouteContext.HttpContext.Request);

    public bool IsMet(RouteValueDictionary route, HttpRequest request) =>
        names.All(name => route.ContainsKey(name) || AddressModelBinder.InQuery(request, name) is not null);
}

using System.Reflection;
using System.Text;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace Facturation.WebApi2.Hosting;

/// <summary>Binds a parameter from the query string, or else from the route, with the conversions and messages of forms.</summary>
internal sealed class AddressModelBinder(LegacyTimeZone zone) : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var name = bindingContext.BinderModelName ?? bindingContext.FieldName;
        var type = bindingContext.ModelType;
        if (!ModelTypes.ConvertsFromText(type))
        {
            BindMembers(bindingContext, name, type);
            return Task.CompletedTask;
        }
        var named = Values(bindingContext, name);
        var parameter = Parameter(bindingContext, name);
        // If nothing has the parameter's name, Web API 2 took the unnamed value (?=5), unless an attribute sets the name.
        var nameless = parameter?.Name == name ? InQuery(bindingContext.HttpContext.Request, "") : null;
        if (named is null && nameless is null)
            return Task.CompletedTask;

        var exchange = WebApi2Exchange.Of(bindingContext.HttpContext);
        var byName = TryRead(named, type, exchange, name, out var value);
        var read = byName || TryRead(nameless, type, exchange, "", out value);
        // A blank value adds no error if there is already one for this name.
        if (read && value is null && (byName || named is null))
            new ParameterErrors(exchange.Errors, name).AddBlank(type);
        if (value is null && !ModelTypes.AllowsNull(type))
            exchange.LacksArgument |= parameter is not { IsOptional: true };
        else
            bindingContext.Result = ModelBindingResult.Success(value);
        return Task.CompletedTask;
    }

    /// <summary>Binds a complex parameter from the values that start with its name, or else from all unless an attribute sets the name.</summary>
    private void BindMembers(ModelBindingContext bindingContext, string name, Type type)
    {
        var exchange = WebApi2Exchange.Of(bindingContext.HttpContext);
        var form = ValuesOf(bindingContext);
        var isNamed = Parameter(bindingContext, name)?.GetCustomAttribute<FromUriAttribute>() is { Name: not null };
        var prefix = isNamed || form.Contains(name) ? name : "";
        var value = new FormModelBinder(form, zone, new ParameterErrors(exchange.Errors, "")).BindAt(type, prefix);
        new BodyValidator(new ParameterErrors(exchange.Errors, prefix)).Validate(value);
        bindingContext.Result = ModelBindingResult.Success(value);
        if (value is not null)
            bindingContext.ValidationState.Add(value, new ValidationStateEntry { SuppressValidation = true });
    }

    /// <summary>The values of the query string, and those of the route that it does not name; only the latter if a bracket does not close.</summary>
    private static FormValues ValuesOf(ModelBindingContext context)
    {
        var query = context.HttpContext.Request.QueryString.Value;
        var pairs = string.IsNullOrEmpty(query) ? [] : FormPairs.Parse(Encoding.UTF8.GetBytes(query[1..])).ToList();
        var names = pairs.Select(pair => pair.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var template = context.ActionContext.ActionDescriptor.AttributeRouteInfo?.Template ?? "";
        var routed = context.ActionContext.RouteData.Values
            .Where(value => !names.Contains(value.Key) && template.Contains("{" + value.Key, StringComparison.OrdinalIgnoreCase))
            .Select(value => KeyValuePair.Create(value.Key, value.Value?.ToString() ?? "")).ToList();
        try
        {
            return new FormValues(pairs.Concat(routed));
        }
        catch (FormatException)
        {
            return new FormValues(routed);
        }
    }

    /// <summary>Reads the first of several values; errors use the name in the address.</summary>
    private bool TryRead(IReadOnlyList<string>? values, Type type, WebApi2Exchange exchange, string name, out object? value)
    {
        var form = new FormValues((values ?? []).Select(text => KeyValuePair.Create("", text)));
        return new FormModelBinder(form, zone, new ParameterErrors(exchange.Errors, name)).TryBindWhole(type, out value);
    }

    private static ParameterInfo? Parameter(ModelBindingContext context, string name) => context.ActionContext.ActionDescriptor.Parameters
        .OfType<ControllerParameterDescriptor>()
        .FirstOrDefault(parameter => (parameter.BindingInfo?.BinderModelName ?? parameter.Name) == name)?.ParameterInfo;

    /// <summary>Returns the values of a parameter in the address; null if it is absent.</summary>
    private static IReadOnlyList<string>? Values(ModelBindingContext context, string name)
    {
        if (InQuery(context.HttpContext.Request, name) is { } values)
            return values;
        return context.ActionContext.RouteData.Values.TryGetValue(name, out var routed) ? [routed?.ToString() ?? ""] : null;
    }

    /// <summary>Returns the values of a parameter in the query string, where <c>id[]</c> means <c>id</c>; null if it is absent.</summary>
    public static IReadOnlyList<string>? InQuery(HttpRequest request, string name)
    {
        var query = request.QueryString.Value;
        try
        {
            return string.IsNullOrEmpty(query) ? null : new FormValues(FormPairs.Parse(Encoding.UTF8.GetBytes(query[1..])))[name];
        }
        catch (FormatException)
        {
            // An unclosed bracket, for which Web API 2 answered 500 (docs/decisions/0003).
            return null;
        }
    }
}

using System.Text;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.WebApi2.Hosting;

/// <summary>Reads a simple parameter from the query, else from the route, with a form's conversions and messages.</summary>
internal sealed class AddressModelBinder(LegacyTimeZone zone) : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var name = bindingContext.FieldName;
        var type = bindingContext.ModelType;
        if (Values(bindingContext, name) is not { } values)
            return Task.CompletedTask;

        var exchange = WebApi2Exchange.Of(bindingContext.HttpContext);
        var errors = new ParameterErrors(exchange.Errors, name);
        var form = new FormValues(values.Select(value => KeyValuePair.Create("", value)));
        var read = new FormModelBinder(form, zone, errors).TryBindSimple(type, out var value);
        if (read && value is null)
            errors.Add(type.Name, "A value is required but was not present in the request.");
        if (value is null && type.IsValueType && Nullable.GetUnderlyingType(type) is null)
            exchange.LacksArgument = true;
        else
            bindingContext.Result = ModelBindingResult.Success(value);
        return Task.CompletedTask;
    }

    /// <summary>What the address says of a parameter; null when it does not name it.</summary>
    private static IReadOnlyList<string>? Values(ModelBindingContext context, string name)
    {
        var query = context.HttpContext.Request.QueryString.Value;
        if (!string.IsNullOrEmpty(query) && new FormValues(FormPairs.Parse(Encoding.UTF8.GetBytes(query[1..])))[name] is { } values)
            return values;
        return context.ActionContext.RouteData.Values.TryGetValue(name, out var routed) ? [routed?.ToString() ?? ""] : null;
    }
}

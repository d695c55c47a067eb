using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.WebApi2.Hosting;

/// <summary>Reads a simple parameter from the route, else from the query, with a form's conversions and messages.</summary>
internal sealed class AddressModelBinder(LegacyTimeZone zone) : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var name = bindingContext.FieldName;
        var type = bindingContext.ModelType;
        string?[] values = bindingContext.ActionContext.RouteData.Values.TryGetValue(name, out var routed)
            ? [routed?.ToString()]
            : [.. bindingContext.HttpContext.Request.Query[name]];
        if (values.Length == 0)
            return Task.CompletedTask;
        var exchange = WebApi2Exchange.Of(bindingContext.HttpContext);
        var form = new FormValues(values.Select(value => KeyValuePair.Create("", value ?? "")));
        var value = new FormModelBinder(form, zone, new ParameterErrors(exchange.Errors, name)).BindSimple(type);
        if (value is not null || !type.IsValueType || Nullable.GetUnderlyingType(type) is not null)
            bindingContext.Result = ModelBindingResult.Success(value);
        else
            exchange.LacksArgument = true;
        return Task.CompletedTask;
    }
}

using System.Text;
using Facturation.WebApi2.Formats;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.WebApi2.Hosting;

/// <summary>Reads a simple parameter from the query, else from the route, with a form's conversions and messages.</summary>
internal sealed class AddressModelBinder(LegacyTimeZone zone) : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var name = bindingContext.BinderModelName ?? bindingContext.FieldName;
        var type = bindingContext.ModelType;
        if (Values(bindingContext, name) is not { } values)
            return Task.CompletedTask;

        var exchange = WebApi2Exchange.Of(bindingContext.HttpContext);
        var errors = new ParameterErrors(exchange.Errors, name);
        var form = new FormValues(values.Select(value => KeyValuePair.Create("", value)));
        new FormModelBinder(form, zone, errors).TryBindWhole(type, out var value);
        if (value is null && !ModelTypes.AllowsNull(type))
            exchange.LacksArgument |= !IsOptional(bindingContext, name);
        else
            bindingContext.Result = ModelBindingResult.Success(value);
        return Task.CompletedTask;
    }

    private static bool IsOptional(ModelBindingContext context, string name) => context.ActionContext.ActionDescriptor.Parameters
        .OfType<ControllerParameterDescriptor>()
        .Any(parameter => parameter.ParameterInfo.IsOptional && (parameter.BindingInfo?.BinderModelName ?? parameter.Name) == name);

    /// <summary>What the address says of a parameter; null when it does not name it.</summary>
    private static IReadOnlyList<string>? Values(ModelBindingContext context, string name)
    {
        if (InQuery(context.HttpContext.Request, name) is { } values)
            return values;
        return context.ActionContext.RouteData.Values.TryGetValue(name, out var routed) ? [routed?.ToString() ?? ""] : null;
    }

    /// <summary>What the query says of a parameter, <c>id[]</c> being <c>id</c>; null when it does not name it.</summary>
    public static IReadOnlyList<string>? InQuery(HttpRequest request, string name)
    {
        var query = request.QueryString.Value;
        try
        {
            return string.IsNullOrEmpty(query) ? null : new FormValues(FormPairs.Parse(Encoding.UTF8.GetBytes(query[1..])))[name];
        }
        catch (FormatException)
        {
            // A bracket that does not close, where Web API 2 answered 500 (ADR 3).
            return null;
        }
    }
}

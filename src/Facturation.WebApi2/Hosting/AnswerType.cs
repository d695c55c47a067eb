using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// The type a value is written as. Web API 2 knew it from the action, or from the T of <c>Ok&lt;T&gt;</c>, which MVC's results do
/// not keep; it is in the root element of the XML, of a null too (WIRE.md O2).
/// </summary>
internal static class AnswerType
{
    public static Type Of(ActionDescriptor action, ObjectResult result)
    {
        if (Declared(action) is { } declared && (result.Value is null || declared.IsInstanceOfType(result.Value)))
            return declared;
        return result.Value is { } value ? Written(value.GetType()) : OfNull(action, result.StatusCode ?? 200);
    }

    /// <summary>The T of an action that returns ActionResult&lt;T&gt;; null when it does not.</summary>
    private static Type? Declared(ActionDescriptor action)
    {
        var type = (action as ControllerActionDescriptor)?.MethodInfo.ReturnType;
        if (type is { IsGenericType: true } && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            type = type.GetGenericArguments()[0];
        return type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(ActionResult<>)
            ? type.GetGenericArguments()[0]
            : null;
    }

    /// <summary>A query or iterator is written as the sequence that it is.</summary>
    private static Type Written(Type type)
    {
        var interfaces = type.GetInterfaces().Where(i => i.IsGenericType).ToArray();
        return interfaces.FirstOrDefault(i => i.GetGenericTypeDefinition() == typeof(IQueryable<>))
            ?? (type.IsVisible ? null : interfaces.FirstOrDefault(i => i.GetGenericTypeDefinition() == typeof(IEnumerable<>)))
            ?? type;
    }

    /// <summary>A null has no type: what the action says it produces, else what it takes, as an echo would.</summary>
    private static Type OfNull(ActionDescriptor action, int statusCode) =>
        action.FilterDescriptors.Select(descriptor => descriptor.Filter).OfType<IApiResponseMetadataProvider>()
            .FirstOrDefault(response => response.StatusCode == statusCode && response.Type is not null && response.Type != typeof(void))?.Type
        ?? action.Parameters.FirstOrDefault(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Body)?.ParameterType
        ?? typeof(object);
}

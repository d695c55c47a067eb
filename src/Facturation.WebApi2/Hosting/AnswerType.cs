using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Finds the declared type of a value, which determines the root element of its XML, even for null (WIRE.md O2). Web API 2 knew it
/// from the action or from the T of <c>Ok&lt;T&gt;</c>, which MVC's results do not keep.
/// </summary>
internal static class AnswerType
{
    public static Type Of(ActionDescriptor action, ObjectResult result)
    {
        if (Declared(action) is { } declared && (result.Value is null || declared.IsInstanceOfType(result.Value)))
            return declared;
        return result.Value is { } value ? Written(value.GetType()) : OfNull(action, result.StatusCode ?? 200);
    }

    /// <summary>Returns the T of an action that returns ActionResult&lt;T&gt;, or null.</summary>
    private static Type? Declared(ActionDescriptor action)
    {
        var type = (action as ControllerActionDescriptor)?.MethodInfo.ReturnType;
        if (type is { IsGenericType: true } && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            type = type.GetGenericArguments()[0];
        return type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(ActionResult<>)
            ? type.GetGenericArguments()[0]
            : null;
    }

    /// <summary>A query or iterator is written as a sequence of its elements.</summary>
    private static Type Written(Type type)
    {
        var interfaces = type.GetInterfaces().Where(i => i.IsGenericType).ToArray();
        return interfaces.FirstOrDefault(i => i.GetGenericTypeDefinition() == typeof(IQueryable<>))
            ?? (type.IsVisible ? null : interfaces.FirstOrDefault(i => i.GetGenericTypeDefinition() == typeof(IEnumerable<>)))
            ?? type;
    }

    /// <summary>For null: the type that the action declares to produce, or else the type of its body parameter.</summary>
    private static Type OfNull(ActionDescriptor action, int statusCode) =>
        action.FilterDescriptors.Select(descriptor => descriptor.Filter).OfType<IApiResponseMetadataProvider>()
            .FirstOrDefault(response => response.StatusCode == statusCode && response.Type is not null && response.Type != typeof(void))?.Type
        ?? action.Parameters.FirstOrDefault(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Body)?.ParameterType
        ?? typeof(object);
}

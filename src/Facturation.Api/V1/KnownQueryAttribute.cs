using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.V1;

/// <summary>
/// Refuses query parameters that the operation does not have: a misspelled filter would otherwise be ignored, and the answer too large.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KnownQueryAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var known = context.ActionDescriptor.Parameters
            .Where(parameter => parameter.BindingInfo?.BindingSource == BindingSource.Query)
            .Select(parameter => parameter.Name).ToList();
        foreach (var name in context.HttpContext.Request.Query.Keys)
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw V1Exception.Parameter(name, known.Count == 0
                    ? "ce paramètre est inconnu, cette opération n'en a pas dans l'adresse"
                    : $"ce paramètre est inconnu, cette opération a {string.Join(", ", known)}");
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}

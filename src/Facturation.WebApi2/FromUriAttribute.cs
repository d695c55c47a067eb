using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.WebApi2;

/// <summary>
/// Binds a parameter of a Web API 2 controller from the address, query string before route. A complex type is bound member by member,
/// from the values that start with the parameter's name, or else from all values unless <see cref="Name"/> is set.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FromUriAttribute : Attribute, IBindingSourceMetadata, IModelNameProvider
{
    /// <summary>The name in the address; null for that of the parameter.</summary>
    public string? Name { get; set; }

    /// <inheritdoc />
    public BindingSource BindingSource => BindingSource.Query;
}

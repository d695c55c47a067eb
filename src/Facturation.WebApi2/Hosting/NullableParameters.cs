using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// MVC treats a parameter of a non-nullable reference type as required. Web API 2 knew nothing of nullability, and an empty body
/// was null and valid (WIRE.md R3).
/// </summary>
internal sealed class NullableParameters : IValidationMetadataProvider
{
    public void CreateValidationMetadata(ValidationMetadataProviderContext context)
    {
        if (context.Key.ParameterInfo?.Member.DeclaringType?.IsDefined(typeof(WebApi2Attribute), inherit: true) != true
            || context.Attributes.OfType<RequiredAttribute>().Any())
            return;
        var validators = context.ValidationMetadata.ValidatorMetadata;
        foreach (var required in validators.OfType<RequiredAttribute>().ToArray())
            validators.Remove(required);
        context.ValidationMetadata.IsRequired = false;
    }
}

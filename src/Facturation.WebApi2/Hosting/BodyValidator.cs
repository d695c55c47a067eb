using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using Facturation.WebApi2.Formats;

namespace Facturation.WebApi2.Hosting;

/// <summary>
/// Checks the validation attributes of a body as Web API 2 did: at every level, members before their object, without MVC's depth
/// limit and without its rule that a non-nullable reference type is required.
/// </summary>
internal sealed class BodyValidator(ParameterErrors errors)
{
    /// <summary>The objects being validated, from the outermost to the current one; null for types without rules.</summary>
    private HashSet<object>? path;

    /// <summary>Most types have no rule at any level; those are not traversed.</summary>
    private static readonly ConcurrentDictionary<Type, bool> TypesWithRules = new();

    public void Validate(object? model)
    {
        if (model is not null && TypesWithRules.GetOrAdd(model.GetType(), static type => HasRules(type, [])))
        {
            path = new(ReferenceEqualityComparer.Instance);
            ValidateObject(model, "");
        }
    }

    private bool ValidateObject(object model, string key)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (IsSimple(model.GetType()) || !path!.Add(model))
            return true;
        var valid = model is IEnumerable elements ? ValidateElements(elements, key) : ValidateMembers(model, key);
        if (valid)
            valid = ValidateSelf(model, key);
        path!.Remove(model);
        return valid;
    }

    private bool ValidateElements(IEnumerable elements, string key)
    {
        var valid = true;
        var index = 0;
        foreach (var element in elements)
        {
            if (element is not null)
                valid &= ValidateObject(element, $"{key}[{index}]");
            index++;
        }
        return valid;
    }

    private bool ValidateMembers(object model, string key)
    {
        var valid = true;
        foreach (PropertyDescriptor member in TypeDescriptor.GetProperties(model))
        {
            var memberKey = key.Length == 0 ? member.Name : $"{key}.{member.Name}";
            if (!TryGetValue(member, model, out var value))
                continue;
            if (value is not null)
                valid &= ValidateObject(value, memberKey);
            foreach (var attribute in member.Attributes.OfType<ValidationAttribute>())
            {
                var context = new ValidationContext(model)
                {
                    MemberName = member.Name,
                    DisplayName = ModelTypes.DisplayNameOf(member),
                };
                valid &= Note(attribute.GetValidationResult(value, context), memberKey);
            }
        }
        return valid;
    }

    /// <summary>A member whose getter throws is not validated.</summary>
    private static bool TryGetValue(PropertyDescriptor member, object model, out object? value)
    {
        try
        {
            value = member.GetValue(model);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            value = null;
            return false;
        }
    }

    private bool ValidateSelf(object model, string key)
    {
        var results = TypeDescriptor.GetAttributes(model).OfType<ValidationAttribute>()
            .Select(attribute => attribute.GetValidationResult(model, new ValidationContext(model)));
        if (model is IValidatableObject validatable)
            results = results.Concat(validatable.Validate(new ValidationContext(model)));
        return results.ToList().TrueForAll(result => Note(result, key));
    }

    private bool Note(ValidationResult? result, string key)
    {
        if (result == ValidationResult.Success)
            return true;
        errors.Add(key, result!.ErrorMessage ?? ReadErrors.ErrorOccurred);
        return false;
    }

    private static bool HasRules(Type type, HashSet<Type> visited)
    {
        if (IsSimple(type) || !visited.Add(type))
            return false;
        return type == typeof(object)
            || type.IsDefined(typeof(ValidationAttribute), inherit: true)
            || typeof(IValidatableObject).IsAssignableFrom(type)
            || type.GetGenericArguments().Append(type.GetElementType()).Any(part => part is not null && HasRules(part, visited))
            || type.GetProperties().Any(member =>
                member.IsDefined(typeof(ValidationAttribute), inherit: true) || HasRules(member.PropertyType, visited));
    }

    private static bool IsSimple(Type type) =>
        type.IsPrimitive || type == typeof(string) || type == typeof(byte[])
        || ModelTypes.ConvertsFromText(type);
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Facturation.WebApi2.Formats;

/// <summary>What reading, binding and validating all ask of a model's types and members.</summary>
internal static class ModelTypes
{
    /// <summary>What a parameter is before anything is read into it.</summary>
    public static object? DefaultOf(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    /// <summary>Whether a value of this type can be null.</summary>
    public static bool AllowsNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    /// <summary>Whether a text converts to this type: to Web API 2, a simple one.</summary>
    public static bool ConvertsFromText(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    /// <summary>What a message calls a member.</summary>
    public static string DisplayNameOf(PropertyDescriptor member) =>
        member.Attributes.OfType<DisplayAttribute>().FirstOrDefault()?.GetName() ?? member.DisplayName;
}

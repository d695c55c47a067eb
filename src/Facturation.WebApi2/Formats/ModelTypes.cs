using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Facturation.WebApi2.Formats;

/// <summary>What reading, binding and validation need to know about a model's types and members.</summary>
internal static class ModelTypes
{
    /// <summary>The value of a parameter before anything is read into it.</summary>
    public static object? DefaultOf(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    /// <summary>Whether a value of this type can be null.</summary>
    public static bool AllowsNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    /// <summary>Whether text converts to this type, which Web API 2 called a simple type.</summary>
    public static bool ConvertsFromText(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    /// <summary>The name of a member in messages.</summary>
    public static string DisplayNameOf(PropertyDescriptor member) =>
        member.Attributes.OfType<DisplayAttribute>().FirstOrDefault()?.GetName() ?? member.DisplayName;
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.Serialization;

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

    /// <summary>
    /// Whether a body must have a member: it cannot be null and has an attribute that says so. A missing one would otherwise pass as its
    /// default value.
    /// </summary>
    public static bool IsRequired(MemberInfo? member) =>
        member is PropertyInfo { PropertyType: var type }
        && !AllowsNull(type)
        && (member.IsDefined(typeof(RequiredAttribute), inherit: true)
            || (member.GetCustomAttribute<DataMemberAttribute>() is { IsRequired: true }
                && member.DeclaringType!.IsDefined(typeof(DataContractAttribute), inherit: true)));

    /// <summary>The name of a member in messages.</summary>
    public static string DisplayNameOf(PropertyDescriptor member) =>
        member.Attributes.OfType<DisplayAttribute>().FirstOrDefault()?.GetName() ?? member.DisplayName;
}

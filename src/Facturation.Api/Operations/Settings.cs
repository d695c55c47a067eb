using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using Facturation.Core;

namespace Facturation.Api.Operations;

/// <summary>A section of the configuration, and its class.</summary>
/// <param name="Name">Its name, for example <c>Metering</c>.</param>
/// <param name="Type">A class whose settable properties are the settings; their initial values are the defaults.</param>
internal sealed record SettingsSection(string Name, Type Type);

/// <summary>
/// Reads a section of the configuration into a class, once, at the start. An unknown key, an unreadable value, or one that an attribute
/// of <c>System.ComponentModel.DataAnnotations</c> forbids ends the start with a one-line message.
/// </summary>
internal static class Settings
{
    /// <summary>Reads a section, and registers the class as a service.</summary>
    /// <exception cref="RefusedException">A setting is wrong; the message says which and what it may be.</exception>
    public static T AddSettings<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, new()
    {
        var settings = new T();
        Apply(configuration, section, settings);
        services.AddSingleton(settings);
        services.AddSingleton(new SettingsSection(section, typeof(T)));
        return settings;
    }

    /// <summary>Applies a section to settings that have their defaults.</summary>
    /// <exception cref="RefusedException">A setting is wrong; the message says which and what it may be.</exception>
    public static void Apply(IConfiguration configuration, string section, object settings)
    {
        if (configuration[section] is { Length: > 0 } text)
            throw new RefusedException($"{section} : « {text} » n'est pas un réglage mais une section.");
        var properties = PropertiesOf(settings.GetType()).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            if (!properties.TryGetValue(setting.Key, out var property))
                throw new RefusedException(
                    $"{setting.Path} : ce réglage n'existe pas ; ceux de {section} : {string.Join(", ", properties.Values.Select(p => p.Name))}.");
            var (value, expected) = Read(property.PropertyType, setting);
            if (value is null)
                throw new RefusedException($"{setting.Path} : « {setting.Value} » ne se lit pas ; attendu : {expected}.");
            // Allowed values may be written as JSON escapes, because a line feed can hardly be typed.
            value = property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.FirstOrDefault(allowed => Write(allowed) == setting.Value) ?? value;
            property.SetValue(settings, value);
            if (property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !Allows(rule, value)) is { } broken)
                throw new RefusedException($"{setting.Path} : « {setting.Value} » est refusé ; attendu : {Describe(broken)}.");
        }
    }

    /// <summary>The settings of a class.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    /// <summary>Reads a value. A list is one value with commas, or a child for each element.</summary>
    private static (object? Value, string Expected) Read(Type type, IConfigurationSection setting)
    {
        if (!type.IsArray)
            return Read(type, setting.Value ?? "");
        var texts = setting.Value is { } line
            ? line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. setting.GetChildren().Select(child => child.Value ?? "")];
        var element = type.GetElementType()!;
        var values = Array.CreateInstance(element, texts.Length);
        var expected = "";
        for (var i = 0; i < texts.Length; i++)
        {
            (var value, expected) = Read(element, texts[i]);
            if (value is null)
                return (null, $"{expected} (« {texts[i]} »)");
            values.SetValue(value, i);
        }
        return (values, expected);
    }

    private static (object? Value, string Expected) Read(Type type, string text)
    {
        if (type == typeof(string))
            return (text, "un texte");
        if (type == typeof(bool) || type == typeof(bool?))
            return (bool.TryParse(text, out var value) ? value : null, "true ou false");
        if (type == typeof(int))
            return (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null, "un nombre entier");
        // TimeSpan would read a bare number as days.
        if (type == typeof(TimeSpan))
            return (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null, "une durée hh:mm:ss");
        if (type.IsEnum)
            return (Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text, ignoreCase: true) : null,
                string.Join(" ou ", Enum.GetNames(type)));
        if (type == typeof(IPAddress))
            // 10.1 would be 10.0.0.1.
            return (IPAddress.TryParse(text, out var value) && (text.Contains(':') || text.Count(c => c == '.') == 3) ? value : null, "une adresse IP");
        if (type == typeof(IPNetwork))
            return (IPNetwork.TryParse(text, out var value) ? value : null, "un réseau, par exemple 10.0.0.0/8");
        if (type == typeof(TimeZoneInfo))
            return (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var value) ? value : null, "un fuseau, par exemple Europe/Paris");
        throw new NotSupportedException($"No setting can be a {type}.");
    }

    /// <summary>Whether a rule allows a value. Unlike the platform, an empty text does not match every regular expression.</summary>
    private static bool Allows(ValidationAttribute rule, object value) => rule.IsValid(value) && !(rule is RegularExpressionAttribute && value is "");

    private static string Describe(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => $"de {range.Minimum} à {range.Maximum}",
        RegularExpressionAttribute form => $"un texte de la forme {form.Pattern}",
        AllowedValuesAttribute allowed => string.Join(" ou ", allowed.Values.Select(Write)),
        _ => rule.FormatErrorMessage(""),
    };

    private static string Write(object? value) => JsonSerializer.Serialize(value).Trim('"');
}

using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using Facturation.WebApi2.Time;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Fills a model from form values as Web API 2's model binders did: members by their paths, collections by index or by
/// repetition, values through their type converters in the invariant culture (WIRE.md F1 to F3).
/// </summary>
internal sealed class FormModelBinder(FormValues form, LegacyTimeZone zone, ParameterErrors errors)
{
    /// <summary>Members that got nothing though they cannot be null; reported last, and only where nothing else is.</summary>
    private readonly List<string> missing = [];
    private readonly HashSet<string> reported = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body as a whole; null when it holds nothing of the type.</summary>
    public object? BindBody(Type type)
    {
        var bound = TryBind(type, "", existing: null, element: null, type.Name, out var value);
        foreach (var path in missing.Where(path => !reported.Contains(path)))
            errors.Add(path, "A value is required.");
        return bound ? value : type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    /// <summary>A single value, standing under the empty name; null when it is blank or cannot be read.</summary>
    public object? BindSimple(Type type) => TryBind(type, "", existing: null, element: null, type.Name, out var value) ? value : null;

    /// <param name="type">The type wanted.</param>
    /// <param name="path">Where its values stand.</param>
    /// <param name="existing">What the member holds already: it is filled rather than replaced.</param>
    /// <param name="element">One of several values under the same path; null: all of them.</param>
    /// <param name="displayName">What a message calls it.</param>
    /// <param name="value">What was bound.</param>
    /// <returns>False when there is nothing to bind, or what there is cannot be read.</returns>
    private bool TryBind(Type type, string path, object? existing, string? element, string displayName, out object? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var values = element is null ? form[path] : [element];
        value = null;
        if (HasStringConverter(type))
            return values is not null && TryConvert(type, path, values, displayName, out value);
        if (values is not null && type == typeof(object))
        {
            value = values.Count > 1 ? values.ToList() : string.IsNullOrWhiteSpace(values[0]) ? null : values[0];
            return true;
        }
        if (IsGeneric(type, typeof(KeyValuePair<,>)))
            return TryBindPair(type, path, out value);
        if (!form.Contains(path) && values is null)
            return false;
        value = ElementType(type) is { } elementType
            ? Fill(type, existing, elementType, Elements(elementType, path, values))
            : FillObject(type, path, existing);
        return true;
    }

    private bool TryConvert(Type type, string path, IReadOnlyList<string> values, string displayName, out object? value)
    {
        try
        {
            value = Convert(type, values[0]);
            return true;
        }
        catch (Exception e)
        {
            Report(path, IsFormatException(e)
                ? $"The value '{string.Join(',', values)}' is not valid for {displayName}."
                : ReadErrors.ErrorOccurred);
            value = null;
            return false;
        }
    }

    private object? Convert(Type type, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(DateTime))
            return LegacyDates.FromForm(text.Trim(), zone);
        if (plain == typeof(DateTimeOffset))
            return LegacyDates.WithLegacyOffset(text, DateTimeOffset.Parse(text.Trim(), CultureInfo.InvariantCulture), zone);
        return TypeDescriptor.GetConverter(type).ConvertFrom(null, CultureInfo.InvariantCulture, text);
    }

    private object FillObject(Type type, string path, object? existing)
    {
        var model = existing ?? Activator.CreateInstance(type)!;
        foreach (PropertyDescriptor property in TypeDescriptor.GetProperties(type))
        {
            var propertyType = property.PropertyType;
            if (property.IsReadOnly && (propertyType.IsValueType || propertyType.IsArray || propertyType == typeof(string)))
                continue;
            var propertyPath = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (TryBind(propertyType, propertyPath, property.GetValue(model), element: null, property.DisplayName, out var value)
                && !property.IsReadOnly)
                Set(model, property, propertyPath, value);
        }
        return model;
    }

    private void Set(object model, PropertyDescriptor property, string path, object? value)
    {
        value ??= property.Attributes.OfType<DefaultValueAttribute>().FirstOrDefault()?.Value;
        if (value is null && property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is null)
        {
            missing.Add(path);
            return;
        }
        try
        {
            property.SetValue(model, value);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!reported.Contains(path))
                Report(path, ReadErrors.ErrorOccurred);
        }
    }

    /// <summary>Repeated values, else those under the names that <c>path.index</c> lists, else from [0] until one is missing.</summary>
    private List<object?> Elements(Type type, string path, IReadOnlyList<string>? values)
    {
        if (values is not null)
            return values.Select(element => TryBind(type, path, existing: null, element, type.Name, out var value) ? value : null).ToList();
        if (form[path.Length == 0 ? "index" : $"{path}.index"] is { } names)
            return names.Select(name => TryBindAt(name, out var value) ? value : null).ToList();
        var found = new List<object?>();
        for (var i = 0; TryBindAt(i.ToString(CultureInfo.InvariantCulture), out var value); i++)
            found.Add(value);
        return found;

        bool TryBindAt(string index, out object? value) =>
            TryBind(type, $"{path}[{index}]", existing: null, element: null, type.Name, out value);
    }

    private bool TryBindPair(Type type, string path, out object? pair)
    {
        var types = type.GetGenericArguments();
        var hasKey = TryBind(types[0], $"{path}.key", existing: null, element: null, types[0].Name, out var key);
        var hasValue = TryBind(types[1], $"{path}.value", existing: null, element: null, types[1].Name, out var value);
        pair = hasKey && hasValue ? Activator.CreateInstance(type, key, value) : null;
        return hasKey || hasValue;
    }

    private static object Fill(Type type, object? existing, Type elementType, List<object?> elements)
    {
        var typed = Array.CreateInstance(elementType, elements.Count);
        var index = 0;
        foreach (var element in elements)
            typed.SetValue(element, index++);
        if (type.IsArray)
            return typed;
        if (IsGeneric(elementType, typeof(KeyValuePair<,>)))
            return FillDictionary(elementType, existing, typed);
        var list = existing as IList is { IsReadOnly: false } kept
            ? kept
            : (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(elementType))!;
        list.Clear();
        foreach (var element in typed)
            list.Add(element);
        return list;
    }

    private static IDictionary FillDictionary(Type pairType, object? existing, Array pairs)
    {
        var dictionary = existing as IDictionary is { IsReadOnly: false } kept
            ? kept
            : (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(pairType.GetGenericArguments()))!;
        dictionary.Clear();
        foreach (var pair in pairs)
        {
            if (pairType.GetProperty("Key")!.GetValue(pair) is { } key)
                dictionary[key] = pairType.GetProperty("Value")!.GetValue(pair);
        }
        return dictionary;
    }

    /// <summary>What a collection holds; null when the type is none that Web API 2 filled.</summary>
    private static Type? ElementType(Type type)
    {
        if (type.IsArray)
            return type.GetElementType();
        if (!type.IsGenericType)
            return null;
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 2 && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(arguments)))
            return typeof(KeyValuePair<,>).MakeGenericType(arguments);
        return arguments.Length == 1 && type.IsAssignableFrom(typeof(List<>).MakeGenericType(arguments)) ? arguments[0] : null;
    }

    private void Report(string path, string message)
    {
        reported.Add(path);
        errors.Add(path, message);
    }

    private static bool HasStringConverter(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static bool IsFormatException(Exception? e) => e is not null && (e is FormatException || IsFormatException(e.InnerException));
}

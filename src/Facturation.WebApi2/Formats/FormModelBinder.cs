using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Facturation.WebApi2.Time;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Fills a model from form values as Web API 2's model binders did: members by path, collections by index or repetition, values
/// through type converters in the invariant culture (WIRE.md F1 to F3).
/// </summary>
internal sealed class FormModelBinder(FormValues form, LegacyTimeZone zone, ParameterErrors errors)
{
    /// <summary>The maximum depth. Web API 2 continued until its stack overflowed, at quadratic cost.</summary>
    private const int MaxDepth = 256;

    /// <summary>Members without a value that cannot be null. They are reported last, and only if nothing else is wrong with them.</summary>
    private readonly List<string> missing = [];
    private readonly HashSet<string> reported = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Binds the whole body; null if it contains nothing for the type.</summary>
    public object? BindBody(Type type)
    {
        var bound = TryBindWhole(type, out var value);
        if (bound && value is null)
            errors.AddBlank(type);
        foreach (var path in missing.Where(reported.Add))
            errors.Add(path, "A value is required.");
        return bound ? value : ModelTypes.DefaultOf(type);
    }

    /// <summary>Binds the value under the empty name: null if it is blank, false if it is missing or cannot be read.</summary>
    public bool TryBindWhole(Type type, out object? value) => TryBind(type, Place.Of(type, ""), out value);

    /// <returns>False if there is no value, or it cannot be read.</returns>
    private bool TryBind(Type type, Place place, out object? value)
    {
        if (place.Depth > MaxDepth)
            throw TooDeep();
        var values = place.Element is null ? form[place.Path] : [place.Element];
        value = null;
        if (ModelTypes.ConvertsFromText(type))
        {
            // A bound of a question whose levels are too many to read must not be left out: that would widen the question.
            if (values is null && form.Depth > MaxDepth && form.Contains(place.Path))
                throw TooDeep();
            return values is not null && TryConvert(type, place, values, out value);
        }
        if (values is not null && TryTake(type, place, values, out value))
            return true;
        if (IsGeneric(type, typeof(KeyValuePair<,>)))
            return TryBindPair(type, place.Path, out value);
        if (!form.Contains(place.Path) && values is null)
            return false;
        value = ElementType(type) is { } elementType
            ? Fill(type, place.Existing, elementType, Elements(elementType, place.Path, values))
            : FillObject(type, place);
        return true;
    }

    /// <summary>Takes the text, or the list of texts, without conversion if the type allows it.</summary>
    private static bool TryTake(Type type, Place place, IReadOnlyList<string> values, out object? value)
    {
        object raw = values.Count > 1 ? values.ToList() : values[0];
        value = raw is string text && place.BlankIsNull && string.IsNullOrWhiteSpace(text) ? null : raw;
        return type.IsInstanceOfType(raw);
    }

    private bool TryConvert(Type type, Place place, IReadOnlyList<string> values, out object? value)
    {
        errors.Reserve(place.Path);
        try
        {
            value = type == typeof(string) && !place.BlankIsNull ? values[0] : Convert(type, values[0]);
            return true;
        }
        catch (Exception e)
        {
            Report(place.Path, IsFormatException(e)
                ? $"The value '{string.Join(',', values)}' is not valid for {place.DisplayName}."
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

    private object FillObject(Type type, Place place)
    {
        var model = place.Existing ?? Activator.CreateInstance(type)!;
        foreach (PropertyDescriptor property in TypeDescriptor.GetProperties(type))
        {
            var propertyType = property.PropertyType;
            if (property.IsReadOnly && (propertyType.IsValueType || propertyType.IsArray || propertyType == typeof(string)))
                continue;
            var member = Place.Of(property, model, place.Path.Length == 0 ? property.Name : $"{place.Path}.{property.Name}");
            if (TryBind(propertyType, member, out var value) && !property.IsReadOnly)
                Set(model, property, member.Path, value);
        }
        return model;
    }

    private void Set(object model, PropertyDescriptor property, string path, object? value)
    {
        value ??= property.Attributes.OfType<DefaultValueAttribute>().FirstOrDefault()?.Value;
        if (value is null && !ModelTypes.AllowsNull(property.PropertyType))
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

    /// <summary>Takes repeated values, or those at the indexes listed by <c>path.index</c>, or those from [0] until one is missing.</summary>
    private List<object?> Elements(Type type, string path, IReadOnlyList<string>? values)
    {
        if (values is not null)
            return values.Select(element => TryBind(type, Place.Of(type, path) with { Element = element }, out var value) ? value : null).ToList();
        if (form[path.Length == 0 ? "index" : $"{path}.index"] is { } names)
            return names.Select(name => TryBindAt(name, out var value) ? value : null).ToList();
        var found = new List<object?>();
        for (var i = 0; TryBindAt(i.ToString(CultureInfo.InvariantCulture), out var value); i++)
            found.Add(value);
        return found;

        bool TryBindAt(string index, out object? value) =>
            TryBind(type, Place.Of(type, $"{path}[{index}]"), out value);
    }

    private bool TryBindPair(Type type, string path, out object? pair)
    {
        var types = type.GetGenericArguments();
        var hasKey = TryBind(types[0], Place.Of(types[0], $"{path}.key"), out var key);
        var hasValue = TryBind(types[1], Place.Of(types[1], $"{path}.value"), out var value);
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

    /// <summary>The item type of a collection; null for types that Web API 2 did not fill.</summary>
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

    private static FormatException TooDeep() => new($"The form is more than {MaxDepth} levels deep.");

    private void Report(string path, string message)
    {
        reported.Add(path);
        errors.Add(path, message);
    }

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static bool IsFormatException(Exception? e) => e is not null && (e is FormatException || IsFormatException(e.InnerException));

    /// <summary>Where a value is found and how it is bound.</summary>
    /// <param name="Path">Its name in the form.</param>
    /// <param name="DisplayName">Its name in messages.</param>
    private readonly record struct Place(string Path, string DisplayName)
    {
        /// <summary>The depth below the body.</summary>
        public int Depth { get; } = Path.Count(c => c is '.' or '[');

        /// <summary>The member's existing value, which is filled rather than replaced.</summary>
        public object? Existing { get; init; }

        /// <summary>One of several values of the same path; null for all of them.</summary>
        public string? Element { get; init; }

        /// <summary>Whether blank text becomes null, which is the default of a member.</summary>
        public bool BlankIsNull { get; init; } = true;

        public static Place Of(Type type, string path) => new(path, type.Name);

        public static Place Of(PropertyDescriptor member, object model, string path) =>
            new(path, ModelTypes.DisplayNameOf(member))
            {
                Existing = member.GetValue(model),
                BlankIsNull = member.Attributes.OfType<DisplayFormatAttribute>().FirstOrDefault()?.ConvertEmptyStringToNull ?? true,
            };
    }
}

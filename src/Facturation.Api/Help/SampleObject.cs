using System.Collections;
using Facturation.Core;

namespace Facturation.Api.Help;

/// <summary>
/// Creates a sample of any type by the rules of Web API 2's help pages: each object and each collection has a counter from 1, which
/// every simple value that is not nullable advances; a collection has two elements; a type has one instance.
/// </summary>
internal sealed class SampleObject
{
    private readonly Dictionary<Type, object?> made = [];
    private readonly DateTime now;

    private SampleObject(DateTime now) => this.now = now;

    /// <summary>Creates a sample in which all dates are the same.</summary>
    public static object? Of(Type type, DateTime now)
    {
        var counter = 1;
        return new SampleObject(now).Create(type, ref counter);
    }

    private object? Create(Type type, ref int counter)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            var own = 1;
            return Create(underlying, ref own);
        }
        if (Simple(type, counter) is { } simple)
        {
            counter++;
            return simple;
        }
        if (type.IsEnum)
            return Enum.GetValues(type) is { Length: > 0 } values ? values.GetValue(0) : Activator.CreateInstance(type);
        if (TypeShape.DictionaryOf(type) is var (key, value))
            return Dictionary(type, key, value);
        return TypeShape.ElementOf(type) is { } element ? Collection(type, element) : Model(type);
    }

    private object? Simple(Type type, int counter) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => null,
        TypeCode.String => $"sample string {counter}",
        TypeCode.Boolean => true,
        TypeCode.DateTime => now,
        TypeCode.Char => 'a',
        TypeCode.Double => counter + 0.1,
        TypeCode.Single => counter + 0.1f,
        TypeCode.Object when type == typeof(DateTimeOffset) => TimeZoneInfo.ConvertTime(new DateTimeOffset(Paris.Instant(now)), Paris.Zone),
        TypeCode.Object when type == typeof(TimeSpan) => TimeSpan.FromSeconds(counter),
        TypeCode.Object when type == typeof(Guid) => Guid.NewGuid(),
        TypeCode.Object when type == typeof(Uri) => new Uri($"http://example.com/{counter}"),
        TypeCode.Object or TypeCode.Empty or TypeCode.DBNull => null,
        var number => Convert.ChangeType(counter, number, null),
    };

    private object? Model(Type type)
    {
        if (made.TryGetValue(type, out var known))
            return known; // Null while it is being filled, which ends cycles.
        made[type] = null;
        if (type.IsAbstract || (!type.IsValueType && type.GetConstructor(Type.EmptyTypes) is null))
            return null;
        var model = Activator.CreateInstance(type)!;
        var counter = 1;
        foreach (var member in TypeShape.MembersOf(type).Where(member => member.SetMethod is { IsPublic: true }))
            member.SetValue(model, Create(member.PropertyType, ref counter));
        return made[type] = model;
    }

    private object? Collection(Type type, Type element)
    {
        var counter = 1;
        var items = Array.CreateInstance(element, 2);
        for (var i = 0; i < items.Length; i++)
            items.SetValue(Create(element, ref counter), i);
        return type.IsInstanceOfType(items) ? items
            : typeof(IQueryable).IsAssignableFrom(type) ? Queryable.AsQueryable(items)
            : type.GetConstructor([typeof(IEnumerable<>).MakeGenericType(element)]) is { } copy ? copy.Invoke([items])
            : null;
    }

    private object? Dictionary(Type type, Type key, Type value)
    {
        var counter = 1;
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value))!;
        for (var i = 0; i < 2; i++)
        {
            var entry = Create(key, ref counter);
            if (entry is not null)
                dictionary[entry] = Create(value, ref counter);
        }
        return type.IsInstanceOfType(dictionary) ? dictionary : null;
    }
}

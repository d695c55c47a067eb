using System.Buffers;
using System.Globalization;
using Facturation.Core;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Facturation.Api.V1;

/// <summary>Binds a parameter from the address or a header, strictly: an invalid value is refused with the parameter's name.</summary>
internal abstract class ParameterAttribute(Type binder, BindingSource source) : ModelBinderAttribute(binder), IRefuses
{
    public override BindingSource BindingSource => source;

    public virtual IEnumerable<V1Error> Errors => [V1Error.InvalidParameter];
}

/// <summary>A UUID in the path, of any version, in either case.</summary>
internal sealed class UuidAttribute() : ParameterAttribute(typeof(UuidBinder), BindingSource.Path);

/// <summary>An RFC 3339 date-time with offset in the query.</summary>
internal sealed class InstantAttribute() : ParameterAttribute(typeof(InstantBinder), BindingSource.Query);

/// <summary>A day in Paris, AAAA-MM-JJ, in the query or the path.</summary>
internal sealed class DayAttribute(bool inPath = false)
    : ParameterAttribute(typeof(DayBinder), inPath ? BindingSource.Path : BindingSource.Query);

/// <summary>A whole number within 32 bits in the path or the query.</summary>
internal sealed class NumberAttribute(bool inPath = true)
    : ParameterAttribute(typeof(NumberBinder), inPath ? BindingSource.Path : BindingSource.Query);

/// <summary>A text in the query, not empty.</summary>
internal sealed class TextAttribute() : ParameterAttribute(typeof(TextBinder), BindingSource.Query);

/// <summary>true or false in the query.</summary>
internal sealed class FlagAttribute() : ParameterAttribute(typeof(FlagBinder), BindingSource.Query);

/// <summary>The <c>nextCursor</c> of the previous page of a list, in the query.</summary>
internal sealed class CursorAttribute() : ParameterAttribute(typeof(CursorBinder), BindingSource.Query);

/// <summary>The page size of a list, in the query.</summary>
internal sealed class LimitAttribute() : ParameterAttribute(typeof(LimitBinder), BindingSource.Query)
{
    public const int Max = 1000, Default = 100;
}

/// <summary>The header that identifies a write, so that its answer is kept and repeated for the same request.</summary>
internal sealed class IdempotencyKeyAttribute : ParameterAttribute
{
    public const int MaxLength = 255;

    public IdempotencyKeyAttribute() : base(typeof(IdempotencyKeyBinder), BindingSource.Header) => Name = "Idempotency-Key";

    public override IEnumerable<V1Error> Errors => [V1Error.InvalidParameter, V1Error.IdempotencyKeyReused];
}

internal abstract class ParameterBinder<T>(string expected) : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext context)
    {
        if (TextOf(context) is { } text)
            context.Result = ModelBindingResult.Success(TryRead(text, context.ActionContext.ActionDescriptor, out var value) ? value : throw V1Exception.Parameter(context.FieldName, Explain(text)));
        else if (context.ModelMetadata.IsBindingRequired)
            throw V1Exception.Parameter(context.FieldName, "absent");
        return Task.CompletedTask;
    }

    protected abstract bool TryRead(string text, out T value);

    protected virtual bool TryRead(string text, ActionDescriptor action, out T value) => TryRead(text, out value);

    /// <summary>Whether a blank parameter of the query counts as absent. A blank filter is more likely a mistake than a wish for everything.</summary>
    protected virtual bool IgnoresBlank => false;

    /// <summary>Explains why a text is invalid.</summary>
    protected virtual string Explain(string text) => expected;

    /// <summary>
    /// The text of the parameter. Null if it is absent, or blank and that is ignored: generated clients send an empty header for none. Empty,
    /// which is never valid, if it is repeated.
    /// </summary>
    private string? TextOf(ModelBindingContext context)
    {
        var (request, name) = (context.HttpContext.Request, context.FieldName);
        if (context.BindingSource == BindingSource.Path)
            return request.RouteValues[name] as string ?? "";
        if (context.BindingSource == BindingSource.Header)
            return request.Headers[name] is var values && string.IsNullOrEmpty(values) ? null : values is [{ } only] ? only : "";
        return request.Query[name] is var given && (given.Count == 0 || (IgnoresBlank && string.IsNullOrWhiteSpace(given))) ? null
            : given is [{ } one] ? one : "";
    }
}

internal static class Uuid
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>Parses 8-4-4-4-12 hexadecimal digits. .NET's parser also accepts spaces, braces and signs.</summary>
    public static bool TryRead(string text, out Guid uuid)
    {
        uuid = default;
        return text.Length == 36
            && text.AsSpan().IndexOfAnyExcept(Characters) < 0
            && Guid.TryParseExact(text, "D", out uuid);
    }
}

internal sealed class UuidBinder() : ParameterBinder<Guid>(
    "l'adresse doit porter un uuid, par exemple 2489e9ad-2ee2-8e00-8ec9-32d5f69181c0")
{
    protected override bool TryRead(string text, out Guid value) => Uuid.TryRead(text, out value);
}

internal sealed class InstantBinder() : ParameterBinder<DateTimeOffset>(
    "une date RFC 3339 avec son décalage est attendue, par exemple 2026-04-15T12:00:00Z")
{
    // An unescaped + in an address means a space, and a date-time has no other space.
    protected override bool TryRead(string text, out DateTimeOffset value) => Instants.TryRead(text.Replace(' ', '+'), out value);

    /// <summary>The message for an instant that lacks only its offset.</summary>
    public const string OffsetMissing = "le décalage manque après l'heure, Z ou par exemple +02:00";

    protected override string Explain(string text) => Instants.LacksOffset(text) ? OffsetMissing : base.Explain(text);
}

internal sealed class DayBinder() : ParameterBinder<DateOnly>(Expected)
{
    public const string Expected = "une date AAAA-MM-JJ est attendue";

    public static bool TryReadDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    protected override bool TryRead(string text, out DateOnly value) => TryReadDay(text, out value);
}

internal sealed class NumberBinder() : ParameterBinder<int>("un nombre entier est attendu")
{
    protected override bool TryRead(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}

internal sealed class TextBinder() : ParameterBinder<string>("vide, ou donné deux fois")
{
    protected override bool TryRead(string text, out string value) => !string.IsNullOrWhiteSpace(value = text);
}

internal sealed class FlagBinder() : ParameterBinder<bool>("true ou false est attendu")
{
    protected override bool TryRead(string text, out bool value) => bool.TryParse(text, out value);
}

internal sealed class CursorBinder() : ParameterBinder<Cursor>("ce n'est pas un curseur rendu par cette liste (nextCursor)")
{
    protected override bool IgnoresBlank => true; // Clients send back what they kept: nothing at first.

    protected override bool TryRead(string text, out Cursor value) => throw new NotSupportedException();

    protected override bool TryRead(string text, ActionDescriptor action, out Cursor value) =>
        Cursor.TryRead(text, action.AttributeRouteInfo!.Template!, out value);
}

internal sealed class LimitBinder() : ParameterBinder<int>($"un nombre entier de 1 à {LimitAttribute.Max} est attendu")
{
    protected override bool IgnoresBlank => true;

    protected override bool TryRead(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= LimitAttribute.Max;
}

internal sealed class IdempotencyKeyBinder() : ParameterBinder<string>(
    $"une clé de 1 à {IdempotencyKeyAttribute.MaxLength} caractères ASCII visibles est attendue")
{
    protected override bool TryRead(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= IdempotencyKeyAttribute.MaxLength && text.All(c => c is > ' ' and <= '~');
    }
}

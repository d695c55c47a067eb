using System.Text;
using Facturation.WebApi2.Time;

namespace Facturation.WebApi2.Formats;

/// <summary>Form posts, read as Web API 2's jQuery-aware formatter read them (WIRE.md F1 to F3).</summary>
internal sealed class FormFormat(LegacyTimeZone zone) : MediaFormat
{
    public override IReadOnlyList<string> MediaTypes { get; } = ["application/x-www-form-urlencoded"];

    public override object? Read(Type type, MemoryStream body, Encoding encoding, ParameterErrors errors)
    {
        try
        {
            var form = new FormValues(FormPairs.Parse(body.GetBuffer().AsSpan(0, (int)body.Length)));
            return new FormModelBinder(form, zone, errors).BindBody(type);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or StackOverflowException))
        {
            errors.Add("");
            return ModelTypes.DefaultOf(type);
        }
    }
}

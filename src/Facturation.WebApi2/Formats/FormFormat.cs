using System.Text;
using Facturation.WebApi2.Time;

namespace Facturation.WebApi2.Formats;

/// <summary>Form posts, read as Web API 2's jQuery-aware formatter read them (WIRE.md F1 to F3).</summary>
internal sealed class FormFormat(LegacyTimeZone zone) : MediaFormat
{
    public override IReadOnlyList<string> MediaTypes { get; } = ["application/x-www-form-urlencoded"];

    protected override object? ReadValue(Type type, MemoryStream body, Encoding encoding, ParameterErrors errors)
    {
        var form = new FormValues(FormPairs.Parse(body.GetBuffer().AsSpan(0, (int)body.Length)));
        return new FormModelBinder(form, zone, errors).BindBody(type);
    }
}

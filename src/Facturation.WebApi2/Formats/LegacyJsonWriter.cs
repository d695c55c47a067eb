using Facturation.WebApi2.Time;
using Newtonsoft.Json;

namespace Facturation.WebApi2.Formats;

/// <summary>Newtonsoft's writer, with the legacy server's offset on local dates.</summary>
internal sealed class LegacyJsonWriter(TextWriter writer, LegacyTimeZone zone) : JsonTextWriter(writer)
{
    public override void WriteValue(DateTime value)
    {
        if (value.Kind == DateTimeKind.Local)
            WriteValue(zone.Format(value));
        else
            base.WriteValue(value);
    }
}

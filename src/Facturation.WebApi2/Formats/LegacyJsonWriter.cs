using Facturation.WebApi2.Time;
using Newtonsoft.Json;

namespace Facturation.WebApi2.Formats;

/// <summary>Newtonsoft's writer, in which a local date is one of the legacy server.</summary>
internal sealed class LegacyJsonWriter(TextWriter writer, LegacyTimeZone zone) : JsonTextWriter(writer)
{
    public override void WriteValue(DateTime value)
    {
        if (value.Kind != DateTimeKind.Local)
            base.WriteValue(value);
        else if (DateTimeZoneHandling == DateTimeZoneHandling.Utc)
            base.WriteValue(new DateTime(value.Ticks - zone.OffsetOf(value).Ticks, DateTimeKind.Utc));
        else if (DateTimeZoneHandling == DateTimeZoneHandling.RoundtripKind && DateFormatHandling == DateFormatHandling.IsoDateFormat
            && string.IsNullOrEmpty(DateFormatString))
            WriteValue(zone.Format(value));
        else
            base.WriteValue(value);
    }
}

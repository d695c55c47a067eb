using Facturation.WebApi2.Formats;
using Newtonsoft.Json;

namespace Facturation.WebApi2;

/// <summary>What a service set in <c>config.Formatters</c>. Streamed answers write their own text and know nothing of it.</summary>
public sealed class WebApi2Formatters
{
    /// <summary>How JSON is read and written, as <c>JsonFormatter.SerializerSettings</c>.</summary>
    public JsonSerializerSettings JsonSettings { get; } = JsonFormat.CreateSettings();

    /// <summary>False: XML is neither read nor written, as after <c>Formatters.Remove(Formatters.XmlFormatter)</c>. Default true.</summary>
    public bool HasXml { get; set; } = true;

    /// <summary>Whether XML is indented, as with <c>XmlFormatter.Indent</c>.</summary>
    public bool IndentXml { get; set; }

    /// <summary>
    /// Whether XML is read and written by <c>XmlSerializer</c>, as with <c>XmlFormatter.UseXmlSerializer</c>. It knows nothing of
    /// <see cref="WebApi2Options.TimeZone"/> and <see cref="WebApi2Options.LenientXml"/>.
    /// </summary>
    public bool UseXmlSerializer { get; set; }
}

using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Schema;
using System.Xml.Serialization;

namespace Facturation.WebApi2;

/// <summary>
/// An error body of Web API 2: <c>{"Message":"…"}</c> or <c>&lt;Error&gt;&lt;Message&gt;…</c>, with entries in the order
/// in which they were added. Values are strings, arrays of strings (joined by a space in XML) or nested errors (WIRE.md E1 to E4).
/// </summary>
[XmlRoot("Error")]
[SuppressMessage("Naming", "CA1710", Justification = "Web API 2's own name.")]
public sealed class HttpError : Dictionary<string, object?>, IXmlSerializable
{
    /// <summary>Creates an empty error, to which the caller adds entries.</summary>
    public HttpError()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <summary>Creates an error with a single message.</summary>
    public HttpError(string message)
        : this() => this["Message"] = message;

    XmlSchema? IXmlSerializable.GetSchema() => null;

    void IXmlSerializable.ReadXml(XmlReader reader) => throw new NotSupportedException("Errors are only written.");

    void IXmlSerializable.WriteXml(XmlWriter writer)
    {
        foreach (var (key, value) in this)
        {
            writer.WriteStartElement(XmlConvert.EncodeLocalName(key));
            if (value is IXmlSerializable nested)
                nested.WriteXml(writer);
            else if (value is not null)
                writer.WriteValue(value);
            writer.WriteEndElement();
        }
    }
}

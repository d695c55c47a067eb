using System.Xml;
using Facturation.WebApi2.Time;

namespace Facturation.WebApi2.Formats;

/// <summary>
/// Forwards every call to the reader that Web API 2 used, but reads dates in the legacy server's zone and records which elements
/// DataContractSerializer skips (WIRE.md X1, X4).
/// </summary>
internal sealed class LegacyXmlReader(XmlDictionaryReader inner, LegacyTimeZone zone, bool traces = false) : XmlDictionaryReader, IXmlLineInfo
{
    private const string InstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";
    private const string SystemNamespace = "http://schemas.datacontract.org/2004/07/System";

    private readonly List<XmlQualifiedName> skipped = [];

    /// <summary>
    /// The skipped elements in document order, except those marked as nil, which the serializer skips after reading them.
    /// </summary>
    public IReadOnlyList<XmlQualifiedName> Skipped => skipped;

    /// <summary>The element whose value was read last, or could not be read; null if there was none, and if the reader does not trace.</summary>
    public string? LastValue { get; private set; }

    /// <summary>Where the reader is, for the serializer's messages. Only a reader that traces says it.</summary>
    public int LineNumber => ((IXmlLineInfo)inner).LineNumber;

    /// <inheritdoc cref="LineNumber" />
    public int LinePosition => ((IXmlLineInfo)inner).LinePosition;

    public override XmlNodeType NodeType => inner.NodeType;
    public override string LocalName => inner.LocalName;
    public override string NamespaceURI => inner.NamespaceURI;
    public override string Prefix => inner.Prefix;
    public override string Value => inner.Value;
    public override int Depth => inner.Depth;
    public override string BaseURI => inner.BaseURI;
    public override bool HasValue => inner.HasValue;
    public override bool IsEmptyElement => inner.IsEmptyElement;
    public override bool IsDefault => inner.IsDefault;
    public override int AttributeCount => inner.AttributeCount;
    public override bool EOF => inner.EOF;
    public override ReadState ReadState => inner.ReadState;
    public override XmlNameTable NameTable => inner.NameTable;
    public override XmlSpace XmlSpace => inner.XmlSpace;
    public override string XmlLang => inner.XmlLang;
    public override bool CanReadBinaryContent => inner.CanReadBinaryContent;
    public override bool CanReadValueChunk => inner.CanReadValueChunk;
    public override bool CanResolveEntity => inner.CanResolveEntity;
    public override XmlDictionaryReaderQuotas Quotas => inner.Quotas;

    public bool HasLineInfo() => traces && inner is IXmlLineInfo lines && lines.HasLineInfo();
    public override string GetAttribute(int i) => inner.GetAttribute(i);
    public override string? GetAttribute(string name) => inner.GetAttribute(name);
    public override string? GetAttribute(string name, string? ns) => inner.GetAttribute(name, ns);
    public override bool MoveToAttribute(string name) => inner.MoveToAttribute(name);
    public override bool MoveToAttribute(string name, string? ns) => inner.MoveToAttribute(name, ns);
    public override void MoveToAttribute(int i) => inner.MoveToAttribute(i);
    public override bool MoveToFirstAttribute() => inner.MoveToFirstAttribute();
    public override bool MoveToNextAttribute() => inner.MoveToNextAttribute();
    public override bool MoveToElement() => inner.MoveToElement();
    public override bool ReadAttributeValue() => inner.ReadAttributeValue();
    public override bool Read() => inner.Read();
    public override string? LookupNamespace(string prefix) => inner.LookupNamespace(prefix);
    public override void ResolveEntity() => inner.ResolveEntity();
    public override XmlNodeType MoveToContent() => inner.MoveToContent();
    public override bool IsStartElement() => inner.IsStartElement();
    public override bool IsStartElement(string name) => inner.IsStartElement(name);
    public override bool IsStartElement(string localname, string ns) => inner.IsStartElement(localname, ns);
    public override bool IsStartElement(XmlDictionaryString localName, XmlDictionaryString ns) => inner.IsStartElement(localName, ns);
    public override bool IsLocalName(string localName) => inner.IsLocalName(localName);
    public override bool IsLocalName(XmlDictionaryString localName) => inner.IsLocalName(localName);
    public override bool IsNamespaceUri(string ns) => inner.IsNamespaceUri(ns);
    public override bool IsNamespaceUri(XmlDictionaryString ns) => inner.IsNamespaceUri(ns);
    public override int IndexOfLocalName(string[] localNames, string ns) => inner.IndexOfLocalName(localNames, ns);
    public override int IndexOfLocalName(XmlDictionaryString[] names, XmlDictionaryString ns) => inner.IndexOfLocalName(names, ns);
    public override void ReadStartElement() => inner.ReadStartElement();
    public override void ReadEndElement() => inner.ReadEndElement();
    public override void Close() => inner.Close();

    public override string ReadString() => inner.ReadString();
    public override bool ReadContentAsBoolean() => inner.ReadContentAsBoolean();
    public override int ReadContentAsInt() => inner.ReadContentAsInt();
    public override long ReadContentAsLong() => inner.ReadContentAsLong();
    public override float ReadContentAsFloat() => inner.ReadContentAsFloat();
    public override double ReadContentAsDouble() => inner.ReadContentAsDouble();
    public override decimal ReadContentAsDecimal() => inner.ReadContentAsDecimal();
    public override string ReadContentAsString() => inner.ReadContentAsString();
    public override byte[] ReadContentAsBase64() => inner.ReadContentAsBase64();
    public override byte[] ReadContentAsBinHex() => inner.ReadContentAsBinHex();
    public override Guid ReadContentAsGuid() => inner.ReadContentAsGuid();
    public override TimeSpan ReadContentAsTimeSpan() => inner.ReadContentAsTimeSpan();
    public override int ReadValueChunk(char[] buffer, int index, int count) => inner.ReadValueChunk(buffer, index, count);
    public override int ReadContentAsBase64(byte[] buffer, int index, int count) => inner.ReadContentAsBase64(buffer, index, count);
    public override int ReadContentAsBinHex(byte[] buffer, int index, int count) => inner.ReadContentAsBinHex(buffer, index, count);
    public override int ReadElementContentAsBase64(byte[] buffer, int index, int count) => inner.ReadElementContentAsBase64(buffer, index, count);
    public override int ReadElementContentAsBinHex(byte[] buffer, int index, int count) => inner.ReadElementContentAsBinHex(buffer, index, count);
    public override bool ReadElementContentAsBoolean() => AtValue().ReadElementContentAsBoolean();
    public override int ReadElementContentAsInt() => AtValue().ReadElementContentAsInt();
    public override long ReadElementContentAsLong() => AtValue().ReadElementContentAsLong();
    public override float ReadElementContentAsFloat() => AtValue().ReadElementContentAsFloat();
    public override double ReadElementContentAsDouble() => AtValue().ReadElementContentAsDouble();
    public override decimal ReadElementContentAsDecimal() => AtValue().ReadElementContentAsDecimal();
    public override string ReadElementContentAsString() => AtValue().ReadElementContentAsString();
    public override byte[] ReadElementContentAsBase64() => AtValue().ReadElementContentAsBase64();
    public override byte[] ReadElementContentAsBinHex() => AtValue().ReadElementContentAsBinHex();
    public override Guid ReadElementContentAsGuid() => AtValue().ReadElementContentAsGuid();
    public override TimeSpan ReadElementContentAsTimeSpan() => AtValue().ReadElementContentAsTimeSpan();

    public override DateTime ReadContentAsDateTime() => LegacyDates.FromXml(inner.ReadContentAsString(), zone);

    public override DateTime ReadElementContentAsDateTime()
    {
        AtValue();
        var isOfInstant = inner.LocalName == "DateTime" && inner.NamespaceURI == SystemNamespace;
        var text = inner.ReadElementContentAsString();
        var date = LegacyDates.FromXml(text, zone);
        // The serializer makes a DateTimeOffset of it by the machine's zone, which is not that of a date that is local there.
        return isOfInstant && date.Kind == DateTimeKind.Local ? XmlConvert.ToDateTime(text, XmlDateTimeSerializationMode.Utc) : date;
    }

    public override void Skip()
    {
        try
        {
            if (inner.NodeType == XmlNodeType.Element && inner.GetAttribute("nil", InstanceNamespace)?.Trim() is not ("true" or "1"))
                skipped.Add(new XmlQualifiedName(inner.LocalName, inner.NamespaceURI));
        }
        catch (XmlException)
        {
            // Names of invalid UTF-8. Nobody needs those of an element that is skipped, and the legacy did not read them.
        }
        inner.Skip();
    }

    /// <summary>The reader, at an element whose value it is to read.</summary>
    private XmlDictionaryReader AtValue()
    {
        if (traces)
            LastValue = inner.LocalName;
        return inner;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

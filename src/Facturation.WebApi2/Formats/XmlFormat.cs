using System.Collections.Concurrent;
using System.Runtime.Serialization;
using System.Text;
using System.Xml;
using Facturation.WebApi2.Streaming;
using Facturation.WebApi2.Time;
using Microsoft.AspNetCore.Http;

namespace Facturation.WebApi2.Formats;

/// <summary>DataContract XML as Web API 2 read and wrote it (WIRE.md X1 to X4, O2, O3).</summary>
internal sealed class XmlFormat(LegacyTimeZone zone, WebApi2Options options) : MediaFormat
{
    private static readonly XmlDictionaryReaderQuotas Quotas = new()
    {
        MaxDepth = 256,
        MaxArrayLength = int.MaxValue,
        MaxBytesPerRead = int.MaxValue,
        MaxNameTableCharCount = int.MaxValue,
        MaxStringContentLength = int.MaxValue,
    };

    private readonly byte[] newLine = Encoding.UTF8.GetBytes(options.XmlNewLine);

    /// <summary>Null for a type without a data contract, which is written as JSON only.</summary>
    private readonly ConcurrentDictionary<Type, DataContractSerializer?> serializers = new();

    public override IReadOnlyList<string> MediaTypes { get; } = ["application/xml", "text/xml"];

    public override bool CanWrite(Type type) => Serializer(Written(type)) is not null;

    public override void Write(Type type, object? value, Stream output, Encoding encoding, bool indented = false)
    {
        var settings = new XmlWriterSettings
        {
            OmitXmlDeclaration = true,
            CheckCharacters = false,
            CloseOutput = false,
            Encoding = encoding,
            NewLineChars = indented ? "\n" : options.XmlNewLine,
            Indent = indented,
        };
        using var writer = new LegacyXmlWriter(XmlWriter.Create(output, settings), zone);
        var written = Written(type);
        Serializer(written)!.WriteObject(writer, written == type || value is null ? value : Activator.CreateInstance(written, value));
    }

    public override AnswerOutput WriteTo(HttpResponse response, Encoding encoding) =>
        new XmlOutput(response, encoding, zone, options.BufferedAnswerBytes, newLine);

    protected override object? ReadValue(Type type, MemoryStream body, Encoding encoding, ParameterErrors errors)
    {
        var serializer = Serializer(type) ?? throw new SerializationException($"{type} has no data contract.");
        using var reader = new LegacyXmlReader(CreateReader(body, encoding, type), zone);
        var value = serializer.ReadObject(reader);
        errors.IgnoredElements = [.. XmlContract.Of(type).MembersAmong(reader.Skipped)];
        return value;
    }

    /// <summary>A query has no data contract; it is written as a list of its elements.</summary>
    private static Type Written(Type type) =>
        type is { IsInterface: true, IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(IQueryable<>)
            ? typeof(List<>).MakeGenericType(type.GetGenericArguments())
            : type;

    private XmlDictionaryReader CreateReader(MemoryStream body, Encoding encoding, Type type)
    {
        var (bytes, length) = (body.GetBuffer(), (int)body.Length);
        XmlAttributeLimit.Check(encoding is UnicodeEncoding ? Encoding.Convert(Encoding.Unicode, Encoding.UTF8, bytes, 0, length) : bytes.AsSpan(0, length));
        var reader = XmlDictionaryReader.CreateTextReader(body, encoding, Quotas, onClose: null);
        return options.LenientXml
            ? XmlDictionaryReader.CreateTextReader(LenientXml.InContractOrder(reader, XmlContract.Of(type)), Quotas)
            : reader;
    }

    private DataContractSerializer? Serializer(Type type) => serializers.GetOrAdd(type, static type =>
    {
        try
        {
            // Checks what a serializer would discover only while writing: whether the type has a contract at all.
            new XsdDataContractExporter().GetRootElementName(type);
            return new DataContractSerializer(type);
        }
        catch (Exception e) when (e is InvalidDataContractException or NotSupportedException or ArgumentException)
        {
            return null;
        }
    });
}

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
        CheckAttributes(body.GetBuffer().AsSpan(0, (int)body.Length), encoding);
        using var reader = Legacy(XmlDictionaryReader.CreateTextReader(body, encoding, Quotas, onClose: null), type);
        var value = serializer.ReadObject(reader);
        errors.Warning = XmlWarning.OfIgnored(XmlContract.Of(type).MembersAmong(reader.Skipped));
        return value;
    }

    /// <summary>
    /// Reads the body again, as an array and with a trace: a reader of a stream counts the lines of a part of it only, and a body that
    /// can be read should not pay for a trace.
    /// </summary>
    protected override string? WarningOf(Exception failure, Type type, MemoryStream body, Encoding encoding)
    {
        if (Serializer(type) is not { } serializer)
            return null;
        LegacyXmlReader? reader = null;
        try
        {
            var bytes = XmlWarning.WithCountableLines(body.ToArray(), encoding);
            CheckAttributes(bytes, encoding);
            reader = Legacy(XmlDictionaryReader.CreateTextReader(bytes, 0, bytes.Length, encoding, Quotas, onClose: null), type, traces: true);
            serializer.ReadObject(reader);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failure = e;
        }
        using (reader)
            return XmlWarning.OfFailure(failure, reader, XmlContract.Of(type).Root, options.LenientXml);
    }

    /// <summary>A query has no data contract; it is written as a list of its elements.</summary>
    private static Type Written(Type type) =>
        type is { IsInterface: true, IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(IQueryable<>)
            ? typeof(List<>).MakeGenericType(type.GetGenericArguments())
            : type;

    private static void CheckAttributes(ReadOnlySpan<byte> body, Encoding encoding) =>
        XmlAttributeLimit.Check(encoding is UnicodeEncoding ? Encoding.Convert(Encoding.Unicode, Encoding.UTF8, body.ToArray()) : body);

    private LegacyXmlReader Legacy(XmlDictionaryReader body, Type type, bool traces = false) => new(
        options.LenientXml ? XmlDictionaryReader.CreateTextReader(LenientXml.InContractOrder(body, XmlContract.Of(type)), Quotas) : body,
        zone,
        traces);

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

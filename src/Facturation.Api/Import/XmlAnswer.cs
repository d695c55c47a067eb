using System.Xml;
using System.Xml.Schema;
using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>Reads ArrayOfReponseV2Model, as DataContractSerializer wrote it.</summary>
internal sealed class XmlAnswer : AnswerReader
{
    private const string Contract = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models";

    private static readonly XmlReaderSettings Settings = new()
    {
        CheckCharacters = false, // The old service wrote control characters as references, against XML 1.0.
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    private readonly XmlReader reader;

    private XmlAnswer(XmlReader reader) => this.reader = reader;

    public static IEnumerable<LigneLue> Read(Stream stream, string? client)
    {
        using var reader = XmlReader.Create(stream, Settings);
        reader.MoveToContent();
        if (reader.LocalName != "ArrayOfReponseV2Model" || reader.NamespaceURI != Contract)
        {
            yield return new LigneLue(Place(reader), default,
                $"une réponse XML de ConsommationV2 commence par <ArrayOfReponseV2Model xmlns=\"{Contract}\">, "
                + $"ce fichier par <{reader.Name}>");
            yield break;
        }
        if (client is null)
        {
            yield return new LigneLue(Place(reader), default, "une réponse ne dit pas son client : donnez --client CODE");
            yield break;
        }
        var answers = new XmlAnswer(reader);
        foreach (var name in answers.Members())
        {
            if (name != "ReponseV2Model")
                reader.Skip();
            else
                foreach (var ligne in answers.ReadAnswer(Place(reader)).Lines(client))
                    yield return ligne;
        }
    }

    protected override void Skip() => reader.Skip();

    protected override IEnumerable<Lieu> Items() => Members().Select(_ => Place(reader));

    /// <summary>Enumerates the children of the current element. The caller reads each to its end.</summary>
    protected override IEnumerable<string> Members()
    {
        var isEmpty = reader.IsEmptyElement;
        reader.ReadStartElement();
        if (isEmpty)
            yield break;
        while (reader.MoveToContent() == XmlNodeType.Element)
        {
            if (reader.NamespaceURI == Contract)
                yield return reader.LocalName;
            else
                reader.Skip();
        }
        reader.ReadEndElement();
    }

    protected override string? Text()
    {
        if (reader.GetAttribute("nil", XmlSchema.InstanceNamespace) is "true" or "1")
        {
            reader.Skip();
            return null;
        }
        return reader.ReadElementContentAsString();
    }

    private static Lieu Place(XmlReader reader) =>
        reader is IXmlLineInfo info ? new Lieu(info.LineNumber, info.LinePosition) : default;
}

using System.Xml;
using System.Xml.Schema;
using Facturation.Core;

namespace Facturation.Api.Import;

/// <summary>Reads ArrayOfReponseV2Model, as DataContractSerializer wrote it.</summary>
internal static class XmlAnswer
{
    private const string Contract = "http://schemas.datacontract.org/2004/07/Facturation.Api.Models";

    private static readonly XmlReaderSettings Settings = new()
    {
        CheckCharacters = false, // The old service wrote control characters as references, against XML 1.0.
        DtdProcessing = DtdProcessing.Prohibit,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

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
        foreach (var name in Children(reader))
        {
            if (name != "ReponseV2Model")
                reader.Skip();
            else
                foreach (var ligne in ReadAnswer(reader).Lines(client))
                    yield return ligne;
        }
    }

    private static SavedAnswer ReadAnswer(XmlReader reader)
    {
        var answer = new SavedAnswer(Place(reader));
        foreach (var name in Children(reader))
        {
            switch (name)
            {
                case "ProduitId": answer.ProduitId = Text(reader); break;
                case "NomProduit": answer.NomProduit = Text(reader); break;
                case "Identifiant": answer.Identifiant = Text(reader); break;
                case "ConsommationsSomme": answer.Sommes.AddRange(ReadCompteurs(reader)); break;
                case "ConsommationsDetails":
                    foreach (var _ in Children(reader))
                        ReadDossier(reader, answer);
                    break;
                default: reader.Skip(); break;
            }
        }
        return answer;
    }

    private static void ReadDossier(XmlReader reader, SavedAnswer answer)
    {
        string? dossier = null, date = null, identifiant = null;
        List<LigneBrute> compteurs = [];
        foreach (var name in Children(reader))
        {
            switch (name)
            {
                case "Compteur": compteurs = ReadCompteurs(reader); break;
                case "DateDossier": date = Text(reader); break;
                case "Dossier": dossier = Text(reader); break;
                case "Identifiant": identifiant = Text(reader); break;
                default: reader.Skip(); break;
            }
        }
        answer.Details.AddRange(compteurs.Select(c => c with { Dossier = dossier, DateDossier = date, Identifiant = identifiant }));
    }

    private static List<LigneBrute> ReadCompteurs(XmlReader reader)
    {
        var compteurs = new List<LigneBrute>();
        foreach (var _ in Children(reader))
        {
            var place = Place(reader);
            string? sequence = null, libelle = null, quantite = null;
            foreach (var name in Children(reader))
            {
                switch (name)
                {
                    case "Sequence": sequence = Text(reader); break;
                    case "Libelle": libelle = Text(reader); break;
                    case "Quantite": quantite = Text(reader); break;
                    default: reader.Skip(); break;
                }
            }
            compteurs.Add(new LigneBrute { Lieu = place, Sequence = sequence, Libelle = libelle, Quantite = quantite });
        }
        return compteurs;
    }

    /// <summary>Stops at each child of the element the reader is on, for the caller to read to its end; then leaves the element.</summary>
    private static IEnumerable<string> Children(XmlReader reader)
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

    private static string? Text(XmlReader reader)
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

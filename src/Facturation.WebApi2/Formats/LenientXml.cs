using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Facturation.WebApi2.Formats;

/// <summary>An element of the contract has the wrong namespace; the message names both.</summary>
internal sealed class WrongNamespaceException(XName found, XName expected) : FormatException(
    $"The element '{found.LocalName}' is in the namespace '{found.NamespaceName}'; it belongs to '{expected.NamespaceName}'.");

/// <summary>Sorts the elements of a body into contract order, for <see cref="WebApi2Options.LenientXml"/>.</summary>
internal static class LenientXml
{
    /// <summary>Returns the body in contract order, in UTF-8. Unknown elements come last, and duplicates keep their order.</summary>
    /// <exception cref="WrongNamespaceException">An element has a name of the contract but another namespace.</exception>
    /// <exception cref="XmlException">The body is not well-formed XML.</exception>
    public static MemoryStream InContractOrder(XmlReader body, XmlContract contract)
    {
        var document = XDocument.Load(body, LoadOptions.PreserveWhitespace);
        Require(document.Root!.Name, contract.Root);
        Straighten(document.Root, contract);
        var straight = new MemoryStream();
        using (var writer = XmlWriter.Create(straight, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false }))
            document.Save(writer);
        straight.Position = 0;
        return straight;
    }

    private static void Straighten(XElement element, XmlContract contract)
    {
        var members = contract.Members;
        if (members.Count == 0)
            return;
        var children = element.Elements().Select(child => (Child: child, Index: IndexOf(child.Name, members))).ToList();
        foreach (var (child, index) in children.Where(c => c.Index < members.Count))
            Straighten(child, members[index].Content);
        // Moving mixed text would change its meaning. Such an element is left as it is, for the serializer to refuse.
        if (element.Nodes().All(node => node is XElement or XComment || (node is XText text && string.IsNullOrWhiteSpace(text.Value))))
            element.ReplaceNodes(children.OrderBy(c => c.Index).Select(c => c.Child).ToArray());
    }

    private static int IndexOf(XName name, IReadOnlyList<XmlContract.Member> members)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Name.LocalName != name.LocalName)
                continue;
            Require(name, members[i].Name);
            return i;
        }
        return members.Count;
    }

    private static void Require(XName found, XName expected)
    {
        if (found.LocalName == expected.LocalName && found.NamespaceName != expected.NamespaceName)
            throw new WrongNamespaceException(found, expected);
    }
}

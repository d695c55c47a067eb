using System.Runtime.Serialization;
using System.Text;
using System.Xml;
using System.Xml.Schema;

namespace Facturation.Api.Help;

/// <summary>The XML schema of the contract, as DataContractSerializer reads and writes it.</summary>
internal static class ContractSchema
{
    /// <summary>
    /// The schema of the namespace of these types, in one file, as client generators expect. A test ensures that it imports no other.
    /// </summary>
    public static byte[] Of(IEnumerable<Type> types)
    {
        var exporter = new XsdDataContractExporter();
        var roots = types.Where(exporter.CanExport).ToArray();
        foreach (var type in roots)
            exporter.Export(type);
        var contract = exporter.Schemas.Schemas(exporter.GetSchemaTypeName(roots[0]).Namespace).Cast<XmlSchema>().Single();

        using var output = new MemoryStream();
        using (var writer = XmlWriter.Create(output, new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) }))
            contract.Write(writer);
        return output.ToArray();
    }
}
